"""Advanced lesson 4: a monitor tried on runs that its author has not seen, and the way back from an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._watching import Output, Trial

if TYPE_CHECKING:
    pass

WORLD, SIZE, EVERY_HOURS = "assistant_injection", "sample", 24.0
TABLES = ("conversations", "refunds", "orders_on_file", "dashboard", "tickets")
SEEDS = (31, 32, 33)
"""Runs on which a monitor is judged; a class gets others from the instructor's key."""
RESPONSE, RESPONSE_DELAY = ("kill_switch",), timedelta(minutes=30)
BUDGET_PER_WEEK = 1.0
TRIED_SEEDS = (21, 22)
"""Runs on which the lesson tries the ready monitors."""

REGISTRY_SEED = 7
ALARM_UTC = "2026-04-20T09:00:00+00:00"


class _Version(BaseModel):
    model_config = ConfigDict(extra="forbid")

    previous: str | None = None
    margin_days: float | None = None
    version: str | None = None


TRIAL = Trial(
    WORLD,
    SEEDS,
    tables=TABLES,
    response=RESPONSE,
    size=SIZE,
    every_hours=EVERY_HOURS,
    budget_per_week=BUDGET_PER_WEEK,
    delay=RESPONSE_DELAY,
)
PROBE = TRIAL.probe


@cache
def tried() -> tuple[str, str]:
    """Of the ready monitors: who avoids most without a budget, and who within it."""
    from aiir_lab.monitor import evaluate_monitor, ready_monitors

    summary = evaluate_monitor(
        ready_monitors(WORLD), scenario=WORLD, seeds=TRIED_SEEDS, size=SIZE, response=RESPONSE
    ).summary
    within = summary[summary["false_alarms_per_week_median"] <= BUDGET_PER_WEEK]
    column = "harm_avoided_share_median"
    return str(summary[column].idxmax()), str(within[column].idxmax())


@cache
def _registry() -> tuple[Any, datetime]:
    from aiir_lab.monitor import ModelRegistry
    from aiir_lab.simulate import simulate

    run = simulate("fraud_poisoning", seed=REGISTRY_SEED, size="sample")
    return ModelRegistry.from_tables(run.observe(until=ALARM_UTC)), run.reveal().onset_utc


def _decided(policy: dict[str, Any]) -> str:
    from aiir_lab.monitor import Alarm, RollbackPolicy

    alarm = Alarm(at_utc=datetime.fromisoformat(ALARM_UTC))
    return str(RollbackPolicy(**policy).decide(_registry()[0], alarm).version)


def _is_before_poison(answer: _Version) -> bool | str:
    if answer.margin_days is None:
        return "There is no margin."
    registry, onset = _registry()
    version = registry.get(_decided({"choose": "before", "margin_days": answer.margin_days}))
    return (version.data_to_utc or version.trained_utc) <= onset or (
        f"With this margin it goes back to {version.version}, whose data end after the poisoning began."
    )


def _is_newest_clean(answer: _Version) -> bool | str:
    registry, onset = _registry()
    clean = [one for one in registry.versions if (one.data_to_utc or one.trained_utc) <= onset]
    newest = max(clean, key=lambda one: one.trained_utc).version
    return answer.version == newest or "It is not the newest one that saw no poisoned label."


QUESTIONS = (
    Question(
        id="a04-tempting",
        title="Tempting, and affordable",
        shape=dict[str, str | None],
        expected="a dict with the keys most and affordable, each the name of a monitor",
        criteria=(
            Criterion(
                "Who avoids most, if alarms cost nothing",
                lambda answer: answer.get("most") == tried()[0],
                "The largest harm_avoided_share_median.",
            ),
            Criterion(
                "Who avoids most at no more than one false alarm a week",
                lambda answer: answer.get("affordable") == tried()[1],
                "First keep those within the budget, then compare.",
            ),
        ),
    ),
    Question(
        id="a04-monitor",
        title="Your monitor on runs you have not seen",
        shape=list[Output],
        expected="the function itself: lab.check('a04-monitor', my_monitor)",
        probe=PROBE,
        criteria=TRIAL.criteria(
            hint="Which kind of customer document do the refunds without an order come with?"
        ),
    ),
    Question(
        id="a04-version",
        title="Back to which version",
        shape=_Version,
        expected="a dict with the keys previous, margin_days and version",
        criteria=(
            Criterion(
                "Where the policy 'previous' would go",
                lambda answer: answer.previous == _decided({"choose": "previous"}),
                "RollbackPolicy(choose='previous').decide(registry, alarm).version",
            ),
            Criterion(
                "A margin with which the policy 'before' goes back beyond the poisoning",
                _is_before_poison,
                "How many days lie between the first bad label and the alarm?",
            ),
            Criterion(
                "The newest version that saw no poisoned label",
                _is_newest_clean,
                "Its training window ended before the first bad label. A larger margin goes back too far.",
            ),
        ),
    ),
)
