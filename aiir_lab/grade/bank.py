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
    module = import_module(f"{questions.__name__}.{lesson}")
    found = {question.id: question for question in module.QUESTIONS}
    if len(found) != len(module.QUESTIONS) or any(not id.startswith(f"{lesson}-") for id in found):
        raise AiirError(f"Question ids of {module.__name__} must be unique and start with '{lesson}-'.")
    return found


def load_question(id: str) -> Question:
    """The question with this id.

    Raises
    ------
    NotFoundError
        No question has this id; the message names the nearest ones.
    """
    lesson = str(id).split("-")[0]
    known = questions_of(lesson) if lesson in lessons() else {}
    if id not in known:
        everything = [name for prefix in lessons() for name in questions_of(prefix)]
        raise NotFoundError("question", id, list(known) or everything)
    return known[id]
