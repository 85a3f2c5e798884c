"""One submission from its file to its verdict; the process that judges never runs what was handed in.

``grade_notebook`` is what a batch calls for each submission. It is safe to call from several threads with
one :class:`~aiir_lab.grade.sandbox.Sandbox`, and its result is plain data: ``Graded.to_dict`` goes into a
JSON file as it is, and ``rejudge`` judges the answers in it again, with other criteria, without running
anything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from aiir_lab.grade.bank import load_question
from aiir_lab.grade.checking import CAPTURE
from aiir_lab.grade.cluster import Cluster
from aiir_lab.grade.execute import CellRun, Execution, execute
from aiir_lab.grade.feedback import as_html, as_text
from aiir_lab.grade.judging import ANSWER_MIME, UNJUDGED, Answer, judge_answer, take_answer
from aiir_lab.grade.notebook import is_written
from aiir_lab.grade.preflight import Checked, Notice, preflight
from aiir_lab.grade.probing import probe_cell
from aiir_lab.grade.question import Question, Verdict
from aiir_lab.grade.safe_html import clean_outputs
from aiir_lab.grade.safe_markdown import clean_cells
from aiir_lab.grade.sandbox import Limits, Sandbox
from aiir_lab.grade.template import Template, mark_of, text_of

QuestionOf = Callable[[str], Question]
Judge = Callable[[Sequence[Answer]], tuple[Verdict, ...]]

_CLEANED = "what a page would run or load was taken out of the text, or it was too long to be rendered"


@dataclass(frozen=True)
class Graded:
    """The result for one submission.

    ``state`` is ``graded``; ``refused``, where the preflight let nothing run; or ``stopped``, where the
    kernel ended before the last cell: what was answered until then counts. ``reason`` says why.

    ``notebook`` is the executed notebook as plain JSON, empty where it was refused. Its check cells hold
    the feedback and, as the result of the cell, the score: nbgrader reads it from there.
    """

    state: str
    reason: str
    notices: tuple[Notice, ...]
    answers: tuple[Answer, ...]
    verdicts: tuple[Verdict, ...]
    prose: Mapping[str, bool]
    seconds: Mapping[str, float]
    is_isolated: bool
    notebook: dict[str, Any]

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(verdict.score for verdict in self.verdicts), 6)

    @property
    def points(self) -> float:
        """Points that can be earned without a human grader."""
        return sum(verdict.points for verdict in self.verdicts)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the notebook, as JSON data."""
        return {
            "version": 1,
            "state": self.state,
            "reason": self.reason,
            "score": self.score,
            "points": self.points,
            "is_isolated": self.is_isolated,
            "notices": [asdict(notice) for notice in self.notices],
            "answers": [answer.to_dict() for answer in self.answers],
            "verdicts": [verdict.to_dict() for verdict in self.verdicts],
            "prose": dict(self.prose),
            "seconds": dict(self.seconds),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], notebook: dict[str, Any] | None = None) -> Graded:
        """Back from :meth:`to_dict`."""
        return cls(
            state=data["state"],
            reason=data["reason"],
            notices=tuple(Notice(**notice) for notice in data["notices"]),
            answers=tuple(Answer.from_dict(answer) for answer in data["answers"]),
            verdicts=tuple(Verdict.from_dict(verdict) for verdict in data["verdicts"]),
            prose=data["prose"],
            seconds=data["seconds"],
            is_isolated=data["is_isolated"],
            notebook=notebook or {},
        )


def grade_notebook(
    path: Path,
    *,
    template: Template,
    sandbox: Sandbox | Cluster,
    question_of: QuestionOf = load_question,
    judge: Judge | None = None,
    limits: Limits | None = None,
    files: Mapping[str, bytes] | None = None,
    env: Mapping[str, str] | None = None,
    root: Path | None = None,
    on_cell: Callable[[int, int], None] | None = None,
) -> Graded:
    """Check a submission, run it confined, take its answers and judge them.

    Parameters
    ----------
    path : Path
        The notebook that was handed in; read, never written.
    template : Template
        The notebook as it was released.
    sandbox : Sandbox or Cluster
        Where it runs. ``Sandbox(is_isolated=False)`` is the explicit way without protection; the result
        records it.
    question_of : callable, optional
        Question id -> question with its full criteria, such as ``Keys(folder).question``. Give a function
        of your own for criteria that depend on the learner.
    judge : callable, optional
        Judges the answers, such as :meth:`~aiir_lab.grade.judges.Judges.judge` with its limits. By default
        they are judged in this process, by ``question_of``, however long that takes.
    limits : Limits, optional
        What the submission may use.
    files : mapping, optional
        Put into the working folder, over files of the same name that were handed in.
    env : mapping, optional
        Added to the kernel's environment.
    root : Path, optional
        The folder below which nothing may be a link.
    on_cell : callable, optional
        Called with (cells done, cells in all).

    Raises
    ------
    SandboxError
        No kernel could be had: the machine's trouble, not the submission's; try again.
    """
    begin = time.perf_counter()
    checked = preflight(path, template, root=root)
    if checked.refusal:
        answers = tuple(Answer(id, problem=f"Not run: {checked.refusal}.") for id in template.questions)
        verdicts = _judge_here(answers, question_of)
        prose = dict.fromkeys(template.prose, False)
        seconds = {"total": time.perf_counter() - begin}
        return Graded(
            "refused", checked.refusal, checked.notices, answers, verdicts, prose, seconds,
            sandbox.is_isolated, {},
        )  # fmt: skip
    replaced = [
        name for name, content in (files or {}).items() if checked.files.get(name, content) != content
    ]
    notices = [
        *checked.notices,
        *(
            Notice("file", f"{name!r} is not as it was released; the released one was used")
            for name in replaced
        ),
    ]
    code = [cell for cell in checked.notebook["cells"] if cell["cell_type"] == "code"]
    probed = {id: question.probe for id in template.questions if (question := question_of(id)).probe}
    run = sandbox.execute if isinstance(sandbox, Cluster) else partial(execute, sandbox=sandbox)
    ran = run(
        [cell["source"] for cell in code] + [probe_cell(id, probe) for id, probe in probed.items() if probe],
        limits=limits,
        files={**checked.files, **(files or {})},
        env={**(env or {}), CAPTURE: "capture"},
        hides_questions=True,
        on_cell=on_cell,
    )
    executed = time.perf_counter()
    answers = _answers(code, ran, template, probed=tuple(probed))
    verdicts = judge(answers) if judge else _judge_here(answers, question_of)
    _fill(code, ran, answers, verdicts)
    prose = {
        mark_of(cell)["grade_id"]: is_written(cell)
        for cell in checked.notebook["cells"]
        if mark_of(cell).get("grade_id") in template.prose
    }
    cleaned = clean_cells(checked.notebook["cells"], kept=map(text_of, template.notebook["cells"]))
    seconds = {
        "boot": ran.boot_s,
        "cells": sum(run.seconds for run in ran.cells),
        "run": ran.seconds,
        "cpu": ran.cpu_s,
        "judge": time.perf_counter() - executed,
        "total": time.perf_counter() - begin,
    }
    return Graded(
        "stopped" if ran.stopped else "graded",
        ran.stopped,
        (
            *notices,
            *_run_notices(checked, ran),
            *(Notice("html", _CLEANED, n) for n in cleaned),
            *_judge_notices(verdicts),
        ),
        answers,
        verdicts,
        prose,
        {name: round(value, 4) for name, value in seconds.items()},
        sandbox.is_isolated,
        checked.notebook,
    )


def rejudge(
    graded: Graded,
    question_of: QuestionOf = load_question,
    *,
    judge: Judge | None = None,
    only: str | None = None,
) -> Graded:
    """Judge the answers of a result again, with the criteria as they are now; nothing is run.

    With ``only`` just this question; the feedback in the notebook follows the verdicts.
    """
    asked = [answer for answer in graded.answers if only in {None, answer.question_id}]
    found = judge(asked) if judge else _judge_here(asked, question_of)
    known = {verdict.question_id: verdict for verdict in (*graded.verdicts, *found)}
    verdicts = tuple(known[answer.question_id] for answer in graded.answers)
    notices = (notice for notice in graded.notices if notice.kind != "judge")
    notebook: dict[str, Any] = json.loads(json.dumps(graded.notebook))
    judged = dict(zip((answer.question_id for answer in graded.answers), verdicts, strict=True))
    answers = {answer.question_id: answer for answer in graded.answers}
    for cell in notebook.get("cells", ()):
        id = mark_of(cell).get("grade_id")
        if id in judged and cell["cell_type"] == "code":
            cell["outputs"] = check_outputs(answers[id], judged[id], cell.get("execution_count"))
    return replace(
        graded, verdicts=verdicts, notebook=notebook, notices=(*notices, *_judge_notices(verdicts))
    )


def _judge_here(answers: Sequence[Answer], question_of: QuestionOf) -> tuple[Verdict, ...]:
    return tuple(judge_answer(answer, question_of) for answer in answers)


def _answers(
    code: list[dict[str, Any]], ran: Execution, template: Template, *, probed: tuple[str, ...]
) -> tuple[Answer, ...]:
    runs = {mark_of(cell).get("grade_id"): run for cell, run in zip(code, ran.cells, strict=False)}
    probes = dict(zip(probed, ran.cells[len(code) :], strict=True))
    answers = []
    for id in template.questions:
        run = runs.get(id, CellRun())
        answer = take_answer(id, run.outputs)
        if not run.outputs and not answer.problem:
            why = run.problem or ran.stopped
            answer = replace(answer, problem=f"No answer: {why or 'the check cell left nothing'}.")
        if answer.is_function and id not in probes:
            answer = replace(answer, problem="A function was handed in, but none is asked for.")
        elif answer.is_function:
            answer = take_answer(id, probes[id].outputs)
            if answer.data is None and not answer.problem:
                why = probes[id].problem or ran.stopped or "it left nothing"
                answer = replace(answer, problem=f"The function could not be called: {why}.")
        answers.append(answer)
    return tuple(answers)


def _fill(
    code: list[dict[str, Any]], ran: Execution, answers: tuple[Answer, ...], verdicts: tuple[Verdict, ...]
) -> None:
    judged = {
        answer.question_id: (answer, verdict) for answer, verdict in zip(answers, verdicts, strict=True)
    }
    for cell, run in zip(code, ran.cells, strict=False):
        cell["execution_count"] = run.execution_count
        id = mark_of(cell).get("grade_id")
        own = clean_outputs(run.outputs)  # what a learner's code shows will be opened by a browser
        cell["outputs"] = check_outputs(*judged[id], run.execution_count) if id in judged else own


def check_outputs(answer: Answer, verdict: Verdict, count: int | None) -> list[dict[str, Any]]:
    """What stands below a check cell: the feedback, the answer, and the score where nbgrader reads it."""
    bundle = {"version": 1, "question": answer.question_id, "answer": answer.data}
    shown = {"text/plain": as_text(verdict), "text/html": as_html(verdict), ANSWER_MIME: bundle}
    return [
        {"output_type": "display_data", "data": shown, "metadata": {}},
        {
            "output_type": "execute_result",
            "data": {"text/plain": repr(verdict.score)},
            "metadata": {},
            "execution_count": count,
        },
    ]


def _run_notices(checked: Checked, ran: Execution) -> list[Notice]:
    numbers = [n for n, cell in enumerate(checked.notebook["cells"], 1) if cell["cell_type"] == "code"]
    found = []
    for number, run in zip(numbers, ran.cells, strict=False):
        raised = next((output for output in run.outputs if output["output_type"] == "error"), None)
        if run.problem:
            found.append(Notice("run", run.problem, number))
        elif raised:
            found.append(Notice("error", f"raised {raised['ename'][:60]}: {raised['evalue'][:160]}", number))
    return found


def _judge_notices(verdicts: Sequence[Verdict]) -> list[Notice]:
    return [
        Notice("judge", f"{verdict.question_id}: {verdict.problem}")
        for verdict in verdicts
        if verdict.problem.startswith(UNJUDGED)
    ]
