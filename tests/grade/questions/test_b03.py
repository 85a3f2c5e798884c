"""Questions of beginner lesson 3: for every incident that can be chosen, and for answers of every quality."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from aiir_lab import ActionItem, Postmortem, load_postmortem
from aiir_lab.catalog import postmortem_ids
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions.b03 import FIRST_OUTWARD

CHOSEN = "vision-bias-2015-2021"
BLOCKED = "The word was removed from the search on the next days, and it was still missing years later."
GATE = ActionItem(
    description="Block the promotion of a label model that misses its error limit for any group.",
    owner="Lead of the label model",
    due="2026-04-01",
    success_metric="Share of promotions with an error by group on record: 100 %",
)
BUTTON = ActionItem(
    description="Add a report button to every label, which pages the person on call.",
    owner="Product owner of the image API",
    due="2026-03-20",
    success_metric="Median time from report to acknowledgement below 15 minutes",
)


def report(id: str = CHOSEN, **changes: Any) -> Postmortem:
    pm = load_postmortem(id)
    fields: dict[str, Any] = {
        "id": "mine",
        "title": "Wrong results, and what we take from them",
        "severity": "SEV2",
        "severity_reason": "Many people were affected, and nobody counted them.",
        "summary": "A service gave wrong answers to groups that its tests hardly showed. Outsiders saw it "
        "first and said so in public. The vendor blocked the answer and repaired the service later.",
        "impact": ["How many people were affected is not published."],
        "detection": "Posts in public.",
        "trigger": "Ordinary use by groups that the tests hardly showed.",
        "resolution": BLOCKED,
        "timeline": {"events": pm.timeline.events[:6]},
        "contributing_factors": pm.contributing_factors,
        "messages": pm.messages,
        "action_items": [GATE, BUTTON],
        "gaps": ["When it began."],
        "sources": pm.sources,
    }
    return Postmortem.model_validate(fields | changes)


def right(id: str) -> dict[str, Any]:
    """A right answer to every question, worked out from the record in the plainest way."""
    pm = load_postmortem(id)
    events = list(enumerate(pm.timeline.events, 1))

    def bears(*marks: str) -> Any:
        for mark in marks:
            for number, event in events:
                if mark in event.marks:
                    return number
        return "silent"

    acts = ("decision", "mitigation", "escalation", "communication", "resolution", "followup")
    decisions = [number for number, event in events if event.kind in acts][:2]
    trigger = [number for number, event in events if event.kind == "trigger"]
    strands = [factor.strand.value for factor in pm.contributing_factors]
    by_strand = {strand: strands.index(strand) + 1 for strand in ("technical", "process", "tooling")}
    times = [message.at_utc for message in pm.messages if message.at_utc]
    gaps = [abs((b - a).total_seconds()) / 60 for a, b in zip(sorted(times), sorted(times)[1:], strict=False)]
    second = (
        2 if len(pm.action_items) > 1 else "Show the rule itself from the policy page instead of a summary."
    )
    return {
        "b03-time-to-detect": 4,  # 11:28 to 11:32
        "b03-timeline": {
            "incident": id,
            "began": bears("onset"),
            "noticed": bears("detected", "acknowledged"),
            "stopped": bears("mitigated", "resolved"),
            "decisions": decisions,
        },
        "b03-trigger": {"incident": id, "event": trigger[0] if trigger else "silent"} | by_strand,
        "b03-communication": {
            "incident": id,
            "first_outward": FIRST_OUTWARD[id][0],
            "timed": len(times),
            "longest_silence_min": max(gaps, default="silent"),
        },
        "b03-actions": {
            "incident": id,
            # intermediate is at most one step from any reading
            "first": {"action": 1, "factor": by_strand["technical"], "strength": "intermediate"},
            "second": {"action": second, "factor": by_strand["process"], "strength": "intermediate"},
        },
        "b03-report": report(id),
    }


RIGHT = right(CHOSEN)


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_every_question_is_tested() -> None:
    assert list(RIGHT) == list(questions_of("b03"))


@pytest.mark.parametrize("incident", postmortem_ids())
def test_a_right_answer_earns_full_marks_for_every_incident(incident: str) -> None:
    for id, answer in right(incident).items():
        verdict = judge(id, answer)
        assert (id, failed(verdict), verdict.problem) == (id, [], "")


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize("untouched", [None, {}, [], "", {"event": None}])
def test_an_untouched_answer_is_not_attempted(id: str, untouched: Any) -> None:
    verdict = judge(id, untouched)
    assert not verdict.is_attempted
    assert verdict.score == 0


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize(
    "malformed", [[1, 2], "nonsense", {"incident": "enron"}, {"incident": 7, "x": "y"}, [{"a": "b"}]]
)
def test_a_malformed_answer_says_what_was_expected(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.is_attempted
    assert verdict.score == 0
    assert verdict.problem.startswith("Expected a")


@pytest.mark.parametrize("id", [id for id in RIGHT if id not in ("b03-time-to-detect", "b03-report")])
def test_only_the_incident_named_earns_nothing_and_breaks_nothing(id: str) -> None:
    empty: dict[str, Any] = {"incident": CHOSEN}
    if id == "b03-actions":
        empty |= {"first": {}, "second": {}}
    verdict = judge(id, empty)
    assert verdict.problem == ""
    assert verdict.score == 0


class TestTimeToDetect:
    @pytest.mark.parametrize("answer", [4, 4.0, "4", {"minutes": 4.0}])
    def test_forgiving_about_the_form(self, answer: Any) -> None:
        assert judge("b03-time-to-detect", answer).is_full

    def test_a_whole_duration_is_taken(self) -> None:
        duration = load_postmortem("cloudflare-2025-11-18").timeline.duration("time_to_detect")
        assert judge("b03-time-to-detect", duration).is_full

    @pytest.mark.parametrize(
        ("answer", "score", "said"),
        [
            (3, 1, "Take the events"),  # onset to the alert
            (12, 0, "Longer"),  # from the other start that the report names
            (27, 0, "Longer"),  # from the trigger
            (1, 0, "Shorter"),  # from the alert
            (240, 0, "another unit"),
            (4 / 60, 0, "another unit"),
            (-4, 0, "swapped"),
        ],
    )
    def test_wrong_ones_are_told_apart(self, answer: float, score: float, said: str) -> None:
        verdict = judge("b03-time-to-detect", answer)
        assert verdict.score == score
        assert said in messages(verdict)


class TestTimeline:
    def test_silence_must_be_said_and_only_where_it_is(self) -> None:
        answer = RIGHT["b03-timeline"]
        assert judge("b03-timeline", answer | {"began": 2}).score == 4
        verdict = judge("b03-timeline", answer | {"noticed": "silent"})
        assert verdict.score == 4
        assert "does hold an event" in messages(verdict)

    @pytest.mark.parametrize(
        ("decisions", "said"),
        [
            ([2, 4], "Number 2 was noticed"),
            ([4], "1 given"),
            ([4, 4], "1 given"),
            ([4, 99], "no event 99"),
            ([0, 4], "no event 0"),
            (None, "0 given"),
        ],
    )
    def test_decisions_are_what_people_chose(self, decisions: Any, said: str) -> None:
        verdict = judge("b03-timeline", RIGHT["b03-timeline"] | {"decisions": decisions})
        assert verdict.score == 3
        assert said in messages(verdict)


class TestTrigger:
    def test_an_event_where_there_is_no_single_moment(self) -> None:
        verdict = judge("b03-trigger", RIGHT["b03-trigger"] | {"event": 1})
        assert verdict.score == 3
        assert "no single moment" in messages(verdict)

    def test_silent_where_there_is_a_moment(self) -> None:
        answer = right("gitlab-2017")["b03-trigger"]
        assert judge("b03-trigger", answer).is_full
        assert "is the trigger" in messages(judge("b03-trigger", answer | {"event": "silent"}))

    def test_a_condition_on_another_strand(self) -> None:
        verdict = judge("b03-trigger", RIGHT["b03-trigger"] | {"process": 1, "tooling": 8})
        assert failed(verdict) == ["A condition in the process", "A condition in the tooling"]
        assert "condition 1 elsewhere" in messages(verdict)
        assert "numbered from 1 to 7" in messages(verdict)


class TestCommunication:
    def test_our_reading_of_the_first_message_covers_the_catalogue(self) -> None:
        assert set(FIRST_OUTWARD) == set(postmortem_ids())
        for id, numbers in FIRST_OUTWARD.items():
            for number in numbers:
                message = load_postmortem(id).messages[number - 1]
                assert "user" not in message.sender.split()
                assert message.to not in ("team", "staff", "engineers", "on-call", "incident team")

    def test_the_users_are_not_the_organisation(self) -> None:
        verdict = judge("b03-communication", RIGHT["b03-communication"] | {"first_outward": 1})
        assert verdict.score == 2

    def test_silence_in_hours_and_silence_unsaid(self) -> None:
        answer = right("aws-us-east-1-2025-10")["b03-communication"]
        assert answer["longest_silence_min"] == 430  # 15:43 to 22:53
        assert "hours" in messages(judge("b03-communication", answer | {"longest_silence_min": 430 / 60}))
        assert judge("b03-communication", answer | {"longest_silence_min": "silent"}).score == 3
        verdict = judge("b03-communication", RIGHT["b03-communication"] | {"longest_silence_min": 60})
        assert "Fewer than two" in messages(verdict)


class TestActions:
    @pytest.mark.parametrize(
        ("second", "criterion"),
        [
            ({"action": 1}, "Two different actions of this incident"),
            ({"action": 9}, "Two different actions of this incident"),
            ({"action": "Be more careful"}, "Two different actions of this incident"),
            ({"factor": 2}, "They address conditions on two different strands"),
            ({"strength": None}, "Each has a strength that its words bear out"),
        ],
    )
    def test_each_part_counts(self, second: dict[str, Any], criterion: str) -> None:
        answer = RIGHT["b03-actions"]
        assert failed(judge("b03-actions", answer | {"second": answer["second"] | second})) == [criterion]

    def test_two_weak_ones(self) -> None:
        answer = RIGHT["b03-actions"]
        weak = {name: answer[name] | {"strength": "weaker"} for name in ("first", "second")}
        assert "At least one is more than weaker" in failed(judge("b03-actions", answer | weak))

    def test_words_and_strength_at_opposite_ends(self) -> None:
        answer = right("air-canada-chatbot")["b03-actions"]
        own = {"action": "Train all agents on the policy again.", "factor": 4, "strength": "stronger"}
        verdict = judge("b03-actions", answer | {"second": answer["second"] | own})
        assert "other end of the scale" in messages(verdict)

    def test_an_unknown_strength_is_refused_with_the_three_names(self) -> None:
        answer = RIGHT["b03-actions"]
        verdict = judge("b03-actions", answer | {"second": answer["second"] | {"strength": "strong"}})
        assert "intermediate" in verdict.problem


class TestReport:
    @pytest.mark.parametrize(
        ("changes", "criterion"),
        [
            ({"summary": "It broke."}, "A summary in your own words"),
            ({"summary": load_postmortem(CHOSEN).summary}, "A summary in your own words"),
            ({"severity_reason": None}, "A severity with its reason"),
            ({"impact": ["It was bad [P5]."]}, "The impact is measured, or said to be unknown"),
            ({"timeline": {}}, "A timeline of at least five sourced events"),
            ({"trigger": None}, "The trigger, and conditions on at least two strands"),
            (
                {"contributing_factors": load_postmortem(CHOSEN).contributing_factors[:2]},
                "The trigger, and conditions on at least two strands",
            ),
            ({"messages": []}, "The communication flow"),
            ({"gaps": []}, "It says what is not known, and where the rest comes from"),
            ({"action_items": [GATE]}, "Two actions for your own team that somebody can finish"),
            (
                {"action_items": [GATE, BUTTON.model_copy(update={"owner": None})]},
                "Two actions for your own team that somebody can finish",
            ),
            (
                {"resolution": "The careless engineer who caused it was told off and removed the word."},
                "Blameless language",
            ),
        ],
    )
    def test_each_part_counts(self, changes: dict[str, Any], criterion: str) -> None:
        assert failed(judge("b03-report", report(**changes))) == [criterion]

    def test_the_finding_is_quoted(self) -> None:
        verdict = judge("b03-report", report(trigger="Human error: the engineer forgot to test."))
        assert "Look at “" in messages(verdict)

    def test_weak_actions_alone(self) -> None:
        weak = [
            item.model_copy(update={"description": "Train all engineers again."}) for item in (GATE, BUTTON)
        ]
        assert "At least one action is more than weaker" in failed(
            judge("b03-report", report(action_items=weak))
        )

    def test_a_title_alone_earns_nothing(self) -> None:
        assert judge("b03-report", Postmortem(id="mine", title="A title")).score == 0

    @pytest.mark.parametrize("id", ["gitlab-2017", CHOSEN])
    def test_handing_in_the_record_itself_falls_short(self, id: str) -> None:
        verdict = judge("b03-report", load_postmortem(id))
        assert "A summary in your own words" in failed(verdict)
        assert "Two actions for your own team that somebody can finish" in failed(verdict)


@pytest.mark.parametrize(("one", "other"), list(combinations(RIGHT, 2))[:3])
def test_an_answer_to_another_question_is_refused(one: str, other: str) -> None:
    assert judge(one, RIGHT[other]).score == 0
