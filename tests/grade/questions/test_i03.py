"""Questions of intermediate lesson 3: good, idle, changed and foreign logs; post-mortems of every quality."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import aiir_lab as lab
from aiir_lab import ActionItem, ContributingFactor, Postmortem
from aiir_lab.catalog.course_files import course_path
from aiir_lab.classroom.source import read_source
from aiir_lab.grade.answers import to_data
from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.questions import i03
from aiir_lab.tabletop import start_exercise

pytestmark = pytest.mark.xdist_group("fraud_poisoning")  # one worker: the case is shared
LESSON = "intermediate/03_tabletop_model_poisoning.py"


@pytest.fixture(scope="module")
def good() -> str:
    """The log of the session that the solution of the lesson plays."""
    cells = read_source(course_path("notebooks", LESSON)).cells
    names: dict[str, Any] = {"lab": lab}
    exec(next(cell.source for cell in cells if cell.id == "i03-run-answer"), names)
    return str(names["run_log"])


@pytest.fixture(scope="module")
def idle() -> str:
    """Somebody who takes the note on and then waits."""
    session = start_exercise(i03.EXERCISE, seed=i03.SEED)
    session.acknowledge()
    for _ in range(6):
        session.advance(minutes=240)
    return session.log_text


@pytest.fixture(scope="module")
def pm(good: str) -> Postmortem:
    draft = i03.DRILL.report(good).to_postmortem()  # type: ignore[attr-defined]
    process, due = "process", draft.date + timedelta(days=60)
    factors = (
        ContributingFactor(
            text="The process lets a partner's label enter the training set without a check by analysts",
            strand=process,
            evidence="feedback_by_merchant at minute 36 contradicts two sources",
        ),
        ContributingFactor(
            text="No rehearsal of a rollback is required, and no rule says how to choose the version",
            strand=process,
            evidence="Decided an hour after the alert, version unknown",
        ),
    )
    actions = (
        ActionItem(
            description="Block each training run whose labels contradict analysts above the usual rate",
            owner="Lead of the training pipeline",
            due=due,
            success_metric="Share of training runs with a passed contradiction check on record: 100 %",
        ),
        ActionItem(
            description="Automate the rollback to the version that does best on trusted labels",
            owner="Lead of the model platform",
            due=due,
            success_metric="Median time from decision to rollback in the monthly drill is below 15 minutes",
        ),
    )
    return Postmortem.model_validate(
        draft.to_dict()
        | {
            "contributing_factors": [*draft.contributing_factors, *factors],
            "action_items": [*draft.action_items, *actions],
        }
    )


def judge(id: str, answer: Any) -> Verdict:
    return load_question(id).judge(to_data(answer))


def failed(verdict: Verdict) -> list[str]:
    return [result.text for result in verdict.results if not result.is_held]


def messages(verdict: Verdict) -> str:
    return " ".join(result.message for result in verdict.results)


def test_right_answers_earn_full_marks(good: str, pm: Postmortem) -> None:
    assert list(questions_of("i03")) == ["i03-run", "i03-postmortem"]
    for id, answer in (("i03-run", good), ("i03-postmortem", pm)):
        assert (id, failed(judge(id, answer)), judge(id, answer).problem) == (id, [], "")


@pytest.mark.parametrize("id", questions_of("i03"))
def test_untouched_and_malformed_answers(id: str) -> None:
    for untouched in (None, {}, [], ""):
        assert not judge(id, untouched).is_attempted
    for malformed in (7, [1, 2], "nonsense", {"id": "x"}, "{}"):
        assert judge(id, malformed).score == 0


def test_the_lesson_plays_what_is_judged() -> None:
    source = course_path("notebooks", LESSON).read_text("utf-8")
    assert source.count(f'lab.start_exercise("{i03.EXERCISE}", seed={i03.SEED}') == 2


class TestRun:
    def test_waiting_earns_next_to_nothing(self, idle: str) -> None:
        verdict = judge("i03-run", idle)
        assert verdict.score <= 2
        assert "At least half of the avoidable harm is avoided" in failed(verdict)

    def test_a_session_that_has_not_begun_earns_nothing(self) -> None:
        verdict = judge("i03-run", start_exercise(i03.EXERCISE, seed=i03.SEED).log_text)
        assert verdict.score == 0
        assert "play the exercise first" in messages(verdict)

    @pytest.mark.parametrize(
        ("old", "new"),
        [("SEV2", "SEV1"), ('"minute": 1.0', '"minute": 0.5'), ("freeze_feedback", "rate_limit")],
    )
    def test_a_changed_line_is_refused(self, good: str, old: str, new: str) -> None:
        assert old in good
        verdict = judge("i03-run", good.replace(old, new, 1))
        assert verdict.score == 0
        assert "changed after it was written" in messages(verdict)

    def test_a_dropped_line_is_refused(self, good: str) -> None:
        lines = good.splitlines(keepends=True)
        assert judge("i03-run", "".join([*lines[:5], *lines[6:]])).score == 0

    @pytest.mark.parametrize("start", [{"seed": 8}, {"difficulty": "easy"}])
    def test_another_case_is_refused(self, start: dict[str, Any]) -> None:
        session = start_exercise("assistant_injection", **({"seed": 7} | start))
        verdict = judge("i03-run", session.log_text)
        assert verdict.score == 0
        assert "this lesson plays" in messages(verdict)


class TestPostmortem:
    def changed(self, pm: Postmortem, **fields: Any) -> Verdict:
        return judge("i03-postmortem", Postmortem.model_validate(pm.to_dict() | fields))

    def test_the_draft_alone_has_no_gaps(self, good: str) -> None:
        report = i03.DRILL.report(good)
        verdict = judge("i03-postmortem", report.to_postmortem())  # type: ignore[attr-defined]
        assert verdict.score == 2
        assert "No condition of your own" in messages(verdict)

    def test_a_gap_needs_evidence_and_no_person(self, pm: Postmortem) -> None:
        factors = [factor.to_dict() for factor in pm.contributing_factors]
        factors[-1]["evidence"] = None
        assert failed(self.changed(pm, contributing_factors=factors)) == ["A gap in promotion and rollback"]
        factors[-2]["text"] = "The engineer forgot to check the labels of the partner before training"
        assert set(failed(self.changed(pm, contributing_factors=factors))) >= {
            "A gap in promotion and rollback",
            "A gap in the validation of data",
            "Blameless language in conditions and actions",
        }

    def test_weak_actions_do_not_count(self, pm: Postmortem) -> None:
        actions = [item.to_dict() for item in pm.action_items]
        actions[-1]["description"] = "Train all engineers again in the rollback"
        assert failed(self.changed(pm, action_items=actions)) == [
            "An action of your own against the second one"
        ]

    def test_another_incident_is_not_this_run(self, pm: Postmortem) -> None:
        assert "It tells your run" in failed(self.changed(pm, id="drill-other-1"))
