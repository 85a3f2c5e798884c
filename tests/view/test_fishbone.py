from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiir_lab.records import AiirError, Cause, CauseGraph, ContributingFactor, Postmortem, Strand
from aiir_lab.view import alt_text, draw_fishbone


def words(fig):
    return " ".join(annotation.text or "" for annotation in fig.layout.annotations)


def ribs(fig):
    """Texts that stand on ribs: position and height in pixels."""
    return [note for note in fig.layout.annotations if note.yanchor == "bottom" and note.align == "left"]


def test_a_bone_for_each_strand(pm):
    fig = draw_fishbone(pm)
    assert {trace.name for trace in fig.data} == {"Technical", "Process", "Tooling"}
    assert fig.layout.title.text == "<b>3 conditions came together: 1 technical, 1 process, 1 tooling</b>"
    assert "Labels of an image" in words(fig)


@pytest.mark.parametrize("strands", [1, 2, 3])
def test_any_number_of_bones(strands):
    factors = [ContributingFactor(text="x", strand=strand) for strand in list(Strand)[:strands]]
    assert len(draw_fishbone(factors).data) == strands


def test_causes_without_a_strand_have_a_bone_of_their_own():
    graph = CauseGraph.from_whys("Wrong labels", ["New pictures", "No test with such pictures"])
    fig = draw_fishbone(graph)
    assert [trace.name for trace in fig.data] == ["Not placed"]
    # the second why explains the first, not the problem
    assert "↳ No test" in words(fig)


def test_four_bones_are_two_and_two():
    causes = [
        Cause(id=f"c{n}", text="x", strand=strand, leads_to=["problem"])
        for n, strand in enumerate([*Strand, None])
    ]
    fig = draw_fishbone(CauseGraph(problem="p", causes=causes))
    assert sorted(trace.y[1] > 0 for trace in fig.data) == [False, False, True, True]


def test_the_problem_can_be_named(pm):
    assert "Wrong labels" in words(draw_fishbone(pm, problem="Wrong labels"))
    graph = CauseGraph.from_whys("old", ["x"])
    assert "<b>new</b>" in words(draw_fishbone(graph, problem="new"))


factors = st.builds(
    ContributingFactor,
    text=st.text("abc de", min_size=1, max_size=240).filter(str.strip),
    strand=st.sampled_from(list(Strand)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(factors, min_size=1, max_size=24))
def test_texts_on_one_bone_never_overlap(sample):
    fig = draw_fishbone(sample)
    placed = ribs(fig)
    assert len(placed) == len(sample)
    boxes = []
    for note in placed:
        height = 14 * (note.text.count("<br>") + 1)
        boxes.append((note.x, note.y, note.y + height))
    for (x, low, high), (other_x, other_low, other_high) in itertools.combinations(boxes, 2):
        # ribs of one bone begin within its slant; those of another bone are a slot away
        if abs(x - other_x) < 100:
            assert high <= other_low or other_high <= low


def test_the_text_alternative_tells_every_cause(pm):
    alt = alt_text(draw_fishbone(pm))
    assert all(factor.text in alt for factor in pm.contributing_factors)


@pytest.mark.parametrize("nothing", [[], Postmortem(id="a", title="b"), CauseGraph(problem="p")])
def test_nothing_to_draw_is_said(nothing):
    assert "No contributing factor is named yet" in words(draw_fishbone(nothing))


def test_hostile_text_stays_text(hostile):
    assert "<script" not in words(draw_fishbone(hostile))


def test_a_wrong_argument_is_explained():
    with pytest.raises(AiirError, match=r"CauseGraph\.from_whys"):
        draw_fishbone({"technical": ["x"]})


def test_every_public_record_is_drawn_whole(public_record_path):
    record = Postmortem.from_file(public_record_path)
    assert len(ribs(draw_fishbone(record))) == len(record.contributing_factors)
