"""Judging in processes of its own, which can be ended: an answer made to take for ever costs its own points.

A worker stays, with what it has loaded and computed, and judges one submission after the other. Where one
answer passes a limit, the worker ends, another one takes its place, and the other answers are judged there.
Only JSON crosses: answers and where their questions come from go out, verdicts come back.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cache
from queue import Empty, LifoQueue
from typing import Any

from aiir_lab.grade.judging import UNJUDGED, Answer
from aiir_lab.grade.keys import QuestionSource
from aiir_lab.grade.question import Verdict
from aiir_lab.grade.sandbox import Limits
from aiir_lab.records import AiirError

WALL_FACTOR = 3.0
"""Wall time against CPU time: a machine under load is no reason to lose points."""

_PATIENCE_S = 2.0
"""How long a worker is waited for before another one is started, which takes about as long."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class JudgeError(AiirError):
    """Nothing could be judged: the trouble of the machine or of the key, not of an answer."""


class Judges:
    """Workers that judge, started when they are needed; safe to use from several threads.

    Parameters
    ----------
    most : int, optional
        At most so many workers; the number of cores by default.

    Examples
    --------
    >>> with Judges(most=1) as judges:
    ...     verdicts = judges.judge([Answer("b01-severity")], source=QuestionSource(folder="keys"))
    >>> verdicts[0].problem
    'Not attempted yet.'
    """

    def __init__(self, *, most: int | None = None) -> None:
        self._most = most or os.cpu_count() or 1
        self._idle: LifoQueue[_Worker] = LifoQueue()  # the last one has computed most
        self._all: set[_Worker] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, count: int) -> None:
        """Let so many workers load what they need while other things are made ready, ``most`` at most."""
        with self._lock:
            new = [_Worker() for _ in range(min(count, self._most) - len(self._all))]
            self._all.update(new)
        for worker in new:
            self._idle.put(worker)

    def judge(
        self, answers: Sequence[Answer], *, source: QuestionSource, limits: Limits | None = None
    ) -> tuple[Verdict, ...]:
        """Judge the answers of one submission, each within the limits.

        Parameters
        ----------
        answers : sequence of Answer
        source : QuestionSource
            Where the questions come from.
        limits : Limits, optional
            ``judge_s`` and ``judge_mib`` are for each answer.

        Returns
        -------
        tuple of Verdict
            In the order of the answers. One whose judging did not end scores 0, and its problem says why.

        Raises
        ------
        JudgeError
            The questions cannot be had, or no worker starts.
        """
        limits = limits or Limits()
        verdicts: list[Verdict] = []
        is_second_try = False
        while len(verdicts) < len(answers):
            try:
                with self._worker() as worker:
                    for verdict in worker.judge(answers[len(verdicts) :], source, limits):
                        verdicts.append(verdict)
                        is_second_try = False
            except _EndedError as end:
                # a worker can end for reasons of its own, such as a machine without memory: once more
                if end.is_over_limit or is_second_try:
                    question = source.question_of()(answers[len(verdicts)].question_id)
                    verdicts.append(question.refuse(f"{UNJUDGED}{end}."))
                    is_second_try = False
                else:
                    is_second_try = True
        return tuple(verdicts)

    def close(self) -> None:
        """End every worker."""
        with self._lock:
            workers, self._all = self._all, set()
            self._idle = LifoQueue()
        for worker in workers:
            worker.end()

    @contextmanager
    def _worker(self) -> Iterator[_Worker]:
        worker = self._take()
        try:
            yield worker
        except BaseException:  # it may be in the middle of an answer: nobody else can use it
            with self._lock:
                self._all.discard(worker)
            worker.end()
            raise
        self._idle.put(worker)

    def _take(self) -> _Worker:
        while True:
            with self._lock:
                has_any = bool(self._all)
            with suppress(Empty):
                return self._idle.get(block=has_any, timeout=_PATIENCE_S)
            with self._lock:
                if len(self._all) < self._most:
                    worker = _Worker()
                    self._all.add(worker)
                    return worker


class _EndedError(Exception):
    """A worker ended in the middle of an answer."""

    def __init__(self, reason: str, *, is_over_limit: bool) -> None:
        super().__init__(reason)
        self.is_over_limit = is_over_limit


class _Worker:
    def __init__(self) -> None:
        # -P: what lies in the folder where the command is run, maybe handed in, shadows no library
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "aiir_lab.grade.judge_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_ONE_THREAD | dict(os.environ),
            start_new_session=True,  # Ctrl-C is for the driver, which then ends this one
        )

    def judge(self, answers: Sequence[Answer], source: QuestionSource, limits: Limits) -> Iterator[Verdict]:
        """The verdicts, one after the other."""
        request = {
            "answers": [answer.to_dict() for answer in answers],
            "source": asdict(source),
            "cpu_s": limits.judge_s,
            "address_mib": limits.judge_mib,
        }
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it has ended, which is told below
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        for _ in answers:
            reply = self._read(limits.judge_s)
            if "error" in reply:
                raise JudgeError(reply["error"])
            yield Verdict.from_dict(reply["verdict"])

    def _read(self, cpu_s: float) -> dict[str, Any]:
        assert self._process.stdout
        timer = threading.Timer(WALL_FACTOR * cpu_s, self._process.kill)
        timer.daemon = True
        begin = time.monotonic()
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return dict(json.loads(line))
        code = self._process.wait()
        if code == -signal.SIGPROF or time.monotonic() - begin >= WALL_FACTOR * cpu_s:
            raise _EndedError(f"it took longer than {cpu_s:g} s", is_over_limit=True)
        raise _EndedError(f"the process that judges ended (exit code {code})", is_over_limit=False)

    def end(self) -> None:
        """End the process; nothing of it is kept."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


@cache
def shared_judges() -> Judges:
    """The workers of this process; they end with it."""
    judges = Judges()
    atexit.register(judges.close)
    return judges
