"""The panel of an exercise: what its buttons do in the session, what it says, and where no front end is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aiir_lab import AiirError, exercise_panel
from aiir_lab.records.communication import Stage
from aiir_lab.records.escalation import Role
from aiir_lab.records.severity import Severity
from aiir_lab.tabletop import start_exercise, verify_log
from aiir_lab.view.evidence import draw_evidence
from aiir_lab.widgets.tabletop import ExercisePanel, FacilitatorPanel

pytestmark = pytest.mark.xdist_group("fraud_poisoning")  # one worker: the case is shared


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that begins and nothing more; resuming it is faster than a new case."""
    path = tmp_path_factory.mktemp("log") / "start.jsonl"
    start_exercise("fraud_poisoning", seed=7, difficulty="easy", log=path)
    return path


def resume(case: Path, log: Path) -> ExercisePanel:
    log.write_bytes(case.read_bytes())
    made = exercise_panel(start_exercise("fraud_poisoning", seed=7, difficulty="easy", log=log))
    assert isinstance(made, ExercisePanel)
    return made


@pytest.fixture
def panel(case: Path, tmp_path: Path) -> ExercisePanel:
    return resume(case, tmp_path / "run.jsonl")


@pytest.fixture(scope="module")
def shared(case: Path) -> ExercisePanel:
    """For tests that only look at what is shown."""
    return resume(case, case.with_name("shared.jsonl"))


def tell(panel: ExercisePanel, role: Role, text: str) -> None:
    panel.header.roles[role].click()
    panel.writing.text.value = text
    panel.writing.send_button.click()


def test_a_first_hour_by_buttons_stands_in_the_log(panel: ExercisePanel) -> None:
    session = panel.session
    panel.inbox.rows[0].take.click()
    panel.evidence.looks["feedback_by_merchant"].click()
    panel.evidence.keep.click()
    panel.show(panel.deciding)
    panel.deciding.reason.value = "A model is retrained every week on labels that analysts contradict."
    panel.deciding.severities[Severity.SEV2].click()
    tell(panel, Role.INCIDENT_COMMANDER, "Feedback contradicts analysts. I propose SEV2.")
    panel.show(panel.deciding)
    panel.deciding.reason.value = "Stop more false labels; we can take honest ones again later."
    panel.deciding.decisions["freeze_feedback"].click()
    panel.deciding.clocks["ai_act_article_73"]["ask_counsel"].click()
    panel.show(panel.writing)
    panel.writing.kinds["update"].click()
    panel.writing.stages[Stage.IDENTIFIED].click()
    panel.writing.next_min.value = "30"
    panel.writing.text.value = "Since this morning some payments are wrong. We work on it. Next at 08:00 UTC."
    panel.writing.send_button.click()
    panel.header.steps[0].click()

    done = [entry.action for entry in session.entries]
    assert " ".join(done) == (
        "start acknowledge query keep_evidence declare_severity escalate decide decide_legal "
        "post_update advance"
    )
    decided = session.entries[6].data
    assert decided["rationale"].startswith("Stop more false labels")
    assert session.entries[8].data["next_update_min"] == 30
    assert session.entries[8].data["stage"] == "identified"
    assert session.log_path is not None
    assert verify_log(session.log_path).ok
    assert "✓ freeze" not in panel.deciding.decisions["freeze_feedback"].description.lower()[:2]
    assert panel.header.roles[Role.INCIDENT_COMMANDER].description.startswith("✓")
    assert "SEV2" in panel.header.status.value


def test_what_is_not_possible_is_said_and_keeps_what_was_written(panel: ExercisePanel) -> None:
    panel.show(panel.deciding)
    assert panel.deciding.decisions["rollback_model"].disabled
    assert "escalate to one of them first" in panel.deciding._texts["rollback_model"].value
    panel.show(panel.writing)
    panel.writing.kinds["update"].click()
    panel.writing.next_min.value = "soon"
    panel.writing.text.value = "We look into it."
    panel.writing.send_button.click()
    assert "expected a number such as 30" in panel.status.value
    assert panel.writing.text.value == "We look into it."
    panel.writing.kinds["message"].click()
    panel.writing.text.value = ""
    panel.writing.to.value = "legal"
    panel.writing.send_button.click()
    assert "✗" in panel.status.value
    assert len(panel.session.entries) == 1


def test_what_is_written_is_reviewed_at_once(shared: ExercisePanel) -> None:
    shared.show(shared.writing)
    shared.writing.kinds["update"].click()
    shared.writing.text.value = "An engineer carelessly forgot a check."
    shared.writing.send_button.click()
    assert "Reviewer:" in shared.status.value
    assert shared.writing.text.value == ""


def test_a_message_that_wants_an_answer_gets_it(panel: ExercisePanel) -> None:
    panel.header.steps[2].click()
    panel.header.steps[2].click()
    row = next(row for row in panel.inbox.rows if row.letter.needs_reply)
    row.reply.click()
    assert panel.shown is panel.writing
    assert panel.writing.to.value == row.letter.sender
    panel.writing.text.value = "Thank you. We are looking into it and write again at noon."
    panel.writing.send_button.click()
    again = next(item for item in panel.session.inbox if item.id == row.letter.id)
    assert again.is_acknowledged


def test_markup_from_outside_is_shown_as_text(shared: ExercisePanel) -> None:
    shared.show(shared.writing)
    shared.writing.kinds["note"].click()
    shared.writing.text.value = "<img src=x onerror=alert(1)>"
    shared.writing.send_button.click()
    shared.show(shared.journal)
    assert "<img" not in shared.journal.lines.value


def test_the_board_shows_figure_and_rows(shared: ExercisePanel) -> None:
    shared.evidence.looks["dashboard"].click()
    kinds = [next(iter(output["data"])) for output in shared.evidence.board.outputs]
    assert kinds == ["application/vnd.plotly.v1+json", "text/html"]
    assert len(shared.evidence.tables["dashboard"]) > 20
    assert shared.evidence.looks["dashboard"].description.startswith("✓")


def test_it_stands_as_text_where_no_widget_can_be_shown(shared: ExercisePanel) -> None:
    text = repr(shared)
    assert "analysts' desk" in text
    assert "session.decide" in text
    assert shared._repr_mimebundle_()["text/plain"] == text


def test_the_facilitator_sees_what_players_do_not(panel: ExercisePanel) -> None:
    view = exercise_panel(panel.session, view="facilitator")
    assert isinstance(view, FacilitatorPanel)
    assert "A ring holds the feedback keys" in view.shown.value
    assert "A ring holds" not in repr(panel)
    before = len(view.view.next_injects)
    panel.header.steps[3].click()
    view.again.click()
    assert len(view.view.next_injects) < before
    assert "overdue" in view.shown.value
    assert "a supervisor of payment services" in repr(view)


def test_the_end_shows_the_report(panel: ExercisePanel) -> None:
    panel.show(panel.ending)
    panel.ending.end.click()
    assert "at least one point" in panel.status.value
    panel.ending.went_well.value = "We looked by source early.\n"
    panel.ending.end.click()
    assert "objective" in str(panel.ending.report.outputs).lower()
    assert panel.session.clock.is_over
    assert all(step.disabled for step in panel.header.steps)


@pytest.mark.parametrize("arguments", [{"session": "x"}, {"session": None}])
def test_what_is_no_session_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(AiirError, match="start_exercise"):
        exercise_panel(**arguments)


def test_an_unknown_view_is_refused(shared: ExercisePanel) -> None:
    with pytest.raises(AiirError, match="players, facilitator"):
        exercise_panel(shared.session, view="audience")


def test_figures_of_evidence_by_what_the_table_holds() -> None:
    days = pd.date_range("2026-03-02", periods=5, tz="UTC")
    rates = draw_evidence(pd.DataFrame({"at_utc": days, "rate": [0.1] * 5, "usd": [9.0] * 5}), title="T")
    assert rates is not None
    assert [trace.name for trace in rates.data] == ["rate"]
    log = pd.DataFrame(
        {"at_utc": days[[0, 0, 1, 1, 1]], "rule": ["a", "b", "a", "a", "b"], "text": list("vwxyz")}
    )
    counts = draw_evidence(log, title="T")
    assert counts is not None
    assert {trace.name: list(trace.y) for trace in counts.data} == {"a": [1, 2], "b": [1, 1]}
    pairs = draw_evidence(pd.DataFrame({"name": ["p"], "x": [1], "y": [2]}), title="T")
    assert pairs is not None
    assert pairs.layout.xaxis.title.text == "x"
    assert draw_evidence(pd.DataFrame({"name": ["p"]}), title="T") is None
    assert draw_evidence(pd.DataFrame({"at_utc": days[:0], "n": [1][:0]}), title="T") is None
