"""The after-action report: what the log amounts to, as a record, as a post-mortem, as Markdown and HTML."""

from __future__ import annotations

from datetime import timedelta

from aiir_lab.records.actions import ActionItem, ActionKind
from aiir_lab.records.exercise import (
    AfterAction,
    Escalation,
    EvidenceLook,
    ExpectedOutcome,
    Remark,
    Score,
    SentMessage,
    SentUpdate,
)
from aiir_lab.records.postmortem import LegalClock, Postmortem
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop.case import Case, plan_of
from aiir_lab.tabletop.duties import escalations_due
from aiir_lab.tabletop.measuring import (
    find_containment,
    list_decisions,
    list_expected,
    measure_harm,
    measure_times,
    missed_updates,
)
from aiir_lab.tabletop.scoring import rate_objectives, score_session
from aiir_lab.tabletop.state import State
from aiir_lab.tabletop.story import tell_timeline

MIN_ACTIONS = 3  # also after a faultless response: what people caught by hand, a system can catch


class AfterActionReport(AfterAction):
    """The after-action report of a session, which can also be read by people.

    As data it is the :class:`~aiir_lab.records.exercise.AfterAction` record; here ``to_markdown`` is the
    report for people, in the order of an HSEEP after-action report.
    """

    def to_postmortem(self) -> Postmortem:
        """A mock post-mortem, filled from the log: a draft to go on from."""
        from aiir_lab.tabletop.draft import draft_postmortem

        return draft_postmortem(self)

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from aiir_lab.tabletop.pages import write_markdown

        return write_markdown(self)

    def to_html(self) -> str:
        """The report as one self-contained page."""
        from aiir_lab.tabletop.pages import write_html

        return write_html(self)

    def _repr_html_(self) -> str:
        from aiir_lab.tabletop.pages import write_fragment

        return write_fragment(self)


def build_report(case: Case, state: State, *, log_head: str, mode: str) -> AfterActionReport:
    """Everything the report says, from the state of a finished session and replays of its world."""
    end = state.finished_min if state.finished_min is not None else state.minute
    first_alert = min((letter.at_min for letter in state.inbox if letter.is_alert), default=0.0)
    severity = case.severity(plan_of(state), first_alert).severity
    harm = measure_harm(state, case)
    contained = find_containment(state, case, harm)
    times = measure_times(state, contained)
    decisions = list_decisions(state, case)
    expected = list_expected(state, case)
    escalations = _list_escalations(state, case, severity)
    updates = _list_updates(state, case)
    missed = [minute for minute in missed_updates(state, case, severity) if minute <= end]
    scores = score_session(
        state,
        case,
        harm=harm,
        times=times,
        decisions=decisions,
        escalations=escalations,
        updates=updates,
        missed=missed,
        severity=severity,
    )
    last = state.severities[-1] if state.severities else None
    scripted = {script.role for script in case.facilitation.scripts}
    return AfterActionReport(
        exercise=case.exercise.id,
        title=case.exercise.title,
        world=case.exercise.world,
        seed=case.seed,
        difficulty=case.difficulty,
        company=case.company,
        mode=mode,
        start_utc=case.started_utc,
        end_utc=case.at(end),
        is_finished=state.finished_min is not None,
        roles={
            card.role: state.players.get(card.role.value) or ("script" if card.role in scripted else "player")
            for card in case.exercise.roles
        },
        severity=last.severity if last else None,
        severity_min=state.severities[0].at_min if state.severities else None,
        severity_reason=(last.rationale or None) if last else None,
        expected_severity=severity,
        timeline=tell_timeline(state, case, contained),
        decisions=decisions,
        updates=updates,
        missed_update_min=tuple(missed),
        messages=_list_messages(state, case),
        escalations=escalations,
        evidence=_list_evidence(state, case),
        notes=tuple(note.text for note in state.notes),
        legal_clocks=_list_clocks(state, case),
        metrics=times,
        harm=harm,
        onset_utc=case.onset_utc,
        truth=case.facilitation.truth,
        cohorts=case.cohorts,
        factors=case.facilitation.factors,
        expected=expected,
        scores=scores,
        objectives=rate_objectives(case, expected),
        strengths=_list_strengths(state, scores, expected),
        areas_for_improvement=_list_areas(state, scores, expected),
        improvement_plan=_plan_improvement(case, expected, end),
        log_head=log_head,
    )


def _list_escalations(state: State, case: Case, severity: Severity) -> tuple[Escalation, ...]:
    dues = escalations_due(state, case.matrix, severity=severity)
    asked = {due.role for due in dues} | {due.told for due in dues}
    extra = {told.role: told.at_min for told in reversed(state.told) if told.role not in asked}
    return tuple(
        Escalation(role=due.role, due_min=due.due_min, done_min=due.told_min, told=due.told) for due in dues
    ) + tuple(Escalation(role=role, done_min=minute, told=role) for role, minute in extra.items())


def _list_updates(state: State, case: Case) -> tuple[SentUpdate, ...]:
    from aiir_lab.review import review_status_update

    return tuple(
        SentUpdate(
            stage=update.stage,
            text=update.text,
            at_utc=case.at(update.at_min),
            at_min=update.at_min,
            next_update_min=update.next_min,
            due_min=update.due_min,
            late_min=max(update.at_min - update.due_min, 0.0) if update.due_min is not None else 0.0,
            problems=tuple(
                Remark(
                    kind=finding.kind,
                    quote=finding.of(update.text),
                    message=finding.message,
                    suggestion=finding.suggestion,
                )
                for finding in review_status_update(update.text, stage=update.stage).problems
            ),
        )
        for update in state.updates
    )


def _list_messages(state: State, case: Case) -> tuple[SentMessage, ...]:
    from aiir_lab.review import review_language

    sent = [
        SentMessage(
            sender=said.by.value,
            to=said.to,
            text=said.text,
            at_utc=case.at(said.at_min),
            at_min=said.at_min,
            problems=tuple(
                Remark(
                    kind=finding.kind,
                    quote=finding.of(said.text),
                    message=finding.message,
                    suggestion=finding.suggestion,
                )
                for finding in review_language(said.text)
            ),
        )
        for said in state.said
    ]
    got = [
        SentMessage(
            sender=letter.sender,
            to="players",
            channel=letter.channel,
            text=letter.text,
            at_utc=case.at(letter.at_min),
            at_min=letter.at_min,
            is_scripted=True,
        )
        for letter in state.inbox
    ]
    return tuple(sorted([*sent, *got], key=lambda message: message.at_min))


def _list_evidence(state: State, case: Case) -> tuple[EvidenceLook, ...]:
    titles = {evidence.name: evidence.title for evidence in case.exercise.evidence}
    return tuple(
        EvidenceLook(
            name=look.name,
            title=titles[look.name],
            at_utc=case.at(look.at_min),
            at_min=look.at_min,
            cost_min=look.cost_min,
            rows=look.rows,
            is_snapshot=look.is_kept,
        )
        for look in state.looks
    )


def _list_clocks(state: State, case: Case) -> tuple[LegalClock, ...]:
    chosen = {choice.name: choice for choice in state.legal}
    aware = state.detected_min
    clocks = []
    for card in case.exercise.legal_clocks:
        choice = chosen.get(card.name)
        runs = choice is not None and choice.answer == "report" and aware is not None
        said = f"{choice.answer.replace('_', ' ')}. {choice.rationale}" if choice else "Not decided."
        clocks.append(
            LegalClock(
                rule=card.title,
                started_utc=case.at(aware) if runs and aware is not None else None,
                due_utc=case.at(aware) + timedelta(hours=card.due_hours)
                if runs and aware is not None
                else None,
                done_utc=case.at(choice.at_min) if runs and choice else None,
                note=said.strip(),
            )
        )
    return tuple(clocks)


def _list_strengths(
    state: State, scores: tuple[Score, ...], expected: tuple[ExpectedOutcome, ...]
) -> tuple[str, ...]:
    done = [item for item in expected if item.is_on_time]
    said = [
        f"{item.what} Done at minute {item.done_min:g}, expected by {item.by_min:g}."
        for item in done
        if item.is_critical
    ]
    said += [f"{score.title}: {score.reason}" for score in scores if score.points >= 0.8 * score.possible]
    return (*said, *(state.hot_wash.went_well if state.hot_wash else ()))


def _list_areas(
    state: State, scores: tuple[Score, ...], expected: tuple[ExpectedOutcome, ...]
) -> tuple[str, ...]:
    said = []
    for item in expected:
        if item.done_min is None:
            said.append(f"{item.what} This was not seen; it was expected by minute {item.by_min:g}.")
        elif not item.is_on_time:
            said.append(f"{item.what} Done at minute {item.done_min:g}, expected by {item.by_min:g}.")
    said += [f"{score.title}: {score.reason}" for score in scores if score.points < 0.5 * score.possible]
    return (*said, *(state.hot_wash.to_improve if state.hot_wash else ()))


def _plan_improvement(
    case: Case, expected: tuple[ExpectedOutcome, ...], end: float
) -> tuple[ActionItem, ...]:
    open_ones = [item.name for item in expected if not item.is_on_time]
    # what went well went well by the attention of people; the system is still as it was
    by_hand = [item.name for item in expected if item.is_on_time and item.is_critical]
    open_ones += by_hand[: max(MIN_ACTIONS - len(open_ones), 0)]
    closed = case.at(end).date()
    return tuple(
        ActionItem(
            description=action.improvement,
            owner=action.improvement_owner.value.replace("_", " ").capitalize(),
            due=closed + timedelta(days=action.improvement_days),
            success_metric=action.improvement_metric,
            kind=ActionKind.PROCESS,
        )
        for action in case.facilitation.expected_actions
        if action.id in open_ones
    )
