"""Judging in processes of its own: what never ends there costs its own points and nothing else."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aiir_lab.catalog.vignettes import vignettes
from aiir_lab.grade.judges import JudgeError, Judges
from aiir_lab.grade.judging import UNJUDGED, Answer, judge_answer
from aiir_lab.grade.keys import QuestionSource
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.sandbox import Limits

pytestmark = pytest.mark.xdist_group("judges")  # one process: the workers are shared
RIGHT = Answer("b01-severity", {one.id: str(one.severity.value) for one in vignettes()})
LIMITS = Limits(judge_s=1.5, judge_mib=2048)

KEY = """
import os, time
from aiir_lab.grade.question import Criterion

print("what a key prints stands in nobody's way")

def act(answer):
    what = answer.text
    if what == "loop":
        while True: pass
    if what == "sleep":
        time.sleep(600)
    if what == "memory":
        return "x" * 10**11
    if what == "exit":
        os._exit(3)
    return True

HIDDEN = {"b01-update": [Criterion("acts", act, "hint", points=4)]}
"""


def answer_that(acts: str) -> Answer:
    return Answer("b01-update", {"text": acts})


@pytest.fixture(scope="module")
def judges() -> Iterator[Judges]:
    with Judges(most=2) as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> QuestionSource:
    (tmp_path / "b01.py").write_text(KEY)
    return QuestionSource(str(tmp_path))


@pytest.mark.parametrize(
    ("acts", "reason"),
    [
        ("loop", "it took longer than 1.5 s."),
        ("sleep", "it took longer than 1.5 s."),
        ("memory", "MemoryError."),
        ("exit", "the process that judges ended (exit code 3)."),
    ],
)
def test_the_answer_alone_scores_0_and_says_why(
    judges: Judges, source: QuestionSource, acts: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiir_lab.grade.judges.WALL_FACTOR", 2.0)
    judges.judge([RIGHT], source=source)  # a worker that has what it needs
    begin = time.monotonic()
    first, broken, last = judges.judge([RIGHT, answer_that(acts), RIGHT], source=source, limits=LIMITS)
    assert time.monotonic() - begin < 30
    assert first == last
    assert first.is_full
    assert broken.score == 0
    assert broken.problem == UNJUDGED + reason


def test_one_that_never_ends_does_not_hold_the_others_up(
    judges: Judges, source: QuestionSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiir_lab.grade.judges._PATIENCE_S", 0.1)
    judges.judge([RIGHT], source=source)
    with ThreadPoolExecutor(3) as pool:
        slow = pool.submit(judges.judge, [answer_that("loop")], source=source, limits=Limits(judge_s=2))
        time.sleep(0.2)
        others = list(pool.map(lambda _: judges.judge([RIGHT], source=source), range(6)))
        assert not slow.done(), "the others were judged beside it"
        assert all(verdict.is_full for (verdict,) in others)
        assert slow.result()[0].score == 0


def test_verdicts_are_those_of_this_process(judges: Judges, source: QuestionSource) -> None:
    answers = [
        RIGHT,
        answer_that("nobody"),
        Answer("b01-alert", {"severity": "SEV9", "😀\ud800": 1e308}),
        Answer("b01-update", {"text": "x\n" * 1000}),
        Answer("b01-fifteen"),
        Answer("b01-leader", problem="It was refused."),
    ]
    here = tuple(judge_answer(answer, source.question_of()) for answer in answers)
    assert judges.judge(answers, source=source) == here
    assert tuple(Verdict.from_dict(json.loads(json.dumps(one.to_dict()))) for one in here) == here


def test_a_key_is_read_again_where_it_has_changed(judges: Judges, source: QuestionSource) -> None:
    path = Path(source.folder) / "b01.py"
    assert judges.judge([answer_that("nobody")], source=source)[0].results[-1].is_held
    path.write_text(KEY.replace("return True", "return False"))
    changed = QuestionSource(source.folder, stamp="2")
    assert not judges.judge([answer_that("nobody")], source=changed)[0].results[-1].is_held
    path.write_text("HIDDEN = 1 / 0")
    with pytest.raises(JudgeError, match="division by zero"):
        judges.judge([RIGHT], source=QuestionSource(source.folder, stamp="3"))
    # the trouble was the key's: the worker goes on
    assert judges.judge([RIGHT], source=QuestionSource("nowhere"))[0].is_full


def test_nothing_is_left_when_it_is_closed(source: QuestionSource) -> None:
    with Judges() as opened:
        opened.judge([RIGHT], source=source)
        (worker,) = opened._all
        pid = worker._process.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
