"""Pages: opened once per key, acknowledged, resolved, and climbing by themselves while nobody answers."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from aiir_lab.desk.clock import Clock
from aiir_lab.desk.model import Alert, Entry, Policy
from aiir_lab.desk.plan import policy_id
from aiir_lab.desk.store import Store


class Paging:
    """What can happen to a page, whoever asks for it.

    Parameters
    ----------
    store : Store
    clock : Clock
        Decides when an unacknowledged page climbs.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def open(
        self,
        *,
        vendor: str,
        scope: str,
        dedup_key: str,
        title: str,
        severity: str,
        service_id: str,
        actor: str,
        channel: str,
        urgency: str = "high",
        policy: str | None = None,
        assigned: list[str] | None = None,
        priority: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> tuple[Alert, bool]:
        """Open a page, or join the open one of the same scope and key.

        Returns
        -------
        Alert, bool
            The page, and whether it is new.
        """
        now = self.clock.now()
        with self.store.transaction():
            known = self.store.first(Alert, parent=scope, key=dedup_key, is_open=True)
            if known is not None:
                known.count += 1
                known.updated_utc = known.last_occurred_utc = now
                self._save(known)
                self._log(known, "repeat", actor, channel, f"Triggered again, {known.count} times so far")
                return known, False
            number = self.store.next_number(f"alert:{vendor}")
            alert = Alert(
                id=_new_id(vendor, now),
                created_utc=now,
                vendor=vendor,
                number=number,
                scope=scope,
                dedup_key=dedup_key,
                title=title,
                severity=severity,
                urgency=urgency,
                status="triggered",
                policy_id=policy or policy_id(severity),
                service_id=service_id,
                updated_utc=now,
                changed_utc=now,
                climbing_since_utc=now,
                last_occurred_utc=now,
                assigned=list(assigned or []),
                priority=priority,
                detail=detail or {},
            )
            self._save(alert)
            self._log(alert, "trigger", actor, channel, title, at_utc=now)
            self._climb_one(alert, now)
            return alert, True

    def acknowledge(self, alert: Alert, *, actor: str, channel: str) -> None:
        """Somebody took it: the page stops climbing."""
        if alert.status != "triggered":
            return
        self._change(alert, "acknowledged")
        alert.acknowledged_by, alert.acknowledged_utc = actor, alert.changed_utc
        self._save(alert)
        self._log(alert, "acknowledge", actor, channel, f"Acknowledged by {actor}", at_utc=alert.changed_utc)

    def retrigger(self, alert: Alert, *, actor: str, channel: str, reason: str) -> None:
        """Back to unacknowledged (also after resolving): it climbs from the first level again."""
        self._change(alert, "triggered")
        alert.acknowledged_by = alert.acknowledged_utc = alert.resolved_by = alert.resolved_utc = None
        alert.snoozed_until_utc = None
        alert.level, alert.climbing_since_utc = 0, alert.changed_utc
        self._save(alert)
        self._log(alert, "unacknowledge", actor, channel, reason, at_utc=alert.changed_utc)
        self._climb_one(alert, self.clock.now())

    def resolve(self, alert: Alert, *, actor: str, channel: str, note: str = "") -> None:
        """It is over; the same key opens a new page from now on."""
        if alert.status == "resolved":
            return
        self._change(alert, "resolved")
        alert.resolved_by, alert.resolved_utc = actor, alert.changed_utc
        alert.assigned, alert.snoozed_until_utc = [], None
        self._save(alert)
        self._log(alert, "resolve", actor, channel, f"Resolved by {actor}", at_utc=alert.changed_utc)
        if note:
            self.note(alert, actor=actor, channel=channel, text=note)

    def note(self, alert: Alert, *, actor: str, channel: str, text: str) -> Entry:
        """Write a note into the page's log."""
        return self._log(alert, "annotate", actor, channel, text)

    def log(self, alert: Alert, action: str, *, actor: str, channel: str, text: str) -> Entry:
        """Write another line into the page's log and mark the page as updated."""
        alert.updated_utc = self.clock.now()
        self._save(alert)
        return self._log(alert, action, actor, channel, text)

    def snooze(self, alert: Alert, *, until_utc: datetime, actor: str, channel: str) -> None:
        """Acknowledge for a while; unacknowledged again at ``until_utc``."""
        self.acknowledge(alert, actor=actor, channel=channel)
        alert.snoozed_until_utc = until_utc
        self.log(alert, "snooze", actor=actor, channel=channel, text=f"Snoozed until {until_utc:%H:%M} UTC")

    def escalate(
        self, alert: Alert, *, actor: str, channel: str, policy: str | None = None, level: int | None = None
    ) -> None:
        """Hand it up now: to ``level``, or one level on; ``policy`` changes who is asked."""
        if policy and policy != alert.policy_id:
            alert.policy_id, alert.level = policy, 0
        rules = self.policy_of(alert).rules
        target = min(level or alert.level + 1, len(rules))
        now = self.clock.now()
        # as if the page had climbed to this level by itself just now: the next level keeps its distance
        alert.climbing_since_utc = now - timedelta(minutes=rules[target - 1].after_min)
        if alert.status != "triggered":
            self._change(alert, "triggered")
            alert.acknowledged_by = alert.acknowledged_utc = None
        self._reach(alert, target, now, actor, channel)

    def climb(self) -> None:
        """Let every unanswered page reach the level that the present time asks for."""
        now = self.clock.now()
        for alert in self.store.find_due(Alert, now_utc=now):
            with self.store.transaction():
                if alert.status == "triggered":
                    self._climb_one(alert, now)
                else:
                    self.retrigger(alert, actor="the desk", channel="timeout", reason="The snooze is over")

    def policy_of(self, alert: Alert) -> Policy:
        """The escalation that this page follows."""
        policy = self.store.get(Policy, alert.policy_id) or self.store.first(Policy)
        assert policy is not None  # the desk is never without its matrix
        return policy

    def entries(self, alert: Alert, *, action: str | None = None) -> list[Entry]:
        """The page's log, oldest first."""
        return self.store.find(Entry, parent=alert.id, key=action)

    def _climb_one(self, alert: Alert, now: datetime) -> None:
        while alert.next_level_utc is not None and alert.next_level_utc <= now:
            # logged at the minute it was due, however late the desk looks
            self._reach(alert, alert.level + 1, alert.next_level_utc, "the desk", "timeout")

    def _save(self, alert: Alert) -> None:
        rules = self.policy_of(alert).rules
        climbs = alert.status == "triggered" and alert.level < len(rules)
        wait_min = rules[alert.level].after_min if climbs else 0
        alert.next_level_utc = alert.climbing_since_utc + timedelta(minutes=wait_min) if climbs else None
        self.store.save(alert)

    def _reach(self, alert: Alert, level: int, at_utc: datetime, actor: str, channel: str) -> None:
        first = alert.level == 0 and level == 1
        alert.level = level
        alert.updated_utc = max(alert.updated_utc, at_utc)
        targets = self.policy_of(alert).rules[level - 1].targets
        if not first or not alert.assigned:
            alert.assigned = list(targets)
        self._save(alert)
        if not first:
            self._log(alert, "escalate", actor, channel, f"Escalated to level {level}", level, at_utc)
        for person in alert.assigned:
            self._log(alert, "notify", person, channel, f"Paged at level {level}", level, at_utc)

    def _change(self, alert: Alert, status: str) -> None:
        alert.status = status
        alert.changed_utc = alert.updated_utc = self.clock.now()

    def _log(
        self,
        alert: Alert,
        action: str,
        actor: str,
        channel: str,
        text: str,
        level: int | None = None,
        at_utc: datetime | None = None,
    ) -> Entry:
        entry = Entry(
            id="R" + secrets.token_hex(12).upper(),
            created_utc=at_utc or self.clock.now(),
            alert_id=alert.id,
            action=action,
            actor=actor,
            channel=channel,
            text=text,
            level=level,
        )
        self.store.save(entry)
        return entry


def _new_id(vendor: str, now: datetime) -> str:
    if vendor == "opsgenie":
        return f"{uuid.uuid4()}-{int(now.timestamp() * 1000)}"
    return "Q" + secrets.token_hex(7).upper()[:13]
