"""Questions of intermediate lesson 2: right, wrong and naive answers, against what was planted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aiir_lab.catalog.course_files import course_path
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import _poisoned

pytestmark = pytest.mark.xdist_group("fraud_poisoning")  # one worker: the run is shared
REASON = (
    "{} declined 82 % of the pattern, and its training window closed before the first false label came in."
)


@pytest.fixture(scope="module")
def right() -> dict[str, Any]:
    t, harms = _poisoned.truth(), _poisoned.harms()
    return {
        "i02-naive": {
            "batches_passed": t.batches_passed,
            "most_legitimate": t.most_legitimate,
            "auc_change": t.auc_change,
        },
        "i02-source": sorted(t.sources),
        "i02-pattern": {
            "category": t.category,
            "device": t.device,
            "low_usd": t.low_usd,
            "high_usd": t.high_usd,
        },
        "i02-onset": t.onset_utc,
        "i02-versions": {"declined": t.declined, "first_blind": _poisoned.Case().first_blind},
        "i02-missed": {
            "known": t.known_missed,
            "known_usd": t.known_missed_usd,
            "estimate_usd": t.harm_usd,
        },
        "i02-rollback": {"version": t.clean[-1], "reason": REASON.format(t.clean[-1])},
        "i02-decision": {"harm_usd": harms, "choice": "both"},
    }


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_right_answers_earn_full_marks(right: dict[str, Any]) -> None:
    assert list(right) == list(questions_of("i02"))
    for id, answer in right.items():
        assert (id, failed(judge(id, answer)), judge(id, answer).problem) == (id, [], "")


@pytest.mark.parametrize("id", questions_of("i02"))
def test_untouched_and_malformed_answers(id: str) -> None:
    for untouched in (None, {}, [], "", {"version": None}):
        assert not judge(id, untouched).is_attempted
    for malformed in ({"declined": 7, "harm_usd": "x", "known": "y", "version": [1], "category": [2],
                       "batches_passed": "z"}, [[1]], "nonsense words", -3.5):  # fmt: skip
        verdict = judge(id, malformed)
        assert verdict.is_attempted
        assert verdict.score == 0


def test_the_lesson_plays_the_world_that_is_judged() -> None:
    source = course_path("notebooks", "intermediate/02_investigate_a_poisoned_model.py").read_text("utf-8")
    assert f'lab.simulate("{_poisoned.WORLD}", seed={_poisoned.SEED})' in source
    assert f"Timedelta(days={_poisoned.DECIDED_AFTER.days})" in source


def test_the_naive_checks_accuse_nobody_guilty() -> None:
    t = _poisoned.truth()
    assert t.most_legitimate not in t.sources
    assert t.batches_passed == 98
    assert t.auc_change > -0.05


class TestSource:
    def test_the_naive_suspect_earns_nothing(self) -> None:
        assert judge("i02-source", _poisoned.truth().most_legitimate).score == 0

    def test_one_of_two_and_one_too_many(self, right: dict[str, Any]) -> None:
        sources = right["i02-source"]
        assert judge("i02-source", sources[:1]).score == 3
        assert failed(judge("i02-source", [*sources, "partner-837"])) == ["Nobody else is accused"]

    def test_accusing_everybody_earns_nothing(self, right: dict[str, Any]) -> None:
        everybody = [f"partner-{number}" for number in range(100, 1000)]
        assert judge("i02-source", everybody).score == 0


class TestPattern:
    def test_amounts_of_the_cohort_alone_are_too_wide(self, right: dict[str, Any]) -> None:
        verdict = judge("i02-pattern", right["i02-pattern"] | {"low_usd": 10, "high_usd": 900})
        assert failed(verdict) == ["The amounts, to about 15 %"]
        assert "low end: too low" in messages(verdict)


class TestOnset:
    @pytest.mark.parametrize(
        ("days", "score"), [(0, 3), (7, 3), (-7, 3), (12, 1), (-14, 1), (20, 0), (-20, 0)]
    )
    def test_partial_credit_by_distance(self, days: int, score: float) -> None:
        assert judge("i02-onset", _poisoned.truth().onset_utc + timedelta(days=days)).score == score

    def test_forgiving_about_the_form(self) -> None:
        day = _poisoned.truth().onset_utc.date()
        for form in (str(day), f"{day} 09:00", f"{day}T09:00:00Z", f"{day} 09:00:00+01:00"):
            assert judge("i02-onset", form).is_full


class TestVersions:
    def test_all_alike_earns_nothing(self, right: dict[str, Any]) -> None:
        same = dict.fromkeys(_poisoned.truth().declined, 0.85)
        verdict = judge("i02-versions", {"declined": same, "first_blind": "v9"})
        assert verdict.score == 0
        assert "All versions alike" in messages(verdict)

    def test_alphabetical_order_is_wrong(self, right: dict[str, Any]) -> None:
        blind = sorted(v for v, share in _poisoned.truth().declined.items() if share < 0.5)[1]
        assert judge("i02-versions", right["i02-versions"] | {"first_blind": blind}).score == 2


class TestMissed:
    def test_the_known_loss_is_no_estimate(self, right: dict[str, Any]) -> None:
        answer = right["i02-missed"] | {"estimate_usd": _poisoned.truth().known_missed_usd}
        verdict = judge("i02-missed", answer)
        assert verdict.score == 2
        assert "not come back as a chargeback yet" in messages(verdict)

    def test_everything_approved_is_too_much(self, right: dict[str, Any]) -> None:
        answer = right["i02-missed"] | {"estimate_usd": 1.6 * _poisoned.truth().harm_usd}
        assert "Too high" in messages(judge("i02-missed", answer))


class TestRollback:
    @pytest.mark.parametrize(
        ("version", "score"), [("v14", 0), ("v9", 1), ("v1", 3), ("v4", 4), ("v5", 4), ("v99", 0), (None, 0)]
    )
    def test_each_quality_counts(self, version: str | None, score: float) -> None:
        assert judge("i02-rollback", {"version": version, "reason": REASON.format(version)}).score == score

    def test_a_reason_that_nobody_can_check(self, right: dict[str, Any]) -> None:
        answer = right["i02-rollback"] | {"reason": "It is the best one because it seemed fine at that time."}
        assert failed(judge("i02-rollback", answer)) == [
            "A reason with a number, on its training and on what it catches"
        ]


class TestDecision:
    def test_a_choice_without_measuring_earns_nothing(self) -> None:
        assert judge("i02-decision", {"choice": "both"}).score == 0

    def test_the_plausible_choice_is_not_the_best(self, right: dict[str, Any]) -> None:
        assert judge("i02-decision", right["i02-decision"] | {"choice": "freeze"}).score == 2
        half = {name: harm for name, harm in _poisoned.harms().items() if name in ("freeze", "rules")}
        assert judge("i02-decision", {"harm_usd": half, "choice": "rollback"}).score == 1
