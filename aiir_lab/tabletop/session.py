"""A session: what players see and do. Every action goes through the log before it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity
from aiir_lab.simulate.world import DIFFICULTIES
from aiir_lab.tabletop.acting import apply
from aiir_lab.tabletop.case import Case, plan_of
from aiir_lab.tabletop.loading import Loaded, load_exercise
from aiir_lab.tabletop.log import FORMAT, Entry, Log, LogError
from aiir_lab.tabletop.pace import Pacer
from aiir_lab.tabletop.sight import MessageView, Sight
from aiir_lab.tabletop.state import State

if TYPE_CHECKING:
    import pandas as pd

    from aiir_lab.review import Finding, StatusReview
    from aiir_lab.tabletop.report import AfterActionReport

MODES = ("solo", "team")


class Session(Sight):
    """One play of an exercise. Made by :func:`start_exercise`.

    What can be seen is described in :class:`~aiir_lab.tabletop.sight.Sight`. Each action costs minutes on the
    exercise clock, returns what it brought, and is on the disk before it counts.
    """

    def __init__(self, case: Case, log: Log, pacer: Pacer, header: Mapping[str, Any]) -> None:
        self._case, self._log, self._pacer, self._header = case, log, pacer, header
        self._state = State()
        self._report: AfterActionReport | None = None
        self._listeners: list[Callable[[str, Mapping[str, Any], str], None]] = []

    # --- acting ------------------------------------------------------------------------------------

    def advance(self, *, minutes: float = 15) -> tuple[MessageView, ...]:
        """Let time pass; what arrived meanwhile. The end of the exercise ends it."""
        return self._do("advance", minutes=minutes)

    def tick(self) -> tuple[MessageView, ...]:
        """Let the clock catch up with real time (pace ``accelerated`` or ``real``); what arrived."""
        known = len(self._state.inbox)
        self._catch_up()
        return self.inbox[known:]

    def acknowledge(self, message: str | None = None) -> tuple[MessageView, ...]:
        """Take on an alert (the first one that waits), or any message by its id."""
        return self._do("acknowledge", message=message)

    def declare_severity(self, severity: Severity | str, *, rationale: str = "") -> tuple[MessageView, ...]:
        """Declare how bad it is, ``"SEV1"`` to ``"SEV4"``; again whenever the facts change."""
        return self._do("declare_severity", severity=_value(severity), rationale=rationale)

    def escalate(self, role: Role | str, text: str = "") -> tuple[MessageView, ...]:
        """Tell a role. In solo play it answers by script, with figures of the world."""
        return self._do("escalate", role=_value(role), text=text)

    def message(self, to: Role | str, text: str, *, in_reply_to: str | None = None) -> tuple[Finding, ...]:
        """Write to a role or to anybody outside; returns what the language reviewer says about it."""
        from aiir_lab.review import review_language

        self._do("message", to=_value(to), text=text, in_reply_to=in_reply_to)
        return tuple(review_language(text))

    def query(self, name: str) -> pd.DataFrame:
        """Look at evidence: a table as it stands on the exercise clock once its minutes are spent."""
        self._do("query", name=name)
        return self._evidence_table(name)

    def keep_evidence(self, name: str) -> pd.DataFrame:
        """Keep a copy of evidence for the analysis, before a change of the system destroys it."""
        self._do("keep_evidence", name=name)
        return self._evidence_table(name)

    def note(self, text: str) -> None:
        """Write into the scribe's notes; costs no time."""
        self._do("note", text=text, is_hypothesis=False)

    def hypothesis(self, text: str) -> None:
        """Write down what you think is going on; costs no time."""
        self._do("note", text=text, is_hypothesis=True)

    def decide(
        self, name: str, *, rationale: str = "", role: Role | str | None = None
    ) -> tuple[MessageView, ...]:
        """Take a decision. Its controls change the world from when they work; what arrived meanwhile."""
        return self._do("decide", name=name, rationale=rationale, role=_value(role))

    def post_update(
        self, text: str, *, stage: str = "investigating", next_update_min: float | None = None
    ) -> StatusReview:
        """Post a status update; returns its review. ``next_update_min``: promised, in minutes from now."""
        from aiir_lab.review import review_status_update

        stage = str(_value(stage))
        self._do("post_update", text=text, stage=stage, next_update_min=next_update_min)
        return review_status_update(text, stage=stage)

    def decide_legal(self, clock: str, answer: str, *, rationale: str = "") -> tuple[MessageView, ...]:
        """Decide about a legal clock: ``"report"``, ``"does_not_apply"`` or ``"ask_counsel"``."""
        return self._do("decide_legal", name=clock, answer=answer, rationale=rationale)

    def take_role(self, role: Role | str) -> tuple[MessageView, ...]:
        """Act as this role from now on."""
        return self._do("take_role", role=_value(role))

    def hand_over(self, role: Role | str, *, to: str) -> tuple[MessageView, ...]:
        """Let somebody at the table play a role; it no longer answers by script."""
        return self._do("hand_over", role=_value(role), to=to)

    def pause(self) -> None:
        """Stop the clock."""
        self._do("pause")

    def resume(self) -> None:
        """Let the clock go on; real time that passed meanwhile does not count."""
        self._pacer.restart()
        self._do("resume", catch_up=False)

    def finish(self) -> None:
        """End the play; the world runs on with what was decided."""
        if self._state.finished_min is None:
            self._do("finish")

    def hot_wash(self, *, went_well: Iterable[str] = (), to_improve: Iterable[str] = ()) -> None:
        """The debrief at once, in your own words; ends the play."""
        well = [went_well] if isinstance(went_well, str) else list(went_well)
        better = [to_improve] if isinstance(to_improve, str) else list(to_improve)
        self._do("hot_wash", went_well=well, to_improve=better)
        self._report = None

    def after_action(self) -> AfterActionReport:
        """The after-action report. It tells the truth, so it ends the play."""
        from aiir_lab.tabletop.report import build_report

        self.finish()
        if self._report is None:
            self._report = build_report(self._case, self._state, log_head=self._log.head, mode=self.mode)
        return self._report

    def listen(self, listener: Callable[[str, Mapping[str, Any], str], None]) -> None:
        """Call ``listener(action, data, utc)`` after each action that the log has taken."""
        self._listeners.append(listener)

    # --- how it works ------------------------------------------------------------------------------

    def _do(self, action: str, *, catch_up: bool = True, **data: Any) -> tuple[MessageView, ...]:
        if catch_up and action not in ("finish", "hot_wash"):
            self._catch_up()
        known = len(self._state.inbox)
        self._record(action, {key: value for key, value in data.items() if value is not None})
        return self.inbox[known:]

    def _catch_up(self) -> None:
        if self._state.is_paused or self._state.finished_min is not None:
            self._pacer.restart()
            return
        minutes = self._pacer.take()
        if minutes:
            self._record("advance", {"minutes": minutes, "by": "clock"})

    def _record(self, action: str, data: Mapping[str, Any]) -> None:
        state = apply(self._state, action, data, self._case)
        then = outcome(self._state, state, self._case)
        self._log.append(action, data, then)
        self._state = state
        for listener in self._listeners:
            listener(action, data, then["utc"])

    def _evidence_table(self, name: str) -> pd.DataFrame:
        evidence = next(item for item in self._case.exercise.evidence if item.name == name)
        return self._case.query(evidence, plan_of(self._state), self._state.minute)

    def _play(self, entries: Iterable[Entry], *, where: str) -> None:
        for entry in entries:
            try:
                state = apply(self._state, entry.action, entry.data, self._case)
            except (AiirError, KeyError) as error:
                raise LogError(
                    f"{where}, line {entry.n + 1}: {entry.action} was not possible: {error}"
                ) from None
            then = outcome(self._state, state, self._case)
            if then != dict(entry.then):
                raise LogError(
                    f"{where}, line {entry.n + 1}: {entry.action} leads to another state than it says "
                    f"(expected {then}, got {dict(entry.then)}). The line, or the exercise, was changed."
                )
            self._state = state


def outcome(before: State, after: State, case: Case) -> dict[str, Any]:
    """What a log line says about the state that followed."""
    return {
        "minute": after.minute,
        "utc": case.at(after.minute).isoformat(timespec="seconds"),
        "arrived": [letter.id for letter in after.inbox[len(before.inbox) :]],
        "state": after.digest(),
    }


def start_exercise(
    name: str | Path,
    *,
    seed: int = 0,
    difficulty: str = "normal",
    log: str | Path | None = None,
    mode: str = "solo",
    players: Mapping[str, str] | None = None,
    pace: str = "step",
    time_source: Callable[[], float] | None = None,
) -> Session:
    """Start a tabletop exercise on a living world, or resume it where its log ends.

    Parameters
    ----------
    name : str or Path
        An exercise of the course, such as ``"fraud_poisoning"``, or a folder with one of your own.
    seed : int, default 0
        Another seed is another case.
    difficulty : {"easy", "normal", "hard"}, default "normal"
        How hard the incident is to see, and how much else arrives.
    log : str or Path, optional
        JSON lines, one for each action. If the file is there, the session is resumed at its minute.
        None keeps the session in memory only.
    mode : {"solo", "team"}, default "solo"
        In solo play all other roles answer by script; a team hands the roles of `players` round.
    players : mapping of role to name, optional
        Who plays which role in a team.
    pace : {"step", "accelerated", "real"}, default "step"
        Whether the clock moves by actions only, or also twelve times as fast as, or with, real time.
    time_source : callable, optional
        Seconds, for tests; default ``time.monotonic``.

    Returns
    -------
    Session

    Raises
    ------
    NotFoundError
        There is no such exercise, difficulty, mode, pace or role.
    LogError
        The log was changed, or belongs to another exercise; the message names the line.

    Examples
    --------
    >>> session = start_exercise("fraud_poisoning", seed=7)
    >>> session.clock.minute
    0.0
    >>> len(session.inbox) > 0
    True
    """
    for kind, value, known in (("mode", mode, MODES), ("difficulty", difficulty, DIFFICULTIES)):
        if value not in known:
            raise NotFoundError(kind, value, list(known))
    loaded = load_exercise(name)
    pacer = Pacer(pace, **({"time_source": time_source} if time_source else {}))
    book = Log(Path(log) if log is not None else None)
    roles = dict(players or {})
    known_roles = [card.role.value for card in loaded.exercise.roles]
    for role in roles:
        if role not in known_roles:
            raise NotFoundError("role of this exercise", role, known_roles)
    if roles and mode == "solo":
        raise AiirError("players are for mode='team'; in solo play every other role answers by script.")
    header = {
        "format": FORMAT,
        "exercise": loaded.exercise.id,
        "digest": loaded.digest,
        "seed": int(seed),
        "difficulty": difficulty,
        "mode": mode,
        "pace": pace,
        "players": roles,
    }
    return open_session(loaded, header, book, pacer)


def open_session(
    loaded: Loaded, header: Mapping[str, Any], log: Log, pacer: Pacer, *, where: str = ""
) -> Session:
    """A session on a log: started where the log is empty, else resumed."""
    if log.entries:
        first = log.entries[0]
        for key in ("format", "exercise", "digest", "seed", "difficulty", "mode"):
            if first.data.get(key) != header[key]:
                raise LogError(
                    f"{log.path}, line 1: this log has {key}={first.data.get(key)!r}, asked for was "
                    f"{header[key]!r}. Resume it with what it was started with, or choose another log file."
                )
        header = first.data
    case = Case(loaded, seed=header["seed"], difficulty=header["difficulty"])
    session = Session(case, log, pacer, header)
    if log.entries:
        session._play(log.entries, where=where or str(log.path))
        pacer.restart()
    else:
        session._record("start", dict(header))
    return session


def _value(item: object) -> Any:
    return getattr(item, "value", item)
