"""The six dimensions of a post-mortem and how each is judged."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.resources import files

from aiir_lab.records import ClockMark, ContributingFactor, Postmortem, Strand
from aiir_lab.review.actions import review_action_item
from aiir_lab.review.finding import Finding
from aiir_lab.review.language import review_language
from aiir_lab.review.whys import review_whys

_WORDS = tomllib.loads(files("aiir_lab.review.postmortem").joinpath("words.toml").read_text(encoding="utf-8"))


@dataclass
class Judged:
    """The score of one dimension, and its remarks with what each costs of that score."""

    score: float = 0.0
    remarks: list[tuple[float, Finding]] = field(default_factory=list)

    def note(
        self, cost: float, kind: str, message: str, advice: str, *, field: str, line: int | None = None
    ) -> None:
        """Add a remark about a field."""
        self.remarks.append((cost, Finding(0, 0, kind, message, advice, line=line, field=field)))


def _line(pm: Postmortem, name: str) -> int | None:
    """The line of the document on which a field stands, where the record was read from one."""
    line: int | None = getattr(pm, "lines", {}).get(name)
    return line


_WORTH: dict[str, tuple[float, str]] = {
    "summary": (2, "Say in two or three sentences what happened, to whom, and how it ended."),
    "impact": (2, "Say in figures who was affected, how much and for how long."),
    "timeline": (2, "List what happened with UTC times, from before the onset to the end."),
    "contributing_factors": (2, "Name the conditions that made it likely, each with its evidence."),
    "action_items": (2, "List what will change, by whom, until when, and how you will know."),
    "severity": (1, "Name the severity, from measured impact."),
    "detection": (1, "Say how it was noticed, and what could have noticed it earlier."),
    "trigger": (1, "Name the last thing that started it."),
    "resolution": (1, "Say what stopped the harm, and what fixed the conditions."),
    "owner": (1, "Name who keeps this document until its actions are closed."),
    "lessons": (1, "Say what went well, what went badly and where you were lucky."),
}


def judge_completeness(pm: Postmortem, today: date | None) -> Judged:
    """The fields that the Google SRE and PagerDuty templates ask for."""
    present = {name: bool(getattr(pm, name, None)) for name in _WORTH}
    present["timeline"] = len(pm.timeline.events) >= 3
    present["owner"] = bool(pm.owner or pm.authors)
    present["lessons"] = bool(pm.went_well or pm.went_badly or pm.got_lucky)
    total = sum(worth for worth, _ in _WORTH.values())
    judged = Judged(sum(worth for name, (worth, _) in _WORTH.items() if present[name]) / total)
    for name, (worth, advice) in _WORTH.items():
        if not present[name]:
            words = name.replace("_", " ")
            judged.note(worth / total, f"missing_{name}", f"Missing: {words}.", advice, field=name)
    return judged


_MARKS = {
    ClockMark.ONSET: "when the harm began",
    ClockMark.DETECTED: "when a responder noticed it",
    ClockMark.MITIGATED: "when the harm stopped",
    ClockMark.RESOLVED: "when the conditions were fixed",
}


def judge_timeline(pm: Postmortem, today: date | None) -> Judged:
    """Times in UTC, in order, with the marks that durations need; open questions of the reading."""
    judged, events = Judged(1.0), pm.timeline.events
    note = partial(judged.note, field="timeline")
    line = _line(pm, "timeline")
    unknown = 1 - sum(event.at_utc is not None for event in events) / len(events) if events else 0.0
    judged.score -= 0.4 * unknown
    for question in getattr(pm, "questions", ()):
        cost = 0.4 * unknown if question.kind in ("no_time_zone", "no_date") else 0.02
        # all that follows holds for a part of the file only: its author must know that before the rest
        judged.remarks.append((math.inf if question.kind == "several_incidents" else cost, question))
    if not events:
        judged.score = 0.0
        return judged
    if len(events) < 5:
        judged.score -= 0.15
        advice = "Add signals, decisions and messages, from the last known good state on."
        note(0.15, "short_timeline", f"The timeline has only {len(events)} entries.", advice, line=line)
    for mark, meaning in _MARKS.items():
        if pm.timeline.marked(mark) is None:
            judged.score -= 0.1
            advice = "Add the entry, so that durations can be counted; if nobody knows, say so."
            note(0.1, f"no_{mark}", f"No entry says {meaning}.", advice, line=line)
    for earlier, later in pm.timeline.order_conflicts()[:5]:
        judged.score -= 0.05
        message = f"Entry {later + 1} is earlier than entry {earlier + 1}, which stands before it."
        advice = "Sort the entries by time, or check the date and the zone."
        note(0.05, "out_of_order", message, advice, line=events[later].line or line)
    for name, duration in pm.timeline.metrics().items():
        if duration.minutes is not None and duration.minutes < 0:
            judged.score -= 0.2
            message = f"{name.replace('_', ' ')} is negative: {duration.to_mark} before {duration.from_mark}."
            note(0.2, "impossible_duration", message, "Check both times and their zones.", line=line)
    return judged


_IMPACT = {name: re.compile("|".join(words), re.IGNORECASE) for name, words in _WORDS["impact"].items()}
_IMPACT_PARTS = (
    (0.45, "figures", "The impact is not measured.", "Give a count, a share or an amount."),
    (0.3, "affected", "It is not said who bore it.", "Name the group, and any that bore more than others."),
    (0.15, "duration", "It is not said how long it lasted.", "Give the time from first harm to containment."),
)


def judge_impact(pm: Postmortem, today: date | None) -> Judged:
    """Exact figures, who bore it, how long."""
    words = " ".join(pm.impact)
    if not words:
        return Judged(0.0)
    judged = Judged(0.1)
    durations = (pm.timeline.duration(name).minutes for name in ("time_to_mitigate", "time_to_resolve"))
    is_timed = any(minutes is not None for minutes in durations)
    for worth, name, message, advice in _IMPACT_PARTS:
        if _IMPACT[name].search(words) or (name == "duration" and is_timed):
            judged.score += worth
        else:
            line = _line(pm, "impact")
            judged.note(worth, f"impact_without_{name}", message, advice, field="impact", line=line)
    return judged


_STRANDS = {
    Strand(name): re.compile(rf"(?i)\b(?:{'|'.join(words)})") for name, words in _WORDS["strands"].items()
}
_STRAND_ADVICE = {
    Strand.TECHNICAL: "Name what in the system, the model or the data made it possible, debt included.",
    Strand.PROCESS: "Name the review, rehearsal, hand-over or decision right that was missing.",
    Strand.TOOLING: "Name the test, alert, dashboard or guard that could have shown it earlier.",
}
_EVIDENCE = re.compile(r"https?://|\d{2,}|#\d|\b[A-Z]+-\d+\b|[\[(]")


def strand_of(factor: ContributingFactor) -> Strand | None:
    """The strand of a factor: as written, or told by its words."""
    if factor.strand is not None:
        return factor.strand
    counts = {strand: len(pattern.findall(factor.text)) for strand, pattern in _STRANDS.items()}
    best = max(counts, key=lambda strand: counts[strand])
    return best if counts[best] else None


def judge_causes(pm: Postmortem, today: date | None) -> Judged:
    """Several conditions, in technology, process and tooling, with evidence, none of them a person."""
    judged, factors = Judged(), pm.contributing_factors
    if not factors:
        return judged
    note = partial(judged.note, field="contributing_factors")
    line = _line(pm, "contributing_factors")
    judged.score += 0.2 if len(factors) >= 3 else 0.1
    if len(factors) < 3:
        advice = "Ask what else had to be there, and what let it last; branch at least once."
        note(0.1, "few_factors", f"Contributing factors named: {len(factors)}.", advice, line=line)
    strands = {strand_of(factor) for factor in factors}
    for strand, advice in _STRAND_ADVICE.items():
        if strand in strands:
            judged.score += 0.15
        else:
            note(0.15, f"no_{strand}_factor", f"No factor lies in the {strand} strand.", advice, line=line)
    proven = sum(bool(f.evidence or f.sources or _EVIDENCE.search(f.text)) for f in factors) / len(factors)
    judged.score += 0.15 * proven
    if proven < 0.5:
        advice = "Link each to a log, a graph, a ticket or a figure."
        message = "Most factors stand without evidence."
        note(0.15 * (1 - proven), "factors_without_evidence", message, advice, line=line)
    persons = [factor for factor in factors if review_language(factor.text)]
    judged.score += 0.2 * (1 - len(persons) / len(factors))
    for factor in persons:
        advice = "Ask what made that act the sensible one then, and what would have caught it."
        note(
            0.2 / len(factors), "cause_is_a_person", "This cause ends at a person.", advice, line=factor.line
        )
    if pm.cause_graph is not None:
        for chain in pm.cause_graph.chains()[:10]:
            review = review_whys(pm.cause_graph.problem, chain)
            if review.verdict in ("stops_at_person", "circular"):
                judged.score -= 0.05
                note(0.05, review.verdict, review.message, review.suggestion or "Ask once more.")
    return judged


def judge_actions(pm: Postmortem, today: date | None) -> Judged:
    """Each action SMART, at least one strong, and more than one of them."""
    judged, items = Judged(), pm.action_items
    if not items:
        return judged
    closed = pm.timeline.resolved_utc
    day = closed.date() if closed else pm.date
    strengths = []
    for number, item in enumerate(items):
        review = review_action_item(item, incident_closed=day, today=today)
        note = partial(judged.note, field=f"action_items[{number}]", line=item.line)
        about = f"({item.description[:60]})"
        strengths.append(review.strength)
        judged.score += 0.5 / len(items) * max(0.0, 1 - len(review.problems) / 3)
        for problem in review.problems:
            note(0.17 / len(items), problem.kind, f"{problem.message} {about}", problem.suggestion)
        if review.alternative:
            note(0.1 / len(items), "weak_action", f"{review.reason} {about}", review.alternative)
    judged.score += {"stronger": 0.35, "intermediate": 0.15}.get(min(strengths, key=_STRENGTHS.index), 0.0)
    if "stronger" not in strengths:
        message = "No action changes the system itself; all depend on people, warnings or documents."
        advice = "Add one that makes the harm impossible or undoes it by itself: a gate, automatic rollback."
        judged.note(
            0.35, "no_strong_action", message, advice, field="action_items", line=_line(pm, "action_items")
        )
    judged.score += 0.15 if len(items) >= 2 else 0.05
    return judged


_STRENGTHS = ("stronger", "intermediate", "weaker")


def judge_tone(pm: Postmortem, today: date | None) -> Judged:
    """Sentences that put the fault on people, each with a rewrite in system terms."""
    document = getattr(pm, "document", "")
    if document and not document.lstrip().startswith("{"):
        found = review_language(document)
    else:  # offsets count within the field
        found = [replace(one, field=name) for name, text in _texts(pm) for one in review_language(text)]
    return Judged(max(0.0, 1 - 0.34 * len(found)), [(0.34, finding) for finding in found])


def _texts(pm: Postmortem) -> Iterator[tuple[str, str]]:
    for name in ("summary", "detection", "trigger", "resolution", "severity_reason"):
        if text := getattr(pm, name):
            yield name, text
    for name in ("impact", "went_well", "went_badly", "got_lucky"):
        yield from ((f"{name}[{number}]", text) for number, text in enumerate(getattr(pm, name)))
    yield from ((f"timeline.events[{n}]", event.text) for n, event in enumerate(pm.timeline.events))
    yield from (
        (f"contributing_factors[{n}]", factor.text) for n, factor in enumerate(pm.contributing_factors)
    )
    yield from ((f"action_items[{n}]", item.description) for n, item in enumerate(pm.action_items))


RUBRIC: tuple[tuple[str, float, Callable[[Postmortem, date | None], Judged]], ...] = (
    ("completeness", 0.15, judge_completeness),
    ("timeline", 0.20, judge_timeline),
    ("impact", 0.15, judge_impact),
    ("causes", 0.20, judge_causes),
    ("actions", 0.20, judge_actions),
    ("tone", 0.10, judge_tone),
)
