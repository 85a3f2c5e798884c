"""The state of a session: facts with their minute. It is the fold of the log, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity


@dataclass(frozen=True)
class Letter:
    """One message in the inbox: from an inject, a feed of the world, or a scripted role."""

    id: str
    at_min: float
    sender: str
    channel: str
    text: str
    is_alert: bool = False
    needs_reply: bool = False


@dataclass(frozen=True)
class Declared:
    """A severity that was declared."""

    severity: Severity
    at_min: float
    rationale: str


@dataclass(frozen=True)
class Told:
    """A role that was told; ``instead_of`` is the absent role for which it stands in."""

    role: Role
    at_min: float
    text: str
    by: Role


@dataclass(frozen=True)
class Looked:
    """A look at evidence, or evidence that was kept."""

    name: str
    at_min: float
    cost_min: float
    rows: int
    is_kept: bool


@dataclass(frozen=True)
class Taken:
    """A decision; its controls work from ``works_min``."""

    name: str
    at_min: float
    works_min: float
    cost_min: float
    role: Role
    rationale: str
    controls: tuple[str, ...]


@dataclass(frozen=True)
class Posted:
    """A status update; ``due_min`` is when it was due, ``next_min`` when the next one was promised."""

    stage: str
    text: str
    at_min: float
    due_min: float | None
    next_min: float | None


@dataclass(frozen=True)
class Said:
    """A message of the players to a role or to somebody outside."""

    to: str
    text: str
    at_min: float
    by: Role


@dataclass(frozen=True)
class Noted:
    """A note or a hypothesis."""

    text: str
    at_min: float
    is_hypothesis: bool


@dataclass(frozen=True)
class LegalChoice:
    """What was decided about a legal clock."""

    name: str
    answer: str
    rationale: str
    at_min: float


@dataclass(frozen=True)
class HotWash:
    """The immediate debrief, in the players' words."""

    went_well: tuple[str, ...]
    to_improve: tuple[str, ...]
    at_min: float


@dataclass(frozen=True)
class State:
    """Everything that happened so far. ``seconds`` of real time never count while paused."""

    minute: float = 0.0
    role: Role = Role.ON_CALL
    players: Mapping[str, str] = field(default_factory=dict)
    is_paused: bool = False
    finished_min: float | None = None
    inbox: tuple[Letter, ...] = ()
    expected: tuple[Letter, ...] = ()  # answers of scripted roles that are on their way
    fired: Mapping[str, float] = field(default_factory=dict)  # inject -> minute
    acknowledged: Mapping[str, float] = field(default_factory=dict)
    severities: tuple[Declared, ...] = ()
    told: tuple[Told, ...] = ()
    looks: tuple[Looked, ...] = ()
    decisions: tuple[Taken, ...] = ()
    updates: tuple[Posted, ...] = ()
    said: tuple[Said, ...] = ()
    notes: tuple[Noted, ...] = ()
    legal: tuple[LegalChoice, ...] = ()
    hot_wash: HotWash | None = None

    @property
    def severity(self) -> Severity | None:
        """The severity declared last."""
        return self.severities[-1].severity if self.severities else None

    @property
    def detected_min(self) -> float | None:
        """When a responder recognised it: the first alert acknowledged or the severity declared."""
        minutes = [*self.acknowledged.values(), *(declared.at_min for declared in self.severities)]
        return min(minutes, default=None)

    def told_min(self, role: Role) -> float | None:
        """When a role was told first."""
        return min((told.at_min for told in self.told if told.role == role), default=None)

    def decided_min(self, name: str) -> float | None:
        """When a decision was taken."""
        return next((taken.at_min for taken in self.decisions if taken.name == name), None)

    def digest(self) -> str:
        """A short hash of the whole state: equal logs lead to equal digests."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
