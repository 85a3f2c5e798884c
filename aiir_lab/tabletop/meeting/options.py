"""What a facilitator may choose from: good moves and tempting ones, in an order that tells nothing."""

from __future__ import annotations

import hashlib

from aiir_lab.tabletop.meeting.play import Play

MOST = 6


def list_options(play: Play, *, seed: int) -> list[str]:
    """Texts that can be said now, at most six; the same for the same seed and moves.

    They go through the same rules as words of one's own: choosing is no short cut.
    """
    if play.is_over:
        return []
    script = play.script
    if not play.is_open:
        return _mix([*script.general, *(fact.tempting for fact in play.facts[:1])], play, seed)
    found: list[str] = list(play.pending.replies) if play.pending else []
    known = {fact.id for fact in play.facts}
    said = {turn.text for turn in play.turns}
    near = [
        fact
        for fact in play.facts
        if fact.id not in play.told and all(id in play.told or id not in known for id in fact.after)
    ]
    # which of the open threads are offered changes from turn to turn, so that none hides behind another
    near = near[len(play.turns) % max(len(near), 1) :] + near[: len(play.turns) % max(len(near), 1)]
    asked = [fact for fact in near if fact.question not in said] or near
    found += [fact.question for fact in asked[: 1 if play.pending else 2]]
    found += [fact.tempting for fact in near[-2:]]
    if script.general:
        late = play.minute >= script.minutes - 12
        found.append(script.general[-1] if late else script.general[len(play.turns) % len(script.general)])
    fresh = [text for text in dict.fromkeys(found) if not text.lower().startswith("before the meeting")]
    return _mix(fresh[:MOST], play, seed)


def _mix(texts: list[str], play: Play, seed: int) -> list[str]:
    def place(text: str) -> str:
        return hashlib.sha256(f"{seed}|{len(play.turns)}|{text}".encode()).hexdigest()

    return sorted(dict.fromkeys(texts), key=place)
