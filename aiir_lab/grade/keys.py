"""The instructor's part of the questions: hidden criteria and hidden inputs, in files of their own.

A course has a folder ``keys/``; ``keys/b03.py`` belongs to lesson b03 and may define

* ``HIDDEN``: question id -> criteria that are judged beside the public ones,
* ``PROBES``: question id -> the inputs on which a function that was asked for is called, and
* ``QUESTIONS``: questions that are asked in place of the public ones of the same id, for the same points.

The folder is read by the judging process alone. It is never shown in a sandbox, and it is not part of what
is released.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from aiir_lab.grade.bank import load_question, questions_of
from aiir_lab.grade.probing import Probe
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import AiirError, NotFoundError


class KeyFileError(AiirError):
    """A key file does not hold what it should."""


@dataclass(frozen=True)
class QuestionSource:
    """Where the questions of a submission come from, as plain data: another process loads them by it.

    Parameters
    ----------
    folder : str
        The folder of the key files.
    stamp : str
        Another one where a key file has changed; it is then read again.
    lesson : str
        Prefix of the lesson, where ``case`` is given.
    case : dict, optional
        What is true of the incident that the learner has alone.
    """

    folder: str
    stamp: str = ""
    lesson: str = ""
    case: dict[str, Any] | None = None

    def question_of(self) -> Callable[[str], Question]:
        """Question id -> question with all that this learner's answer is judged by."""
        keys = _keys(self.folder, self.stamp)
        if self.case is None:
            return keys.question
        from aiir_lab.grade.own_data import own_data_of

        own = {question.id: question for question in own_data_of(self.lesson).questions_for(self.case)}
        return lambda id: keys.question(id, public=own.get(id))


@lru_cache(maxsize=4)
def _keys(folder: str, stamp: str) -> Keys:
    return Keys(Path(folder))


class Keys:
    """Questions with what only the instructor knows.

    Parameters
    ----------
    folder : Path, optional
        The folder of the key files. Without it, or where it is missing, only public criteria are judged.

    Examples
    --------
    >>> Keys().question("b01-leader").hidden
    ()
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._load = cache(self._read)

    def question(self, id: str, *, public: Question | None = None) -> Question:
        """The question with its hidden criteria and inputs.

        Parameters
        ----------
        public : Question, optional
            With the criteria that it has for one learner; those of the course by default.

        Raises
        ------
        NotFoundError
            No question has this id.
        KeyFileError
            The key file of its lesson is wrong.
        """
        hidden, probes, replaced = self._load(id.split("-")[0])
        question = replaced.get(id) or public or load_question(id)
        return replace(question, hidden=tuple(hidden.get(id, ())), probe=probes.get(id, question.probe))

    def _read(self, lesson: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Question]]:
        path = self._folder / f"{lesson}.py" if self._folder else None
        if path is None or not path.is_file():
            return {}, {}, {}
        try:
            found = runpy.run_path(str(path))
        except Exception as error:  # an instructor's file can fail in any way
            raise KeyFileError(f"{path} cannot be read: {type(error).__name__}: {error}.") from None
        hidden, probes = found.get("HIDDEN", {}), found.get("PROBES", {})
        known = questions_of(lesson)
        for id in (*hidden, *probes):
            if id not in known:
                raise NotFoundError(f"question for the key in {path.name}", id, list(known))
        for id, criteria in hidden.items():
            if not all(isinstance(criterion, Criterion) for criterion in criteria):
                raise KeyFileError(f"{path}: HIDDEN[{id!r}] must be a list of Criterion.")
        for id, probe in probes.items():
            if not isinstance(probe, Probe):
                raise KeyFileError(f"{path}: PROBES[{id!r}] must be a Probe.")
        replaced = {question.id: question for question in found.get("QUESTIONS", ())}
        for id, question in replaced.items():
            if id not in known:
                raise NotFoundError(f"question for the key in {path.name}", id, list(known))
            if question.points != known[id].points:
                raise KeyFileError(
                    f"{path}: {id} has {question.points:g} points in the key and {known[id].points:g} in "
                    "the notebook. Give it the same."
                )
        return hidden, probes, replaced
