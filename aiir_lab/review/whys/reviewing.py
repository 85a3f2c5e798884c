"""Judge a chain of whys: where does it end, and does each answer follow from the one before?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aiir_lab.records.errors import AiirError
from aiir_lab.review.language import review_language
from aiir_lab.review.phrasing import checked_text
from aiir_lab.review.whys.depth import Depth, depth_of
from aiir_lab.review.whys.links import leads_away, repeats

_MOST = 30
"""Answers that are asked for their link; the end of a longer chain is judged all the same."""
_FAULTS = frozenset({"failed_to", "judgement", "human_error", "name_as_cause"})
VERDICTS = ("reaches_system_cause", "stops_at_person", "stops_at_proximate", "circular", "non_sequitur")


@dataclass(frozen=True, slots=True)
class WhysReview:
    """What a facilitator would say about a chain of whys.

    Parameters
    ----------
    verdict : str
        One of :data:`VERDICTS`.
    step : int
        The answer that decides, counted from 1: the first that repeats or does not follow, else the last.
    message : str
        What the verdict rests on.
    suggestion : str
        The next question to ask.
    """

    verdict: str
    step: int
    message: str
    suggestion: str

    @property
    def is_deep_enough(self) -> bool:
        """Whether the chain ends at a condition that the organisation can change."""
        return self.verdict == "reaches_system_cause"


def review_whys(problem: str, whys: Sequence[str]) -> WhysReview:
    """Judge a chain of answers to "why did that happen?".

    Parameters
    ----------
    problem : str
        What happened.
    whys : sequence of str
        The answers, in order; each says why the one before it (the first: why the problem) came about.

    Returns
    -------
    WhysReview

    Raises
    ------
    AiirError
        Where the problem or an answer is empty or no text, or there is no answer at all.

    Notes
    -----
    The order of judging: an answer that repeats an earlier one, then an answer without a link to what came
    before, then where the last answer ends. Sources: the facilitation guides of Etsy and PagerDuty (go on
    past the person; ask "how was that possible"). A small network judges the links, the network and rules the
    ends: :mod:`aiir_lab.review.whys.links`, :mod:`aiir_lab.review.whys.depth`;
    ``datasets/review/README.md`` has how often they are right. A chain of whys is one path of several: ask
    for branches.

    Examples
    --------
    >>> review = review_whys("The wrong table was deleted", [
    ...     "The script ran on production", "An engineer mixed up the two terminals"])
    >>> review.verdict, review.step
    ('stops_at_person', 2)
    """
    text, answers = _checked(problem, whys)
    for step, answer in enumerate(answers[:_MOST], 1):
        earlier = (text, *answers[: step - 1])
        again = repeats(earlier, answer)
        if again is not None:
            said = "the problem" if again == 0 else f"answer {again}"
            return WhysReview(
                "circular",
                step,
                f"Answer {step} says the same as {said} in other words, so it explains nothing.",
                (
                    f"Ask about {said}: what had to be true for this to be possible? Answer with "
                    f"something that was not said yet."
                ),
            )
        if leads_away(earlier, answer):
            return WhysReview(
                "non_sequitur",
                step,
                f"Answer {step} ({_short(answer)}) has no visible link to {_short(earlier[-1])}.",
                (
                    "Read it backwards with 'therefore'. Where that makes no sense, a step is missing "
                    "or the answer belongs to another chain."
                ),
            )
    depth, last = _end((text, *answers[:-1]), answers[-1]), len(answers)
    if depth.kind == "system":
        return WhysReview(
            "reaches_system_cause",
            last,
            f"It ends at a condition that the organisation can change ({_short(depth.cue)}).",
            (
                "Turn this condition into an action with an owner, and ask which other conditions "
                "were needed as well."
            ),
        )
    if depth.kind == "person":
        return WhysReview(
            "stops_at_person",
            last,
            f"It ends with what somebody did, noticed or knew ({_short(depth.cue)}).",
            (
                "Ask how that was possible or made sense at the time: what did the tool show, "
                "what did the process ask for, what was rewarded?"
            ),
        )
    return WhysReview(
        "stops_at_proximate",
        last,
        f"It ends at a mechanism or trigger ({_short(answers[-1])}).",
        (
            "Ask what let it happen and reach users: which check, owner, standard or default "
            "would have kept it out?"
        ),
    )


def ends_at_person(problem: str, answer: str) -> bool:
    """Whether a single condition tells what somebody did, whether or not it explains the problem.

    Raises
    ------
    AiirError
        As :func:`review_whys`.
    """
    text, (checked,) = _checked(problem, [answer])
    return _end((text,), checked).kind == "person"


def _end(earlier: tuple[str, ...], answer: str) -> Depth:
    depth = depth_of(earlier, answer)
    return depth._replace(kind="person") if depth.kind == "proximate" and _accuses(answer) else depth


def _accuses(answer: str) -> bool:
    """Whether the language rules find somebody at fault in it."""
    return any(finding.kind in _FAULTS for finding in review_language(answer, words=False))


def _checked(problem: object, whys: object) -> tuple[str, list[str]]:
    text = checked_text(problem, what="the problem", function="review_whys")
    if isinstance(whys, str) or not isinstance(whys, Sequence):
        raise AiirError(
            f"review_whys: whys must be a list of answers, got {type(whys).__name__}. "
            'Pass one text per answer: review_whys("...", ["because ...", "because ..."]).'
        )
    answers = [
        checked_text(answer, what=f"answer {step}", function="review_whys")
        for step, answer in enumerate(whys, 1)
    ]
    if not answers:
        raise AiirError(
            "review_whys: there is no answer yet. Give at least one answer to 'why did that happen?'."
        )
    for name, part in (
        ("the problem", text),
        *((f"answer {step}", answer) for step, answer in enumerate(answers, 1)),
    ):
        if not re.search(r"\w", part):
            raise AiirError(
                f"review_whys: {name} holds no words. Write one statement, or leave the step out."
            )
    return text, answers


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:57] + "...")
