"""Questions of beginner lesson 1, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict

# worked out by hand from the bounds in datasets/practice/severity_matrix.yaml
SEVERITY = {
    "gnome-carousel": "SEV4",  # 0.8 % < 1 %, 90 USD < 500 USD
    "quiet-retraining": "SEV2",  # retraining runs now
    "leaflet-translation": "SEV1",  # up to 63 % irreversible
    "codeword-posts": "SEV1",  # 240 harmful outputs
    "drift-alarm": "SEV4",
    "vendor-model-update": "SEV1",  # 31 % of users
    "fraud-blind-spot": "SEV2",  # 120 decisions, 12,000 USD
    "wheelchair-labels": "SEV1",  # ratio up to 3.3
    "stale-credit-feature": "SEV2",  # ratio 1.6
    "generous-assistant": "SEV3",  # up to 14 decisions, 900 USD
    "holiday-forecast": "SEV3",  # 3,100 USD, 8 %
    "accent-phone-menu": "SEV2",  # up to 6 % of users
    "leaking-assistant": "SEV1",  # up to 140 persons
    "empty-search": "SEV3",  # 1.4 % of users
    "cv-screening": "SEV1",  # a deadline runs
    "stopped-canary": "SEV4",
}
AUTHORITY = {
    "SEV1": {
        "leader": "incident_commander",
        "may_switch_off": ["executive", "incident_commander", "on_call"],
    },
    "SEV2": {"leader": "incident_commander", "may_switch_off": ["on_call", "incident_commander"]},
    "SEV3": {"leader": "on_call", "may_switch_off": ["product"]},
    "SEV4": {"leader": "on_call", "may_switch_off": ["product"]},
}
ALERT = {
    "severity": "SEV1",
    "since_utc": "2026-03-02T10:05+01:00",
    "impact": "31% of users see an empty box",
    "lead": "incident_commander",
    "doing": "Switching to the fallback answers",
    "next_update_utc": "2026-03-02T09:36Z",
}
TEXT = (
    "Since 09:05 UTC many shoppers see an empty box when they ask the help assistant about an order. "
    "You can still order and pay. We are investigating. Next update by 09:40 UTC."
)
UPDATE = {"stage": "investigating", "text": TEXT, "next_update_utc": "2026-03-02T09:40Z"}
ORDER = ["acknowledge", "measure", "page", "alert", "snapshot", "switch", "update", "cause"]
OVERDUE = {"incident_commander": "on_call", "security": "subject_expert"}
RIGHT: dict[str, Any] = {
    "b01-severity": SEVERITY,
    "b01-leader": AUTHORITY,
    "b01-alert": ALERT,
    "b01-update": UPDATE,
    "b01-fifteen": {"order": ORDER, "overdue": OVERDUE},
}


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(answer)


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def test_every_question_is_tested() -> None:
    assert list(RIGHT) == list(questions_of("b01"))


@pytest.mark.parametrize("id", RIGHT)
def test_a_right_answer_earns_full_marks(id: str) -> None:
    verdict = judge(id, RIGHT[id])
    assert failed(verdict) == []
    assert verdict.is_full


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize("untouched", [None, {}, [], "", {"severity": None, "text": " "}])
def test_an_untouched_answer_is_not_attempted(id: str, untouched: Any) -> None:
    verdict = judge(id, untouched)
    assert not verdict.is_attempted
    assert verdict.score == 0


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize(
    "malformed", [7, True, "SEV1", [1, 2], {"x": {"y": ["z"]}}, {"SEV9": "boss"}, "\x00💥"]
)
def test_a_malformed_answer_says_what_was_expected(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.is_attempted
    assert verdict.score == 0
    assert verdict.problem.startswith("Expected a ")


@pytest.mark.parametrize("id", RIGHT)
def test_hints_do_not_name_the_solution(id: str) -> None:
    question = load_question(id)
    for criterion in question.criteria:
        assert criterion.hint
        for solution in ("SEV1", "SEV2", "SEV3", "investigating,", "security", "31 %"):
            if id != "b01-leader":  # there the level is the question, not the answer
                assert solution not in criterion.hint


class TestSeverity:
    def test_the_low_estimates_are_named_as_the_reason(self) -> None:
        verdict = judge("b01-severity", SEVERITY | {"accent-phone-menu": "SEV3"})
        assert verdict.score == 7.5
        (missed,) = [result for result in verdict.results if not result.is_held]
        assert "low estimate" in missed.message
        assert "SEV2" not in missed.message

    def test_missing_and_unknown_vignettes_cost_only_themselves(self) -> None:
        verdict = judge("b01-severity", {"gnome-carousel": "SEV4", "no-such-case": "SEV1"})
        assert verdict.score == 0.5

    def test_one_level_for_all_earns_what_it_deserves(self) -> None:
        assert judge("b01-severity", dict.fromkeys(SEVERITY, "SEV1")).score == 3.0


class TestLeader:
    def test_one_level_alone(self) -> None:
        assert judge("b01-leader", {"SEV3": AUTHORITY["SEV3"]}).score == 1.0

    def test_too_many_who_may_switch_off(self) -> None:
        everybody = {"leader": "on_call", "may_switch_off": ["product", "on_call"]}
        verdict = judge("b01-leader", AUTHORITY | {"SEV4": everybody})
        assert failed(verdict) == ["SEV4: who may switch the model off"]
        assert "1 too many" in verdict.results[-1].message

    def test_unknown_role_is_named(self) -> None:
        verdict = judge("b01-leader", AUTHORITY | {"SEV4": {"leader": "boss"}})
        assert "boss" in verdict.problem


class TestAlert:
    @pytest.mark.parametrize(
        ("change", "criterion"),
        [
            ({"severity": "SEV2"}, "It names the level"),
            ({"since_utc": "2026-03-02T09:12Z"}, "It says since when, in UTC"),
            ({"impact": "Many users see an empty box"}, "Its impact holds a measured figure"),
            ({"impact": "31 %"}, "Its impact holds a measured figure"),
            ({"lead": "executive"}, "It names who leads"),
            ({"doing": "qwert zuiop asdfg"}, "It says what is being done now, without a cause"),
            (
                {"doing": "We are fixing it, caused by the vendor"},
                "It says what is being done now, without a cause",
            ),
            ({"next_update_utc": "2026-03-02T09:37Z"}, "It promises the next update in time"),
            ({"next_update_utc": "2026-03-02T09:10Z"}, "It promises the next update in time"),
            ({"next_update_utc": None}, "It promises the next update in time"),
        ],
    )
    def test_each_field_counts(self, change: dict[str, Any], criterion: str) -> None:
        assert failed(judge("b01-alert", ALERT | change)) == [criterion]

    @pytest.mark.parametrize("time", ["2026-03-02T09:05", 5, "nine"])
    def test_a_time_without_zone_is_refused_with_an_example(self, time: Any) -> None:
        verdict = judge("b01-alert", ALERT | {"since_utc": time})
        assert "since_utc" in verdict.problem
        assert "2026-03-02T09:12:00Z" in verdict.problem or "datetime" in verdict.problem


class TestUpdate:
    @pytest.mark.parametrize(
        ("change", "criterion"),
        [
            ({"stage": "identified"}, "The stage fits what is known"),
            ({"next_update_utc": "2026-03-02T10:40Z"}, "It says when the next update comes"),
            (
                {"text": TEXT.replace(" Next update by 09:40 UTC.", "")},
                "It says when the next update comes",
            ),
            (
                {"text": TEXT + " It is probably caused by a change of format."},
                "It does not guess at a cause",
            ),
        ],
    )
    def test_each_flaw_costs_its_point(self, change: dict[str, Any], criterion: str) -> None:
        assert failed(judge("b01-update", UPDATE | change)) == [criterion]

    def test_a_text_without_impact(self) -> None:
        text = "We are looking into an issue at the moment. Next update by 09:40 UTC, thank you."
        assert "It says who is affected and what they notice" in failed(
            judge("b01-update", UPDATE | {"text": text})
        )

    def test_pointing_at_a_person(self) -> None:
        text = TEXT + " Our engineer Anna Smith forgot to pin the model."
        assert "It points at nobody and keeps internals in" in failed(
            judge("b01-update", UPDATE | {"text": text})
        )

    def test_a_few_words_earn_only_the_fields(self) -> None:
        assert judge("b01-update", UPDATE | {"text": "We look."}).score == 1.0


class TestFifteen:
    def test_another_good_order(self) -> None:
        order = ["acknowledge", "snapshot", "measure", "page", "switch", "alert", "update", "cause"]
        assert judge("b01-fifteen", {"order": order, "overdue": OVERDUE}).is_full

    def test_backwards(self) -> None:
        verdict = judge("b01-fifteen", {"order": ORDER[::-1], "overdue": {}})
        assert verdict.score == 1.0

    def test_missing_double_and_invented_tasks_are_named(self) -> None:
        order = [*ORDER[:-1], "alert", "coffee"]
        verdict = judge("b01-fifteen", {"order": order, "overdue": OVERDUE})
        message = verdict.results[0].message
        assert "Unknown: coffee." in message
        assert "Missing: cause." in message
        assert "Twice: alert." in message

    def test_told_and_not_yet_due_are_told_apart(self) -> None:
        overdue = OVERDUE | {"on_call": "ml_engineer", "legal": "executive"}
        verdict = judge("b01-fifteen", {"order": ORDER, "overdue": overdue})
        (missed,) = [result for result in verdict.results if not result.is_held]
        assert "Told already: on_call." in missed.message
        assert "Not due within 16 minutes: legal." in missed.message

    def test_a_wrong_stand_in(self) -> None:
        verdict = judge("b01-fifteen", {"order": ORDER, "overdue": OVERDUE | {"security": "legal"}})
        assert failed(verdict) == ["Each overdue role has its stand-in"]

    def test_nobody_named_earns_nothing_for_naming_nobody_else(self) -> None:
        verdict = judge("b01-fifteen", {"order": ORDER, "overdue": {}})
        assert verdict.score == 6.0
