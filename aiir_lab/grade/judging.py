"""Read answers from the outputs of their check cells, and judge them: plain data in, plain data out.

Nothing here runs or loads anything of the learner's. An answer that is forged, missing, doubled, oversized
or malformed scores 0 and says why.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from aiir_lab.grade.answers import MAX_BYTES, MAX_DEPTH
from aiir_lab.grade.bank import load_question
from aiir_lab.grade.own_data import own_question
from aiir_lab.grade.question import Question, Verdict

ANSWER_MIME = "application/vnd.aiir.answer+json"
"""Where the answer stands in the output of a check cell; graders read it from there."""

UNJUDGED = "The answer could not be judged: "
"""Begins the problem of an answer that broke its judge or took it too long; the instructor is told."""


@dataclass(frozen=True)
class Answer:
    """What was handed in for one question; ``problem`` says why it cannot be taken, where it cannot."""

    question_id: str
    data: Any = None
    problem: str = ""
    is_function: bool = False
    is_own: bool = False  # about an incident of the learner's own, so they say

    def to_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Answer:
        """Back from :meth:`to_dict`."""
        return cls(**data)


def take_answer(question_id: str, outputs: Any) -> Answer:
    """Take the answer from the outputs of its check cell.

    A cell that was never run, or left nothing, holds no answer: not attempted. A cell that failed says so.
    """
    found, reasons = [], []
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        if isinstance(data, dict) and ANSWER_MIME in data:
            found.append(data[ANSWER_MIME])
        elif output.get("output_type") == "error":
            reasons.append(f"{str(output.get('ename'))[:60]}: {str(output.get('evalue'))[:200]}")
    if len(found) > 1:
        return Answer(question_id, problem=f"{len(found)} answers stand in the check cell; one is taken.")
    if not found:
        why = f"The check cell raised {reasons[0]}" if reasons else ""
        return Answer(question_id, problem=why)
    return _read(question_id, found[0])


def judge_answer(answer: Answer, question_of: Callable[[str], Question] = load_question) -> Verdict:
    """Judge one answer with the criteria that ``question_of`` gives.

    Without ``question_of`` an answer about an incident of the learner's own is not judged: nobody but the
    instructor knows what is true of it.
    """
    question = question_of(answer.question_id)
    if answer.problem:
        return question.refuse(answer.problem)
    if answer.is_own and question_of is load_question:
        return own_question(question.id).take_down(answer.data)
    try:
        return question.judge(answer.data)
    except Exception as error:  # an answer made to break its judge must cost its own points and nothing else
        return question.refuse(f"{UNJUDGED}{type(error).__name__}.")


def _depth(data: Any) -> int:
    depth, level = 0, [data]
    while level:
        depth += 1
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return depth


def _read(question_id: str, bundle: Any) -> Answer:
    if not isinstance(bundle, dict) or bundle.get("version") != 1:
        return Answer(
            question_id, problem="The answer in the check cell is not of a form that lab.check leaves."
        )
    if bundle.get("question") != question_id:
        other = str(bundle.get("question"))[:60]
        return Answer(question_id, problem=f"The check cell holds an answer to another question: {other!r}.")
    if bundle.get("refused"):
        return Answer(question_id, problem=str(bundle["refused"])[:500])
    try:
        data = json.loads(json.dumps(bundle.get("answer"), allow_nan=False))
        size, depth = len(json.dumps(data)), _depth(data)
    except (ValueError, TypeError, RecursionError):
        return Answer(question_id, problem="The answer in the check cell is not plain JSON.")
    if size > MAX_BYTES:
        return Answer(question_id, problem=f"The answer has {size:,} bytes; at most {MAX_BYTES:,} are taken.")
    if depth > MAX_DEPTH:
        return Answer(
            question_id, problem=f"The answer is nested {depth} levels deep; {MAX_DEPTH} are taken."
        )
    return Answer(
        question_id,
        data,
        is_function=bundle.get("is_function") is True,
        is_own=bundle.get("is_own") is True,
    )
