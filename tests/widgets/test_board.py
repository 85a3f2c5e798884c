"""The action-plan board: what it holds, how cards move, what is said while it is written."""

from __future__ import annotations

from typing import Any

import pytest

from aiir_lab import action_board, review_plan
from aiir_lab.records import AiirError, CauseGraph, NotFoundError
from aiir_lab.widgets.board import ActionBoard

GRAPH = CauseGraph.from_outline(
    """Goods of small sellers were hidden
- [technical] The training set held catalogue pictures only (evidence: model_versions)
    - [process] No release required a test by seller (evidence: deploys)
- [tooling] The dashboard shows one line for all sellers (evidence: dashboard)"""
)
STRONG: dict[str, Any] = {
    "description": "Block each release automatically that falls short on a slice of sellers",
    "owner": "Model lead",
    "due": "2026-04-01",
    "success_metric": "No slice below 0.9 in the monthly check",
    "factor": "cause-2",
    "ticket": "ML-7",
}


@pytest.fixture
def board() -> ActionBoard:
    return action_board([STRONG], graph=GRAPH)


def heads(board: ActionBoard) -> list[str]:
    return [column.children[0].value.split(">")[-3].removesuffix("</span") for column in board.body.children]


def test_a_card_says_how_strong_it_is(board: ActionBoard) -> None:
    assert "●●● stronger" in board.cards[0].verdict.value
    board.cards[0].fields["description"].value = "Remind the team to look at small sellers"
    assert "●○○ weaker" in board.cards[0].verdict.value
    board.cards[0].fields["owner"].value = ""
    assert "owner" in board.cards[0].verdict.value.lower()


def test_the_result_is_what_the_reviewer_takes(board: ActionBoard) -> None:
    (action,) = board.actions
    assert (action.ticket, action.factor, str(action.due)) == ("ML-7", "cause-2", "2026-04-01")
    assert review_plan(board.actions, graph=GRAPH).reviews == board.review().reviews
    scope: dict[str, Any] = {}
    exec(f"import aiir_lab as lab\n{board.code}", scope)
    assert scope["actions"][0].description == action.description


def test_an_action_is_written_with_the_buttons(board: ActionBoard) -> None:
    board.add_button.click()
    card = board.cards[1]
    assert heads(board) == ["Technical debt (1)", "Process gap (1)", "Tooling (0)"]
    assert "Not written yet" in card.verdict.value
    card.fields["description"].value = "Page on-call when appeals of one slice double"
    card.right.click()
    card.right.click()
    assert heads(board) == ["Technical debt (0)", "Process gap (1)", "Tooling (1)"]
    assert board.actions[1].factor == "cause-3"
    assert card.right.disabled
    card.drop.click()
    assert len(board.actions) == 1


def test_the_plan_as_a_whole_is_judged_while_it_is_written(board: ActionBoard) -> None:
    assert "No action answers technical debt" in board.feedback.value
    board.add("Collect pictures of small sellers in each release", factor="cause-1", owner="Data lead")
    assert "No action answers technical debt" not in board.feedback.value
    assert "No action answers a tooling failure" in board.feedback.value


def test_a_field_that_stays_in_place_is_not_drawn_anew(board: ActionBoard) -> None:
    before = [column.children for column in board.body.children], board.body.children
    board.cards[0].fields["owner"].value = "Release lead"
    assert ([column.children for column in board.body.children], board.body.children) == before


def test_columns_by_status(board: ActionBoard) -> None:
    board.turn_button.click()
    assert heads(board) == ["Proposed (1)", "Open (0)", "Done (0)", "Rejected (0)"]
    board.cards[0].right.click()
    assert board.actions[0].status == "open"
    assert action_board([STRONG]).by == "status"


def test_two_boards_show_one_plan(board: ActionBoard) -> None:
    other = action_board(board)
    board.add("Show the dashboard by slice", factor="cause-3")
    assert len(other.cards) == 2
    other.cards[1].fields["owner"].value = "Tools lead"
    assert board.cards[1].fields["owner"].value == "Tools lead"


def test_a_cause_that_is_not_there_is_named_and_nothing_is_lost(board: ActionBoard) -> None:
    board.cards[0].fields["factor"].value = "cause-9"
    assert "cause-9" in board.feedback.value
    assert board.actions[0].factor == "cause-9"
    with pytest.raises(NotFoundError, match="cause-2"):
        action_board([STRONG | {"factor": "cause-9"}], graph=GRAPH)
    with pytest.raises(AiirError, match="CauseGraph"):
        action_board(graph="causes")  # type: ignore[arg-type]
    with pytest.raises(AiirError, match="no colour"):
        board.add("Paint it", colour="red")


def test_without_a_front_end_it_is_text(board: ActionBoard) -> None:
    shown = board._repr_mimebundle_()["text/plain"]
    assert "1 [Process gap, proposed] Block each release" in shown
