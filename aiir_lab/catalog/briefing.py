"""Hard questions from the board (``datasets/briefing``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug

if TYPE_CHECKING:
    import pandas as pd


class BoardQuestion(Record):
    """A question, and what a good answer needs."""

    id: Slug
    question: Line
    needs: tuple[Line, ...] = Field(min_length=1)


class BoardQuestions(Record):
    """The whole file."""

    title: Line
    questions: tuple[BoardQuestion, ...] = Field(min_length=1)


def board_questions() -> pd.DataFrame:
    """Questions that a board may ask after an AI incident.

    Returns
    -------
    DataFrame
        Index ``id`` (str); ``question``, ``needs`` (str: what a good answer needs, in one line).

    Examples
    --------
    >>> board_questions().at["law", "needs"].split("; ")[0]
    'that counsel decides'
    """
    import pandas as pd

    read = BoardQuestions.from_file(course_path("datasets", "briefing", "board_questions.yaml"))
    rows = [(item.id, item.question, "; ".join(item.needs)) for item in read.questions]
    return pd.DataFrame(rows, columns=["id", "question", "needs"]).set_index("id")
