"""What each record demands beyond the types of its fields."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from aiir_lab.records import (
    ActionItem,
    Cause,
    CauseGraph,
    ContributingFactor,
    EscalationMatrix,
    EscalationStep,
    NotFoundError,
    Postmortem,
    RecordError,
    Severity,
    SeverityMatrix,
    StatusUpdate,
    Strand,
    check_rmf_id,
)
from aiir_lab.records.rmf import CATEGORY_IDS, SUBCATEGORY_IDS

MATRIX = SeverityMatrix(
    title="Test",
    criteria=(
        {"name": "users", "question": "How many?", "unit": "%", "sev1": 25, "sev2": 5, "sev3": 1},
        {"name": "clock", "question": "Legal clock?", "unit": "0 or 1", "sev2": 1},
    ),
)


@pytest.mark.parametrize(
    ("measures", "level", "deciders"),
    [
        ({"users": 25}, "SEV1", ("users",)),
        ({"users": 24.9}, "SEV2", ("users",)),
        ({"users": 0.5, "clock": 1}, "SEV2", ("clock",)),
        ({"users": 7, "clock": 1}, "SEV2", ("users", "clock")),
        ({"users": 0.5, "clock": 0}, "SEV4", ()),
        ({}, "SEV4", ()),
    ],
)
def test_the_worst_criterion_decides(
    measures: dict[str, float], level: str, deciders: tuple[str, ...]
) -> None:
    decision = MATRIX.classify(measures)
    assert decision.severity == level
    assert decision.decided_by == deciders


def test_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="'users'"):
        MATRIX.classify({"user": 3})


@pytest.mark.parametrize("bounds", [{}, {"sev1": 1, "sev2": 2}, {"sev1": 2, "sev2": 2}])
def test_bounds_must_fall(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SeverityMatrix(title="x", criteria=[{"name": "a", "question": "q", "unit": "u", **bounds}])


def steps(**change: object) -> list[EscalationStep]:
    rows = [
        {
            "severity": level,
            "level": 1,
            "role": "on_call",
            "within_min": 0,
            "fallback": "security",
            "leads": True,
        }
        for level in Severity
    ]
    rows.append(
        {"severity": "SEV1", "level": 2, "role": "executive", "within_min": 15, "fallback": "product"}
        | {"may_switch_off_model": True}
        | change
    )
    return [EscalationStep(**row) for row in rows]


def test_escalation_says_who_when_and_who_may_switch_off() -> None:
    matrix = EscalationMatrix(title="x", steps=steps())
    assert matrix.leader("SEV1") == "on_call"
    assert [step.role for step in matrix.due("SEV1", 14)] == ["on_call"]
    assert [step.role for step in matrix.due("SEV1", 15)] == ["on_call", "executive"]
    assert matrix.may_switch_off("SEV1") == ("executive",)
    assert matrix.may_switch_off("SEV4") == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"level": 3}, "levels 1, 2, 3"), ({"leads": True}, "exactly one role that leads")],
)
def test_an_unsound_matrix_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        EscalationMatrix(title="x", steps=steps(**change))


def test_every_severity_needs_a_step() -> None:
    with pytest.raises(ValidationError, match="at least one step for SEV4"):
        EscalationMatrix(title="x", steps=[step for step in steps() if step.severity != "SEV4"])


GRAPH = CauseGraph(
    problem="Wrong labels",
    causes=(
        Cause(id="shift", text="New kind of pictures", strand=Strand.TECHNICAL, leads_to=("problem",)),
        Cause(
            id="no-test", text="No test of that kind", strand=Strand.PROCESS, leads_to=("shift", "problem")
        ),
        Cause(id="no-tool", text="No tool to make one", strand=Strand.TOOLING, leads_to=("no-test",)),
    ),
)


def test_whys_fishbone_and_factors_are_views_of_one_graph() -> None:
    assert [cause.id for cause in GRAPH.root_causes()] == ["no-tool"]
    assert GRAPH.chains() == [
        ["New kind of pictures", "No test of that kind", "No tool to make one"],
        ["No test of that kind", "No tool to make one"],
    ]
    assert {strand: [cause.id for cause in causes] for strand, causes in GRAPH.fishbone().items()} == {
        "technical": ["shift"],
        "process": ["no-test"],
        "tooling": ["no-tool"],
    }
    flat = CauseGraph.from_factors("Wrong labels", GRAPH.factors())
    assert len(flat.root_causes()) == 3


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        ([("a", ["b"]), ("b", ["a"])], "no circle, but"),
        ([("a", ["a"])], "no circle, but a -> a"),
        ([("a", ["c"])], "unknown 'c'"),
        ([("a", [])], "'a' leads to nothing"),
        ([("a", ["problem"]), ("a", ["problem"])], "a stands twice"),
        ([("problem", ["problem"])], "other than 'problem'"),
    ],
)
def test_an_unsound_graph_is_refused(causes: list[tuple[str, list[str]]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        CauseGraph(problem="x", causes=[{"id": id, "text": "t", "leads_to": to} for id, to in causes])


def test_long_chains_are_no_trouble() -> None:
    graph = CauseGraph.from_whys("x", [f"why {number}" for number in range(2000)])
    assert len(graph.chains()[0]) == 2000


def test_action_items_may_be_incomplete_and_keep_what_was_written() -> None:
    assert ActionItem(description="x", due=" 2026-04-01 ").due == dt.date(2026, 4, 1)
    assert ActionItem(description="x", due="next sprint").due == "next sprint"
    assert ActionItem(description="x").owner is None
    with pytest.raises(ValidationError):
        ActionItem(description=" ")


def test_records_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ActionItem(description="x").owner = "y"  # type: ignore[misc]


def test_a_postmortem_knows_its_sources() -> None:
    source = {"key": "s1", "title": "t", "publisher": "p", "url": "https://example.org"}
    factor = ContributingFactor(text="x", strand="tooling", sources=("s2",))
    with pytest.raises(ValidationError, match=r"contributing_factors\.0 names 's2'"):
        Postmortem(id="x", title="x", sources=[source], contributing_factors=[factor])
    with pytest.raises(NotFoundError):
        Postmortem(id="x", title="x", sources=[source]).source("s2")


def test_the_next_update_comes_later() -> None:
    with pytest.raises(ValidationError, match="later than posted_utc"):
        StatusUpdate(
            stage="monitoring", text="x", posted_utc="2026-03-02T09:00Z", next_update_utc="2026-03-02T09:00Z"
        )


def test_the_core_has_72_subcategories_in_19_categories() -> None:
    assert (len(SUBCATEGORY_IDS), len(set(SUBCATEGORY_IDS)), len(CATEGORY_IDS)) == (72, 72, 19)


@pytest.mark.parametrize("text", ["MANAGE 2.4", "manage-2.4", " Manage  2.4 "])
def test_ids_are_brought_to_their_standard_form(text: str) -> None:
    assert check_rmf_id(text) == "MANAGE 2.4"


@pytest.mark.parametrize("text", ["MANAGE 2.5", "MEASURE 4.4", "", "GOVERN"])
def test_unknown_ids_name_the_nearest(text: str) -> None:
    with pytest.raises(NotFoundError):
        check_rmf_id(text)


@pytest.mark.parametrize("text", ["a\n---", "---\nb", "```\n---\n```", "# x\n---\n## Timeline"])
def test_front_matter_ends_at_its_own_rule_only(text: str) -> None:
    pm = Postmortem(id="x", title="# heading", glossary={"# key": text, "---": text}, summary=text)
    assert Postmortem.from_markdown(pm.to_markdown()) == pm


def test_files_are_read_by_their_ending(tmp_path: Path) -> None:
    for ending, text in (("yaml", GRAPH.to_yaml()), ("json", GRAPH.to_json()), ("md", GRAPH.to_markdown())):
        path = tmp_path / f"graph.{ending}"
        path.write_text(text, encoding="utf-8")
        assert CauseGraph.from_file(path) == GRAPH


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.txt", b"", r"expected one of \.yaml"),
        ("x.yaml", b"\xff\xfe", "not UTF-8"),
        ("x.yaml", b"- 1", r"fields with their values"),
        ("x.json", b"{", "not JSON"),
        ("x.md", b"no heading", "expected one heading"),
        ("x.md", b"---\nproblem: x\n", "never closed"),
        ("x.md", b"# X\n\n## Colour\n\nred\n", "no section 'Colour'"),
        ("x.md", b"# X\n\n## Causes\n\n| Id | Colour |\n|---|---|\n| a | b |\n", "unknown column 'Colour'"),
    ],
)
def test_a_file_of_another_shape_is_named(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordError, match=words) as caught:
        CauseGraph.from_file(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="No such file"):
        CauseGraph.from_file(tmp_path / "x.yaml")
