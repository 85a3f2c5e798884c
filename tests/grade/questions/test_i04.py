"""Questions of intermediate lesson 4: what a response to drift, injection and bias must not get wrong."""

from __future__ import annotations

from typing import Any

import pytest

import aiir_lab as lab
from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import i04

pytestmark = pytest.mark.xdist_group("i04")
LESSON = "intermediate/04_tabletop_drift_injection_bias.py"
LOGS = {"i04-drift": "drift_log", "i04-injection": "injection_log", "i04-bias": "bias_log"}


@pytest.fixture(scope="module")
def solutions() -> dict[str, str]:
    cells = {cell.id: cell.source for cell in read_source(course_path("notebooks", LESSON)).cells}
    return {id: cells[f"{id}-answer"] for id in LOGS}


def play(source: str, id: str, *changes: tuple[str, str]) -> str:
    """The log of a solution, with some of its lines changed."""
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    names: dict[str, Any] = {"lab": lab}
    exec(source, names)
    return str(names[LOGS[id]])


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


@pytest.mark.parametrize("id", questions_of("i04"))
def test_untouched_and_malformed_answers(id: str) -> None:
    for untouched in (None, {}, [], "", {"rollback": {"demand_drift": None}}):
        assert not judge(id, untouched).is_attempted
    for malformed in (7, [1, 2], "nonsense", {"rollback": 3}):
        assert judge(id, malformed).score == 0


class TestCompare:
    def right(self) -> dict[str, Any]:
        best = {
            world: max(i04.removed(world), key=i04.removed(world).__getitem__) for world in i04.WORLDS[1:]
        }
        return {"rollback": {w: i04.removed(w)["rollback_model"] for w in i04.WORLDS}, "best": best}

    def test_right_and_constant_answers(self) -> None:
        assert judge("i04-compare", self.right()).is_full
        for constant in (0.0, 0.5, 1.0):
            same = {"rollback": dict.fromkeys(i04.WORLDS, constant), "best": dict.fromkeys(i04.WORLDS, "x")}
            assert judge("i04-compare", same).score <= 1

    def test_the_lesson_holds_for_the_worlds(self) -> None:
        shares = self.right()["rollback"]
        assert shares["fraud_poisoning"] > 0.5
        assert shares["demand_drift"] < 0.1
        assert shares["credit_bias"] < 0.1

    def test_the_runbook_line_is_no_best(self) -> None:
        answer = self.right() | {"best": {"demand_drift": "rollback_model", "credit_bias": "rollback_model"}}
        assert judge("i04-compare", answer).score == 2


@pytest.mark.parametrize("id", LOGS)
def test_the_solution_earns_full_marks(solutions: dict[str, str], id: str) -> None:
    assert failed(judge(id, play(solutions[id], id))) == []


def test_a_log_of_another_exercise_is_refused(solutions: dict[str, str]) -> None:
    assert judge("i04-bias", play(solutions["i04-drift"], "i04-drift")).score == 0


def test_going_back_from_a_drift_costs(solutions: dict[str, str]) -> None:
    log = play(
        solutions["i04-drift"],
        "i04-drift",
        ('session.decide("safety_stock"', 'session.decide("rollback_model"'),
    )
    assert "Orders are mended where they are wrong, and the model does not go back" in failed(
        judge("i04-drift", log)
    )


def test_filtering_words_and_telling_the_attacker_cost(solutions: dict[str, str]) -> None:
    log = play(
        solutions["i04-injection"],
        "i04-injection",
        ('session.decide("input_provenance"', 'session.decide("injection_filter"'),
        ("customers cannot get refunds through our assistant", "a document can give our assistant orders"),
        ('session.keep_evidence("messages")\n', ""),
        ('session.keep_evidence("tool_calls")\n', ""),
    )
    assert failed(judge("i04-injection", log)) == [
        "Messages or tool calls are kept before anything is changed",
        "Tools are gated, not only words filtered",
        "No update tells an attacker how it works",
    ]


def test_changing_before_counsel_and_going_back_with_the_model_cost(solutions: dict[str, str]) -> None:
    source = solutions["i04-bias"]
    legal = next(line for line in source.split("\n") if line.startswith('session.escalate("legal"'))
    contract = next(line for line in source.split("\n") if line.startswith('session.decide("data_contract"'))
    log = play(
        source,
        "i04-bias",
        (f"{legal}\n", ""),
        ('session.decide("rollback_feed"', 'session.decide("rollback_model"'),
        (contract, legal),
    )
    assert {"Legal is told before anything is changed", "It is mended at the source"} <= set(
        failed(judge("i04-bias", log))
    )
