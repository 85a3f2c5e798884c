"""What makes a learner's own one-page report complete, sourced and blameless."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

from aiir_lab.catalog import load_postmortem, postmortem_ids
from aiir_lab.grade.question import Criterion
from aiir_lab.records import Postmortem

_MEASURED = re.compile(
    r"\d|(?:not|never) (?:published|known|given|stated|said|counted)|unknown|unpublished", re.I
)
# Two or three sentences are asked for; the bounds leave room for long ones.
_FEWEST_WORDS, _MOST_WORDS = 20, 110
_COPIED_RATIO = 0.8
"""Above this similarity (0 to 1, of words) a summary counts as the record's own."""


@cache
def _published_texts() -> tuple[frozenset[str], tuple[str, ...]]:
    records = [load_postmortem(id) for id in postmortem_ids()]
    texts = {factor.text for record in records for factor in record.contributing_factors}
    texts |= {text for record in records for text in record.gaps + record.impact}
    return frozenset(texts), tuple(record.summary for record in records if record.summary)


def _summary(draft: Postmortem) -> bool | str:
    words = (draft.summary or "").split()
    if not words:
        return "There is none."
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS:
        return f"It has {len(words)} words."
    alike = (SequenceMatcher(None, words, text.split()).ratio() for text in _published_texts()[1])
    return max(alike) < _COPIED_RATIO or "These are the words of the catalogue."


def _impact(draft: Postmortem) -> bool | str:
    if not draft.impact:
        return "There is none."
    return any(_MEASURED.search(re.sub(r"\[[^\]]*\]", "", text)) for text in draft.impact)


def _severity(draft: Postmortem) -> bool | str:
    if draft.severity is None:
        return "There is no severity."
    return len((draft.severity_reason or "").split()) >= 4 or "There is no reason."


def _timeline(draft: Postmortem) -> bool | str:
    events = draft.timeline.events
    if len(events) < 5:
        return f"It has {len(events)} events."
    silent = [number for number, event in enumerate(events, 1) if not event.sources]
    return not silent or f"Event {silent[0]} names no source."


def _causes(draft: Postmortem) -> bool | str:
    if not draft.trigger:
        return "There is no trigger."
    factors = draft.contributing_factors
    if len(factors) < 2:
        return f"{len(factors)} contributing factors given; at least two are asked for."
    return len({factor.strand for factor in factors}) >= 2 or "All lie on one strand."


def _flow(draft: Postmortem) -> bool | str:
    return len(draft.messages) >= 2 or f"It has {len(draft.messages)} messages."


def _actions_complete(draft: Postmortem) -> bool | str:
    from aiir_lab.review import review_action_item

    if len(draft.action_items) < 2:
        return f"{len(draft.action_items)} given; two are asked for."
    for number, item in enumerate(draft.action_items, 1):
        problems = review_action_item(item).problems
        if problems:
            return f"Action {number}: {problems[0].message}"
    return True


def _actions_strong(draft: Postmortem) -> bool | str:
    from aiir_lab.review import review_action_item

    read = [review_action_item(item).strength for item in draft.action_items]
    return any(strength != "weaker" for strength in read) or ("All are weaker." if read else "There is none.")


def _honest(draft: Postmortem) -> bool | str:
    if not draft.gaps:
        return "It names no gap."
    return any(source.url for source in draft.sources) or "It names no source with an address."


def own_words(draft: Postmortem) -> str:
    """What the learner tells of the incident, without the sentences that stand in the catalogue."""
    texts = [draft.title, draft.summary, draft.severity_reason, draft.detection, draft.trigger]
    texts += [draft.resolution, *draft.impact, *draft.went_well, *draft.went_badly, *draft.got_lucky]
    texts += [*draft.gaps, *(factor.text for factor in draft.contributing_factors)]
    return "\n\n".join(text for text in texts if text and text not in _published_texts()[0])


def _blameless(draft: Postmortem) -> bool | str:
    from aiir_lab.review import review_language

    text = own_words(draft)
    if len(text.split()) < _FEWEST_WORDS:
        return "There is too little text of yours to judge."
    found = review_language(text, words=False)
    if not found:
        return True
    return f"Look at “{text[found[0].start : found[0].end]}”. {found[0].message}"


REPORT_CRITERIA = (
    Criterion(
        "A summary in your own words",
        _summary,
        f"Two to four sentences, {_FEWEST_WORDS} to {_MOST_WORDS} words.",
    ),
    Criterion("A severity with its reason", _severity, "One sentence: which measure decides?"),
    Criterion(
        "The impact is measured, or said to be unknown",
        _impact,
        "A figure with its source in brackets, or that it was not published.",
    ),
    Criterion(
        "A timeline of at least five sourced events",
        _timeline,
        "Choose them from pm.timeline.events by number.",
    ),
    Criterion(
        "The trigger, and conditions on at least two strands",
        _causes,
        "The trigger is one sentence; conditions come in the plural and from different places.",
    ),
    Criterion("The communication flow", _flow, "At least two messages: who, to whom, by which channel."),
    Criterion(
        "Two actions for your own team that somebody can finish",
        _actions_complete,
        "Each needs one owner, a due date and a measure that tells when it works.",
    ),
    Criterion(
        "At least one action is more than weaker",
        _actions_strong,
        "What would work without being remembered?",
    ),
    Criterion("It says what is not known, and where the rest comes from", _honest, "Fill gaps and sources."),
    Criterion(
        "Blameless language",
        _blameless,
        "Say what the situation made likely, not what a person did badly. The reviewer is a machine: "
        "where it misreads you, another wording helps.",
    ),
)
