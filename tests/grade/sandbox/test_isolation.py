"""What a confined kernel can see, write, reach and use; and what of it outlives it."""

from __future__ import annotations

import ast
import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.grade.execute import Execution, execute
from aiir_lab.grade.sandbox import Limits, Sandbox


def run(sandbox: Sandbox, *cells: str, **options: Any) -> Execution:
    return execute(cells, sandbox=sandbox, **options)


def value(sandbox: Sandbox, expression: str, **options: Any) -> Any:
    """What an expression gives inside, as a literal."""
    done = run(sandbox, expression, **options)
    outputs = done.cells[0].outputs
    assert [output["output_type"] for output in outputs] == ["execute_result"], (outputs, done.stopped)
    return ast.literal_eval(outputs[0]["data"]["text/plain"])


def error(sandbox: Sandbox, code: str, **options: Any) -> str:
    outputs = run(sandbox, code, **options).cells[0].outputs
    return " ".join(f"{o['ename']}: {o['evalue']}" for o in outputs if o["output_type"] == "error")


def test_the_warm_process_has_one_thread(sandbox: Sandbox) -> None:
    assert sandbox.warm_up["threads"] == 1


def test_a_kernel_is_an_ordinary_user_alone_in_its_namespace(sandbox: Sandbox) -> None:
    uid, processes, names = value(
        sandbox, "import os; (os.getuid(), [p for p in os.listdir('/proc') if p.isdigit()], os.listdir('.'))"
    )
    assert uid != 0
    assert processes == ["1"]
    assert names == []


def test_libraries_are_loaded_already(sandbox: Sandbox) -> None:
    loaded = value(
        sandbox, "import sys; [n in sys.modules for n in ('pandas', 'sklearn', 'plotly', 'aiir_lab')]"
    )
    assert loaded == [True] * 4


def test_no_criteria_are_in_memory(sandbox: Sandbox) -> None:
    found = value(
        sandbox, "import sys; [n for n in sys.modules if n.startswith('aiir_lab.grade.questions.')]"
    )
    assert found == []


def test_files_of_the_machine_are_not_there(sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("secret")
    seen = value(sandbox, f"import os; os.path.exists({str(secret)!r})")
    assert seen is False
    here = Path(__file__).resolve().parents[3]
    hidden = [
        here / "notebooks",
        here / "tests",
        here / ".git",
        Path.home() / ".ssh",
        here / "pyproject.toml",
    ]
    assert value(sandbox, f"import os; [p for p in {[str(p) for p in hidden]!r} if os.path.exists(p)]") == []


def test_the_environment_of_the_instructor_is_not_there(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_TOKEN", "secret")
    names = value(sandbox, "import os; sorted(os.environ)", env={"NBGRADER_EXECUTION": "autograde"})
    assert "NBGRADER_EXECUTION" in names
    assert not {"LMS_TOKEN", "SSH_AUTH_SOCK", "VIRTUAL_ENV", "AIIR_SANDBOX"} & set(names)


def test_only_its_own_places_can_be_written(sandbox: Sandbox) -> None:
    code = """
import os, pathlib
written = []
system = ["/", "/usr", "/etc", "/dev", "/run", "/var", "/proc", "/tmp", "/dev/shm", "/home"]
for place in [*system, os.getcwd(), PACKAGE]:
    try:
        (pathlib.Path(place) / "probe").write_text("x")
        written.append(place)
    except OSError:
        pass
written
""".replace("PACKAGE", repr(str(Path(__import__("aiir_lab").__file__).parent)))
    assert value(sandbox, code) == ["/tmp", "/dev/shm", "/home/learner/work"]


def test_files_that_were_handed_in_are_there_and_changes_stay_inside(sandbox: Sandbox) -> None:
    files = {"data/rates.csv": b"a\n1\n"}
    assert value(sandbox, "open('data/rates.csv').read()", files=files) == "a\n1\n"
    run(sandbox, "open('data/rates.csv', 'w').write('9')", files=files)
    assert files == {"data/rates.csv": b"a\n1\n"}


def test_no_network_but_a_loopback_of_its_own(sandbox: Sandbox) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert "Connection refused" in error(
            sandbox, f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"
        )
    assert "unreachable" in error(sandbox, "import socket; socket.create_connection(('192.0.2.1', 80), 2)")
    own = "import socket\ns = socket.create_server(('127.0.0.1', 0))\n"
    assert value(sandbox, own + "socket.create_connection(s.getsockname()) and 1") == 1


def test_two_kernels_share_nothing(sandbox: Sandbox) -> None:
    leave = """
import socket, os
open('/tmp/note', 'w').write('the answer is 42'); open('/dev/shm/note', 'w').write('42')
abstract = socket.socket(socket.AF_UNIX); abstract.bind('\\0note'); abstract.listen()
loop = socket.create_server(('127.0.0.1', 4242))
import time; time.sleep(1.5)
"""
    look = """
import os, socket
found = [p for p in ('/tmp/note', '/dev/shm/note') if os.path.exists(p)]
for family, address in ((socket.AF_UNIX, '\\0note'), (socket.AF_INET, ('127.0.0.1', 4242))):
    try:
        socket.socket(family).connect(address); found.append(address)
    except OSError:
        pass
found
"""
    from threading import Thread

    first = Thread(target=run, args=(sandbox, leave))
    first.start()
    time.sleep(0.7)
    assert value(sandbox, look) == []
    first.join()
    assert value(sandbox, look) == []


def test_random_numbers_differ_between_kernels(sandbox: Sandbox) -> None:
    draw = "import numpy, random; (float(numpy.random.random()), random.random())"
    first, second = value(sandbox, draw), value(sandbox, draw)
    assert first[0] != second[0]
    assert first[1] != second[1]


FORKS = """
import os
for _ in range(200):
    if os.fork() == 0:
        import time
        time.sleep(9)
"""
DISK = "[open(f'/tmp/{i}', 'wb').write(bytes(2**20)) for i in range(80)]"
CALL = "import ctypes\nassert ctypes.CDLL(None)."


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = bytearray(5 * 2**30)", "MemoryError"),
        ("open('/tmp/big', 'wb').write(bytes(80 * 2**20))", "OSError"),
        (DISK, "No space left"),
        (FORKS, "BlockingIOError"),
        ("[open('/dev/null') for _ in range(400)]", "Too many open files"),
        (f"{CALL}unshare(0x10000000) == 0", "AssertionError"),
        (f"{CALL}mount(b't', b'/tmp', b'tmpfs', 0, None) == 0", "AssertionError"),
    ],
    ids=["address", "file", "disk", "processes", "files", "namespaces", "mounts"],
)
def test_limits_hold(sandbox: Sandbox, code: str, expected: str) -> None:
    assert expected in error(sandbox, code)


def test_memory_of_all_processes_together_is_limited(sandbox: Sandbox) -> None:
    hog = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        x = b'x' * (120 * 2**20); time.sleep(20)
time.sleep(20)
"""
    done = run(sandbox, hog, "1", limits=Limits(memory_mib=200))
    assert "memory limit of 200 MiB" in done.stopped
    assert done.seconds < 15


def test_the_time_limit_holds_without_a_client(sandbox: Sandbox) -> None:
    kernel = sandbox.launch(limits=Limits(wall_s=0.6))
    try:
        assert kernel.wait(20) == -9
        assert "time limit of 0.6 s" in kernel.reason
    finally:
        kernel.close()


def test_a_kernel_ends_with_its_client(sandbox: Sandbox) -> None:
    before = _processes_of(sandbox)
    kernel = sandbox.launch()
    try:
        _wait(lambda: bool(_processes_of(sandbox) - before))
        own = _processes_of(sandbox) - before
        assert own
    finally:
        kernel.close()
    _wait(lambda: not own & _processes_of(sandbox))
    assert not own & _processes_of(sandbox)
    assert not Path(kernel.connection["ip"]).parent.exists()


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)


def _processes_of(sandbox: Sandbox) -> set[int]:
    """The processes below this sandbox's own; other tests have sandboxes of theirs at the same time."""
    parents = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
    below = {sandbox._process.pid}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return below


def test_exit_and_signals_concern_the_kernel_alone(sandbox: Sandbox) -> None:
    done = run(sandbox, "import os; os.kill(-1, 9)", "1 + 1", "os._exit(3)", "2")
    assert done.cells[1].outputs[0]["data"]["text/plain"] == "2"
    assert done.stopped == "the kernel ended itself (exit code 3)"
    assert sandbox.is_alive
    assert value(sandbox, "1 + 1") == 2


def test_the_questions_can_be_left_out(sandbox: Sandbox) -> None:
    look = "import os; os.listdir(FOLDER)".replace("FOLDER", repr(str(_questions())))
    assert value(sandbox, look, hides_questions=True) == []
    assert "b01.py" in value(sandbox, look)


def _questions() -> Path:
    import aiir_lab.grade.questions

    return Path(aiir_lab.grade.questions.__path__[0])


def test_a_course_below_a_place_that_kernels_have_for_themselves_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aiir_lab.grade.sandbox import availability

    if not sys.platform.startswith("linux") or shutil.which("bwrap") is None:
        pytest.skip("another reason comes first on this machine")
    monkeypatch.setattr(availability, "shown", lambda: [Path("/tmp/course/env")])
    assert "Install it in another folder" in availability.why_unavailable.__wrapped__()
