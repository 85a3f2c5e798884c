"""Answers of a lesson that resemble each other more than the task explains: a reason to look, no verdict.

Each answer (the text or code of a learner's own cell) becomes the set of its runs of a few words. Runs
that the release holds, and those that a good part of the class has, are left out: right answers are often
the same. The rest is compared by the cosine of TF-IDF weights (scikit-learn), so rare runs count most.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import pairwise

import pandas as pd

from aiir_lab.classroom.results import Kept
from aiir_lab.grade.template import Template, mark_of, text_of

LEAST = 0.6
"""Pairs below this similarity are not reported unless asked for."""

FEWEST_RUNS = 12
"""Answers with fewer runs of their own are too short to compare."""

_RUN = {"markdown": 4, "code": 7}
_MOST_TOKENS = 6000
_MOST_PAIRS = 300
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"\w+")
_COMMENT = re.compile(r"(?m)#.*$")
_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?|[^\w\s]")
_PLAIN = {*keyword.kwlist, *dir(builtins)}
COLUMNS = ("cell", "student_a", "student_b", "similarity", "shared_words", "shared")


@dataclass(frozen=True)
class _Text:
    """An answer as its tokens, compared and as written."""

    student: str
    tokens: tuple[str, ...]
    written: tuple[str, ...]

    def runs(self, length: int) -> set[str]:
        last = max(0, len(self.tokens) - length + 1)
        return {"\x1f".join(self.tokens[place : place + length]) for place in range(last)}


def similar_answers(results: Sequence[Kept], template: Template, *, least: float = LEAST) -> pd.DataFrame:
    """Pairs of students whose answers to the same question resemble each other.

    Parameters
    ----------
    results : sequence of Kept
        Of one lesson.
    template : Template
        The lesson as it was released; what it holds is not counted.
    least : float, default 0.6
        The least similarity to report, above 0 and up to 1.

    Returns
    -------
    DataFrame
        The most similar pairs first: ``cell`` (grade id), ``student_a``, ``student_b``, ``similarity`` (0 to
        1, of what is left when common runs are out), ``shared_words``: words of the longest passage that
        both have (names of variables aside), ``shared``: that passage as ``student_a`` wrote it.
    """
    rows = []
    for id, cell in template.cells.items():
        if not mark_of(cell).get("solution"):
            continue
        kind = "markdown" if cell["cell_type"] == "markdown" else "code"
        released = _tokens(text_of(cell), kind)
        texts = [
            text
            for kept in results
            if kept.graded.state != "refused" and (text := _text(kept, id, kind)) is not None
        ]
        own = _own_runs(texts, _Text("", *released).runs(_RUN[kind]), _RUN[kind])
        rows += [
            {"cell": id, "student_a": texts[a].student, "student_b": texts[b].student, "similarity": value}
            | _shared(texts[a], texts[b])
            for a, b, value in _pairs(own, least)
        ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    by = ["similarity", "shared_words", "cell", "student_a", "student_b"]
    return table.sort_values(by, ascending=[False, False, True, True, True], ignore_index=True)


def _text(kept: Kept, id: str, kind: str) -> _Text | None:
    for cell in kept.graded.notebook.get("cells", ()):
        if mark_of(cell).get("grade_id") == id:
            return _Text(kept.student, *_tokens(text_of(cell), kind))
    return None


def _tokens(text: str, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if kind == "markdown":
        # where grading had to clean a text, it stands there as HTML
        written = tuple(_WORD.findall(unescape(_TAG.sub(" ", text)))[:_MOST_TOKENS])
        return tuple(word.casefold() for word in written), written
    written = tuple(_TOKEN.findall(_COMMENT.sub("", text))[:_MOST_TOKENS])
    # a copy often has its variables renamed: names that are given a value here all read the same
    given = {
        name
        for name, after in pairwise(written)
        if after in {"=", "in"} and name.isidentifier() and name not in _PLAIN
    }
    return tuple("name" if token in given else token for token in written), written


def _own_runs(texts: list[_Text], released: set[str], length: int) -> list[set[str]]:
    found = [text.runs(length) - released for text in texts]
    counts = Counter(run for runs in found for run in runs)
    most = max(4, math.ceil(len(texts) / 10))
    return [{run for run in runs if counts[run] <= most} for runs in found]


def _pairs(own: list[set[str]], least: float) -> list[tuple[int, int, float]]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    places = [place for place, runs in enumerate(own) if len(runs) >= FEWEST_RUNS]
    if len(places) < 2:
        return []
    weights = TfidfVectorizer(analyzer=sorted).fit_transform([own[place] for place in places])
    cosines = (weights @ weights.T).tocoo()
    found = [
        (places[a], places[b], round(min(float(value), 1.0), 4))
        for a, b, value in zip(cosines.row, cosines.col, cosines.data, strict=True)
        if a < b and value >= least
    ]
    return sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))[:_MOST_PAIRS]


def _shared(one: _Text, other: _Text) -> dict[str, object]:
    match = SequenceMatcher(None, one.tokens, other.tokens, autojunk=False).find_longest_match()
    shown = " ".join(one.written[match.a : match.a + match.size])
    return {"shared_words": match.size, "shared": shown if len(shown) <= 240 else f"{shown[:239]}…"}
