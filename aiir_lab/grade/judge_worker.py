"""The process that judges: a line of JSON with answers comes in, a line with each verdict goes out.

It never runs or loads anything of a learner's; see :mod:`aiir_lab.grade.judges`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from aiir_lab.grade.judging import Answer, judge_answer
from aiir_lab.grade.keys import QuestionSource
from aiir_lab.grade.sandbox.limits import MIB


def main() -> None:
    """Judge until nobody asks any more."""
    # replies have a channel of their own: what a key file prints goes where errors go
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        _answer(json.loads(line), replies)


def _answer(request: dict[str, Any], replies: BinaryIO) -> None:
    _limit_memory(request["address_mib"] * MIB)
    try:
        question_of = QuestionSource(**request["source"]).question_of()
        for answer in request["answers"]:
            # nobody handles this signal: it ends the process, also in the middle of a library
            signal.setitimer(signal.ITIMER_PROF, request["cpu_s"])
            verdict = judge_answer(Answer.from_dict(answer), question_of)
            signal.setitimer(signal.ITIMER_PROF, 0)
            _reply({"verdict": verdict.to_dict()}, replies)
    except Exception as error:  # the questions could not be loaded: told to the instructor, not scored
        signal.setitimer(signal.ITIMER_PROF, 0)
        _reply({"error": str(error) or type(error).__name__}, replies)


def _reply(content: dict[str, Any], replies: BinaryIO) -> None:
    replies.write(json.dumps(content).encode() + b"\n")
    replies.flush()


def _limit_memory(size: int) -> None:
    import resource

    with suppress(OSError, ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
