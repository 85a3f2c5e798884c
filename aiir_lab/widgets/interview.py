"""The practice panel: one interview question at a time, written or spoken, judged at once."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from aiir_lab.catalog.interview import Dimension
from aiir_lab.interview.history import History
from aiir_lab.interview.practice import Clock, Practice, now_utc
from aiir_lab.interview.speaking import say_duration
from aiir_lab.interview.star import GUIDANCE
from aiir_lab.widgets.saying import NOT_YET, RIGHT, frame, plain, say


def practise(
    *,
    level: str | None = None,
    competency: str | None = None,
    role: str | None = None,
    count: int = 5,
    due_only: bool = False,
    history: History | str | Path | None = None,
    seed: int = 0,
    clock: Clock = now_utc,
) -> PracticePanel:
    """Practise interview questions: what is due first, then new ones where the least was practised.

    Parameters
    ----------
    level : {"beginner", "intermediate", "advanced"}, optional
        Only questions of this level.
    competency : str, optional
        Only questions of this one, such as ``"communication"``.
    role : str, optional
        Only questions of this post, such as ``"sre"``.
    count : int, default 5
        How many questions at most.
    due_only : bool, default False
        Only what is due by the schedule, nothing new.
    history : History, str or Path, optional
        Where answers are kept; by default ``interview_history.jsonl`` in the workspace.
    seed : int, default 0
        Another seed, other new questions.
    clock : callable, optional
        Returns the current time, with its zone.

    Returns
    -------
    PracticePanel
        Shows itself as the last value of a cell. Where no notebook front end is there, it shows as text;
        answer it with ``.answer("...")`` and ``.answer_follow_up("...")``.

    Examples
    --------
    >>> import tempfile
    >>> panel = practise(history=Path(tempfile.mkdtemp()) / "h.jsonl", level="beginner", count=1)
    >>> panel.practice.current.level
    'beginner'
    """
    return PracticePanel(
        Practice(
            history=history,
            level=level,
            competency=competency,
            role=role,
            count=count,
            due_only=due_only,
            seed=seed,
            clock=clock,
        )
    )


class PracticePanel(widgets.VBox):
    """The widget of one practice session.

    Parameters
    ----------
    practice : Practice
        The session; whatever is done here is done to it.

    Attributes
    ----------
    writing : ipywidgets.Textarea
        The answer, or the answer to the follow-up.
    judge_button, spoke_button, skip_button : ipywidgets.Button
        All of it works with Tab, the space bar and typing.
    said : ipywidgets.HTML
        The judgement; announced by screen readers.
    """

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.asked = widgets.HTML()
        self.writing = widgets.Textarea(layout=widgets.Layout(width="100%", height="11em"))
        self.judge_button = _button("Judge my answer", "Judge what is written above and keep it")
        self.spoke_button = _button("I spoke it", "Stop the time and score yourself by the rubric")
        self.skip_button = _button("Skip", "Go on to the next question; nothing is kept")
        self.own = {
            dimension: widgets.BoundedIntText(
                value=2, min=1, max=4, description=dimension.value, layout=widgets.Layout(width="12em")
            )
            for dimension in Dimension
        }
        self.keep_button = _button("Keep my scores", "Keep the six scores")
        self.rubric = widgets.HTML()
        self.scoring = widgets.VBox(
            [self.rubric, widgets.HBox(list(self.own.values()), layout=widgets.Layout(flex_flow="row wrap")),
             self.keep_button]
        )  # fmt: skip
        self.said = widgets.HTML()
        self.judge_button.on_click(self._judge)
        self.spoke_button.on_click(self._stop_speaking)
        self.skip_button.on_click(self._skip)
        self.keep_button.on_click(self._keep)
        self._spoken_s = 0.0
        super().__init__()
        self._show()

    def answer(self, answer: Any) -> Any:
        """Answer the current question from code; the panel shows the judgement too."""
        judged = self.practice.answer(answer)
        self._said(frame(judged.to_html(), colour=RIGHT))
        self._show()
        return judged

    def answer_follow_up(self, text: str) -> Any:
        """Answer the follow-up from code and go on to the next question."""
        findings = self.practice.answer_follow_up(text)
        remarks = [f"{finding.message} {finding.suggestion}" for finding in findings]
        self._said(
            say(
                "\n".join([*remarks, "Kept. Whether it answers what was asked, a person has to judge."]),
                colour=RIGHT,
            )
        )
        self._show()
        return findings

    def _judge(self, _: object) -> None:
        text = self.writing.value
        if not text.strip():
            self._said(say("Write an answer first, or press “I spoke it” after speaking.", colour=NOT_YET))
        elif self.practice.follow_up is None:
            self.answer(text)
        else:
            self.answer_follow_up(text)

    def _skip(self, _: object) -> None:
        self.practice.skip()
        self._said("")
        self._show()

    def _stop_speaking(self, _: object) -> None:
        self._spoken_s = self.practice.elapsed_s
        question = self.practice.current
        if question is None:
            return
        if self.practice.follow_up is not None:
            self._skip(_)
            return
        rows = "".join(
            f"<li><b>{dimension.value}</b>: 1 is “{escape(question.rubric[dimension]['1'])}”, "
            f"4 is “{escape(question.rubric[dimension]['4'])}”</li>"
            for dimension in Dimension
        )
        spoke = say_duration(self._spoken_s)
        self.rubric.value = plain(f"<p>You spoke for {spoke}. Score yourself, 1 to 4:</p><ul>{rows}</ul>")
        self._said("")
        self.children = (self.asked, self.scoring, self.said)

    def _keep(self, _: object) -> None:
        scores = {dimension: box.value for dimension, box in self.own.items()}
        self.practice.spoke(scores, seconds=self._spoken_s)
        self._said(say(f"Kept: {say_duration(self._spoken_s)}, with your own scores.", colour=RIGHT))
        self._show()

    def _said(self, html: str) -> None:
        self.said.value = html

    def _show(self) -> None:
        """Bring what is asked onto the screen."""
        question, follow_up = self.practice.current, self.practice.follow_up
        if question is None:
            self.asked.value = plain(_summary(self.practice))
            self.children = (self.said, self.asked)
            return
        number = self.practice.questions.index(question) + 1
        head = (
            f"<p>Question {number} of {len(self.practice.questions)} · "
            f"{escape(str(question.competency).replace('_', ' '))} · {escape(question.level)}</p>"
        )
        self.writing.value = ""
        if follow_up is None:
            guide = "".join(f"<li><b>{part.value}</b>: {escape(GUIDANCE[part])}</li>" for part in GUIDANCE)
            self.asked.value = plain(
                f"{head}<p><strong>{escape(question.question)}</strong></p>"
                f"<details><summary>How to go about it</summary><p>{escape(question.strategy)}</p>"
                f"<ul>{guide}</ul></details>"
            )
            self.writing.placeholder = "Write as you would speak; one to three minutes are 140 to 420 words."
            self.judge_button.description = "Judge my answer"
            self.children = (self.said, self.asked, self.writing, self._buttons())
        else:
            self.asked.value = plain(f"{head}<p>Follow-up: <strong>{escape(follow_up)}</strong></p>")
            self.writing.placeholder = "A few sentences; the first one answers what was asked."
            self.judge_button.description = "Keep and go on"
            self.children = (self.said, self.asked, self.writing, self._buttons())

    def _buttons(self) -> widgets.HBox:
        return widgets.HBox([self.judge_button, self.spoke_button, self.skip_button])

    def __repr__(self) -> str:
        question = self.practice.current
        if question is None:
            return "Practice: the session is over."
        if self.practice.follow_up is not None:
            return f'Follow-up. {self.practice.follow_up}\nAnswer with: .answer_follow_up("...")'
        return (
            f"Practice. {question.question}\nHow to go about it: {question.strategy}\n"
            'Answer with: panel = lab.practise(); panel.answer("...")'
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        # an exported page cannot run the widget; there the question stands as text
        bundle = super()._repr_mimebundle_(**kwargs)
        if isinstance(bundle, dict):
            bundle["text/plain"] = repr(self)
        return bundle


def _button(text: str, tooltip: str) -> widgets.Button:
    return widgets.Button(description=text, tooltip=tooltip, layout=widgets.Layout(width="max-content"))


def _summary(practice: Practice) -> str:
    if not practice.questions:
        return "<p>Nothing is due. Leave <code>due_only</code> away to practise something new.</p>"
    dates = practice.next_due()
    rows = "".join(
        f"<li>{escape(question.question)} comes back on {dates[question.id].due_utc:%Y-%m-%d}.</li>"
        for question in practice.questions
        if question.id in dates
    )
    return f"<p><strong>The session is over.</strong></p><ul>{rows or '<li>Nothing was scored.</li>'}</ul>"
