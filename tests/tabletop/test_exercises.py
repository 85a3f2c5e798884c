"""Every exercise of the course, played by a good, a poor and an idle responder."""

from __future__ import annotations

import pytest

from aiir_lab.review import review_postmortem
from aiir_lab.tabletop import exercise_names, start_exercise
from aiir_lab.tabletop.report import AfterActionReport
from aiir_lab.tabletop.session import Session

REASON = "It stops the harm at its source, and it can be taken back."
# severity, evidence, decisions of a good response; the decision that a poor one takes on its last day
GOOD = {
    "fraud_poisoning": (
        "SEV2",
        ("feedback_by_merchant", "sources", "labels"),
        ("rollback_model", "freeze_feedback", "human_review", "provenance_gate"),
    ),
    "demand_drift": (
        "SEV3",
        ("sales", "model_registry"),
        ("manual_override", "safety_stock", "shadow_model"),
    ),
    "assistant_injection": (
        "SEV2",
        ("tool_calls", "conversations", "messages"),
        ("kill_switch", "input_provenance"),
    ),
    "credit_bias": (
        "SEV1",
        ("appeal_decisions", "feed_changes", "applications"),
        ("rollback_feed", "data_contract"),
    ),
}
POOR = {
    "fraud_poisoning": "rate_limit",
    "demand_drift": "rollback_model",
    "assistant_injection": "rate_limit",
    "credit_bias": "rollback_model",
}
LAW = {"gdpr_article_33": "report"}
UPDATE = "Since this morning some customers in two regions see wrong results. Next update by 18:00 UTC."


def play_well(name: str) -> Session:
    severity, evidence, decisions = GOOD[name]
    session = start_exercise(name, seed=7)
    session.acknowledge()
    session.declare_severity(severity, rationale="Measured impact on people, by the matrix.")
    roles = ("incident_commander", "communications_lead", "ml_engineer", "security", "legal", "product")
    for role in (*roles, "executive"):
        if role in {card.value for card in session.roles}:
            session.escalate(role)
    session.post_update(UPDATE, next_update_min=20)
    session.keep_evidence(evidence[-1])
    for item in evidence:
        session.query(item)
        session.post_update(UPDATE, next_update_min=20)
    session.hypothesis("The signal that the cause cannot reach tells another story than the dashboard.")
    for decision in decisions:
        session.decide(decision, rationale=REASON)
        session.post_update(UPDATE, stage="identified", next_update_min=60)
    for clock in session.legal_clocks:
        answer = LAW.get(clock.name, "ask_counsel" if name == "credit_bias" else "does_not_apply")
        session.decide_legal(clock.name, answer, rationale="Annex III and the facts as we know them now.")
    while not session.clock.is_over:
        for message in session.inbox:
            if message.needs_reply and not message.is_acknowledged:
                session.message(message.sender, "We look into it and write again.", in_reply_to=message.id)
        session.post_update(UPDATE, stage="monitoring", next_update_min=1440)
        session.advance(minutes=720)
    session.hot_wash(went_well=["We looked below the total."], to_improve=["The alert came from a person."])
    return session


def play_poorly(name: str) -> Session:
    session = start_exercise(name, seed=7)
    session.advance(minutes=session.clock.ends_min * 0.8)
    session.escalate("ml_engineer")
    session.decide(POOR[name])
    session.post_update("It was probably a small glitch caused by a vendor.")
    session.finish()
    return session


def play_idle(name: str) -> Session:
    session = start_exercise(name, seed=7)
    session.advance(minutes=session.clock.ends_min)
    return session


@pytest.fixture(scope="module", params=exercise_names())
def reports(request: pytest.FixtureRequest) -> dict[str, tuple[Session, AfterActionReport]]:
    plays = {"good": play_well, "poor": play_poorly, "idle": play_idle}
    sessions = {kind: play(request.param) for kind, play in plays.items()}
    return {kind: (session, session.after_action()) for kind, session in sessions.items()}


def test_harm_and_score_are_in_order(reports: dict[str, tuple[Session, AfterActionReport]]) -> None:
    good, poor, idle = (reports[kind][1] for kind in ("good", "poor", "idle"))
    assert good.harm.amount < poor.harm.amount
    assert good.harm.amount < 0.7 * idle.harm.amount
    assert good.points > poor.points > idle.points
    assert good.harm.best <= good.harm.amount
    assert idle.harm.share_avoided == 0
    assert good.points > 0.7 * good.possible
    assert poor.points < 0.5 * poor.possible
    assert idle.points == 0


def test_the_injects_fire(reports: dict[str, tuple[Session, AfterActionReport]]) -> None:
    fired: set[str] = set()
    for session, _ in reports.values():
        fired |= set(session._state.fired)
        assert all("{" not in message.text for message in session.inbox)
    case = reports["good"][0]._case
    timed = {inject.id for inject in case.facilitation.event_list if inject.at_min is not None}
    reachable = {inject.id for inject in case.facilitation.event_list if case.difficulty in inject.levels}
    assert timed & reachable <= fired
    assert len(fired & reachable) >= 0.7 * len(reachable)


def test_every_score_says_why(reports: dict[str, tuple[Session, AfterActionReport]]) -> None:
    for _, report in reports.values():
        assert all(len(score.reason) > 15 for score in report.scores)
        assert all(rating.reason for rating in report.objectives)


def test_objectives_are_met_by_the_good_and_not_by_the_idle(
    reports: dict[str, tuple[Session, AfterActionReport]],
) -> None:
    assert not [o for o in reports["good"][1].objectives if o.rating == "U"]
    assert {o.rating.value for o in reports["idle"][1].objectives} == {"U"}


def test_the_mock_postmortem_is_accepted(reports: dict[str, tuple[Session, AfterActionReport]]) -> None:
    review = review_postmortem(reports["good"][1].to_postmortem())
    assert review.verdict in ("adequate", "excellent")
    metrics = reports["good"][1].to_postmortem().timeline.metrics()
    assert metrics["time_to_mitigate"].minutes is not None
    assert reports["idle"][1].to_postmortem().timeline.metrics()["time_to_mitigate"].minutes is None


def test_the_pages_show_what_players_wrote_as_text(
    reports: dict[str, tuple[Session, AfterActionReport]],
) -> None:
    report = reports["good"][1]
    html = report.model_copy(update={"title": "<script>alert(1)</script>"}).to_html()
    assert "<script" not in html
    assert "Improvement plan" in report.to_markdown()
    assert REASON in report.to_markdown()


def test_the_best_plan_can_be_played(reports: dict[str, tuple[Session, AfterActionReport]]) -> None:
    from aiir_lab.tabletop.plans import find_best_plan

    best = find_best_plan(reports["idle"][0]._case)
    session = start_exercise(reports["idle"][0].name, seed=7)
    session.acknowledge()
    session.declare_severity(session._case.severity({}, 0.0).severity)
    for name, works in best.steps:
        card = next(item for item in session.decisions if item.name == name)
        if not card.is_open:
            session.escalate(card.roles[0])
        session.decide(name)
        taken = next(item for item in session.decisions if item.name == name)
        assert taken.works_at_min == works
    session.finish()
    assert session.after_action().harm.amount == pytest.approx(best.harm)
