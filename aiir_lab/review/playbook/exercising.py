"""Play a playbook in an incident world, and measure what it would have avoided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiir_lab.catalog import load_legal_rules
from aiir_lab.records import AiirError, Playbook
from aiir_lab.review.finding import Finding
from aiir_lab.review.playbook.breaks import find_breaks
from aiir_lab.review.playbook.schedule import PlayedTask, play

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.simulate import Run


@dataclass(frozen=True)
class PlaybookExercise:
    """How a playbook went in one world.

    Parameters
    ----------
    playbook : Playbook
    world : str
    detected_utc : datetime
    tasks : tuple of PlayedTask
        How each went.
    controls : dict of str to datetime
        Each control that came into place, and when, UTC.
    unit : str
    harm_without, harm_with, harm_at_once : float
        Harm of the whole run without the playbook, as it went, and had all of its controls been in place at
        the minute of detection. What lies between the last two is the price of the hours that it takes.
    costs : DataFrame
        ``control``, ``what``, ``unit`` (str), ``amount`` (float64): measured, as it went.
    findings : tuple of Finding
        Where it breaks; ``field`` names the task, decision or clock.
    """

    playbook: Playbook
    world: str
    detected_utc: datetime
    tasks: tuple[PlayedTask, ...]
    controls: dict[str, datetime]
    unit: str
    harm_without: float
    harm_with: float
    harm_at_once: float
    costs: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing broke."""
        return not self.findings

    @property
    def avoided(self) -> float:
        """Harm that the playbook avoids, as it went."""
        return self.harm_without - self.harm_with

    def to_frame(self) -> pd.DataFrame:
        """How the tasks went.

        Returns
        -------
        DataFrame
            Index ``task`` (str); ``role``, ``control``, ``decided_by`` (str or None), ``planned_min``,
            ``start_min``, ``end_min``, ``late_min`` (float64, minutes after detection), ``waited_for`` (str).
        """
        import pandas as pd

        rows = [
            {
                "task": item.task.id,
                "role": item.task.role.value,
                "control": next((name for name in item.task.controls if name in self.controls), None),
                "decided_by": item.decided_by.value if item.decided_by else None,
                "planned_min": float(item.task.from_min),
                "start_min": round(item.start_min, 1),
                "end_min": round(item.end_min, 1),
                "late_min": round(item.late_min, 1),
                "waited_for": item.waited_for,
            }
            for item in self.tasks
        ]
        return pd.DataFrame(rows).set_index("task")

    def to_markdown(self) -> str:
        """Harm, tasks and breaks as Markdown."""
        from aiir_lab.review.playbook.report import tabled

        return tabled(self).to_markdown()

    def _repr_html_(self) -> str:
        from aiir_lab.review.playbook.report import tabled

        return tabled(self).to_fragment()


def exercise_playbook(
    playbook: Playbook, *, run: Run, detected_utc: datetime, clocks: Sequence[str] | None = None
) -> PlaybookExercise:
    """Play a playbook from the moment of detection, and replay the world with the controls it puts in place.

    A task waits for what it depends on, for its role (one thing at a time; some answer in office hours only)
    and for whoever may decide. Its controls start when it ends.

    Parameters
    ----------
    playbook : Playbook
    run : Run
        The run in which the incident happened.
    detected_utc : datetime
        When a responder recognised the incident; inside the run, with its zone.
    clocks : sequence of str, optional
        Legal clocks that counsel takes to run, from ``lab.legal_clocks()``. Default: those of the playbook.

    Returns
    -------
    PlaybookExercise

    Raises
    ------
    NotFoundError
        No legal clock has this id.
    AiirError
        Not a Playbook, or a time without zone or outside the run.

    Examples
    --------
    >>> from aiir_lab.catalog import load_playbook
    >>> from aiir_lab.simulate import simulate
    >>> run = simulate("assistant_injection", seed=7, size="sample")
    >>> detected = datetime(2025, 3, 6, 9, tzinfo=UTC)
    >>> exercise_playbook(load_playbook("moderation"), run=run, detected_utc=detected).avoided > 0
    True
    """
    from aiir_lab.simulate import replay

    if not isinstance(playbook, Playbook):
        raise AiirError(
            f"exercise_playbook: expected a Playbook, got {type(playbook).__name__}. "
            "Load one: lab.load_playbook('moderation'), or lab.Playbook.from_file('mine.yaml')."
        )
    at = _read_detection(detected_utc, run)
    asked = tuple(playbook.legal_clocks if clocks is None else clocks)
    for clock in asked:
        load_legal_rules().rule(clock)
    tasks = play(playbook, at)
    controls: dict[str, datetime] = {}
    for item in tasks:
        for name in item.task.controls:
            if name in run.controls:
                ends = at + timedelta(minutes=item.end_min)
                controls[name] = min(ends, controls.get(name, ends))
    went = replay(run, controls=controls)
    return PlaybookExercise(
        playbook=playbook,
        world=run.name,
        detected_utc=at,
        tasks=tasks,
        controls=controls,
        unit=run.harm.unit,
        harm_without=run.harm.amount,
        harm_with=went.harm.amount,
        harm_at_once=replay(run, controls=dict.fromkeys(controls, at)).harm.amount,
        costs=went.costs[went.costs["control"].isin(list(controls))].reset_index(drop=True),
        findings=find_breaks(playbook, tasks, run.controls, asked),
    )


def _read_detection(value: datetime, run: Run) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise AiirError(
            f"detected_utc is {value!r}. Expected a datetime with its zone, such as "
            "datetime(2025, 6, 1, 6, tzinfo=UTC) or a time out of the alerts table."
        )
    at = value.astimezone(UTC)
    if not run.started_utc <= at <= run.ended_utc:
        raise AiirError(
            f"detected_utc is {at:%Y-%m-%d %H:%M} UTC, but the run lasts from {run.started_utc:%Y-%m-%d} to "
            f"{run.ended_utc:%Y-%m-%d}. Take the time of an alert or a report of this run."
        )
    return at
