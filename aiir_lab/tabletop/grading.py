"""For graders: verify a log, and play it again without any face."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiir_lab.records.errors import AiirError
from aiir_lab.tabletop.loading import load_exercise
from aiir_lab.tabletop.log import Entry, Log, LogError, read_log
from aiir_lab.tabletop.pace import Pacer
from aiir_lab.tabletop.session import Session, open_session


@dataclass(frozen=True)
class Verification:
    """Whether a log is what a session wrote: chain unbroken, and every state as the line says."""

    ok: bool
    problem: str
    lines: int
    exercise: str
    seed: int | None
    is_finished: bool
    head: str


def play_log(path: str | Path, *, exercise: str | Path | None = None) -> Session:
    """Play a recorded log again; the session lives in memory and the file stays as it is.

    Parameters
    ----------
    path : str or Path
        A log that :func:`start_exercise` wrote.
    exercise : str or Path, optional
        The folder of the exercise, where it is not one of the course.

    Raises
    ------
    LogError
        The log was changed or cut; the message names the line.
    """
    source = Path(path)
    entries = _read(source)
    first = dict(entries[0].data)
    loaded = load_exercise(exercise if exercise is not None else str(first.get("exercise")))
    if loaded.digest != first.get("digest"):
        raise LogError(
            f"{source}, line 1: written with another version of exercise {loaded.exercise.id!r}; it cannot "
            "be compared with this one."
        )
    log = Log(None)
    log.entries = list(entries)
    return open_session(loaded, first, log, Pacer("step"), where=str(source))


def verify_log(path: str | Path, *, exercise: str | Path | None = None) -> Verification:
    """Check the chain of a log, then play its actions and compare every state with what its line says.

    Parameters
    ----------
    path, exercise
        As for :func:`play_log`.

    Returns
    -------
    Verification
        ``ok``, or ``problem`` with the line where the log is not what a session wrote.

    Examples
    --------
    >>> import tempfile
    >>> from aiir_lab.tabletop import start_exercise
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "run.jsonl"
    ...     _ = start_exercise("fraud_poisoning", seed=7, log=path).acknowledge()
    ...     verify_log(path).ok
    True
    """
    try:
        session = play_log(path, exercise=exercise)
    except AiirError as error:
        return Verification(False, str(error), 0, "", None, False, "")
    entries = session.entries
    return Verification(
        ok=True,
        problem="",
        lines=len(entries),
        exercise=session.name,
        seed=session.seed,
        is_finished=session.clock.is_over,
        head=entries[-1].hash,
    )


def _read(path: Path) -> list[Entry]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{path} cannot be read as a session log: {error}.") from None
    entries = read_log(text, where=str(path))
    if not entries or entries[0].action != "start":
        raise LogError(f"{path}, line 1: expected the line that starts a session, got something else.")
    return entries
