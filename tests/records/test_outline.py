"""Causes as an outline: round trip, errors that name the line."""

from __future__ import annotations

import pytest

from aiir_lab.catalog import load_postmortem, postmortem_ids
from aiir_lab.records import AiirError, CauseGraph

GRAPHS = [graph for id in postmortem_ids() if (graph := load_postmortem(id).cause_graph)]


def links(graph: CauseGraph) -> set[tuple[str, str | None, str]]:
    """Each link as (cause, its strand, what it leads to)."""
    names = {cause.id: cause.text for cause in graph.causes} | {"problem": graph.problem}
    return {(cause.text, cause.strand, names[id]) for cause in graph.causes for id in cause.leads_to}


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.problem[:30])
def test_the_graphs_of_the_catalogue_come_back(graph: CauseGraph) -> None:
    again = CauseGraph.from_outline(graph.to_outline())
    assert links(again) == links(graph)
    assert len(again.causes) == len(graph.causes)


def test_indents_strands_and_evidence() -> None:
    graph = CauseGraph.from_outline(
        "\n  It broke\n\n* [Technical] The disk was full (evidence: alert A-7)\n"
        "\t- Nobody owns it\n- [] [sic] odd\n"
    )
    assert [(c.text, c.strand, c.evidence, c.leads_to) for c in graph.causes] == [
        ("The disk was full", "technical", "alert A-7", ("problem",)),
        ("Nobody owns it", None, None, ("cause-1",)),
        ("[sic] odd", None, None, ("problem",)),
    ]
    assert CauseGraph.from_outline(graph.to_outline()) == graph


def test_the_same_words_twice_are_one_cause_of_two_effects() -> None:
    graph = CauseGraph.from_outline("It broke\n- a\n  - Nobody owns it\n- b\n  - nobody owns  it")
    assert graph.cause("cause-2").leads_to == ("cause-1", "cause-3")


def test_an_outline_has_a_line_for_each_link_however_many_ways_lead_up() -> None:
    layers = [[f"cause-{layer}{name}" for name in "abc"] for layer in range(12)]
    causes = [
        {"id": text, "text": text, "leads_to": layers[depth - 1] if depth else ["problem"]}
        for depth, layer in enumerate(layers)
        for text in layer
    ]
    graph = CauseGraph.from_dict({"problem": "It broke", "causes": causes})
    outline = graph.to_outline()
    assert len(outline.splitlines()) == 1 + sum(len(cause.leads_to) for cause in graph.causes)
    assert links(CauseGraph.from_outline(outline)) == links(graph)


@pytest.mark.parametrize(
    ("outline", "said"),
    [
        ("", "begins with the problem"),
        ("- a cause", "begins with the problem"),
        ("It broke\nbecause", "Line 2"),
        ("It broke\n- ", "Line 2"),
        ("It broke\n- [weather] rain", "Line 2.*technical"),
        ("It broke\n- a\n  - b\n    - a", "no circle"),
    ],
)
def test_what_is_no_outline_is_refused(outline: str, said: str) -> None:
    with pytest.raises(AiirError, match=f"(?s){said}"):
        CauseGraph.from_outline(outline)
