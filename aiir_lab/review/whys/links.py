"""How an answer hangs together with what was said before it: does it say it again, does it follow at all?

Both are questions of meaning: a small network hears them (:mod:`aiir_lab.review.whys.network`). Decision 4
has what a thesaurus reached instead, and how the level here was chosen.
"""

from __future__ import annotations

from aiir_lab.review.whys.network import bare, read

_SURE = 0.8
"""Probability of a repetition, or of a leap, that is enough to call an answer one.

More than a half: a sound chain that is called broken does more harm than a break that is missed."""


def repeats(earlier: tuple[str, ...], answer: str) -> int | None:
    """Index of the earlier statement (0 = the problem) that `answer` says again, or None.

    Examples
    --------
    >>> repeats(("The queue grew",), "The backlog increased")
    0
    >>> repeats(("The disk was full", "Logs filled the volume"), "Log retention was unlimited") is None
    True
    """
    said, told = [_plain(statement) for statement in earlier], _plain(answer)
    if told in said:
        return said.index(told)
    if read(earlier, answer)[0]["circular"] < _SURE:
        return None
    likely = [read((statement,), answer)[0]["circular"] for statement in earlier]
    return likely.index(max(likely))


def leads_away(earlier: tuple[str, ...], answer: str) -> bool:
    """Whether `answer` is about something else, or cannot explain what came before.

    Examples
    --------
    >>> leads_away(("The model was stale",), "The canteen closes at two")
    True
    >>> leads_away(("The model was stale",), "Nobody owns its retraining")
    False
    """
    # asked twice, for some beginnings carry any answer: it is the last statement that must be explained
    views = (earlier, earlier[-1:])
    return sum(read(view, answer)[0]["non_sequitur"] for view in views) / len(views) >= _SURE


def _plain(statement: str) -> str:
    return " ".join(bare(statement).lower().split())
