"""When an alarm reaches a person: threshold, for how long, cooldown, delay on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aiir_lab.monitor.alarm import Alarm
from aiir_lab.records.errors import AiirError


@dataclass(frozen=True)
class AlertRule:
    """Turns what a monitor says at each step into the alarms that somebody gets.

    Parameters
    ----------
    threshold : float, default None
        Alarms whose `value` is below it are dropped. None: as the monitor decided.
    for_hours : float, default 0
        How long a condition must hold without a break before it is raised. 0: at once.
    cooldown_hours : float, default 24
        A condition that is still there is raised again only after this time.
    routing_delay_min : float, default 0
        From the alarm to the person who can act: queue, mailbox, night.

    Notes
    -----
    The three ideas are those of Prometheus alerting rules (``for``, ``repeat_interval``
    and routing); the counting is for each `where` of an alarm on its own.

    Examples
    --------
    >>> AlertRule(for_hours=48, cooldown_hours=168).for_hours
    48
    """

    threshold: float | None = None
    for_hours: float = 0.0
    cooldown_hours: float = 24.0
    routing_delay_min: float = 0.0

    def __post_init__(self) -> None:
        for name in ("for_hours", "cooldown_hours", "routing_delay_min"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise AiirError(f"AlertRule: {name}={value!r} is out of range. Range: 0 and up; nearest: 0.")


@dataclass
class RuleState:
    """The memory of a rule during one run."""

    rule: AlertRule
    since: dict[str, datetime] = field(default_factory=dict)
    raised: dict[str, datetime] = field(default_factory=dict)

    def step(self, alarms: Iterable[Alarm], now: datetime) -> list[Alarm]:
        """Take what the monitor says at one step; return what is raised."""
        rule, due = self.rule, []
        said = {a.where: a for a in alarms if rule.threshold is None or a.value >= rule.threshold}
        self.since = {where: self.since.get(where, now) for where in said}
        for where, alarm in said.items():
            if now - self.since[where] < timedelta(hours=rule.for_hours):
                continue
            last = self.raised.get(where)
            # A second less: a daily step and a cooldown of a day must not depend on rounding.
            if last is not None and now - last < timedelta(hours=rule.cooldown_hours) - timedelta(seconds=1):
                continue
            self.raised[where] = now
            due.append(replace(alarm, at_utc=now))
        return due


def apply_rule(rule: AlertRule, steps: Sequence[tuple[datetime, Sequence[Alarm]]]) -> list[Alarm]:
    """Apply a rule to all steps of a run.

    Examples
    --------
    >>> from datetime import UTC
    >>> days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 3)]
    >>> raised = apply_rule(AlertRule(for_hours=24), [(day, [Alarm()]) for day in days])
    >>> [alarm.at_utc.day for alarm in raised]
    [2, 3]
    """
    state = RuleState(rule)
    return [alarm for now, alarms in steps for alarm in state.step(alarms, now)]
