"""Statistics of questions recover what was planted, and the page of an instructor shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from aiir_lab.classroom.course import Course
from aiir_lab.classroom.results import Kept
from aiir_lab.classroom.statistics import common_mistakes, item_statistics, scores_of
from aiir_lab.grade.grading import Graded
from aiir_lab.grade.judging import Answer
from aiir_lab.grade.question import Result, Verdict

from .conftest import LESSON, Work, hand_in, right_answers

pytestmark = [
    pytest.mark.xdist_group("small_class"),
    pytest.mark.filterwarnings("default"),  # nbgrader's own machinery warns
]
Aiir = Callable[..., tuple[int, str]]


def kept(student: str, scores: dict[str, float | None], data: Any = None, state: str = "graded") -> Kept:
    """A result with these shares of the points of each question; ``None`` is not attempted."""
    verdicts = tuple(
        Verdict(id, id, 4.0, share is not None, (Result("criterion", share == 1, 4.0 * (share or 0)),))
        if share is None or share == 1
        else Verdict(
            id, id, 4.0, True, (Result("met", True, 4 * share), Result("missed", False, 4 * (1 - share)))
        )
        for id, share in scores.items()
    )
    answers = tuple(Answer(id, data) for id in scores)
    return Kept(student, Graded(state, "", (), answers, verdicts, {}, {}, True, {}))


def test_difficulty_and_discrimination_are_recovered() -> None:
    rng = np.random.default_rng(5)
    skill = rng.uniform(size=300)
    results = [
        kept(
            f"s{n:03}",
            {
                "easy": 1.0 if one > 0.1 else 0.0,
                "telling": 1.0 if one > 0.5 else 0.0,
                "coin": float(rng.integers(2)),
                "reversed": 0.0 if one > 0.6 else 1.0,
                "same": 1.0,
            },
        )
        for n, one in enumerate(skill)
    ]
    found = item_statistics(results).set_index("question")
    assert found.loc["easy", "mean_share"] == pytest.approx(0.9, abs=0.05)
    assert found.loc["telling", "mean_share"] == pytest.approx(0.5, abs=0.07)
    assert found.loc["coin", "discrimination_low"] < 0 < found.loc["coin", "discrimination_high"]
    assert "cannot be told from 0" in found.loc["coin", "note"]
    assert "look at the question" in found.loc["reversed", "note"]
    assert "everybody has the same score" in found.loc["same", "note"]
    # by hand: the item against the sum of the others, itself not included
    shares = pd.DataFrame(
        {id: [one.graded.verdicts[n].score for one in results] for n, id in enumerate(found.index)}
    )
    by_hand = shares["easy"].corr(shares.drop(columns="easy").sum(axis=1))
    assert found.loc["easy", "discrimination"] == pytest.approx(by_hand)


def test_few_submissions_tell_nothing_and_refused_ones_do_not_count() -> None:
    results = [kept(f"s{n}", {"a": n % 2, "b": None}) for n in range(9)]
    results.append(kept("bad", {"a": 0.0, "b": 0.0}, state="refused"))
    found = item_statistics(results).set_index("question")
    assert found["n"].tolist() == [9, 9]
    assert found["discrimination"].isna().all()
    assert "too small" in found.loc["a", "note"]
    assert found.loc["b", "attempted_share"] == 0
    assert np.isnan(found.loc["b", "mean_share_attempted"])


def test_common_mistakes_are_counted_however_they_are_written() -> None:
    wrong = [{"who": "The  Lead ", "n": 3}, {"who": "the lead", "n": 3.0000001}, {"who": "the lead", "n": 4}]
    results = [kept(f"w{n}", {"q": 0.5}, data) for n, data in enumerate(wrong)]
    results.append(kept("right", {"q": 1.0}, {"who": "on call", "n": 4}))
    found = common_mistakes(results)
    assert {(row.kind, row.what, row.students) for row in found.itertuples()} == {
        ("criterion", "missed", 3),
        ("value", 'who: "the lead"', 3),
        ("value", "n: 3.0", 2),
    }
    assert found.loc[found["what"] == "n: 3.0", "share"].item() == pytest.approx(2 / 4)


def test_an_instructor_gets_the_table(small_class: Course, aiir: Aiir, tmp_path: Path) -> None:
    right = right_answers()
    wrong = right | {"b01-severity": dict.fromkeys(right["b01-severity"], "SEV4")}
    for n in range(12):
        hand_in(small_class, f"s{n:02}", Work((wrong, right)[n % 2]))
    page, table = tmp_path / "stats.html", tmp_path / "stats.csv"
    code, said = aiir(
        "classroom", "stats", LESSON, "--course", small_class.folder, "--html", page, "--csv", table
    )
    assert code == 0
    assert "12 submissions" in said
    assert "b01-severity" in said
    items = pd.read_csv(table).set_index("question")
    assert items.loc["b01-fifteen", "attempted_share"] == 0
    assert items.loc["b01-leader", "mean_share"] == 1
    assert 0 < items.loc["b01-severity", "mean_share"] < 1
    assert "b01-severity was the hardest" in page.read_text(), "nobody attempted b01-fifteen"


def test_the_page_draws_itself_without_a_network_and_runs_nothing_of_an_answer(
    tmp_path: Path, browser: Any
) -> None:
    from aiir_lab.cli.class_reports import _stats_page

    attack = "<script>document.title='x'</script><img src=https://example.org/x onerror=document.title='x'>"
    results = [
        kept(f"s{n:02}", {"a": float(n % 2), "b": (n % 3) / 2}, {attack: attack} if n % 2 == 0 else 7)
        for n in range(12)
    ]
    tables = item_statistics(results), common_mistakes(results), scores_of(results)
    page = _stats_page("lesson", *tables, tmp_path / "stats.html")
    shown = browser.new_page(viewport={"width": 1100, "height": 1900})
    problems: list[str] = []
    shown.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    shown.on("request", lambda request: problems.append(request.url) if "file:" not in request.url else None)
    shown.goto(page.as_uri())
    assert shown.title() == "How the questions of lesson worked"
    assert shown.locator(".js-plotly-plot .point").count() > 5
    assert attack[:60].casefold() in shown.locator("table").last.inner_text()
    assert problems == []
    shown.close()


def test_what_cannot_be_counted_is_said(small_class: Course, aiir: Aiir) -> None:
    code, said = aiir("classroom", "stats", LESSON, "--course", small_class.folder)
    assert (code, "aiir classroom grade" in said) == (2, True)
    code, said = aiir("classroom", "stats", "beginner-01", "--course", small_class.folder)
    assert (code, LESSON in said) == (2, True)
    (small_class.folder / "graded" / LESSON).mkdir(parents=True)
    (small_class.folder / "graded" / LESSON / "ana.json").write_text("{")
    code, said = aiir("classroom", "stats", LESSON, "--course", small_class.folder)
    assert (code, "ana.json" in said) == (2, True)
