"""``lab.check``: judge an answer where the learner stands, and leave it in the output as data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from aiir_lab.grade.answers import AnswerError, to_data
from aiir_lab.grade.bank import load_question
from aiir_lab.grade.feedback import as_html, as_text
from aiir_lab.grade.judging import ANSWER_MIME
from aiir_lab.grade.own_data import own_question
from aiir_lab.grade.probing import call_probe, remember_function

CAPTURE = "AIIR_CHECK"
"""Set to ``capture``, answers are only taken down: where a class is graded, no criterion is near."""


def check(id: str, answer: object) -> float:
    """Show what holds in an answer, what does not and a hint; return the score.

    Parameters
    ----------
    id : str
        The question, such as ``"b03-time-to-detect"``.
    answer : object
        The answer; ``None`` counts as not attempted. See :func:`aiir_lab.grade.answers.to_data`.

    Returns
    -------
    float
        A builtin float from 0 to the points of the question. nbgrader reads it as the score of the cell.

    Raises
    ------
    NotFoundError
        There is no such question.

    Examples
    --------
    >>> check("b01-leader", None)
    Who leads: not attempted yet (worth 4)
    0.0
    """
    if os.environ.get(CAPTURE) == "capture":
        return _take_down(str(id), answer)
    is_own = _is_own(str(id))
    question = own_question(str(id)) if is_own else load_question(id)
    data = None
    try:
        given = call_probe(answer, question.probe) if question.probe and callable(answer) else answer
        data = to_data(given)
        verdict = question.take_down(data) if is_own else question.judge(data)
    except AnswerError as error:
        verdict = question.refuse(str(error))
    bundle: dict[str, object] = {
        "text/plain": as_text(verdict),
        "text/html": as_html(verdict),
        ANSWER_MIME: {"version": 1, "question": question.id, "answer": data}
        | ({"is_own": True} if is_own else {}),
    }
    _show(bundle)
    return verdict.score


def _is_own(id: str) -> bool:
    """Whether the question is about an incident of the learner's own, which lies beside the notebook."""
    folder = Path("incident")
    if not folder.is_dir():
        return False
    from aiir_lab.simulate import read_manifest

    manifest = read_manifest(folder)
    return manifest is not None and manifest["lesson"] == id.split("-")[0]


def _take_down(id: str, answer: object) -> float:
    bundle: dict[str, Any] = {"version": 1, "question": id, "answer": None}
    if callable(answer):
        remember_function(id, answer)  # it is called once the notebook is through, on inputs not yet there
        bundle["is_function"] = True
    else:
        try:
            bundle["answer"] = to_data(answer)
        except AnswerError as error:
            bundle["refused"] = str(error)[:500]
    _show({"text/plain": f"The answer to {id} was taken down.", ANSWER_MIME: bundle})
    return 0.0


def _show(bundle: dict[str, object]) -> None:
    # get_ipython is only there where IPython is loaded already; loading it for a terminal would be waste
    import sys

    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and getattr(shell, "kernel", None) is not None:
        from IPython.display import display

        display(bundle, raw=True)
    else:
        print(bundle["text/plain"])
