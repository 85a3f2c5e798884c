"""review_whys: the five verdicts, the step they name, and malformed chains."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aiir_lab.records.errors import AiirError
from aiir_lab.review import review_whys
from aiir_lab.review.whys import VERDICTS, ends_at_person, reviewing, training
from aiir_lab.review.whys.network import LINKS

DATA = Path(__file__).parents[2] / "datasets" / "review" / "whys.yaml"
PROBLEM = "The fraud model approved stolen cards for two days"
SOUND = [
    "Its recall on new merchants fell after the retrain",
    "It was retrained on labels that attackers had sent",
    "Feedback rows enter training without any check of their source",
]


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ("No team owns the quality of the feedback table", "reaches_system_cause"),
        ("The release process does not require a review of training data", "reaches_system_cause"),
        ("Teams are rewarded for shipping models, not for the quality of their data", "reaches_system_cause"),
        ("The analyst did not look at the feedback rows", "stops_at_person"),
        ("An engineer forgot to switch the check on", "stops_at_person"),
        ("Human error", "stops_at_person"),
        ("The batch of 4 March contained 600 false labels", "stops_at_proximate"),
        ("A null value in the label column was read as legitimate at 02:00", "stops_at_proximate"),
        ("The company picnic was moved to a different park", "non_sequitur"),
        ("Labels that attackers had sent were used to retrain it", "circular"),
    ],
)
def test_the_last_answer_decides(last: str, verdict: str) -> None:
    review = review_whys(PROBLEM, [*SOUND, last])
    assert review.verdict == verdict
    assert review.step == 4


def test_nobody_owns_is_a_condition_and_nobody_looked_is_a_person() -> None:
    assert review_whys(PROBLEM, ["Nobody owns the feedback labels"]).verdict == "reaches_system_cause"
    assert review_whys(PROBLEM, ["Nobody looked at the fraud dashboard"]).verdict == "stops_at_person"


def test_a_person_with_a_structural_reason_is_no_stop() -> None:
    answer = "The analyst approved the labels because the tool does not show their source"
    assert review_whys(PROBLEM, [answer]).is_deep_enough


@pytest.mark.parametrize("end", ["", ".", "!", " ."])
def test_how_a_statement_ends_does_not_matter(end: str) -> None:
    sound = [f"{answer}{end}" for answer in (*SOUND, "No team owns the quality of the feedback table")]
    assert review_whys(PROBLEM, sound).verdict == "reaches_system_cause"
    assert review_whys(f"{PROBLEM}.", sound).verdict == "reaches_system_cause"


def test_a_circle_back_to_the_problem_is_named() -> None:
    review = review_whys("The queue grew", ["The backlog increased"])
    assert (review.verdict, review.step) == ("circular", 1)
    assert "the problem" in review.message


def test_the_first_break_is_named_even_where_the_end_is_deep() -> None:
    chain = [
        "Its recall fell after the retrain",
        "The office kitchen got new furniture",
        "No team owns office supplies",
    ]
    review = review_whys(PROBLEM, chain)
    assert (review.verdict, review.step) == ("non_sequitur", 2)


@pytest.mark.parametrize(
    ("problem", "whys"),
    [
        ("", ["The disk was full"]),
        ("It broke", []),
        ("It broke", ["The disk was full", "  "]),
        ("It broke", "The disk was full"),
        ("It broke", [None]),
        (None, ["The disk was full"]),
        ("It broke", 7),
        ("🔥", ["The disk was full"]),
    ],
)
def test_what_is_no_chain_is_refused_in_words(problem: object, whys: object) -> None:
    with pytest.raises(AiirError, match="review_whys"):
        review_whys(problem, whys)  # type: ignore[arg-type]


def test_a_very_long_answer_is_judged() -> None:
    assert review_whys(PROBLEM, ["the model was retrained on poisoned labels " * 2_500]).verdict in VERDICTS


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=5))
def test_any_text_gives_a_verdict_or_a_clear_error(problem: str, whys: list[str]) -> None:
    try:
        review = review_whys(problem, whys)
    except AiirError:
        return
    assert review.verdict in VERDICTS
    assert 1 <= review.step <= len(whys)
    assert review.message
    assert review.suggestion


def test_a_person_is_found_whether_or_not_the_answer_explains_the_problem() -> None:
    assert ends_at_person(PROBLEM, "The canteen manager forgot to lock the door")
    assert not ends_at_person(PROBLEM, "The canteen has no lock")
    with pytest.raises(AiirError, match="holds no words"):
        ends_at_person(PROBLEM, "...")


def test_a_long_chain_is_judged_by_its_beginning_and_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [*SOUND, *("No team owns the quality of the feedback table" for _ in range(60))]
    assert review_whys(PROBLEM, chain).step == 5  # the first that says it again
    monkeypatch.setattr(reviewing, "_MOST", 4)
    assert (review_whys(PROBLEM, chain).verdict, review_whys(PROBLEM, chain).step) == (
        "reaches_system_cause",
        63,
    )


def test_what_the_network_never_saw_is_judged_as_the_card_says() -> None:
    """0.89 was measured (sound chains: 0.93), with room for other processors; the aim is 0.75."""
    unseen = [chain for chain in training.read_chains(DATA.parent) if chain["split"] in training.HELD_OUT]
    judged = [(one["verdict"], review_whys(one["problem"], one["whys"]).verdict) for one in unseen]
    assert sum(label == verdict for label, verdict in judged) >= 0.86 * len(unseen) > 0
    for label in VERDICTS:
        mine = [verdict == label for wanted, verdict in judged if wanted == label]
        assert sum(mine) >= 0.75 * len(mine) > 0, label
    sound = [(label, verdict) for label, verdict in judged if label not in LINKS]
    assert sum(label == verdict for label, verdict in sound) >= 0.88 * len(sound) > 0


@pytest.mark.parametrize(
    "said",
    [
        (
            "Stolen cards were approved for two days",
            "The model was retrained on labels that attackers had sent",
        ),
        ("The chatbot invented a refund policy", "The old page was still in the search index"),
        ("Customers were charged twice", "The payment job ran a second time"),
    ],
)
def test_the_language_of_organisations_alone_makes_no_reason(said: tuple[str, ...]) -> None:
    problem, *whys = said
    answers = [
        "Nobody owns the office plants",
        "No team owns the coffee machine",
        "No one is responsible for the parking garage",
        "There is no policy for meeting rooms",
        "The newsletter is not reviewed by anyone",
        "Teams are rewarded for attending the summer party",
        "The travel desk has no budget",
        "An intern forgot to water the plants",
    ]
    heard = [review_whys(problem, [*whys, answer]).verdict == "non_sequitur" for answer in answers]
    assert sum(heard) >= len(answers) - 1


def test_accuracy_on_the_labelled_chains_holds() -> None:
    chains = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    chains = [one for one in chains if one["split"].startswith(("dev", "test", "challenge"))]
    right = sum(review_whys(chain["problem"], chain["whys"]).verdict == chain["verdict"] for chain in chains)
    assert right / len(chains) >= 0.85


@pytest.mark.parametrize(
    ("last", "reaches"),
    [
        ("The reward model scored short answers highest.", False),
        ("The agent was rewarded for short answers.", False),
        ("The reward went up when answers were short.", False),
        ("Teams are rewarded for speed and not for safety.", True),
    ],
)
def test_the_reward_of_a_model_is_no_incentive_of_the_organisation(last: str, reaches: bool) -> None:
    review = review_whys("The assistant gave rude answers.", ["It preferred short answers.", last])
    assert (review.verdict == "reaches_system_cause") is reaches


def test_the_kept_network_was_trained_on_the_labelled_texts() -> None:
    assert training.main([str(DATA.parent), "--check"]) == 0


def test_the_check_fails_on_other_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("whys.yaml", "whys_links.csv"):
        (tmp_path / name).write_bytes((DATA.parent / name).read_bytes())
    assert training.main([str(tmp_path), "--check"]) == 0
    with (tmp_path / "whys_links.csv").open("a", encoding="utf-8") as file:
        file.write("wl-9999,train_8,The queue grew,The backlog increased,circular\n")
    assert training.main([str(tmp_path), "--check"]) == 1
    assert "was trained on other texts" in capsys.readouterr().out


CHAIN = {"split": "dev", "problem": "P", "whys": ["a", "b", "c"], "verdict": "circular", "step": 2}


def test_behind_a_broken_link_nothing_is_learned() -> None:
    links = [(step.before, step.answer, step.link, step.end) for step in training.steps([CHAIN])]
    assert links == [(("P",), "a", "follows", None), (("P", "a"), "b", "circular", None)]
    sound = training.steps([CHAIN | {"verdict": "stops_at_person", "step": 3}])
    assert [step.end for step in sound] == [None, None, "stops_at_person"]


def test_spoiled_answers_are_old_or_strange() -> None:
    sound = training.steps([CHAIN | {"verdict": "stops_at_person", "step": 3}]) * 100
    other = training.steps(
        [CHAIN | {"verdict": "stops_at_person", "step": 3, "split": "test", "whys": ["x"] * 3}]
    )
    spoiled = training.spoiled([*sound, *other], Random(1))
    assert 20 <= len(spoiled) <= 90
    for step in spoiled:
        assert step.end is None
        if step.link == "circular":
            assert step.answer in step.before
        else:
            assert step.link == "non_sequitur"
            assert step.answer in ("abc" if step.split == "dev" else "x")


def test_held_out_lists_are_not_learned() -> None:
    held_out = {chain["split"] for chain in training.read_chains(DATA.parent)} & training.HELD_OUT
    assert held_out == training.HELD_OUT
    shown = training.learned(DATA.parent)
    assert not {step.split for step in shown} & training.HELD_OUT
    assert {step.link for step in shown if step.split.startswith("links_")} == set(LINKS)


def test_labels_name_a_step_that_exists() -> None:
    for chain in training.read_chains(DATA.parent):
        last = len(chain["whys"])
        assert chain["verdict"] in VERDICTS
        if chain["verdict"] in LINKS:
            assert 1 <= chain["step"] <= last
        else:
            assert chain["step"] == last
