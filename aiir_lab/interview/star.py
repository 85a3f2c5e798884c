"""STAR-L: an answer in five parts, with guidance for each part and a judgement of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from aiir_lab.catalog.interview import StarPart
from aiir_lab.interview.answer import read_answer
from aiir_lab.interview.speaking import say_duration, spoken_s
from aiir_lab.records.base import Record, Slug, Text
from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding

GUIDANCE: dict[StarPart, str] = {
    StarPart.SITUATION: "Who was affected, how much, since when, how it was noticed. A fifth of the time.",
    StarPart.TASK: "What was yours to do or decide. One or two sentences.",
    StarPart.ACTION: "What you did and decided, what was unknown, what you gave up. The longest part.",
    StarPart.RESULT: "What came of it, measured: before and after, also the figure that does not flatter.",
    StarPart.LEARNING: "What is different today in the response plan or the system, and how it was tried.",
}
"""What belongs into each part."""


class StarL(Record):
    """A story in five parts; each may still be empty.

    ``open_questions`` holds, for each part, what a record did not say and only the speaker can.
    """

    situation: Text | None = None
    task: Text | None = None
    action: Text | None = None
    result: Text | None = None
    learning: Text | None = None
    question: Slug | None = Field(default=None, description="the practice question that it answers")
    basis: Literal["own", "course", "public"] | None = Field(default=None, description="where it comes from")
    open_questions: dict[StarPart, tuple[Text, ...]] = Field(default_factory=dict)

    def parts(self) -> dict[str, str | None]:
        """The five parts by name, in order."""
        return {part.value: getattr(self, part.value) for part in StarPart}

    def text(self) -> str:
        """What is there, as it is spoken: one paragraph for each part."""
        return "\n\n".join(text for text in self.parts().values() if text)

    def fill(self, **parts: str | None) -> StarL:
        """The story with some parts written anew; the open questions of those parts are taken as answered."""
        unknown = set(parts) - set(StarPart)
        if unknown:
            raise AiirError(
                f"A story has the parts {', '.join(StarPart)}; there is no part {', '.join(sorted(unknown))}."
            )
        left = {part: asked for part, asked in self.open_questions.items() if part.value not in parts}
        return StarL.from_dict(self.model_dump() | parts | {"open_questions": left}, where="story")

    def review(self) -> StarLReview:
        """Judge every part; see :class:`StarLReview`."""
        return review_star_l(self)

    def to_story(self) -> str:
        """The story as Markdown: parts with their open questions, or the guidance where one is empty."""
        lines = []
        for part in StarPart:
            lines += [f"## {part.value.capitalize()}", ""]
            text = getattr(self, part.value)
            lines += [text if text else f"*{GUIDANCE[part]}*", ""]
            lines += [f"- **Only you know:** {asked}" for asked in self.open_questions.get(part, ())]
            lines += [""] if self.open_questions.get(part) else []
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        return self.to_story()


@dataclass(frozen=True)
class PartReview:
    """What one part shows.

    Parameters
    ----------
    part : StarPart
    spoken_s : float
        Seconds that it takes when spoken.
    findings : tuple of Finding
        What to mend; offsets count within the part.
    """

    part: StarPart
    spoken_s: float
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.findings


@dataclass(frozen=True)
class StarLReview:
    """What a story shows, part by part.

    Parameters
    ----------
    parts : dict of StarPart to PartReview
    findings : tuple of Finding
        What concerns the whole: length, balance.
    spoken_s : float
        Seconds that all of it takes when spoken.
    """

    parts: dict[StarPart, PartReview]
    findings: tuple[Finding, ...]
    spoken_s: float

    @property
    def ok(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.findings and all(part.ok for part in self.parts.values())

    def to_text(self) -> str:
        """One line for each remark."""
        lines = [f"Spoken about {say_duration(self.spoken_s)}."]
        for part, judged in self.parts.items():
            head = f"{'✓' if judged.ok else '✗'} {part.value.capitalize()}, {say_duration(judged.spoken_s)}"
            lines.append(head)
            lines += [f"    {finding.message} {finding.suggestion}" for finding in judged.findings]
        lines += [f"✗ {finding.message} {finding.suggestion}" for finding in self.findings]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self.to_text()


def star_l(
    *,
    situation: str | None = None,
    task: str | None = None,
    action: str | None = None,
    result: str | None = None,
    learning: str | None = None,
    question: str | None = None,
    basis: str | None = None,
) -> StarL:
    """Start a story in five parts; what is left out can be filled in later.

    Parameters
    ----------
    situation, task, action, result, learning : str, optional
        The parts; :data:`GUIDANCE` says what belongs into each.
    question : str, optional
        Id of the practice question that it answers.
    basis : {"own", "course", "public"}, optional
        Whether you lived it, handled it in this course, or studied a public one.

    Returns
    -------
    StarL
        ``review()`` judges it part by part; ``fill(action="...")`` returns it with parts written anew.

    Examples
    --------
    >>> story = star_l(learning="I will be more careful.")
    >>> [finding.kind for finding in story.review().parts["learning"].findings]
    ['no_structural_change', 'only_care']
    """
    return StarL.from_dict(
        {
            "situation": situation,
            "task": task,
            "action": action,
            "result": result,
            "learning": learning,
            "question": question,
            "basis": basis,
        },
        where="story",
    )


def review_star_l(story: Any) -> StarLReview:
    """Judge a story part by part.

    Parameters
    ----------
    story : StarL, mapping, or worked answer
        Five parts; empty ones are named.

    Returns
    -------
    StarLReview

    Raises
    ------
    AiirError
        It has no parts.
    """
    from aiir_lab.interview.star_rules import judge_part, judge_whole

    answer = read_answer(story)
    if isinstance(story, str) and not answer.has_parts:
        raise AiirError(
            "A STAR-L story has parts. Give a dict with "
            f"{', '.join(StarPart)}, or write each as a heading on a line of its own."
        )
    parts = {}
    for part in StarPart:
        text = answer.part(part).strip()
        parts[part] = PartReview(part, spoken_s(text), tuple(judge_part(part, text)))
    return StarLReview(parts, tuple(judge_whole(answer)), spoken_s(answer.text))
