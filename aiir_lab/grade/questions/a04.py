"""Advanced lesson 4: a monitor tried on runs that its author has not seen, and the way back from an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from aiir_lab.grade.probing import Probe, call_probe
from aiir_lab.grade.question import Criterion, Question

if TYPE_CHECKING:
    from aiir_lab.simulate import Run

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


class _Output(BaseModel):
    model_config = ConfigDict(extra="forbid")

    output: list[AwareDatetime] | None = None
    error: str | None = None


class _Version(BaseModel):
    model_config = ConfigDict(extra="forbid")

    previous: str | None = None
    margin_days: float | None = None
    version: str | None = None


@cache
def played(seed: int) -> Run:
    """One run on which a monitor is judged."""
    from aiir_lab.simulate import simulate

    return simulate(WORLD, seed=seed, size=SIZE)


def recorded_inputs(seeds: tuple[int, ...] = SEEDS) -> list[dict[str, Any]]:
    """For each seed the run with the incident, then the same run without it; tables, no truth."""
    inputs = []
    for seed in seeds:
        for run in (played(seed), played(seed).without_incident()):
            tables = run.observe()
            inputs.append(
                {
                    "scenario": WORLD,
                    "started_utc": run.started_utc.isoformat(),
                    "ended_utc": run.ended_utc.isoformat(),
                    "every_hours": EVERY_HOURS,
                    **{name: tables[name] for name in TABLES},
                }
            )
    return inputs


PROBE = Probe(recorded_inputs, through="aiir_lab.monitor.recorded:alarm_times")


def _avoided(seed: int, alarms: list[datetime]) -> float:
    """Harm that the response to the first alarm after the onset avoids in this run."""
    from aiir_lab.simulate import replay

    run = played(seed)
    detected = next((at for at in alarms if at >= run.reveal().onset_utc), None)
    if detected is None:
        return 0.0
    return run.harm.amount - replay(run, controls=RESPONSE, at=detected + RESPONSE_DELAY).harm.amount


@cache
def reference_avoided() -> float:
    """What the reference policy avoids on the same runs."""
    from aiir_lab.monitor.ready import reference_policy

    outputs = call_probe(reference_policy(WORLD).monitor, PROBE)
    times = [[datetime.fromisoformat(text) for text in item["output"]] for item in outputs]
    return sum(_avoided(seed, times[2 * place]) for place, seed in enumerate(SEEDS))


def _broken(outputs: list[_Output]) -> str:
    if len(outputs) != 2 * len(SEEDS):
        return f"{2 * len(SEEDS)} outputs are expected, got {len(outputs)}: hand in the function itself."
    errors = [item.error for item in outputs if item.error]
    return f"It broke on {len(errors)} of {len(outputs)} runs: {errors[0]}." if errors else ""


def _runs_everywhere(outputs: list[_Output]) -> bool | str:
    return _broken(outputs) or (
        any(item.output for item in outputs) or "It never says anything, so there is nothing to judge."
    )


def _false_alarms_per_week(outputs: list[_Output]) -> float:
    clean = [len(item.output or []) for item in outputs[1::2]]
    weeks = sum((played(seed).ended_utc - played(seed).started_utc) / timedelta(weeks=1) for seed in SEEDS)
    return sum(clean) / weeks


def _keeps_the_budget(outputs: list[_Output]) -> bool | str:
    problem = _runs_everywhere(outputs)
    if problem is not True:
        return problem
    rate = _false_alarms_per_week(outputs)
    return rate <= BUDGET_PER_WEEK or f"It cries wolf {rate:.1f} times a week."


def _detects_everywhere(outputs: list[_Output]) -> bool | str:
    problem = _keeps_the_budget(outputs)
    if problem is not True:
        return problem
    missed = [
        place + 1
        for place, seed in enumerate(SEEDS)
        if not any(at >= played(seed).reveal().onset_utc for at in outputs[2 * place].output or [])
    ]
    return not missed or f"Not detected in {len(missed)} of {len(SEEDS)} runs."


def _avoids(outputs: list[_Output], *, share: float) -> bool | str:
    problem = _keeps_the_budget(outputs)
    if problem is not True:
        return problem
    avoided = sum(_avoided(seed, outputs[2 * place].output or []) for place, seed in enumerate(SEEDS))
    reached = avoided / reference_avoided()
    return reached >= share - 1e-9 or f"It reaches {reached:.0%} of what the reference avoids."


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
        shape=list[_Output],
        expected="the function itself: lab.check('a04-monitor', my_monitor)",
        probe=PROBE,
        criteria=(
            Criterion(
                "It runs on every one of them, and speaks",
                _runs_everywhere,
                "Early tables may be empty; ask for rows before you divide.",
            ),
            Criterion(
                "At most one false alarm a week where nothing is wrong",
                _keeps_the_budget,
                "A higher threshold, more rows before you judge, or a condition that must hold.",
                points=2,
            ),
            Criterion(
                "Within the budget it detects each incident",
                _detects_everywhere,
                "Which kind of customer document do the refunds without an order come with?",
                points=2,
            ),
            Criterion(
                "Within the budget it avoids at least half of what the reference avoids",
                partial(_avoids, share=0.5),
                "lab.evaluate_monitor on seeds of your own says how late it is.",
                points=2,
            ),
            Criterion(
                "Within the budget it avoids as much as the reference",
                partial(_avoids, share=1.0),
                "What does the reference wait for that you need not?",
                points=3,
            ),
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
