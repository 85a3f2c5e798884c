"""The lean client: outputs as Jupyter's own client stores them, and limits while they arrive."""

from __future__ import annotations

import warnings
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from aiir_lab.classroom.source import read_source
from aiir_lab.grade.execute import execute
from aiir_lab.grade.sandbox import Limits, Sandbox
from aiir_lab.grade.sandbox.host import ADDRESS_VARIABLE
from aiir_lab.grade.sandbox.provisioner import write_kernelspec

CELLS = [
    "print('one'); print('two')",
    "import sys; print('careful', file=sys.stderr)",
    "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "from IPython.display import display, clear_output\ndisplay('gone'); clear_output(); display('kept')",
    "handle = display('first', display_id=True); handle.update('second')",
    "import plotly.express as px; px.line(x=[1, 2], y=[3, 4])",
    "import aiir_lab as lab; lab.draw_timeline(lab.load_postmortem('gitlab-2017'))",
    "lab.check('b01-leader', None)",
    "sum(range(4));",
    "1 +",
    "1 / 0",
    "import sys; sys.exit(3)",
]


def test_outputs_are_those_of_the_stock_client(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stock client on the stock kernel, and ours on the warm one, leave the same outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    done = execute(CELLS, sandbox=sandbox)
    assert done.stopped == ""
    for cell, run in zip(notebook.cells, done.cells, strict=True):
        assert run.execution_count == cell.execution_count
        wanted = [dict(output) for output in cell.outputs]
        for output in (*wanted, *run.outputs):
            output.pop("traceback", None)  # its colours and file names differ
        assert run.outputs == wanted


def test_a_loop_is_interrupted_and_the_rest_runs(sandbox: Sandbox) -> None:
    done = execute(["while True: pass", "'alive'"], sandbox=sandbox, limits=Limits(cell_s=0.5))
    assert done.cells[0].problem == "interrupted after 0.5 s"
    assert done.cells[0].outputs[0]["ename"] == "KeyboardInterrupt"
    assert done.cells[1].outputs[0]["data"]["text/plain"] == "'alive'"


def test_a_cell_that_ignores_interrupts_ends_the_kernel(sandbox: Sandbox) -> None:
    stubborn = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)"
    done = execute(["1", stubborn, "2"], sandbox=sandbox, limits=Limits(cell_s=0.5))
    assert done.stopped == "a cell did not stop when it was interrupted"
    assert done.cells[0].outputs
    assert not done.cells[2].outputs


def test_output_is_cut_while_it_is_produced(sandbox: Sandbox) -> None:
    limits = Limits(cell_outputs=5, cell_output_bytes=1000, message_bytes=100_000, flood_bytes=3_000_000)
    many = "from IPython.display import display\nfor n in range(9): display(n)"
    done = execute([many, "'x' * 2000", "print('y' * 10**6)", "'alive'"], sandbox=sandbox, limits=limits)
    assert len(done.cells[0].outputs) == 5
    assert done.cells[0].problem == "4 outputs over the limit were dropped"
    assert done.cells[1].outputs == []
    assert "output was lost" in done.cells[2].problem
    assert done.cells[3].outputs[0]["data"]["text/plain"] == "'alive'"


def test_a_flood_of_output_ends_the_kernel(sandbox: Sandbox) -> None:
    limits = Limits(flood_bytes=300_000)
    done = execute(["while True: print('x' * 999, flush=True)", "1"], sandbox=sandbox, limits=limits)
    assert "output" in done.stopped
    assert done.seconds < 20


def test_a_shown_figure_and_a_fitted_model_do_not_hang(sandbox: Sandbox) -> None:
    fit = (
        "import numpy as np\nfrom sklearn.ensemble import HistGradientBoostingClassifier\n"
        "x = np.random.default_rng(1).normal(size=(300, 3))\n"
        "HistGradientBoostingClassifier(max_iter=5).fit(x, x[:, 0] > 0).score(x, x[:, 0] > 0) > 0.9"
    )
    done = execute([fit], sandbox=sandbox)
    assert done.cells[0].outputs[0]["data"]["text/plain"] in {"True", "np.True_"}


@pytest.mark.filterwarnings("default")  # Jupyter's own machinery warns
def test_nbclient_and_papermill_use_it_by_kernelspec(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import papermill

    write_kernelspec(tmp_path / "jupyter")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv(ADDRESS_VARIABLE, str(sandbox.address))
    work = tmp_path / "work"
    work.mkdir()
    (work / "rates.csv").write_text("a\n1\n")
    (work / "numpy.py").write_text("raise SystemExit")
    code = "import os; print(os.getpid(), os.listdir('.'))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbformat.write(notebook, work / "in.ipynb")
    client = NotebookClient(notebook, kernel_name="aiir-sandbox", resources={"metadata": {"path": str(work)}})
    client.execute()
    assert notebook.cells[0].outputs[0]["text"] == "1 ['rates.csv']\n"
    papermill.execute_notebook(
        work / "in.ipynb", work / "out.ipynb", kernel_name="aiir-sandbox", cwd=work, progress_bar=False
    )
    assert nbformat.read(work / "out.ipynb", as_version=4).cells[0].outputs[0]["text"] == "1 ['rates.csv']\n"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_nbgrader_uses_it_by_kernelspec_and_gives_the_same_score(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aiir_lab.classroom.course import Course, lessons

    write_kernelspec(tmp_path / "jupyter", name="python3")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv(ADDRESS_VARIABLE, str(sandbox.address))
    course = Course.create(tmp_path / "course", course_id="test")
    lesson, source = next(iter(lessons().items()))
    released = course.release(lesson)
    assert released.is_dir()
    solved = read_source(source)
    for cell in solved.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").endswith("-leader-answer"):
            cell.source += "\nassert __import__('os').getpid() == 1, 'not confined'"
    folder = course.folder / "submitted" / "ana" / lesson
    folder.mkdir(parents=True)
    nbformat.write(solved, folder / f"{source.stem}.ipynb")
    assert [outcome.problem for outcome in course.grade(lesson)] == [""]
    with course.api.gradebook as gradebook:
        notebook = gradebook.find_submission(lesson, "ana").notebooks[0]
        assert notebook.code_score == notebook.max_code_score > 0
