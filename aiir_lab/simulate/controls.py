"""What a control is, which controls a run has and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import pandas as pd

from aiir_lab.records.errors import AiirError, NotFoundError

Kind = Literal["prevent", "detect", "mitigate"]


@dataclass(frozen=True)
class Control:
    """Something a team could have had in place, or could decide during the incident.

    Parameters
    ----------
    name : str
        The name that learners type, for instance ``"provenance_gate"``.
    what : str
        What it does, one sentence.
    kind : {"prevent", "detect", "mitigate"}
        Where in the incident it works.
    cost : str
        What it costs, in words. What could be measured in a run is in ``run.costs``.
    removes : str, default ""
        The contributing factor that is gone once the control is there, for
        instance ``"open_feedback_channel"``. Empty where no factor answers to it.
    latency_hours : float, default 0
        Delay that it adds to the ordinary path, in hours.
    references : tuple of str, default ()
        Identifiers in public catalogues, for instance MITRE ATLAS ``"AML.M0025"``.

    Examples
    --------
    >>> Control("canary", "Tries a model on a golden set first.", "prevent", "golden set to keep").kind
    'prevent'
    """

    name: str
    what: str
    kind: Kind
    cost: str
    removes: str = ""
    latency_hours: float = 0.0
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cost:
    """One measured cost of one control in one run.

    Parameters
    ----------
    control : str
        Name of the control, or ``"(none)"`` for what the world costs anyway.
    what : str
        What was spent, for instance ``"review time"``.
    unit : str
        ``"hours"``, ``"labels"``, ``"decisions"``, ``"alarms"``, ``"usd"``.
    amount : float
        How much over the whole run.
    """

    control: str
    what: str
    unit: str
    amount: float


@dataclass(frozen=True)
class Plan:
    """Which controls are in place, and since when.

    Parameters
    ----------
    since : mapping of str to datetime or None
        Control name to the UTC time it starts; None means from the beginning.

    Examples
    --------
    >>> Plan({"rate_limit": None}).start_of("rate_limit", datetime(2026, 3, 2, tzinfo=UTC))
    datetime.datetime(2026, 3, 2, 0, 0, tzinfo=datetime.timezone.utc)
    """

    since: Mapping[str, datetime | None] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.since

    def start_of(self, name: str, started_utc: datetime) -> datetime | None:
        """When a control starts: `started_utc` at the earliest; None when it is never there."""
        if name not in self.since:
            return None
        at = self.since[name]
        return started_utc if at is None else max(at, started_utc)

    def is_on(self, name: str, at_utc: datetime) -> bool:
        """Whether a control is in place at a time."""
        if name not in self.since:
            return False
        at = self.since[name]
        return at is None or at <= at_utc

    def hour_of(self, name: str, started_utc: datetime) -> float:
        """Hours from the start of the world until the control works; infinity when it never does."""
        start = self.start_of(name, started_utc)
        return float("inf") if start is None else (start - started_utc).total_seconds() / 3600.0

    def extended(self, more: Mapping[str, datetime | None]) -> Plan:
        """Add controls; one that is there already keeps its earlier start."""
        since = dict(self.since)
        for name, at in more.items():
            if name not in since:
                since[name] = at
            else:
                known = since[name]
                since[name] = None if known is None or at is None else min(known, at)
        return Plan(since)

    def key(self) -> tuple[tuple[str, str], ...]:
        """A hashable form, equal for equal plans."""
        return tuple(sorted((name, "" if at is None else at.isoformat()) for name, at in self.since.items()))


def read_time(at: object, *, parameter: str = "at") -> datetime | None:
    """Accept a UTC time as a learner may give it: datetime, pandas Timestamp, ISO text or None.

    Raises
    ------
    AiirError
        When the time has no timezone, or is not a time.
    """
    if at is None:
        return None
    try:
        stamp = pd.Timestamp(at)  # type: ignore[arg-type]  # anything else is answered below
    except (TypeError, ValueError) as problem:
        raise AiirError(
            f"{parameter}={at!r} is not a time. Expected a UTC datetime such as "
            "datetime(2026, 3, 2, 9, 0, tzinfo=UTC) or '2026-03-02T09:00:00Z'."
        ) from problem
    if stamp.tzinfo is None:
        raise AiirError(
            f"{parameter}={at!r} has no timezone. All clocks here are UTC; "
            f"the nearest valid value is '{stamp.isoformat()}Z'."
        )
    return stamp.tz_convert("UTC").to_pydatetime().astimezone(UTC)


def read_controls(
    controls: Iterable[str] | Mapping[str, object], known: Iterable[str], *, at: object = None
) -> dict[str, datetime | None]:
    """Read the `controls` of a call: names, or a mapping of name to the time it starts.

    Raises
    ------
    NotFoundError
        When the world knows no control of that name.
    AiirError
        When `controls` is one bare text, or `at` is no UTC time.
    """
    names = list(known)
    if isinstance(controls, str):
        raise AiirError(f"controls={controls!r} is one text. Expected a list: controls=[{controls!r}].")
    shared = read_time(at)
    pairs = controls.items() if isinstance(controls, Mapping) else ((name, None) for name in controls)
    asked: dict[str, datetime | None] = {}
    for name, own in pairs:
        if name not in names:
            raise NotFoundError("control", name, names)
        asked[name] = shared if own is None else read_time(own, parameter=f"controls[{name!r}]")
    return asked
