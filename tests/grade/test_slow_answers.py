"""Answers of the largest size that once took their judge ten seconds, minutes or for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aiir_lab.grade.answers import MAX_BYTES
from aiir_lab.grade.bank import load_question
from aiir_lab.records import Briefing, CauseGraph, Playbook, RecordError
from aiir_lab.records.causes import MAX_CHAINS
from aiir_lab.review import review_action_item
from aiir_lab.review.briefing import review_briefing

FULL = MAX_BYTES - 2_000


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < 8, "seconds of CPU"


@pytest.mark.parametrize("text", ["1" * FULL, "1," * (FULL // 2), "USD 1" + "." * FULL], ids=len)
def test_figures_are_found_in_a_row_of_digits(text: str) -> None:
    assert not review_briefing(Briefing(id="x", title="X", plan=text, ask=text)).held["plan"]


def test_a_clause_of_verbs_without_end() -> None:
    review = review_action_item({"description": "was ed " * (FULL // 7)})
    assert review.strength == "weaker"


def test_an_order_of_thousands() -> None:
    question = load_question("b01-fifteen")
    verdict = question.judge({"order": [f"{number:x}" for number in range(FULL // 9)] * 2, "overdue": None})
    assert "Twice" in verdict.results[0].message


def ladder(layers: int) -> dict[str, Any]:
    """Two causes in each layer, and both lead to both of the layer below: 2 ** layers chains."""
    causes = []
    for layer in range(layers):
        below = [f"c{layer - 1}-{side}" for side in "ab"] if layer else ["problem"]
        causes += [
            {"id": f"c{layer}-{side}", "text": f"No check {layer}{side}", "leads_to": below} for side in "ab"
        ]
    return {"problem": "The model was wrong", "causes": causes}


@pytest.mark.parametrize("act", [CauseGraph.from_dict, load_question("i01-whys").judge])
def test_a_graph_of_more_chains_than_anybody_reads(act: Callable[[Any], Any]) -> None:
    found = act(ladder(40))
    if isinstance(found, CauseGraph):
        assert len(found.chains()) == MAX_CHAINS
    else:
        assert not found.is_full


def test_a_playbook_that_nobody_could_follow() -> None:
    task = {"role": "on_call", "from_min": 0, "by_min": 10, "what": "Save the logs"}
    tasks = [task | {"id": f"save-{number}"} for number in range(1_500)]
    book = {"id": "x", "title": "X", "incident_kind": "moderation", "severity": "SEV1", "tasks": tasks}
    with pytest.raises(RecordError, match="200"):
        Playbook.from_dict(book)
