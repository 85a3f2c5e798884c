"""Questions of intermediate lesson 1: answers of every quality; the replay is the truth."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab import CauseGraph, load_postmortem
from aiir_lab.catalog.course_files import course_path
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import i01
from aiir_lab.review import review_whys

TREE = f"""{i01.PROBLEM}
- [technical] Offers leaned on a forecast of resale prices
    - [technical] The forecast looked months ahead with a wide error
        - [process] No standard says how wide an error a forecast may have before it becomes a price
    - [process] An estimate built for information was reused as a price, and no review asked whether it fits
- [process] Buying stopped months after the market had turned
    - [tooling] No monitoring for drift compares forecast and sale prices, and no team owns it"""
BONES = """Goods of small sellers were taken for others, and listings were suppressed
- [technical] The release was trained without photographs taken the way small sellers take them
    - [process] No standard says which photographs a training set covers (evidence: narrow_training_set)
- [tooling] Wrong suppressions stood for days
    - [process] The appeals desk has no budget to decide within hours (evidence: slow_appeals)
    - [tooling] Listings are suppressed by default, without review (evidence: no_human_review)
    - [tooling] Nothing goes back by itself (evidence: no_automatic_rollback)"""


def right() -> dict[str, Any]:
    return {
        "i01-links": {"proximate": [2, 5, 8], "leads_to": {1: [5], 3: [8], 4: [2], 6: [5, 8], 7: [5]}},
        "i01-mistakes": {name: review_whys(i01.PROBLEM, chain).verdict for name, chain in i01.CHAINS.items()},
        "i01-whys": CauseGraph.from_outline(TREE),
        "i01-removed": i01.removed_shares(),
        "i01-fishbone": CauseGraph.from_outline(BONES),
    }


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_every_question_is_tested_and_right_answers_earn_full_marks() -> None:
    assert list(right()) == list(questions_of("i01"))
    for id, answer in right().items():
        assert (id, failed(judge(id, answer)), judge(id, answer).problem) == (id, [], "")


@pytest.mark.parametrize("id", questions_of("i01"))
@pytest.mark.parametrize("untouched", [None, {}, [], "", {"proximate": []}])
def test_an_untouched_answer_is_not_attempted(id: str, untouched: Any) -> None:
    assert not judge(id, untouched).is_attempted


@pytest.mark.parametrize("id", questions_of("i01"))
@pytest.mark.parametrize("malformed", [[1, 2], "nonsense", 7, {"problem": "x", "causes": "y"}])
def test_a_malformed_answer_earns_nothing(id: str, malformed: Any) -> None:
    verdict = judge(id, malformed)
    assert verdict.is_attempted
    assert verdict.score == 0


def test_the_lesson_plays_the_world_that_is_judged() -> None:
    source = course_path("notebooks", "intermediate/01_five_whys_and_fishbone.py").read_text("utf-8")
    assert f'lab.simulate("{i01.WORLD}", seed={i01.SEED}, size="{i01.SIZE}")' in source
    assert f'lab.load_postmortem("{i01.INCIDENT}")' in source
    for chain in i01.CHAINS.values():
        assert all(answer in source for answer in chain)


class TestLinks:
    def test_the_two_effects_and_each_link_count(self) -> None:
        answer = right()["i01-links"]
        one = {**answer, "leads_to": answer["leads_to"] | {6: [5]}}
        assert failed(judge("i01-links", one)) == ["One cause has two effects, and you name both"]
        # a single number stands for a list of one
        assert judge("i01-links", {**answer, "leads_to": answer["leads_to"] | {1: 5}}).is_full
        wrong = {**answer, "leads_to": {1: [2], 3: [2], 4: [5], 6: [2], 7: [8]}}
        assert judge("i01-links", wrong).score == 2

    @pytest.mark.parametrize("proximate", [list(range(1, 9)), [2, 5], [2, 5, 8, 6], [0, 9]])
    def test_naming_everything_or_too_little_does_not_do(self, proximate: list[int]) -> None:
        answer = right()["i01-links"] | {"proximate": proximate}
        assert judge("i01-links", answer).score == 3


class TestMistakes:
    def test_each_chain_makes_a_mistake_of_its_own(self) -> None:
        assert len(set(right()["i01-mistakes"].values())) == len(i01.CHAINS) == 5

    @pytest.mark.parametrize("word", ["circular", "reaches_system_cause", "human error"])
    def test_one_word_for_all_earns_nothing(self, word: str) -> None:
        assert judge("i01-mistakes", dict.fromkeys(i01.CHAINS, word)).score == 0

    def test_a_mix_up_of_two_costs_two(self) -> None:
        answer = right()["i01-mistakes"]
        answer |= {"A": answer["B"], "B": answer["A"]}
        assert judge("i01-mistakes", answer).score == 3


class TestWhys:
    @pytest.mark.parametrize(
        ("old", "new", "criterion"),
        [
            ("- [tooling] No monitoring for drift compares forecast and sale prices, and no team owns it",
             "- The buyers did not look at the forecast and the prices", "No branch ends with a person"),
            ("- [tooling] No monitoring for drift compares forecast and sale prices, and no team owns it",
             "- Nobody owns the office plants", "No circle, and no step without a link"),
        ],
    )  # fmt: skip
    def test_each_mistake_is_noticed(self, old: str, new: str, criterion: str) -> None:
        tree = CauseGraph.from_outline(TREE.replace(old, new))
        assert criterion in failed(judge("i01-whys", tree))

    def test_the_record_itself_falls_short(self) -> None:
        graph = load_postmortem(i01.INCIDENT).cause_graph
        assert failed(judge("i01-whys", graph)) == [
            "At least one branch of three answers or more",
            "Every branch reaches a condition that the organisation can change",
        ]

    def test_one_branch_and_a_problem_alone(self) -> None:
        chain = CauseGraph.from_whys(i01.PROBLEM, i01.CHAINS["E"])
        assert "At least three branches" in failed(judge("i01-whys", chain))
        assert judge("i01-whys", CauseGraph(problem=i01.PROBLEM)).score == 0

    def test_a_deep_tree_about_something_else(self) -> None:
        other = CauseGraph.from_outline(
            "The filter let insults through\n- It knew no new spellings\n    - Nobody owns its retraining"
        )
        assert "It is about this incident" in failed(judge("i01-whys", other))


class TestRemoved:
    def test_some_right_earn_a_part_and_constants_earn_nothing(self) -> None:
        truth = i01.removed_shares()
        half = truth | dict.fromkeys(list(truth)[:3], 0.02)
        assert judge("i01-removed", half).score == 1
        for constant in (0.0, 0.5, 1.0, 1 / 6):
            assert judge("i01-removed", dict.fromkeys(truth, constant)).score == 0

    def test_percentages_are_named(self) -> None:
        percent = {factor: 100 * share for factor, share in i01.removed_shares().items()}
        assert "percentages" in messages(judge("i01-removed", percent))

    def test_the_shares_add_up_to_more_than_one(self) -> None:
        assert sum(i01.removed_shares().values()) > 2


class TestFishbone:
    @pytest.mark.parametrize(
        ("old", "new", "criteria"),
        [
            ("[technical]", "[process]", ["Every bone holds a condition"]),
            (" (evidence: no_automatic_rollback)", "",
             ["At least four conditions are factors of this world, named as evidence"]),
            ("slow_appeals", "release_to_all_at_once", []),
            ("no_human_review", "release_to_all_at_once",
             ["The two whose removal alone helped most are among them"]),
            ("Nothing goes back by itself", "The engineer forgot to go back", ["No condition is a person"]),
        ],
    )  # fmt: skip
    def test_each_part_counts(self, old: str, new: str, criteria: list[str]) -> None:
        assert failed(judge("i01-fishbone", CauseGraph.from_outline(BONES.replace(old, new)))) == criteria

    def test_a_flat_list_is_no_fishbone_of_causes_behind_causes(self) -> None:
        flat = CauseGraph.from_outline(BONES.replace("    -", "-"))
        assert "At least three of them explain a proximate cause" in failed(judge("i01-fishbone", flat))[0]
