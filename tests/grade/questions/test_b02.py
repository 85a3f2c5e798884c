"""Questions of beginner lesson 2, with right, wrong, partial, malformed and untouched answers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from aiir_lab.catalog import postmortem_ids
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict

# Figures of the records as they stand. The model answer of the graded prose quotes some of these:
# where a record changes, both change.
PARTS = {
    "a": "trigger",
    "b": "contributing_factors",
    "c": "impact",
    "d": "detection",
    "e": "resolution",
    "f": "messages",
    "g": "action_items",
    "h": "got_lucky",
    "i": "gaps",
    "j": "ai",
}
DURATIONS = {
    "time_to_detect": 2.0,  # 17:49 to 17:51
    "time_to_acknowledge": None,  # no alert is named
    "time_to_mitigate": 180.0,  # to 20:49
    "time_to_resolve": 449.0,  # to 01:18 on the next day
}
SPAN = {"shortest": 178, "longest": 453}  # 17:51 to 20:49; 17:45 to 01:18
COUNTS = {"time_to_detect": 5, "time_to_acknowledge": 1, "time_to_mitigate": 8, "time_to_resolve": 6}
# 45, 78, 180, 182, 257, 262, 540, 1127; with 7200, 8640 and 63360
MEANS = {"mean_clock": 333.875, "median_clock": 219.5, "mean_all": 7442.8, "median_all": 262}
PAIR = {"worse": "knight-capital-2012", "longer": "twitter-image-crop"}
ONLY = [
    "twitter-image-crop",
    "air-canada-chatbot",
    "pytorch-nightly-torchtriton-2022",
    "xai-grok-hate-speech-2025-07",
    "replit-agent-2025",
]
BOUNDS = {"low_hours": 22, "high_hours": 122, "bounds_only": ONLY}  # 72 hours, less and more 50
RARE = ["first_affected_batch", "rollback_target", "retraining_contaminated", "atlas_ids", "legal_clocks"]
UNSAID = {"rare": RARE, "never": "retraining_contaminated"}
RIGHT: dict[str, Any] = {
    "b02-parts": PARTS,
    "b02-durations": DURATIONS,
    "b02-one-report": SPAN,
    "b02-clock-times": COUNTS,
    "b02-mean": MEANS,
    "b02-severity": PAIR,
    "b02-bounds": BOUNDS,
    "b02-ai-fields": UNSAID,
}


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_every_question_is_tested() -> None:
    assert list(RIGHT) == list(questions_of("b02"))


@pytest.mark.parametrize("id", RIGHT)
def test_a_right_answer_earns_full_marks(id: str) -> None:
    verdict = judge(id, RIGHT[id])
    assert failed(verdict) == []
    assert verdict.is_full


@pytest.mark.parametrize("id", RIGHT)
def test_an_untouched_answer_is_not_attempted(id: str) -> None:
    for untouched in (None, {}, dict.fromkeys(RIGHT[id])):
        verdict = judge(id, untouched)
        assert not verdict.is_attempted
        assert verdict.score == 0


@pytest.mark.parametrize("id", RIGHT)
@pytest.mark.parametrize("malformed", [7, True, "nonsense", [1, 2], {"a": {"b": ["c"]}, "rare": 5}])
def test_a_malformed_answer_earns_nothing_and_is_told_the_shape(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.is_attempted
    assert verdict.score == 0
    # a dict of the wrong keys can still have the right shape; then the criteria speak
    assert verdict.problem.startswith("Expected a dict") or all(r.message for r in verdict.results)


@pytest.mark.parametrize("id", RIGHT)
def test_hints_do_not_hold_the_answer(id: str) -> None:
    hints = " ".join(criterion.hint for criterion in load_question(id).criteria)
    for secret in ("178", "453", "knight", "twitter", "retraining", "got_lucky", " 22 ", "122", "333", "262"):
        assert secret not in hints


class TestParts:
    def test_one_slip_costs_half_a_point(self) -> None:
        verdict = judge("b02-parts", PARTS | {"h": "went_well"})
        assert failed(verdict) == ["Statement h"]
        assert verdict.score == 4.5

    def test_an_unknown_part_is_named(self) -> None:
        assert "no part 'luck'" in messages(judge("b02-parts", PARTS | {"h": "luck"}))

    def test_the_same_part_everywhere(self) -> None:
        assert judge("b02-parts", dict.fromkeys(PARTS, "timeline")).score == 0


class TestDurations:
    def test_zero_is_not_silence(self) -> None:
        verdict = judge("b02-durations", DURATIONS | {"time_to_acknowledge": 0})
        assert verdict.score == 3
        assert "no time of alerted" in messages(verdict)

    def test_nan_is_silence(self) -> None:
        assert judge("b02-durations", DURATIONS | {"time_to_acknowledge": math.nan}).is_full

    def test_hours_and_swapped_marks_are_recognised(self) -> None:
        said = messages(judge("b02-durations", DURATIONS | {"time_to_mitigate": 3, "time_to_detect": -2}))
        assert "looks like hours" in said
        assert "swapped" in said


class TestOneReport:
    def test_another_pair_of_the_report(self) -> None:
        verdict = judge("b02-one-report", SPAN | {"longest": 449})
        assert verdict.score == 1
        assert "not the extreme" in messages(verdict)


class TestClockTimes:
    def test_counting_dates_too_is_recognised(self) -> None:
        verdict = judge("b02-clock-times", COUNTS | {"time_to_mitigate": 11})
        assert verdict.score == 3
        assert "calendar days" in messages(verdict)

    def test_a_missing_entry_costs_only_itself(self) -> None:
        assert judge("b02-clock-times", {"time_to_detect": 5}).score == 1


class TestMean:
    def test_swapped(self) -> None:
        swapped = {"mean_clock": MEANS["median_clock"], "median_clock": MEANS["mean_clock"]}
        verdict = judge("b02-mean", MEANS | swapped)
        assert verdict.score == 2
        assert "swapped" in messages(verdict)

    def test_rounded_is_good_enough(self) -> None:
        assert judge("b02-mean", {name: round(value) for name, value in MEANS.items()}).is_full


class TestSeverity:
    def test_another_right_pair(self) -> None:
        pair = {"worse": "aws-s3-2017-02-28", "longer": "anthropic-three-issues-2025"}
        assert judge("b02-severity", pair).is_full

    def test_the_same_severity(self) -> None:
        pair = {"worse": "knight-capital-2012", "longer": "gitlab-2017"}
        verdict = judge("b02-severity", pair)
        assert verdict.score == 2
        assert "SEV1 against SEV1" in messages(verdict)

    def test_bounds_that_are_silent_or_overlap(self) -> None:
        for worse in ("uber-atg-tempe-2018", "anthropic-three-issues-2025"):
            assert judge("b02-severity", {"worse": worse, "longer": "anthropic-three-issues-2025"}).score < 2

    def test_an_unknown_id_is_named(self) -> None:
        assert "no incident 'enron'" in messages(judge("b02-severity", PAIR | {"worse": "enron"}))


class TestBounds:
    def test_minutes_are_recognised(self) -> None:
        verdict = judge("b02-bounds", BOUNDS | {"low_hours": 1320})
        assert verdict.score == 3
        assert "hours are asked for" in messages(verdict)

    def test_the_whole_catalogue_is_no_answer(self) -> None:
        verdict = judge("b02-bounds", BOUNDS | {"bounds_only": list(postmortem_ids())})
        assert failed(verdict) == ["No other incident is listed"]

    def test_half_the_list(self) -> None:
        verdict = judge("b02-bounds", BOUNDS | {"bounds_only": ONLY[:2]})
        assert failed(verdict) == ["Every incident that allows only bounds is listed"]
        assert "3 missing" in messages(verdict)


class TestAiFields:
    def test_too_few_and_too_many(self) -> None:
        assert judge("b02-ai-fields", UNSAID | {"rare": RARE[:4]}).score == 2
        assert judge("b02-ai-fields", UNSAID | {"rare": [*RARE, "models"]}).score == 3

    def test_a_column_index_is_an_answer(self) -> None:
        import pandas as pd

        assert judge("b02-ai-fields", UNSAID | {"rare": pd.Index(RARE)}).is_full
