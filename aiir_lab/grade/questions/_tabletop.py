"""Judging a tabletop session from its log: played again, then read from its after-action report."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiir_lab.grade.question import Criterion
from aiir_lab.records.exercise import AfterAction

if TYPE_CHECKING:
    from aiir_lab.tabletop.session import Session

FEWEST_ACTIONS = 5


@dataclass(frozen=True)
class Drill:
    """The session that a lesson asks for; a log of another one is not taken."""

    exercise: str
    seed: int
    difficulty: str = "normal"

    def replay(self, log: str) -> Session | str:
        """The session of a log, played again by the engine; or why it cannot be judged."""
        from aiir_lab.tabletop.grading import play_log
        from aiir_lab.tabletop.log import LogError, read_log

        try:
            entries = read_log(log, where="your log")
        except LogError as error:
            return str(error)
        first = dict(entries[0].data) if entries else {}
        # checked before anything is played: a log may name any exercise
        for key, expected in vars(self).items():
            if first.get(key) != expected:
                return f"The log has {key}={first.get(key)!r}; this lesson plays {key}={expected!r}."
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "your log"
            path.write_text(log, encoding="utf-8")
            try:
                return play_log(path)
            except LogError as error:
                return str(error).replace(f"{path}", "your log")

    def report(self, log: str) -> AfterAction:
        """The after-action report of a log.

        Raises
        ------
        ValueError
            There is none, and why.
        """
        report = _report_of(self, log)
        if isinstance(report, str):
            raise ValueError(report.rstrip("."))
        return report

    def criterion(self, text: str, holds: Any, hint: str, points: float = 1.0) -> Criterion:
        """A criterion on the report of a log, instead of the log itself."""
        return Criterion(text, lambda log: holds(self.report(log)), hint, points)

    def is_whole(self) -> Criterion:
        """The criterion that the log is what a session of this drill wrote."""

        def holds(log: str) -> bool | str:
            report = _report_of(self, log)
            return report if isinstance(report, str) else True

        return Criterion(
            "The log is whole, plays again, and is of this exercise",
            holds,
            "Hand in session.log_text of the session above, unchanged.",
        )


@cache
def _report_of(drill: Drill, log: str) -> AfterAction | str:
    # the search for the best plan takes a moment, so one log is judged once
    session = drill.replay(log)
    if isinstance(session, str):
        return session
    if len(session.entries) <= FEWEST_ACTIONS:
        return f"The log holds {len(session.entries) - 1} actions; play the exercise first."
    return session.after_action()


def in_time(*names: str) -> Any:
    """Whether the expected actions of these names were done by their minute."""

    def holds(report: AfterAction) -> bool | str:
        for item in report.expected:
            if item.name in names and not item.is_on_time:
                done = "never" if item.done_min is None else f"at minute {item.done_min:g}"
                return f"{item.what} Expected by minute {item.by_min:g}, here {done}."
        return True

    return holds


def avoids(share: float) -> Any:
    """Whether this share of the avoidable harm was avoided."""

    def holds(report: AfterAction) -> bool | str:
        avoided = report.harm.share_avoided or 0.0
        return avoided >= share or f"{max(avoided, 0.0):.0%} of what the best plan found avoids."

    return holds


def all_told(report: AfterAction) -> bool | str:
    """Whether everybody whom the matrix asks for was told."""
    asked = [row for row in report.escalations if row.due_min is not None]
    missing = [row.role.value for row in asked if row.done_min is None]
    if report.severity is None:
        return "No severity was declared, so nobody was due."
    return not missing or f"Never told: {', '.join(missing)}."


def writes_well(report: AfterAction) -> bool | str:
    """Whether the reviewer finds nothing to mend in one of the updates."""
    if not report.updates:
        return "No update was posted."
    if any(update.ok for update in report.updates):
        return True
    return f"The reviewer said: {report.updates[-1].problems[0].message}"


def gives_reasons(report: AfterAction) -> bool | str:
    """Whether every decision has a reason of five words or more."""
    if not report.decisions:
        return "Nothing was decided."
    bare = [item.title for item in report.decisions if len((item.rationale or "").split()) < 5]
    return not bare or f"Without a reason: {bare[0]}."


def knows_law(report: AfterAction) -> bool | str:
    """Whether the legal clocks were decided as the law stands."""
    law = next(score for score in report.scores if score.name == "law")
    return law.points >= law.possible or law.reason


def decides(report: AfterAction, *names: str) -> bool:
    """Whether one of these decisions was taken."""
    return any(decision.name in names for decision in report.decisions)


def before_any_change(minute: float | None, report: AfterAction) -> bool | str:
    """Whether something happened before the first decision took its first minute."""
    if minute is None:
        return "It never happened."
    first = min((item.at_min - item.cost_min for item in report.decisions), default=None)
    if first is None:
        return "Nothing was decided at all."
    return minute <= first or f"It came at minute {minute:g}, the first change at minute {first:g}."
