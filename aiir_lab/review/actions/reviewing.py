"""Judge an action item: is it SMART, how strong is it, and what would be stronger?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aiir_lab.records.errors import AiirError
from aiir_lab.review.actions.advice import stronger_alternative
from aiir_lab.review.actions.fields import holds_metric, metric_problem, owner_problem, read_date
from aiir_lab.review.actions.smart import several_actions, unbounded
from aiir_lab.review.actions.strength import judge_strength
from aiir_lab.review.finding import Finding
from aiir_lab.review.phrasing import MAX_CHARS

PROBLEM_KINDS = (
    "several_actions",
    "not_bounded",
    "no_owner",
    "no_due_date",
    "due_before_incident",
    "no_metric",
    "circular_metric",
)
DEFAULT_DUE_DAYS = 30
"""A proposed due date lies this many days on: PagerDuty's limit for an action after a SEV-2 (SEV-1: 15)."""

_KEYS = ("description", "owner", "due", "success_metric")
_INLINE = re.compile(
    (
        r"[\s,;.(\[—–-]*\b(?P<key>owner|assignee|due(?: date| by)?|deadline|metric"
        r"|success metric|measure|success)\s*[:=]\s*"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ActionReview:
    """What a facilitator would say about one action item.

    Parameters
    ----------
    strength : str
        ``"stronger"``, ``"intermediate"`` or ``"weaker"``, by the VA NCPS action hierarchy.
    reason : str
        What put it there.
    problems : tuple of Finding
        SMART problems; `kind` is one of :data:`PROBLEM_KINDS`, `start` and `end` are offsets in the
        description (equal where something is missing), `field` names the field of the item.
    alternative : str or None
        A stronger mechanism for the same thing; None unless the action is weaker.
    """

    strength: str
    reason: str
    problems: tuple[Finding, ...]
    alternative: str | None

    @property
    def is_smart(self) -> bool:
        """Whether there is no SMART problem. A weak action can be SMART, and a strong one need not be."""
        return not self.problems


def review_action_item(
    item: Any,
    *,
    incident_closed: date | str | None = None,
    today: date | str | None = None,
) -> ActionReview:
    """Judge one action item: SMART problems, strength, and a stronger alternative to a weak one.

    Parameters
    ----------
    item : ActionItem, mapping or str
        An :class:`~aiir_lab.records.actions.ActionItem`, a mapping with its keys (`description`, `owner`,
        `due`, `success_metric`), or the bare words, in which ``Owner: ...; due: ...; metric: ...``
        is read.
        Only the first 4,000 characters of a field are judged.
    incident_closed : date or str, optional
        The day the incident was closed. A due date before it is a slip (``due_before_incident``).
    today : date or str, optional
        The day of the review. Only used to propose a date (30 days on) where none is given and
        `incident_closed` is not known; the clock of the machine is never read.

    Returns
    -------
    ActionReview

    Raises
    ------
    AiirError
        Where `item` is no action item, or a date argument names no calendar date.

    Notes
    -----
    Sources: SMART and the advice of PagerDuty's post-mortem guide (starts with a verb, bounded, one owner,
    a date, a measure); strength from the action hierarchy of the VA National Center for Patient Safety.
    A description may hold the measure itself ("cut detection from 52 h to under 4 h"), but a trigger ("roll
    back when precision < 0.9") is none. A role that one person holds counts as an owner. A study is
    bounded when a checkable measure or a named output says when it ends.

    Examples
    --------
    >>> review = review_action_item("Remind engineers to use the promotion gate")
    >>> review.strength, [problem.kind for problem in review.problems]
    ('weaker', ['no_owner', 'no_due_date', 'no_metric'])
    >>> review_action_item({
    ...     "description": "Block promotion when the golden set regresses", "owner": "Priya Nair",
    ...     "due": "2026-04-01", "success_metric": "In a replay, promotion is refused within 60 s",
    ... }, incident_closed="2026-03-02").is_smart
    True
    """
    fields = _read(item)
    description = fields["description"] or ""
    closed = _date_argument(incident_closed, "incident_closed")
    now = _date_argument(today, "today")
    problems = (
        *_words_problems(description, fields["success_metric"]),
        *_owner(fields["owner"]),
        *_due(fields["due"], closed=closed, now=now),
        *_metric(fields["success_metric"], description),
    )
    rung = judge_strength(description) if re.search(r"\w", description) else None
    strength = rung.strength if rung else "weaker"
    reason = rung.reason if rung else "it says nothing that could be done"
    return ActionReview(
        strength=strength,
        reason=f"{strength}: {reason}.",
        problems=problems,
        alternative=stronger_alternative(description) if strength == "weaker" else None,
    )


def _read(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        return _read_words(item)
    if isinstance(item, Mapping):
        if "description" not in item:
            raise AiirError(
                "review_action_item: the mapping has no 'description'. "
                f"Expected the keys {', '.join(_KEYS)}; got {', '.join(map(str, list(item)[:8])) or 'none'}."
            )
        got = {key: item.get(key) for key in _KEYS}
    elif hasattr(item, "description"):
        got = {key: getattr(item, key, None) for key in _KEYS}
    else:
        raise AiirError(
            f"review_action_item: expected an ActionItem, a mapping or text, got {type(item).__name__}. "
            "Pass for example "
            '{"description": "Block ...", "owner": "...", "due": "2026-04-01", "success_metric": "..."}.'
        )
    for key, value in got.items():
        if (
            value is not None
            and not isinstance(value, str)
            and not (key == "due" and isinstance(value, date))
        ):
            raise AiirError(
                f"review_action_item: {key} must be text{' or a date' if key == 'due' else ''}, "
                f"got {type(value).__name__}. Write it as the item should read."
            )
    return {key: value[:MAX_CHARS] if isinstance(value, str) else value for key, value in got.items()}


def _read_words(text: str) -> dict[str, Any]:
    """The fields of an action written as one line: "Add a gate. Owner: Priya; due: 2026-04-01"."""
    text = text[:MAX_CHARS]
    marks = list(_INLINE.finditer(text))
    got: dict[str, Any] = dict.fromkeys(_KEYS)
    got["description"] = text[: marks[0].start()] if marks else text
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends[: len(marks)], strict=True):
        key = mark["key"].lower()
        field = (
            "owner"
            if key in ("owner", "assignee")
            else "due"
            if key.startswith(("due", "dead"))
            else "success_metric"
        )
        value = text[mark.end() : end].strip(" ;,.)]")
        got[field] = got[field] or value or None
    return got


def _date_argument(value: date | str | None, name: str) -> date | None:
    if value is None:
        return None
    found = read_date(value)
    if found is None:
        raise AiirError(f"review_action_item: {name}={value!r} is no calendar date. Write it as 2026-03-31.")
    return found


def _words_problems(description: str, metric: str | None) -> list[Finding]:
    problems = []
    several = several_actions(description) if re.search(r"\w", description) else []
    if several:
        spans = [
            f"({number}) {description[c.start : c.end].strip(' ,;.')[:60]}"
            for number, c in enumerate(several[:4], 1)
            if c.verb
        ] or ["one item for each thing to make"]
        problems.append(
            Finding(
                0,
                len(description),
                "several_actions",
                "It asks for more than one thing, so it can be half done and nobody can tell.",
                "Make one item of each, with its own owner and date: " + "; ".join(spans) + ".",
                field="description",
            )
        )
    open_end = unbounded(description, has_measure=metric_problem(metric, description=description) is None)
    if open_end:
        problems.append(
            Finding(
                *open_end,
                "not_bounded",
                "One cannot tell when this is finished."
                if re.search(r"\w", description)
                else "The item does not say what to do.",
                "Start with a verb and name the thing that will exist or be different at the end, "
                "for example "
                "'Add an alert on the label rate that pages the on-call above 3 %'.",
                field="description",
            )
        )
    return problems


def _owner(owner: str | None) -> list[Finding]:
    problem = owner_problem(owner)
    if problem is None:
        return []
    return [
        Finding(
            0,
            0,
            "no_owner",
            f"The owner field {problem}; what several people own, nobody follows up.",
            "Name one person (or a role that one person holds); the others can be helpers.",
            field="owner",
        )
    ]


def _due(due: date | str | None, *, closed: date | None, now: date | None) -> list[Finding]:
    if isinstance(due, datetime):
        due = due.date()
    found = read_date(due, near=closed or now)
    base = closed or now
    proposal = (
        f"for example {base + timedelta(days=DEFAULT_DUE_DAYS)}"
        if base and base.year < date.max.year
        else "such as 2026-04-01"
    )
    if found is None:
        said = (
            f"{str(due)[:40]!r} is not a calendar date"
            if due and str(due).strip()
            else "There is no due date"
        )
        return [
            Finding(
                0,
                0,
                "no_due_date",
                f"{said}, so the item cannot become late.",
                f"Give one day, {proposal}.",
                field="due",
            )
        ]
    if closed and found < closed:
        return [
            Finding(
                0,
                0,
                "due_before_incident",
                f"It is due on {found}, before the incident was closed on {closed}.",
                f"Check the year and month; give a day after the review, {proposal}.",
                field="due",
            )
        ]
    return []


def _metric(metric: str | None, description: str) -> list[Finding]:
    problem = metric_problem(metric, description=description)
    if problem is None or (problem == "no_metric" and holds_metric(description)):
        return []
    message = {
        "no_metric": "Nothing says how one will know that it worked.",
        "circular_metric": "The measure only says that the action was done, not that it changed anything.",
    }[problem]
    return [
        Finding(
            0,
            0,
            problem,
            message,
            "Name what will be different and how it is checked: a number with its limit, or a test such as "
            "'replaying the incident, the change is refused within 60 s'.",
            field="success_metric",
        )
    ]
