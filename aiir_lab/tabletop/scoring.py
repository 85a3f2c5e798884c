"""The score of a session, and the rating of each objective, both with their reasons."""

from __future__ import annotations

from collections.abc import Sequence

from aiir_lab.records.exercise import (
    Decision,
    Escalation,
    ExerciseHarm,
    ExpectedOutcome,
    Interval,
    ObjectiveRating,
    Rating,
    Score,
    SentUpdate,
)
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.case import Case
from aiir_lab.tabletop.state import State

# Our own weights: what the decisions changed counts most, then how people were told.
HARM, TIMES, SEVERITY, ESCALATION = 40.0, 16.0, 4.0, 10.0
COMMUNICATION, EVIDENCE, RATIONALE, LAW = 15.0, 5.0, 5.0, 5.0
MIN_RATIONALE_WORDS = 5


def score_session(
    state: State,
    case: Case,
    *,
    harm: ExerciseHarm,
    times: Sequence[Interval],
    decisions: Sequence[Decision],
    escalations: Sequence[Escalation],
    updates: Sequence[SentUpdate],
    missed: Sequence[float],
    severity: Severity,
) -> tuple[Score, ...]:
    """Points for each side of the response; the reason says what was measured."""
    scores = [
        _score_harm(harm),
        _score_times(times, case),
        _score_severity(state, severity, case),
        _score_escalations(escalations),
        _score_updates(updates, missed),
        _score_evidence(state, case),
        _score_rationale(decisions),
    ]
    if case.exercise.legal_clocks:
        scores.append(_score_law(state, case))
    return tuple(scores)


def _score(name: str, title: str, share: float, possible: float, reason: str) -> Score:
    points = round(possible * min(max(share, 0.0), 1.0), 1)
    return Score(name=name, title=title, points=points, possible=possible, reason=reason)


def _score_harm(harm: ExerciseHarm) -> Score:
    share = harm.share_avoided
    said = (
        f"Harm {harm.amount:,.0f} {harm.unit}; without response {harm.no_response:,.0f}; under the best plan "
        f"found {harm.best:,.0f} ({harm.plans_tried} plans replayed)."
    )
    if share is None:
        return _score("harm", "Harm avoided", 0, HARM, f"{said} No plan avoids anything here.")
    return _score(
        "harm", "Harm avoided", share, HARM, f"{said} {share:.0%} of the avoidable harm was avoided."
    )


def _score_times(times: Sequence[Interval], case: Case) -> Score:
    targets = case.facilitation.targets.model_dump()
    shares, said = [], []
    for interval in times:
        target = targets[interval.name]
        if interval.minutes is None:
            shares.append(0.0)
            said.append(f"{interval.to_mark}: did not happen (target {target:g} min)")
        else:
            shares.append(1 - (interval.minutes - target) / (3 * target))
            said.append(f"{interval.to_mark}: {interval.minutes:g} min (target {target:g})")
    share = sum(min(max(value, 0.0), 1.0) for value in shares) / len(shares)
    return _score("times", "Times from the first alert", share, TIMES, "; ".join(said) + ".")


def _score_severity(state: State, expected: Severity, case: Case) -> Score:
    title, why = "Severity", case.facilitation.severity_reason
    if state.severity is None:
        reason = f"No severity was declared. The matrix gives {expected}. {why}"
        return _score("severity", title, 0, SEVERITY, reason)
    first = state.severities[0].severity
    off = expected.rank - first.rank  # above zero: declared worse than the matrix says
    share = 1.0 if off in (0, 1) else 0.5 if off == 2 else 0.25 if off == -1 else 0.0
    reason = f"Declared {first} first; the matrix gives {expected}. {why}"
    return _score("severity", title, share, SEVERITY, reason)


def _score_escalations(escalations: Sequence[Escalation]) -> Score:
    due = [item for item in escalations if item.due_min is not None]
    in_time = [item for item in due if not item.is_late]
    late = [item for item in due if item.is_late and item.done_min is not None]
    never = [item.role.value.replace("_", " ") for item in due if item.done_min is None]
    share = (len(in_time) + 0.5 * len(late)) / len(due) if due else 0.0
    reason = (
        f"{len(in_time)} of {len(due)} roles that the matrix asks for were told in time, {len(late)} late."
    )
    if never:
        reason += f" Never told: {', '.join(never)}."
    return _score("escalation", "Escalation by the matrix", share, ESCALATION, reason)


def _score_updates(updates: Sequence[SentUpdate], missed: Sequence[float]) -> Score:
    in_time = sum(not update.late_min for update in updates)
    clean = sum(update.ok for update in updates)
    punctual = in_time / (in_time + len(missed)) if in_time + len(missed) else 0.0
    quality = clean / len(updates) if updates else 0.0
    reason = (
        f"{len(updates)} status updates, {clean} of them without a remark of the reviewer; {in_time} in "
        f"time, {len(missed)} due times passed without one."
    )
    share = 0.5 * punctual + 0.5 * quality if updates else 0.0
    return _score("communication", "Status updates", share, COMMUNICATION, reason)


def _score_evidence(state: State, case: Case) -> Score:
    title = "Evidence kept before the system was changed"
    changing = {card.name for card in case.exercise.decisions if card.changes_system}
    first = min((taken.at_min for taken in state.decisions if taken.name in changing), default=None)
    kept = [look.at_min for look in state.looks if look.is_kept]
    if not kept:
        return _score("evidence", title, 0, EVIDENCE, "Nothing was kept.")
    if first is not None and min(kept) > first:
        reason = f"Kept first at minute {min(kept):g}, after the change at minute {first:g}."
        return _score("evidence", title, 0.25, EVIDENCE, reason)
    return _score("evidence", title, 1, EVIDENCE, f"Kept first at minute {min(kept):g}, before any change.")


def _score_rationale(decisions: Sequence[Decision]) -> Score:
    title = "Decisions with a reason"
    reasoned = [d for d in decisions if len((d.rationale or "").split()) >= MIN_RATIONALE_WORDS]
    if not decisions:
        return _score("rationale", title, 0, RATIONALE, "Nothing was decided.")
    reason = (
        f"{len(reasoned)} of {len(decisions)} decisions have a reason of {MIN_RATIONALE_WORDS} words or more."
    )
    return _score("rationale", title, len(reasoned) / len(decisions), RATIONALE, reason)


def _score_law(state: State, case: Case) -> Score:
    said, shares = [], []
    chosen = {choice.name: choice for choice in state.legal}
    for answer in case.facilitation.clock_answers:
        choice = chosen.get(answer.clock)
        right = choice is not None and choice.answer in answer.answers
        reasoned = choice is not None and len(choice.rationale.split()) >= MIN_RATIONALE_WORDS
        shares.append((0.6 + 0.4 * reasoned) if right else 0.0)
        given = choice.answer.replace("_", " ") if choice else "nothing was decided"
        said.append(f"{answer.clock}: {given}. {answer.why}")
    return _score("law", "Legal clocks", sum(shares) / len(shares), LAW, " ".join(said))


def rate_objectives(case: Case, expected: Sequence[ExpectedOutcome]) -> tuple[ObjectiveRating, ...]:
    """Rate each objective by its expected actions.

    U: an action without which the objective is not achieved is missing. M: all of those were done, but one
    of them late, so not as the plan asks. S: only others are missing or late. P: all done in time.
    The four ratings are those of HSEEP (2020), chapter on evaluation; which action decides is the exercise's.
    """
    ratings = []
    for objective in case.exercise.objectives:
        mine = [item for item in expected if item.objective == objective.id]
        missing = [item for item in mine if item.done_min is None]
        late = [item for item in mine if item.done_min is not None and not item.is_on_time]
        if any(item.is_critical for item in missing):
            rating = Rating.U
        elif any(item.is_critical for item in late):
            rating = Rating.M
        else:
            rating = Rating.S if missing or late else Rating.P
        said = [f"Missing: {item.what}" for item in missing]
        said += [f"Late (minute {item.done_min:g}, by {item.by_min:g}): {item.what}" for item in late]
        reason = " ".join(said) or "Everything that was expected was done in time."
        ratings.append(
            ObjectiveRating(objective=objective.id, text=objective.text, rating=rating, reason=reason)
        )
    return tuple(ratings)
