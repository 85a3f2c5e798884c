"""Copied answers are found, and what everybody shares is no reason to look at anybody."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aiir_lab.classroom.course import Course
from aiir_lab.classroom.results import Kept
from aiir_lab.classroom.similarity import similar_answers
from aiir_lab.grade.grading import Graded
from aiir_lab.grade.template import Template

from .conftest import LESSON, PROSE, Work, hand_in

pytestmark = [
    pytest.mark.xdist_group("small_class"),
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
STUB = (
    "Write your answer here: which row decides, and what could change the level of this incident in an hour?"
)
VOCABULARY = [
    f"{start}{end}" for start in "bcdfglmnprst" for end in ("ara", "elo", "inu", "osta", "uri", "ame")
]
SOLUTION = "\n".join(f"total_{n} = frame['column_{n}'].sum() / len(frame)" for n in range(8))


def cell(kind: str, id: str, source: str) -> dict[str, Any]:
    mark = {"grade_id": id, "solution": True, "grade": kind == "markdown", "locked": False}
    return {"cell_type": kind, "id": id, "metadata": {"nbgrader": mark}, "source": source}


RELEASE = Template({"cells": [cell("markdown", "prose", STUB), cell("code", "code", "answer = None")]})


def kept(student: str, prose: str, code: str = "", state: str = "graded") -> Kept:
    cells = [cell("markdown", "prose", prose), cell("code", "code", code)]
    return Kept(student, Graded(state, "", (), (), (), {}, {}, True, {"cells": cells}))


def essay(seed: int, words: int = 90) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice(VOCABULARY) for _ in range(words))


def test_a_reworked_copy_is_found_and_nobody_else() -> None:
    results = [kept(f"s{n:02}", f"{STUB} {essay(n)}", SOLUTION) for n in range(40)]
    copied = essay(7).split()
    copied[10:14] = ["some", "other", "words", "here"]
    results[23] = kept("s23", " ".join(copied).upper() + "!", SOLUTION)
    found = similar_answers(results, RELEASE)
    # the release's own words and the solution that everybody has are no pair
    assert found[["cell", "student_a", "student_b"]].values.tolist() == [["prose", "s07", "s23"]]
    assert found["similarity"].item() > 0.8
    assert found["shared_words"].item() == 76
    assert found["shared"].item().split()[0] == essay(7).split()[14]


def test_code_with_other_names_and_comments_is_the_same_code() -> None:
    own = [
        "\n".join(f"part_{k} = frame.loc[{n * k}:, 'c{n}'].quantile({k / 9:.2f}) - {n}" for k in range(6))
        for n in range(12)
    ]
    results = [kept(f"s{n:02}", "", code) for n, code in enumerate(own)]
    renamed = own[3].replace("part_", "my_own_value_").replace("\n", "  # mine\n\n")
    found = similar_answers([*results, kept("zoe", "", renamed)], RELEASE)
    assert found[["cell", "student_a", "student_b"]].values.tolist() == [["code", "s03", "zoe"]]
    assert found["similarity"].item() == 1.0


def test_short_untouched_and_refused_answers_are_not_compared() -> None:
    assert similar_answers([kept(name, STUB) for name in ("a", "b")], RELEASE).empty
    assert similar_answers([kept(name, "It was SEV1 all along.") for name in ("a", "b")], RELEASE).empty
    assert similar_answers([kept(name, essay(1), state="refused") for name in ("a", "b")], RELEASE).empty
    assert similar_answers([], RELEASE).empty


def test_an_instructor_gets_pairs_and_the_caution(small_class: Course, aiir: Aiir, tmp_path: Path) -> None:
    for student, text in {
        "ana": f"{PROSE} {essay(1)}",
        "ben": essay(2),
        "eve": f"{PROSE} =x {essay(1)}",
    }.items():
        hand_in(small_class, student, Work(prose=text))
    page, table = tmp_path / "similar.html", tmp_path / "similar.csv"
    code, said = aiir(
        "classroom", "similarity", LESSON, "--course", small_class.folder, "--html", page, "--csv", table
    )
    assert code == 0
    assert "1 pairs of answers" in said
    assert "never a verdict" in said
    assert "never a verdict" in page.read_text()
    assert pd.read_csv(table)[["student_a", "student_b"]].values.tolist() == [["ana", "eve"]]


Aiir = Callable[..., tuple[int, str]]
