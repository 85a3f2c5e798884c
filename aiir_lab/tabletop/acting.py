"""What players can do: each action takes a state to the next one, or says why it cannot.

This is the only place where a state changes. Live play, resuming, and a grader's replay all go through
:func:`apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity
from aiir_lab.review.status.reviewing import STAGES
from aiir_lab.tabletop.authority import acting_role, read_role
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.duties import update_due
from aiir_lab.tabletop.exercise import RoleScript
from aiir_lab.tabletop.passing import open_inbox, pass_time
from aiir_lab.tabletop.state import (
    Declared,
    HotWash,
    LegalChoice,
    Letter,
    Looked,
    Noted,
    Posted,
    Said,
    State,
    Taken,
    Told,
)

# Minutes of the players' attention. Ours; the order of size is what matters: a post is quick, law is not.
COST_MIN = {
    "acknowledge": 1.0,
    "declare_severity": 2.0,
    "escalate": 2.0,
    "post_update": 4.0,
    "message": 2.0,
    "keep_evidence": 5.0,
    "decide_legal": 10.0,
    "take_role": 1.0,
    "hand_over": 1.0,
}
MAX_TEXT = 4_000
Action = Callable[[State, Mapping[str, Any], Case], State]


def apply(state: State, action: str, data: Mapping[str, Any], case: Case) -> State:
    """The state after an action.

    Raises
    ------
    AiirError
        The action is unknown or not possible now; the state is as it was.
    """
    if action not in _ACTIONS:
        raise NotFoundError("action", action, list(_ACTIONS))
    if state.finished_min is not None and action not in ("hot_wash",):
        raise AiirError(f"{action}: the exercise is over. Write hot_wash(...), then read after_action().")
    if state.is_paused and action not in ("resume", "finish", "hot_wash"):
        raise AiirError(f"{action}: the clock is paused. Call resume() first.")
    return _ACTIONS[action](state, data, case)


def _spend(state: State, action: str, case: Case) -> State:
    return pass_time(state, COST_MIN[action], case)


def _start(state: State, data: Mapping[str, Any], case: Case) -> State:
    return open_inbox(replace(state, players=dict(data.get("players", {}))), case)


def _advance(state: State, data: Mapping[str, Any], case: Case) -> State:
    minutes = data["minutes"]
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes <= 43_200:
        raise AiirError(f"advance: expected minutes above 0 and at most 43200, got {minutes!r}.")
    moved = pass_time(state, float(minutes), case)
    return replace(moved, finished_min=moved.minute) if moved.minute >= case.exercise.minutes else moved


def _acknowledge(state: State, data: Mapping[str, Any], case: Case) -> State:
    known = {letter.id: letter for letter in state.inbox}
    wanted = data.get("message")
    if wanted is None:
        waiting = [x.id for x in state.inbox if x.is_alert and x.id not in state.acknowledged]
        if not waiting:
            raise AiirError("acknowledge: no alert is waiting. Name a message of session.inbox by its id.")
        wanted = waiting[0]
    if wanted not in known:
        raise NotFoundError("message", wanted, list(known))
    if wanted in state.acknowledged:
        raise AiirError(f"acknowledge: {wanted!r} is acknowledged already.")
    done = _spend(state, "acknowledge", case)
    return replace(done, acknowledged={**done.acknowledged, wanted: done.minute})


def _declare_severity(state: State, data: Mapping[str, Any], case: Case) -> State:
    levels = [level.value for level in Severity]
    if data["severity"] not in levels:
        raise NotFoundError("severity", data["severity"], levels)
    done = _spend(state, "declare_severity", case)
    declared = Declared(Severity(data["severity"]), done.minute, _text(data.get("rationale", ""), empty=True))
    return replace(done, severities=(*done.severities, declared))


def _escalate(state: State, data: Mapping[str, Any], case: Case) -> State:
    role = read_role(data["role"], case)
    done = _spend(state, "escalate", case)
    told = Told(role, done.minute, _text(data.get("text", ""), empty=True), done.role)
    script = _script(role, done, case)
    answers: tuple[Letter, ...] = ()
    if script:
        letter = _letter(script, script.on_escalation, f"{role.value}-told-{len(done.told)}", done.minute)
        answers = (letter,)
        if script.is_absent:
            return replace(done, expected=done.expected + answers)  # nobody has heard of it
    return replace(done, told=(*done.told, told), expected=done.expected + answers)


def _script(role: Role, state: State, case: Case) -> RoleScript | None:
    if role.value in state.players:
        return None
    return next((script for script in case.facilitation.scripts if script.role == role), None)


def _letter(script: RoleScript, text: str, name: str, minute: float) -> Letter:
    return Letter(name, minute + script.after_min, script.role.value, "chat", text)


def _message(state: State, data: Mapping[str, Any], case: Case) -> State:
    to, text = _line(data["to"]), _text(data["text"])
    answered = data.get("in_reply_to")
    if answered is not None and answered not in {letter.id for letter in state.inbox}:
        raise NotFoundError("message", answered, [letter.id for letter in state.inbox])
    done = _spend(state, "message", case)
    done = replace(done, said=(*done.said, Said(to, text, done.minute, done.role)))
    if answered is not None and answered not in done.acknowledged:
        done = replace(done, acknowledged={**done.acknowledged, answered: done.minute})
    if to not in [role.value for role in Role]:
        return done
    script = _script(Role(to), done, case)
    if script is None or script.is_absent:
        return done
    asked = text.lower()
    reply = next(
        (r for r in script.replies if any(word.lower() in asked for word in r.about)),
        next((r for r in script.replies if not r.about), None),
    )
    if reply is None:
        return done
    letter = _letter(script, reply.text, f"{to}-reply-{len(done.said)}", done.minute)
    return replace(done, expected=(*done.expected, letter))


def _query(state: State, data: Mapping[str, Any], case: Case) -> State:
    return _look(state, data["name"], case, is_kept=False)


def _keep_evidence(state: State, data: Mapping[str, Any], case: Case) -> State:
    return _look(state, data["name"], case, is_kept=True)


def _look(state: State, name: str, case: Case, *, is_kept: bool) -> State:
    known = {evidence.name: evidence for evidence in case.exercise.evidence}
    if name not in known:
        raise NotFoundError("piece of evidence", name, list(known))
    cost = COST_MIN["keep_evidence"] if is_kept else known[name].cost_min
    done = pass_time(state, cost, case)
    from aiir_lab.tabletop.case import plan_of

    rows = len(case.query(known[name], plan_of(done), done.minute))
    return replace(done, looks=(*done.looks, Looked(name, done.minute, cost, rows, is_kept)))


def _note(state: State, data: Mapping[str, Any], case: Case) -> State:
    note = Noted(_text(data["text"]), state.minute, bool(data.get("is_hypothesis", False)))
    return replace(state, notes=(*state.notes, note))


def _decide(state: State, data: Mapping[str, Any], case: Case) -> State:
    known = {card.name: card for card in case.exercise.decisions}
    name = data["name"]
    if name not in known:
        raise NotFoundError("decision", name, list(known))
    card = known[name]
    if state.decided_min(name) is not None:
        raise AiirError(f"decide: {name!r} was decided at minute {state.decided_min(name):g} already.")
    role = acting_role(card, state, case, asked=data.get("role"))
    done = pass_time(state, card.cost_min, case)
    taken = Taken(
        name=name,
        at_min=done.minute,
        works_min=done.minute + card.delay_min,
        cost_min=card.cost_min,
        role=role,
        rationale=_text(data.get("rationale", ""), empty=True),
        controls=card.controls,
    )
    return replace(done, decisions=(*done.decisions, taken))


def _post_update(state: State, data: Mapping[str, Any], case: Case) -> State:
    if data["stage"] not in STAGES:
        raise NotFoundError("stage of an update", data["stage"], list(STAGES))
    promised = data.get("next_update_min")
    if promised is not None and not (isinstance(promised, int | float) and 0 < promised <= 43_200):
        raise AiirError(f"post_update: next_update_min is minutes from now, above 0; got {promised!r}.")
    text = _text(data["text"])
    due = update_due(state, case.matrix)
    done = _spend(state, "post_update", case)
    next_min = done.minute + float(promised) if promised is not None else None
    return replace(done, updates=(*done.updates, Posted(data["stage"], text, done.minute, due, next_min)))


def _decide_legal(state: State, data: Mapping[str, Any], case: Case) -> State:
    known = [clock.name for clock in case.exercise.legal_clocks]
    if data["name"] not in known:
        raise NotFoundError("legal clock", data["name"], known)
    answers = ["report", "does_not_apply", "ask_counsel"]
    if data["answer"] not in answers:
        raise NotFoundError("answer to a legal clock", data["answer"], answers)
    rationale = _text(data.get("rationale", ""), empty=True)
    done = _spend(state, "decide_legal", case)
    choice = LegalChoice(data["name"], data["answer"], rationale, done.minute)
    return replace(done, legal=(*done.legal, choice))


def _take_role(state: State, data: Mapping[str, Any], case: Case) -> State:
    role = read_role(data["role"], case)
    if role.value not in state.players and _script(role, state, case):
        raise AiirError(
            f"take_role: {role.value} answers by script in solo play. Tell it with escalate({role.value!r}) "
            f"and ask it with message({role.value!r}, ...)."
        )
    done = _spend(state, "take_role", case)
    told = done.told
    if role is not Role.ON_CALL and done.told_min(role) is None:
        told = (*told, Told(role, done.minute, "took the role", done.role))
    return replace(done, role=role, told=told)


def _hand_over(state: State, data: Mapping[str, Any], case: Case) -> State:
    role = read_role(data["role"], case)
    done = _spend(state, "hand_over", case)
    return replace(done, players={**done.players, role.value: _line(data["to"])})


def _pause(state: State, data: Mapping[str, Any], case: Case) -> State:
    return replace(state, is_paused=True)


def _resume(state: State, data: Mapping[str, Any], case: Case) -> State:
    return replace(state, is_paused=False)


def _finish(state: State, data: Mapping[str, Any], case: Case) -> State:
    return replace(state, finished_min=state.minute, is_paused=False)


def _hot_wash(state: State, data: Mapping[str, Any], case: Case) -> State:
    well = tuple(_text(item) for item in data.get("went_well", ()))
    better = tuple(_text(item) for item in data.get("to_improve", ()))
    if not well and not better:
        raise AiirError("hot_wash: write at least one point under went_well or to_improve.")
    ended = state.finished_min if state.finished_min is not None else state.minute
    return replace(state, hot_wash=HotWash(well, better, state.minute), finished_min=ended, is_paused=False)


def _text(value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str) or (not empty and not value.strip()):
        raise AiirError(f"Expected some text, got {value!r}.")
    if len(value) > MAX_TEXT:
        raise AiirError(f"Expected at most {MAX_TEXT} characters of text, got {len(value)}. Shorten it.")
    return value.strip()


def _line(value: object) -> str:
    return " ".join(_text(value).split())


_ACTIONS: dict[str, Action] = {
    "start": _start,
    "advance": _advance,
    "acknowledge": _acknowledge,
    "declare_severity": _declare_severity,
    "escalate": _escalate,
    "message": _message,
    "query": _query,
    "keep_evidence": _keep_evidence,
    "note": _note,
    "decide": _decide,
    "post_update": _post_update,
    "decide_legal": _decide_legal,
    "take_role": _take_role,
    "hand_over": _hand_over,
    "pause": _pause,
    "resume": _resume,
    "finish": _finish,
    "hot_wash": _hot_wash,
}
