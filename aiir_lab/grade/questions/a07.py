"""Advanced lesson 7: the plan in Jira, tracked to its end. Answers are what Jira returns."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

from pydantic import BaseModel, ConfigDict, Field

from aiir_lab.grade.question import Criterion, Question

LATE = ("runbook",)
"""Words in the summary of the action that is overdue when the lesson asks."""
ACTIONS = 4


class _Named(BaseModel):
    name: str = ""


class _Person(BaseModel):
    display_name: str = Field(default="", alias="displayName")


class _Comment(BaseModel):
    body: str = ""


class _Comments(BaseModel):
    comments: list[_Comment] = Field(default_factory=list)


class _Link(BaseModel):
    type: _Named


class _Fields(BaseModel):
    summary: str
    status: _Named
    description: str | None = None
    duedate: date | None = None
    assignee: _Person | None = None
    labels: list[str] = Field(default_factory=list)
    comment: _Comments = _Comments()
    issuelinks: list[_Link] = Field(default_factory=list)


class _Issue(BaseModel):
    """Of the fields that Jira returns for an issue, those that are judged."""

    key: str
    fields: _Fields


class _Tracked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    overdue: list[str] | None = None
    all: list[_Issue] | None = None


def _every(issues: list[_Issue], *, what: str, holds: object) -> bool | str:
    if len(issues) < ACTIONS:
        return f"There are {len(issues)} issues."
    missing = [issue.key for issue in issues if not holds(issue)]  # type: ignore[operator]
    return not missing or f"{what}: {', '.join(missing[:5])}."


def _is_complete(issues: list[_Issue]) -> bool | str:
    summaries = {issue.fields.summary for issue in issues}
    if len(summaries) < len(issues):
        return "Two issues have the same summary."
    return len(issues) == ACTIONS or f"There are {len(issues)}."


def _says_done_when(issue: _Issue) -> bool:
    text = issue.fields.description or ""
    return bool(re.search(r"\d", text)) and len(text.split()) > len(issue.fields.summary.split()) + 3


def _knows_overdue(tracked: _Tracked) -> bool | str:
    issues = {issue.key: issue for issue in tracked.all or []}
    named = [issues[key] for key in tracked.overdue or [] if key in issues]
    if not tracked.overdue:
        return "None is named."
    wanted = [issue for issue in issues.values() if any(word in issue.fields.summary for word in LATE)]
    return [issue.key for issue in named] == [issue.key for issue in wanted] or (
        f"Named: {', '.join(tracked.overdue)}."
    )


def _is_done(issue: _Issue) -> bool:
    return issue.fields.status.name == "Done"


def _strongest_is_done(issues: list[_Issue]) -> bool | str:
    found = [issue for issue in issues if "red-team" in issue.fields.summary]
    return any(_is_done(issue) for issue in found) or "The gate is still open."


def _has_evidence(issues: list[_Issue]) -> bool | str:
    done = [issue for issue in issues if _is_done(issue)]
    if not done:
        return "Nothing is done yet."
    bare = [
        issue.key
        for issue in done
        if not any(re.search(r"\d", comment.body) for comment in issue.fields.comment.comments)
    ]
    return not bare or f"Closed without a figure: {', '.join(bare)}."


def _is_honest(issues: list[_Issue]) -> bool | str:
    late = [issue for issue in issues if any(word in issue.fields.summary for word in LATE)]
    if not late:
        return "The overdue action is not among the issues."
    if _is_done(late[0]):
        return "It was closed, although nobody has done it."
    told = late[0].fields.comment.comments
    return any(len(comment.body.split()) >= 5 for comment in told) or "Nobody said what becomes of it."


def _are_linked(issues: list[_Issue]) -> bool | str:
    linked = [issue.key for issue in issues if issue.fields.issuelinks]
    return len(linked) >= 2 or "No two of the issues are linked."


QUESTIONS = (
    Question(
        id="a07-filed",
        title="The plan in Jira",
        shape=list[_Issue],
        expected="the list of issues as Jira returns them: [issue.raw for issue in ...]",
        criteria=(
            Criterion("Four actions are four issues", _is_complete, "One issue for each action, each once."),
            Criterion(
                "Each has an assignee",
                partial(_every, what="Nobody is assigned to", holds=lambda issue: issue.fields.assignee),
                "assignee takes {'accountId': ...}; search_users(query='ml-engineer') finds people.",
            ),
            Criterion(
                "Each has a due date",
                partial(_every, what="No date for", holds=lambda issue: issue.fields.duedate),
                "duedate is a text such as '2026-03-31'.",
            ),
            Criterion(
                "Each says how one will know that it is done",
                partial(_every, what="No measure in", holds=_says_done_when),
                "Write success_metric into the description.",
            ),
            Criterion(
                "The label of the incident and its severity find them all",
                partial(
                    _every,
                    what="Labels missing on",
                    holds=lambda issue: (
                        any(label.startswith("a07-") for label in issue.fields.labels)
                        and "sev1" in issue.fields.labels
                    ),
                ),
                "labels takes a list: the tag, and 'sev1'.",
            ),
        ),
    ),
    Question(
        id="a07-overdue",
        title="What is overdue",
        shape=_Tracked,
        expected="a dict with the keys overdue (a list of issue keys) and all (the raw issues)",
        criteria=(
            Criterion(
                "The search finds what is overdue, and nothing else",
                _knows_overdue,
                "JQL compares duedate with now(), and statusCategory with Done.",
                points=3,
            ),
        ),
    ),
    Question(
        id="a07-tracked",
        title="Closed with evidence, or honestly open",
        shape=list[_Issue],
        expected="the list of issues as Jira returns them: [clients.jira.issue(key).raw for key in ...]",
        criteria=(
            Criterion(
                "The strongest action is done",
                _strongest_is_done,
                "transition_issue(key, 'Done').",
            ),
            Criterion(
                "Whatever is closed carries a figure that shows it works",
                _has_evidence,
                "add_comment(key, ...) before you close it: which measure, before and after?",
                points=2,
            ),
            Criterion(
                "The overdue action is still open, and its issue says what becomes of it",
                _is_honest,
                "A new date with a reason, or who accepts that it will not be done.",
                points=2,
            ),
            Criterion(
                "Two that depend on each other are linked",
                _are_linked,
                "create_issue_link('Blocks', one, other).",
            ),
        ),
    ),
)
