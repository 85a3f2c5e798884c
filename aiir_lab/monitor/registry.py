"""A model registry: versions, lineage, promote, roll back, and verify against what production did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from aiir_lab.monitor.reading import read_rows
from aiir_lab.records.errors import AiirError, NotFoundError


@dataclass(frozen=True)
class ModelVersion:
    """One version of a model, and what it was made of.

    Parameters
    ----------
    version : str
        Its name.
    trained_utc : datetime
        When it was trained.
    parent : str, default ""
        The version that decided when this one was trained.
    data_from_utc, data_to_utc : datetime, default None
        Oldest and newest training data; None where it is not known.
    batches : tuple of str, default ()
        Batches of labels that were ingested since the parent was trained.
    metrics : mapping of str to float
        As they were seen at training.
    status : {"promoted", "held", "rolled_back"}, default "held"
        What became of it.
    """

    version: str
    trained_utc: datetime
    parent: str = ""
    data_from_utc: datetime | None = None
    data_to_utc: datetime | None = None
    batches: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    status: str = "held"


@dataclass(frozen=True)
class Change:
    """One change of which version decides."""

    at_utc: datetime
    action: str  # "promote" or "roll_back"
    version: str
    replaced: str
    why: str


@dataclass(frozen=True)
class Verification:
    """Whether production does what the registry says.

    Attributes
    ----------
    is_ok : bool
    decisions : int
        How many were looked at.
    problems : tuple of str
        What does not agree, each with a count.
    """

    is_ok: bool
    decisions: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class ModelRegistry:
    """The versions of one model and every change of which one decides. Changes return a new registry.

    Examples
    --------
    >>> start = datetime(2026, 3, 2, tzinfo=UTC)
    >>> registry = ModelRegistry((ModelVersion("v1", start), ModelVersion("v2", start.replace(day=9))))
    >>> registry = registry.promote("v1", at=start).promote("v2", at=start.replace(day=9))
    >>> registry.roll_back(at=start.replace(day=11), why="misses fraud").active
    'v1'
    """

    versions: tuple[ModelVersion, ...]
    changes: tuple[Change, ...] = ()

    @classmethod
    def from_tables(cls, tables: Mapping[str, pd.DataFrame], *, table: str = "") -> ModelRegistry:
        """Read the registry of a world, as it is visible in its tables.

        Parameters
        ----------
        tables : mapping of str to DataFrame
            From ``run.observe(until=...)``.
        table : str, default ``"model_registry"``, ``"filter_versions"`` or ``"model_versions"``
            A table with a column `version` (or `model_version`) and a time of training or of going live.
            A column `status` says what was promoted; without it all were.

        Raises
        ------
        NotFoundError
            When there is no such table or column.
        """
        known = [t for t in ("model_registry", "filter_versions", "model_versions") if t in tables]
        name = table or (known[0] if known else "model_registry")
        frame = read_rows(name, tables, (), who="the model registry")
        frame = frame.rename(columns={"model_version": "version"})
        if "version" not in frame.columns:
            raise NotFoundError("column for the model registry", "version", list(frame.columns))
        when = next((c for c in ("trained_utc", "live_utc", "promoted_utc") if c in frame.columns), None)
        if when is None:
            raise NotFoundError("time column for the model registry", "trained_utc", list(frame.columns))
        lineage = _read_lineage(tables)
        registry = cls(())
        for row in frame.sort_values(when, kind="stable").to_dict("records"):
            at = _to_time(row[when])
            if at is None:
                continue
            version = str(row["version"])
            numbers = {
                str(key): float(value)
                for key, value in row.items()
                if isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value)
            }
            registry = registry.add(
                ModelVersion(
                    version,
                    at,
                    parent=registry.active,
                    data_from_utc=_to_time(row.get("window_from_utc", row.get("snapshot_utc"))),
                    data_to_utc=_to_time(row.get("window_to_utc", row.get("newest_data_utc"))),
                    batches=lineage.get(version, ()),
                    metrics=numbers,
                )
            )
            if row.get("status", "promoted") == "promoted":
                registry = registry.promote(version, at=at)
        return registry

    @property
    def active(self) -> str:
        """The version that decides; empty before the first promotion."""
        return self.changes[-1].version if self.changes else ""

    def active_at(self, at: datetime) -> str:
        """The version that decided at a UTC time; empty before the first promotion."""
        past = [change.version for change in self.changes if change.at_utc <= at]
        return past[-1] if past else ""

    def get(self, version: str) -> ModelVersion:
        """Return one version.

        Raises
        ------
        NotFoundError
            When there is none of that name.
        """
        for one in self.versions:
            if one.version == version:
                return one
        raise NotFoundError("model version", version, [one.version for one in self.versions])

    def add(self, version: ModelVersion) -> ModelRegistry:
        """Register a version, held until it is promoted.

        Raises
        ------
        AiirError
            When the name is taken, or its parent is unknown.
        """
        if any(one.version == version.version for one in self.versions):
            raise AiirError(
                f"Version {version.version!r} is registered already. Give the new one a new name."
            )
        if version.parent:
            self.get(version.parent)
        return replace(self, versions=(*self.versions, version))

    def promote(self, version: str, *, at: datetime, why: str = "") -> ModelRegistry:
        """Let a version decide from `at` on.

        Raises
        ------
        NotFoundError
            When there is no such version.
        AiirError
            When it decides already, was rolled back, or `at` lies before its training or the last change.
        """
        one = self.get(version)
        if one.status == "rolled_back":
            raise AiirError(
                f"Version {version!r} was rolled back. Train and register a new version, or roll back to it "
                "by name where the reason is gone."
            )
        if at < one.trained_utc:
            raise AiirError(
                f"at={at:%Y-%m-%d %H:%M} UTC lies before version {version!r} was trained "
                f"({one.trained_utc:%Y-%m-%d %H:%M} UTC). Promote it from then on."
            )
        return self._change("promote", version, at, why)

    def roll_back(self, *, at: datetime, to: str = "", why: str = "") -> ModelRegistry:
        """Go back to an earlier version and mark the present one.

        Parameters
        ----------
        at : datetime
            UTC time.
        to : str, default the version that decided before the present one and was not rolled back
            Version to go back to.
        why : str
            The reason, for whoever reads the registry later.

        Raises
        ------
        AiirError
            When there is nothing to go back to.
        """
        target = to or self._previous()
        self.get(target)
        bad = self.active
        marked = tuple(
            replace(one, status="rolled_back") if one.version == bad else one for one in self.versions
        )
        return replace(self, versions=marked)._change("roll_back", target, at, why)

    def verify(
        self,
        decisions: pd.DataFrame,
        *,
        since: datetime,
        version: str = "model_version",
        time: str = "decided_utc",
    ) -> Verification:
        """Check that since a time production used the versions that the registry says.

        A rollback is done when decisions show it, not when the registry does.

        Parameters
        ----------
        decisions : DataFrame
            One row for each decision, with its version and its time.
        since : datetime
            UTC time from which on to look.

        Returns
        -------
        Verification
            Not ok without a single decision to look at.
        """
        for column in (version, time):
            if column not in decisions.columns:
                raise NotFoundError("column of the decisions", column, [str(c) for c in decisions.columns])
        recent = decisions[decisions[time] >= since]
        if recent.empty:
            return Verification(False, 0, (f"no decision since {since:%Y-%m-%d %H:%M} UTC to verify with",))
        starts = pd.DatetimeIndex([change.at_utc for change in self.changes]).as_unit("us")
        place = starts.searchsorted(recent[time], side="right") - 1
        names = [change.version for change in self.changes]
        said = pd.Series([names[i] if i >= 0 else "" for i in place], index=recent.index)
        used = recent[version].astype(str)
        wrong = Counter(zip(used[used != said], said[used != said], strict=True))
        problems = tuple(
            f"{count:,} decisions by {one!r} while the registry says {other or 'none'!r}"
            for (one, other), count in wrong.most_common()
        )
        return Verification(not problems, len(recent), problems)

    def lineage(self, version: str) -> pd.DataFrame:
        """List a version and all its ancestors, youngest first.

        Returns
        -------
        DataFrame
            version, parent, status (str), trained_utc, data_from_utc, data_to_utc
            (datetime64[us, UTC]), batches (int64, how many label batches came new).
        """
        rows, name = [], version
        while name:
            one = self.get(name)
            times = (one.trained_utc, one.data_from_utc, one.data_to_utc)
            rows.append((one.version, one.parent, one.status, *times, len(one.batches)))
            name = one.parent
        columns = ["version", "parent", "status", "trained_utc", "data_from_utc", "data_to_utc", "batches"]
        times_of = dict.fromkeys(columns[3:6], "datetime64[us, UTC]")
        return pd.DataFrame(rows, columns=columns).astype(times_of)

    def to_frame(self) -> pd.DataFrame:
        """List the changes: at_utc (datetime64[us, UTC]), action, version, replaced, why (str)."""
        rows = [(c.at_utc, c.action, c.version, c.replaced, c.why) for c in self.changes]
        frame = pd.DataFrame(rows, columns=["at_utc", "action", "version", "replaced", "why"])
        return frame.astype({"at_utc": "datetime64[us, UTC]"})

    def _previous(self) -> str:
        bad = {one.version for one in self.versions if one.status == "rolled_back"} | {self.active}
        for change in reversed(self.changes):
            if change.version not in bad:
                return change.version
        raise AiirError(
            f"There is no earlier version to go back to from {self.active or 'none'!r}. Turn the model off "
            "(kill switch, rules), or promote another version first."
        )

    def _change(self, action: str, version: str, at: datetime, why: str) -> ModelRegistry:
        if at.tzinfo is None:
            raise AiirError(f"at={at} has no timezone. All clocks here are UTC: {at.isoformat()}Z.")
        if self.changes and at < self.changes[-1].at_utc:
            last = self.changes[-1]
            raise AiirError(
                f"at={at:%Y-%m-%d %H:%M} UTC lies before the last change ({last.action} of {last.version!r} "
                f"at {last.at_utc:%Y-%m-%d %H:%M} UTC). The registry is written in order of time."
            )
        if version == self.active:
            raise AiirError(f"Version {version!r} decides already; there is nothing to change.")
        change = Change(at, action, version, self.active, why)
        now = tuple(
            replace(one, status="promoted") if one.version == version else one for one in self.versions
        )
        return ModelRegistry(now, (*self.changes, change))


def _to_time(value: Any) -> datetime | None:
    if value is None or pd.isna(value):
        return None
    return pd.Timestamp(value).to_pydatetime().astimezone(UTC)


def _read_lineage(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Which label batches came new with which version, where a world keeps that."""
    if "ingestion_batches" not in tables:
        return {}
    frame = tables["ingestion_batches"]
    if not {"next_version", "batch_id"} <= set(frame.columns):
        return {}
    return {str(v): tuple(part) for v, part in frame.groupby("next_version")["batch_id"] if v}
