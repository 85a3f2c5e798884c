"""What players can see of a session. Nothing of the facilitator's file, and nothing of the planted truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aiir_lab.records.escalation import Role
from aiir_lab.records.exercise import Escalation
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.authority import why_not
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.duties import escalations_due, update_due
from aiir_lab.tabletop.exercise import Objective
from aiir_lab.tabletop.log import Entry, Log
from aiir_lab.tabletop.pace import Pacer
from aiir_lab.tabletop.stages import STAGES, stages_done
from aiir_lab.tabletop.state import State
from aiir_lab.tabletop.wording import fill


@dataclass(frozen=True)
class Clock:
    """The exercise clock."""

    minute: float
    now_utc: datetime
    started_utc: datetime
    ends_min: float
    is_paused: bool
    is_over: bool
    pace: str

    def __str__(self) -> str:
        state = "over" if self.is_over else "paused" if self.is_paused else "running"
        return f"minute {self.minute:g} of {self.ends_min:g}, {self.now_utc:%a %Y-%m-%d %H:%M} UTC ({state})"


@dataclass(frozen=True)
class MessageView:
    """A message in the inbox."""

    id: str
    at_min: float
    at_utc: datetime
    sender: str
    channel: str
    text: str
    is_alert: bool
    needs_reply: bool
    is_acknowledged: bool

    def __str__(self) -> str:
        sign = "ALERT " if self.is_alert else ""
        return f"[{self.at_utc:%H:%M}] {sign}{self.sender} ({self.channel}): {self.text}"


@dataclass(frozen=True)
class DecisionView:
    """A decision: open now, or why not; or when it was taken."""

    name: str
    title: str
    what: str
    cost_min: float
    delay_min: float
    roles: tuple[Role, ...]
    is_open: bool
    why_not: str
    taken_at_min: float | None
    works_at_min: float | None


@dataclass(frozen=True)
class EvidenceView:
    """Evidence that can be looked at, and when it last was."""

    name: str
    title: str
    what: str
    table: str
    cost_min: float
    looked_at_min: float | None
    is_kept: bool


@dataclass(frozen=True)
class LegalClockView:
    """A reporting duty that may have started to run, and what was decided about it."""

    name: str
    title: str
    question: str
    due_min: float | None
    answer: str | None


class Sight:
    """The public, read-only side of a session."""

    _case: Case
    _log: Log
    _pacer: Pacer
    _header: Mapping[str, Any]
    _state: State

    def __repr__(self) -> str:
        return f"<Session {self.name} seed={self._case.seed} {self._case.difficulty}: {self.clock}>"

    @property
    def name(self) -> str:
        """Name of the exercise."""
        return self._case.exercise.id

    @property
    def title(self) -> str:
        """Title of the exercise."""
        return self._case.exercise.title

    @property
    def company(self) -> str:
        """Invented name of the company."""
        return self._case.company

    @property
    def mode(self) -> str:
        """``"solo"`` or ``"team"``."""
        return str(self._header["mode"])

    @property
    def difficulty(self) -> str:
        """``"easy"``, ``"normal"`` or ``"hard"``."""
        return self._case.difficulty

    @property
    def seed(self) -> int:
        """The seed of the case."""
        return self._case.seed

    @property
    def briefing(self) -> str:
        """The situation manual for players: situation and rules, as Markdown."""
        exercise = self._case.exercise
        text = f"# {exercise.title}\n\n{exercise.situation}\n\n## Rules\n\n{exercise.rules}\n"
        opened = {
            "company": self.company,
            "clock": f"{self._case.started_utc:%H:%M} UTC",
            "today": f"{self._case.started_utc:%Y-%m-%d}",
            "weekday": f"{self._case.started_utc:%A}",
        }
        return fill(text, lambda name: opened.get(name) or self._figure_at_start(name))

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What the exercise tests."""
        return self._case.exercise.objectives

    @property
    def clock(self) -> Clock:
        """The exercise clock."""
        state = self._state
        return Clock(
            minute=state.minute,
            now_utc=self._case.at(state.minute),
            started_utc=self._case.started_utc,
            ends_min=self._case.exercise.minutes,
            is_paused=state.is_paused,
            is_over=state.finished_min is not None,
            pace=self._pacer.pace,
        )

    @property
    def role(self) -> Role:
        """The role in which the player acts."""
        return self._state.role

    @property
    def roles(self) -> dict[Role, str]:
        """Every role of the exercise and who plays it: a name, ``player`` or ``script``."""
        scripted = {script.role for script in self._case.facilitation.scripts}
        return {
            card.role: self._state.players.get(card.role.value)
            or ("script" if card.role in scripted else "player")
            for card in self._case.exercise.roles
        }

    @property
    def role_cards(self) -> dict[Role, str]:
        """What each role looks after."""
        return {card.role: card.brief for card in self._case.exercise.roles}

    @property
    def severity(self) -> Severity | None:
        """The severity declared last."""
        return self._state.severity

    @property
    def stages(self) -> dict[str, bool]:
        """The stages of a response, and whether each is done."""
        return stages_done(self._state, self._case)

    @property
    def stage(self) -> str:
        """The first stage that is not done."""
        done = self.stages
        return next((stage for stage in STAGES if not done.get(stage, True)), STAGES[-1])

    @property
    def inbox(self) -> tuple[MessageView, ...]:
        """Everything that arrived, the oldest first."""
        state = self._state
        return tuple(
            MessageView(
                id=letter.id,
                at_min=letter.at_min,
                at_utc=self._case.at(letter.at_min),
                sender=letter.sender,
                channel=letter.channel,
                text=letter.text,
                is_alert=letter.is_alert,
                needs_reply=letter.needs_reply,
                is_acknowledged=letter.id in state.acknowledged,
            )
            for letter in state.inbox
        )

    @property
    def decisions(self) -> tuple[DecisionView, ...]:
        """Every decision of the exercise: open, not yet open and why, or taken and when."""
        taken = {item.name: item for item in self._state.decisions}
        views = []
        for card in self._case.exercise.decisions:
            reason = why_not(card, self._state, self._case)
            done = taken.get(card.name)
            views.append(
                DecisionView(
                    name=card.name,
                    title=card.title,
                    what=card.what,
                    cost_min=card.cost_min,
                    delay_min=card.delay_min,
                    roles=card.roles,
                    is_open=not reason and self._state.finished_min is None,
                    why_not=reason,
                    taken_at_min=done.at_min if done else None,
                    works_at_min=done.works_min if done else None,
                )
            )
        return tuple(views)

    @property
    def evidence(self) -> tuple[EvidenceView, ...]:
        """What can be looked at, and what each look costs."""
        looks = self._state.looks
        return tuple(
            EvidenceView(
                name=item.name,
                title=item.title,
                what=item.what,
                table=item.table,
                cost_min=item.cost_min,
                looked_at_min=max((look.at_min for look in looks if look.name == item.name), default=None),
                is_kept=any(look.name == item.name and look.is_kept for look in looks),
            )
            for item in self._case.exercise.evidence
        )

    @property
    def escalations(self) -> tuple[Escalation, ...]:
        """What the matrix asks for at the declared severity, and who was told when."""
        return tuple(
            Escalation(role=due.role, due_min=due.due_min, done_min=due.told_min, told=due.told)
            for due in escalations_due(self._state, self._case.matrix)
        )

    @property
    def update_due_min(self) -> float | None:
        """The minute by which the next status update is due; ``None`` before a severity is declared."""
        return update_due(self._state, self._case.matrix)

    @property
    def legal_clocks(self) -> tuple[LegalClockView, ...]:
        """Reporting duties that may have started to run."""
        aware = self._state.detected_min
        answers = {choice.name: choice.answer for choice in self._state.legal}
        return tuple(
            LegalClockView(
                name=card.name,
                title=card.title,
                question=card.question,
                due_min=aware + card.due_hours * 60 if aware is not None else None,
                answer=answers.get(card.name),
            )
            for card in self._case.exercise.legal_clocks
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The log so far: every action and what followed."""
        return tuple(self._log.entries)

    @property
    def log_text(self) -> str:
        """The log as it stands in its file; also where the session lives in memory only."""
        return "".join(entry.line for entry in self._log.entries)

    @property
    def code(self) -> str:
        """Python that plays this session again, action by action: what a notebook can keep in a cell."""
        from aiir_lab.tabletop.coding import write_code

        return write_code(self)

    @property
    def log_path(self) -> Path | None:
        """The file of the log, if there is one."""
        return self._log.path

    @property
    def repaired(self) -> str | None:
        """What was mended in the log when the session was resumed."""
        return self._log.repaired

    def _figure_at_start(self, name: str) -> str:
        return self._case.say_figure(name, {}, 0.0) if name in self._case.exercise.figures else f"{{{name}}}"
