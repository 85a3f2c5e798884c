"""What was practised, when, and how it was judged: one JSON line per answer, in the learner's workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from aiir_lab.catalog.interview import Dimension, Scores, interview_questions
from aiir_lab.records.base import Line, Record, Slug, UtcDatetime
from aiir_lab.records.errors import RecordError
from aiir_lab.records.journal import Journal

if TYPE_CHECKING:
    import pandas as pd

FILE = "interview_history.jsonl"


class Attempt(Record):
    """One answer to one question, or to one of its follow-ups.

    ``scores`` are the judge's; ``own_scores`` the learner's, of an answer that was spoken without a text.
    A follow-up has neither.
    """

    at_utc: UtcDatetime
    question: Slug
    mode: Literal["written", "spoken"] = "written"
    seconds: float = Field(ge=0, description="from showing the question to the end of the answer")
    text: str | None = None
    scores: Scores | None = None
    own_scores: Scores | None = None
    follow_up: Line | None = Field(default=None, description="the follow-up that was answered")
    mock: Slug | None = Field(default=None, description="the mock interview it belongs to")
    is_late: bool = Field(default=False, description="came after the time of a mock interview was up")

    @property
    def any_scores(self) -> dict[Dimension, int] | None:
        """The judge's scores, or the learner's own."""
        return self.scores or self.own_scores

    @property
    def score(self) -> float | None:
        """All dimensions together, 0 to 1."""
        scores = self.any_scores
        return sum(score - 1 for score in scores.values()) / (3 * len(scores)) if scores else None


class History:
    """All attempts of one learner.

    Parameters
    ----------
    path : str or Path, optional
        The file; by default ``interview_history.jsonl`` in the workspace around the current folder.

    Examples
    --------
    >>> import tempfile
    >>> History(Path(tempfile.mkdtemp()) / "history.jsonl").attempts
    ()
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path).expanduser() if path is not None else workspace() / FILE
        self._journal = Journal(self.path)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt that can be read, the oldest first."""
        return self._read()[0]

    @property
    def problems(self) -> list[str]:
        """One message for each line that cannot be read; such lines stay in the file."""
        return self._read()[1]

    def append(self, attempt: Attempt) -> None:
        """Keep an attempt; it is on the disk when this returns."""
        self._journal.append(attempt.to_dict())

    def to_frame(self) -> pd.DataFrame:
        """The scored attempts as a table.

        Returns
        -------
        DataFrame
            ``at_utc`` (datetime64, UTC), ``week`` (str, ISO, as 2026-W10), ``question``, ``competency``,
            ``level``, ``mode``, ``mock`` (str), ``seconds`` (float), ``score`` (float, 0 to 1), one
            column of integers (1 to 4) for each dimension.
        """
        import pandas as pd

        known = {question.id: question for question in interview_questions()}
        rows = []
        for attempt in self.attempts:
            scores = attempt.any_scores
            if scores is None:
                continue
            question = known.get(attempt.question)
            year, week, _ = attempt.at_utc.isocalendar()
            rows.append(
                {
                    "at_utc": attempt.at_utc,
                    "week": f"{year}-W{week:02d}",
                    "question": attempt.question,
                    "competency": str(question.competency) if question else "",
                    "level": question.level if question else "",
                    "mode": attempt.mode,
                    "mock": attempt.mock or "",
                    "seconds": attempt.seconds,
                    "score": attempt.score,
                }
                | {dimension.value: scores[dimension] for dimension in Dimension}
            )
        columns = ["at_utc", "week", "question", "competency", "level", "mode", "mock", "seconds", "score"]
        frame = pd.DataFrame(rows, columns=[*columns, *(dimension.value for dimension in Dimension)])
        frame["at_utc"] = pd.to_datetime(frame["at_utc"], utc=True)
        return frame

    def _read(self) -> tuple[tuple[Attempt, ...], list[str]]:
        rows, problems = self._journal.read()
        attempts = []
        for row in rows:
            try:
                attempts.append(Attempt.from_dict(row, where=self.path.name))
            except RecordError as error:
                problems.append(f"{self.path.name}: an attempt was left out: {'; '.join(error.problems)}")
        return tuple(sorted(attempts, key=lambda attempt: attempt.at_utc)), problems


def open_history(history: History | str | Path | None) -> History:
    """A history as it is, or the one of a file."""
    return history if isinstance(history, History) else History(history)


def workspace() -> Path:
    """The workspace around the current folder, or the current folder itself."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".aiir").is_dir()), here)
