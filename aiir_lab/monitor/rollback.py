"""What an alarm leads to: which version to go back to, and when that takes effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiir_lab.monitor.alarm import Alarm
from aiir_lab.monitor.registry import ModelRegistry
from aiir_lab.monitor.rule import AlertRule
from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate import Run, replay


@dataclass(frozen=True)
class Step:
    """What a policy decided about one alarm."""

    at_utc: datetime
    version: str
    replaced: str
    why: str


@dataclass(frozen=True)
class RollbackPolicy:
    """What is done once an alarm has reached somebody.

    Parameters
    ----------
    control : str, default "rollback_model"
        The world's control that the decision turns on. Its effect is what the world does.
    choose : {"previous", "before"}, default "previous"
        Go back to the version before the present one, or to the newest version whose training
        data ends `margin_days` before the alarm: a slow poisoning is in the previous one too.
    margin_days : float, default 14
        For `choose="before"`.
    response_delay_min : float, default 30
        From the alarm's arrival to the decision taking effect.

    Examples
    --------
    >>> RollbackPolicy(response_delay_min=15).control
    'rollback_model'
    """

    control: str = "rollback_model"
    choose: str = "previous"
    margin_days: float = 14.0
    response_delay_min: float = 30.0

    def __post_init__(self) -> None:
        if self.choose not in ("previous", "before"):
            raise NotFoundError("way to choose a version", self.choose, ["previous", "before"])
        for name in ("margin_days", "response_delay_min"):
            if not getattr(self, name) >= 0:
                raise AiirError(
                    f"RollbackPolicy: {name}={getattr(self, name)!r} is below 0. Nearest valid: 0."
                )

    def acts_at(self, alarm: Alarm, *, rule: AlertRule | None = None) -> datetime:
        """When the decision takes effect, UTC."""
        if alarm.at_utc is None:
            raise AiirError("The alarm has no time yet. Take alarms from watch(monitor, run).")
        minutes = self.response_delay_min + (rule.routing_delay_min if rule else 0.0)
        return alarm.at_utc + timedelta(minutes=minutes)

    def decide(self, registry: ModelRegistry, alarm: Alarm, *, rule: AlertRule | None = None) -> Step:
        """Choose the version to go back to.

        Raises
        ------
        AiirError
            When no version meets the policy.
        """
        at = self.acts_at(alarm, rule=rule)
        why = alarm.text or "an alarm"
        present = registry.active_at(at)
        if self.choose == "previous":
            target = registry.roll_back(at=max(at, registry.changes[-1].at_utc), why=why).active
            return Step(at, target, present, why)
        limit = at - timedelta(days=self.margin_days)
        old = [
            one
            for one in registry.versions
            if one.status == "promoted" and (one.data_to_utc or one.trained_utc) <= limit
        ]
        if not old:
            raise AiirError(
                f"No promoted version has training data that ends before {limit:%Y-%m-%d %H:%M} UTC "
                f"({self.margin_days:g} days before the decision). Take a smaller margin_days."
            )
        return Step(at, max(old, key=lambda one: one.trained_utc).version, present, why)

    def apply(self, run: Run, alarm: Alarm, *, rule: AlertRule | None = None) -> Run:
        """Replay the run with the control in place from the time that the decision takes effect."""
        return replay(run, controls=[self.control], at=self.acts_at(alarm, rule=rule))
