"""An ungraded self-check: one question, radio buttons, feedback on the option that was chosen."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets as widgets

from aiir_lab.catalog.quizzes import Quiz, load_quiz
from aiir_lab.records.errors import AiirError
from aiir_lab.widgets.saying import NOT_YET, RIGHT, TEXT_STYLE, say


def quiz(id: str) -> QuizPanel:
    """Ask a self-check; nothing is graded or kept.

    Parameters
    ----------
    id : str
        The self-check, such as ``"b01-unsure"``.

    Returns
    -------
    QuizPanel
        Shows itself as the last value of a cell: choose with the mouse, or with Tab and the space bar.
        Where no notebook front end is there, it shows as text.

    Raises
    ------
    NotFoundError
        There is no such self-check; the message names the nearest ids.

    Examples
    --------
    >>> panel = quiz("b01-unsure")
    >>> panel.chosen is None
    True
    """
    return QuizPanel(load_quiz(id))


class QuizPanel(widgets.VBox):
    """The widget of one self-check.

    Parameters
    ----------
    item : Quiz
        The question with its options.

    Attributes
    ----------
    choices : tuple of ipywidgets.RadioButtons
        The options; nothing is chosen at first. Each is a radio group of its own, because JupyterLab takes
        the arrow keys for itself, and within one group the Tab key reaches one option only.
    button : ipywidgets.Button
        Judges the choice.
    feedback : ipywidgets.HTML
        What is said about it.
    """

    def __init__(self, item: Quiz) -> None:
        self.item = item
        question = f"<div style='{TEXT_STYLE}'><strong>Self-check.</strong> {escape(item.question)}</div>"
        self.choices = tuple(
            widgets.RadioButtons(options=[option.text], index=None, layout=_option_layout())
            for option in item.options
        )
        self.button = widgets.Button(
            description="Check", tooltip="Judge the chosen option", layout=widgets.Layout(width="7em")
        )
        self.feedback = widgets.HTML()
        self.button.on_click(self._judge)
        for choice in self.choices:
            choice.observe(self._take, names="index")
        super().__init__([widgets.HTML(question), *self.choices, self.button, self.feedback])

    @property
    def chosen(self) -> int | None:
        """The position of the chosen option, from 0; ``None`` where nothing is chosen."""
        positions = [position for position, choice in enumerate(self.choices) if choice.index is not None]
        return positions[0] if positions else None

    def choose(self, number: int) -> str:
        """Judge an option by its number, from 1; the way to answer where no widget can be shown.

        Examples
        --------
        >>> quiz("b01-unsure").choose(3)[:8]
        '✓ Right.'
        """
        count = len(self.item.options)
        if not isinstance(number, int) or not 1 <= number <= count:
            raise AiirError(
                f"{self.item.id} has the options 1 to {count}, got {number!r}. Choose one of them."
            )
        option = self.item.options[number - 1]
        if option.is_right:
            return f"✓ Right. {option.feedback}"
        return f"✗ Not this one. {option.feedback}\nHint: {self.item.hint}"

    def _judge(self, _: object) -> None:
        index = self.chosen
        if index is None:
            self.feedback.value = say("Choose an option first.", colour=NOT_YET)
            return
        is_right = self.item.options[index].is_right
        self.feedback.value = say(self.choose(index + 1), colour=RIGHT if is_right else NOT_YET)

    def _take(self, change: dict[str, Any]) -> None:
        if change["new"] is None:
            return
        for choice in self.choices:
            if choice is not change["owner"]:
                choice.index = None
        # feedback on an option that is no longer chosen would mislead
        self.feedback.value = ""

    def __repr__(self) -> str:
        lines = [f"Self-check. {self.item.question}"]
        lines += [f"  {number} {option.text}" for number, option in enumerate(self.item.options, start=1)]
        return "\n".join([*lines, f'Answer with: lab.quiz("{self.item.id}").choose(1)'])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there the question stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _option_layout() -> widgets.Layout:
    return widgets.Layout(width="max-content", max_width="100%", margin="0 2px")
