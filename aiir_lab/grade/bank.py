"""All graded questions of the course. The prefix of an id names the module that holds it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from aiir_lab.grade import questions
from aiir_lab.grade.question import Question
from aiir_lab.records import AiirError, NotFoundError


@cache
def lessons() -> tuple[str, ...]:
    """The prefixes in the order of the course: ``b01`` ... ``i01`` ... ``a01``."""
    found = [module.name for module in iter_modules(questions.__path__) if not module.name.startswith("_")]
    return tuple(sorted(found, key=lambda name: ("bia".find(name[0]), name)))


@cache
def questions_of(lesson: str) -> dict[str, Question]:
    """The questions of one lesson by id, in the order in which they are asked."""
    listed = _capstone(lesson) or import_module(f"{questions.__name__}.{lesson}").QUESTIONS
    found = {question.id: question for question in listed}
    if len(found) != len(listed) or any(not id.startswith(f"{lesson}-") for id in found):
        raise AiirError(f"Question ids of {lesson} must be unique and start with '{lesson}-'.")
    return found


def _capstone(prefix: str) -> tuple[Question, ...]:
    """The questions of a capstone, whose prefix tells its world and seed; none for any other prefix."""
    if "_" not in prefix:
        return ()
    from aiir_lab.grade.questions._capstone import capstone_questions, is_capstone

    return capstone_questions(prefix) if is_capstone(prefix) else ()


def load_question(id: str) -> Question:
    """The question with this id.

    Raises
    ------
    NotFoundError
        No question has this id; the message names the nearest ones.
    """
    lesson = str(id).split("-")[0]
    known = questions_of(lesson) if lesson in lessons() or _capstone(lesson) else {}
    if id not in known:
        everything = [name for prefix in lessons() for name in questions_of(prefix)]
        raise NotFoundError("question", id, list(known) or everything)
    return known[id]
