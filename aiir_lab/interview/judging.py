"""Judge an answer by the six dimensions: offline, at once, and with the place of everything that counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiir_lab.catalog.interview import Dimension, InterviewQuestion, load_interview_question
from aiir_lab.interview.answer import Answer, read_answer
from aiir_lab.interview.scoring import HIGHEST, LOWEST, DimensionScore, lowest_scores, score_signs
from aiir_lab.interview.signs import find_signs
from aiir_lab.interview.speaking import LONGEST_S, SHORTEST_S, say_duration, spoken_s
from aiir_lab.interview.topic import doubt_topic
from aiir_lab.review.finding import Finding
from aiir_lab.review.language import review_language

# What would raise a score by less than this is not worth a remark.
_WORTH_SAYING = 0.2

NEVER_JUDGED = (
    "Whether the story is true, and yours: the follow-ups find out.",
    "Whether the reasoning holds, and what this company values.",
    "How you sound: pace, pauses, and whether you listen.",
)
"""What no rule here can see; a person has to judge it."""


@dataclass(frozen=True)
class Judgement:
    """What an answer shows, dimension by dimension.

    Parameters
    ----------
    question : InterviewQuestion
        The question that it answers.
    answer : Answer
        The answer as it was read; spans are offsets in ``answer.text``.
    dimensions : dict of Dimension to DimensionScore
        Scores from 1 to 4 with the signs behind each.
    findings : tuple of Finding
        What to mend, the most useful first; ``field`` names the dimension.
    cannot_judge : tuple of str
        What is left to a person.
    """

    question: InterviewQuestion
    answer: Answer
    dimensions: dict[Dimension, DimensionScore]
    findings: tuple[Finding, ...]
    cannot_judge: tuple[str, ...]

    @property
    def scores(self) -> dict[Dimension, int]:
        """The score of each dimension, 1 to 4."""
        return {dimension: judged.score for dimension, judged in self.dimensions.items()}

    @property
    def score(self) -> float:
        """All dimensions together, 0 (all 1) to 1 (all 4)."""
        most = (HIGHEST - LOWEST) * len(self.dimensions)
        return sum(score - LOWEST for score in self.scores.values()) / most

    @property
    def weakest(self) -> Dimension:
        """The dimension that has the most to gain."""
        return min(self.dimensions, key=lambda dimension: self.dimensions[dimension].raw)

    @property
    def spoken_s(self) -> float:
        """Seconds that it takes when spoken."""
        return spoken_s(self.answer.text)

    def quotes(self, dimension: Dimension | str) -> list[tuple[str, str]]:
        """What was found for a dimension: the title of each sign and the words that show it."""
        return [
            (point.sign.title, self.answer.text[start:end])
            for point in self.dimensions[Dimension(dimension)].points
            for start, end in point.spans
        ]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "question": self.question.id,
            "scores": {dimension.value: score for dimension, score in self.scores.items()},
            "score": round(self.score, 3),
            "spoken_s": round(self.spoken_s),
            "found": {
                point.sign.id: [list(span) for span in point.spans]
                for judged in self.dimensions.values()
                for point in judged.points
                if point.spans
            },
            "findings": [finding.to_dict() for finding in self.findings],
            "cannot_judge": list(self.cannot_judge),
        }

    def to_markdown(self) -> str:
        """The judgement as Markdown: scores, where each comes from, what to mend, what was not judged."""
        from aiir_lab.interview.report import judgement_markdown

        return judgement_markdown(self)

    def to_html(self) -> str:
        """The judgement as a piece of HTML."""
        from aiir_lab.interview.report import judgement_html

        return judgement_html(self)

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        scores = ", ".join(f"{dimension} {score}" for dimension, score in self.scores.items())
        return f"Judgement({self.question.id}: {scores}; {say_duration(self.spoken_s)})"


def judge_answer(question: str | InterviewQuestion, answer: Any) -> Judgement:
    """Judge an answer to a practice question.

    Nothing leaves the machine, and the same answer always gets the same scores. Each score is a sum of signs
    that are found by words and by the reviewers of this course; each sign says where it stands.

    Parameters
    ----------
    question : str or InterviewQuestion
        The question, or its id.
    answer : str, mapping, or something with ``parts()``
        Text; a dict from ``situation``, ``task``, ``action``, ``result``, ``learning`` to text; or a STAR-L.

    Returns
    -------
    Judgement

    Raises
    ------
    NotFoundError
        There is no such question.
    AiirError
        The answer is neither text nor a dict of parts.

    Notes
    -----
    How far the scores agree with ours is measured by ``benchmarks/bench_interview_judge.py``.

    Examples
    --------
    >>> judged = judge_answer("fragmented-communication", {"learning": "I will be more careful from now on."})
    >>> judged.scores["learning"]
    1
    """
    if not isinstance(question, InterviewQuestion):
        question = load_interview_question(question)
    read = read_answer(answer)
    doubt = doubt_topic(question, read.text) if read.is_readable else ""
    dimensions = (
        score_signs(find_signs(read), word_count=read.word_count) if read.is_readable else lowest_scores()
    )
    return Judgement(
        question=question,
        answer=read,
        dimensions=dimensions,
        findings=tuple(_findings(read, dimensions)),
        cannot_judge=(*read.notes, *([doubt] if doubt else []), *NEVER_JUDGED),
    )


def _findings(answer: Answer, dimensions: dict[Dimension, DimensionScore]) -> list[Finding]:
    if not answer.is_readable:
        return []
    ranked: list[tuple[float, Finding]] = []
    for dimension, judged in dimensions.items():
        for point in judged.points:
            if point.sign.dimension is not dimension:
                continue  # told once, where it belongs
            # blame is told in the reviewer's own words, below
            if judged.score == HIGHEST or point.missing < _WORTH_SAYING or point.sign.id == "tone.blames":
                continue
            start, end = point.spans[0] if point.sign.costs else (0, 0)
            says = f"{dimension.value.capitalize()}: it "
            message = (
                f"{says}{point.sign.title}." if point.sign.costs else f"{says}hardly {point.sign.title}."
            )
            if not point.sign.costs and not point.is_found:
                message = f"{dimension.value.capitalize()}: nothing {point.sign.title}."
            finding = Finding(start, end, point.sign.id, message, point.sign.advice, field=dimension.value)
            ranked.append((point.missing, finding))
    for finding in review_language(answer.text, words=False):
        remark = Finding(
            finding.start,
            finding.end,
            finding.kind,
            finding.message,
            finding.suggestion,
            rule=finding.rule,
            field=Dimension.TONE.value,
        )
        ranked.append((1.0, remark))
    seconds = spoken_s(answer.text)
    if not SHORTEST_S <= seconds <= LONGEST_S:
        kind, advice = (
            ("too_short", "Give the action more room: what you saw, weighed and chose.")
            if seconds < SHORTEST_S
            else ("too_long", "Cut the situation first, then everything that you did not decide.")
        )
        message = (
            f"Spoken it takes about {say_duration(seconds)}; one to three minutes is what people listen to."
        )
        ranked.append((0.5, Finding(0, 0, kind, message, advice)))
    return [finding for _, finding in sorted(ranked, key=lambda pair: -pair[0])]
