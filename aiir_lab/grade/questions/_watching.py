"""Criteria of a monitor that is tried on runs its author has not seen, for any world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict

from aiir_lab.grade.probing import Probe, call_probe
from aiir_lab.grade.question import Criterion

if TYPE_CHECKING:
    from aiir_lab.simulate import Run


class Output(BaseModel):
    """What a monitor gave on one run: the times of its alarms, or what broke."""

    model_config = ConfigDict(extra="forbid")

    output: list[AwareDatetime] | None = None
    error: str | None = None


@cache
def played(world: str, seed: int, size: str) -> Run:
    """One run on which a monitor is judged."""
    from aiir_lab.simulate import simulate

    return simulate(world, seed=seed, size=size)


class Trial:
    """Runs of a world on which a monitor is tried, each with and without the incident.

    Parameters
    ----------
    world : str
    seeds : sequence of int
    tables : sequence of str
        What a monitor may see.
    response : sequence of str
        Controls that start `delay` after the first alarm.
    size : str, default "sample"
    every_hours : float, default 24
        How often it is asked.
    budget_per_week : float, default 1
        False alarms that people bear.
    delay : timedelta, default half an hour
    """

    def __init__(
        self,
        world: str,
        seeds: Sequence[int],
        *,
        tables: Sequence[str],
        response: Sequence[str],
        size: str = "sample",
        every_hours: float = 24.0,
        budget_per_week: float = 1.0,
        delay: timedelta = timedelta(minutes=30),
    ) -> None:
        self.world, self.seeds, self.tables, self.size = world, tuple(seeds), tuple(tables), size
        self.response, self.every_hours = tuple(response), every_hours
        self.budget_per_week, self.delay = budget_per_week, delay

    def run(self, seed: int) -> Run:
        """The run of a seed."""
        return played(self.world, seed, self.size)

    def inputs(self, seeds: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """For each seed the run with the incident, then the same run without it; tables, no truth."""
        inputs = []
        for seed in self.seeds if seeds is None else seeds:
            for run in (self.run(seed), self.run(seed).without_incident()):
                tables = run.observe()
                inputs.append(
                    {
                        "scenario": self.world,
                        "started_utc": run.started_utc.isoformat(),
                        "ended_utc": run.ended_utc.isoformat(),
                        "every_hours": self.every_hours,
                        **{name: tables[name] for name in self.tables},
                    }
                )
        return inputs

    @property
    def probe(self) -> Probe:
        """What calls a monitor on these runs."""
        return Probe(self.inputs, through="aiir_lab.monitor.recorded:alarm_times")

    def _avoided(self, seed: int, alarms: list[datetime]) -> float:
        """Harm that the response to the first alarm after the onset avoids in this run."""
        from aiir_lab.simulate import replay

        run = self.run(seed)
        detected = next((at for at in alarms if at >= run.reveal().onset_utc), None)
        if detected is None:
            return 0.0
        return run.harm.amount - replay(run, controls=self.response, at=detected + self.delay).harm.amount

    @cached_property
    def reference(self) -> list[Output]:
        """What the reference policy gives on the same runs."""
        from aiir_lab.monitor.ready import reference_policy

        called = call_probe(reference_policy(self.world).monitor, self.probe)
        return [Output.model_validate(item) for item in called]

    @cached_property
    def reference_avoided(self) -> float:
        """Harm that it avoids there."""
        return self._avoided_in_all(self.reference)

    def _avoided_in_all(self, outputs: list[Output]) -> float:
        pairs = zip(self.seeds, outputs[::2], strict=True)
        return sum(self._avoided(seed, item.output or []) for seed, item in pairs)

    def _broken(self, outputs: list[Output]) -> str:
        wanted = 2 * len(self.seeds)
        if len(outputs) != wanted:
            return f"{wanted} outputs are expected, got {len(outputs)}: hand in the function itself."
        errors = [item.error for item in outputs if item.error]
        return f"It broke on {len(errors)} of {len(outputs)} runs: {errors[0]}." if errors else ""

    def runs_everywhere(self, outputs: list[Output]) -> bool | str:
        return self._broken(outputs) or (
            any(item.output for item in outputs) or "It never says anything, so there is nothing to judge."
        )

    def _false_alarms_per_week(self, outputs: list[Output]) -> float:
        clean = [len(item.output or []) for item in outputs[1::2]]
        runs = [self.run(seed) for seed in self.seeds]
        weeks = sum((run.ended_utc - run.started_utc) / timedelta(weeks=1) for run in runs)
        return sum(clean) / weeks

    def keeps_the_budget(self, outputs: list[Output]) -> bool | str:
        problem = self.runs_everywhere(outputs)
        if problem is not True:
            return problem
        rate = self._false_alarms_per_week(outputs)
        return rate <= self.budget_per_week or f"It cries wolf {rate:.1f} times a week."

    def detects_everywhere(self, outputs: list[Output]) -> bool | str:
        problem = self.keeps_the_budget(outputs)
        if problem is not True:
            return problem
        missed = [
            place + 1
            for place, seed in enumerate(self.seeds)
            if not any(at >= self.run(seed).reveal().onset_utc for at in outputs[2 * place].output or [])
        ]
        return not missed or f"Not detected in {len(missed)} of {len(self.seeds)} runs."

    def avoids(self, outputs: list[Output], *, share: float) -> bool | str:
        problem = self.keeps_the_budget(outputs)
        if problem is not True:
            return problem
        reached = self._avoided_in_all(outputs) / self.reference_avoided
        return reached >= share - 1e-9 or f"It reaches {reached:.0%} of what the reference avoids."

    def criteria(self, *, hint: str) -> tuple[Criterion, ...]:
        """What is asked of a monitor, 10 points; ``hint`` helps to find this incident."""
        weekly = f"{self.budget_per_week:g} false alarm{'' if self.budget_per_week == 1 else 's'} a week"
        return (
            Criterion(
                "It runs on every one of them, and speaks",
                self.runs_everywhere,
                "Early tables may be empty; ask for rows before you divide.",
            ),
            Criterion(
                f"At most {weekly} where nothing is wrong",
                self.keeps_the_budget,
                "A higher threshold, more rows before you judge, or a condition that must hold.",
                points=2,
            ),
            Criterion("Within the budget it detects each incident", self.detects_everywhere, hint, points=2),
            Criterion(
                "Within the budget it avoids at least half of what the reference avoids",
                partial(self.avoids, share=0.5),
                "lab.evaluate_monitor on seeds of your own says how late it is.",
                points=2,
            ),
            Criterion(
                "Within the budget it avoids as much as the reference",
                partial(self.avoids, share=1.0),
                "What does the reference wait for that you need not?",
                points=3,
            ),
        )
