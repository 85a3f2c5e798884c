"""What the catalogue asks of a public post-mortem beyond the shape of the record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.timeline import Basis, Confidence

_REQUIRED = (
    "organisation",
    "date",
    "severity",
    "severity_reason",
    "summary",
    "impact",
    "detection",
    "trigger",
    "contributing_factors",
    "messages",
    "action_items",
    "gaps",
    "ai",
    "sources",
)


def list_problems(postmortem: Postmortem) -> list[str]:
    """List what keeps a post-mortem from standing in the public catalogue.

    The rule behind all of them: a learner must be able to follow every timed fact to where it was
    published, and to see how close that is to those who were there.

    Parameters
    ----------
    postmortem : Postmortem

    Returns
    -------
    list of str
        One line per problem, ``field: what is wrong; what to do``; empty where there is none.

    Examples
    --------
    >>> list_problems(Postmortem(id="draft", title="A draft"))[0]
    'organisation: nothing there; a public record needs it'
    """
    return [*_missing_fields(postmortem), *_event_problems(postmortem), *_reference_problems(postmortem)]


def _missing_fields(postmortem: Postmortem) -> Iterator[str]:
    for name in _REQUIRED:
        if not getattr(postmortem, name):
            yield f"{name}: nothing there; a public record needs it"
    if not postmortem.timeline.events:
        yield "timeline.events: nothing there; a public record needs them"


def _event_problems(postmortem: Postmortem) -> Iterator[str]:
    for number, event in enumerate(postmortem.timeline.events):
        place = f"timeline.events.{number}"
        if not event.sources:
            yield f"{place}: no source; name the key of one"
        if event.basis is None:
            yield f"{place}: no basis; say how the fact was read"
        if event.basis is Basis.SECONDARY and event.confidence is Confidence.PRIMARY:
            yield f"{place}: primary confidence on a secondary basis; lower the confidence"
        if event.when_text is None:
            yield f"{place}: no when_text; give the time as published"
    for earlier, later in postmortem.timeline.order_conflicts():
        yield f"timeline.events.{later}: came before event {earlier}, which is listed ahead of it; move it"


def _reference_problems(postmortem: Postmortem) -> Iterator[str]:
    used = {
        key
        for items in (
            postmortem.timeline.events,
            postmortem.contributing_factors,
            postmortem.messages,
            postmortem.action_items,
        )
        for item in items
        for key in item.sources
    }
    # an impact has no field for sources: it names their keys in brackets, "... for 4 hours [s1, s2]."
    known = {source.key for source in postmortem.sources}
    for number, text in enumerate(postmortem.impact):
        keys = [key.strip() for group in re.findall(r"\[([^\]]+)\]", text) for key in group.split(",")]
        used.update(keys)
        if re.search(r"\d", re.sub(r"\[[^\]]*\]", "", text)) and not keys:
            yield f"impact.{number}: a figure without a source; add its key in brackets, such as [s1]"
        for key in set(keys) - known:
            yield f"impact.{number}: no source {key!r}; expected one of {', '.join(sorted(known))}"
    for source in postmortem.sources:
        if source.key not in used:
            yield f"sources.{source.key}: used nowhere; take it out or name it where it serves"
    for name in ("contributing_factors", "messages", "action_items"):
        for number, item in enumerate(getattr(postmortem, name)):
            if not item.sources:
                yield f"{name}.{number}: no source; name the key of one"
