"""The self-check: what it says on a right, a wrong and no choice, and where no front end is there."""

from __future__ import annotations

import pytest

from aiir_lab.catalog.quizzes import Quiz, load_quiz, quizzes
from aiir_lab.records import AiirError, NotFoundError, RecordError
from aiir_lab.widgets import quiz
from aiir_lab.widgets.quiz import QuizPanel

TOY = {
    "id": "b99-toy",
    "question": "Is 1 < 2 & 3?",
    "options": [
        {"text": "no", "feedback": "Count <again>."},
        {"text": "yes", "feedback": "Sure.", "is_right": True},
    ],
    "hint": "Use your fingers.",
}


@pytest.fixture
def panel() -> QuizPanel:
    return QuizPanel(Quiz.from_dict(TOY))


def click(panel: QuizPanel, index: int | None) -> str:
    if index is not None:
        panel.choices[index].index = 0
    panel.button.click()
    return str(panel.feedback.value)


def test_nothing_is_chosen_at_first(panel: QuizPanel) -> None:
    assert panel.chosen is None
    assert panel.feedback.value == ""
    assert "Choose an option first." in click(panel, None)


def test_a_wrong_choice_gets_its_feedback_and_the_hint(panel: QuizPanel) -> None:
    said = click(panel, 0)
    assert "✗" in said
    assert "Count &lt;again&gt;." in said
    assert "Use your fingers." in said
    assert "role='status'" in said, "screen readers announce it"


def test_a_right_choice_gets_no_hint(panel: QuizPanel) -> None:
    said = click(panel, 1)
    assert "✓ Right. Sure." in said
    assert "fingers" not in said


def test_another_choice_clears_what_was_said(panel: QuizPanel) -> None:
    click(panel, 0)
    panel.choices[1].index = 0
    assert panel.feedback.value == ""


def test_one_choice_takes_the_place_of_the_other(panel: QuizPanel) -> None:
    panel.choices[0].index = 0
    panel.choices[1].index = 0
    assert panel.chosen == 1
    assert panel.choices[0].index is None


def test_markup_in_a_question_is_shown_as_text(panel: QuizPanel) -> None:
    assert "1 &lt; 2 &amp; 3" in panel.children[0].value


def test_it_stands_as_text_where_no_widget_can_be_shown(panel: QuizPanel) -> None:
    text = repr(panel)
    assert "Is 1 < 2 & 3?" in text
    assert "2 yes" in text
    assert "Sure" not in text
    assert panel._repr_mimebundle_()["text/plain"] == text
    assert panel.choose(2) == "✓ Right. Sure."


@pytest.mark.parametrize("number", [0, 3, -1, "2", None])
def test_a_number_without_option_is_refused(panel: QuizPanel, number: object) -> None:
    with pytest.raises(AiirError, match="options 1 to 2"):
        panel.choose(number)  # type: ignore[arg-type]


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="b01-unsure"):
        quiz("b01-unsur")


@pytest.mark.parametrize("change", [{"options": TOY["options"][:1]}, {"options": [TOY["options"][0]] * 2}])
def test_a_quiz_without_one_right_option_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        Quiz.from_dict({**TOY, **change})


@pytest.mark.parametrize("id", [item.id for item in quizzes()])
def test_every_quiz_of_the_course_can_be_solved(id: str) -> None:
    panel, item = quiz(id), load_quiz(id)
    verdicts = [click(panel, index) for index in range(len(item.options))]
    assert [("✓" in said) for said in verdicts] == [option.is_right for option in item.options]
    # a long option would be cut off by the radio buttons of a narrow window
    assert all(len(option.text) <= 60 for option in item.options)
