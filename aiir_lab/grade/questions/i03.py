"""Intermediate lesson 3: a tabletop on a poisoned model. The log is played again to judge it."""

from __future__ import annotations

import tempfile
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import Postmortem
from aiir_lab.records.causes import ContributingFactor, Strand
from aiir_lab.records.exercise import AfterAction

if TYPE_CHECKING:
    from aiir_lab.tabletop.session import Session

EXERCISE, SEED, DIFFICULTY = "fraud_poisoning", 7, "normal"
FEWEST_ACTIONS = 5


def replayed(
    log: str, *, exercise: str = EXERCISE, seed: int = SEED, difficulty: str = DIFFICULTY
) -> Session | str:
    """The session of a log, played again by the engine; or why it cannot be judged."""
    from aiir_lab.tabletop import play_log
    from aiir_lab.tabletop.log import LogError, read_log

    try:
        entries = read_log(log, where="your log")
    except LogError as error:
        return str(error)
    first = dict(entries[0].data) if entries else {}
    # checked before anything is played: a log may name any exercise
    for key, expected in (("exercise", exercise), ("seed", seed), ("difficulty", difficulty)):
        if first.get(key) != expected:
            return f"The log has {key}={first.get(key)!r}; this lesson plays {key}={expected!r}."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "your log"
        path.write_text(log, encoding="utf-8")
        try:
            return play_log(path)
        except LogError as error:
            return str(error).replace(f"{path}", "your log")


@cache
def report_of(log: str) -> AfterAction | str:
    """The after-action report of a log, or why there is none; the search for the best plan takes a moment."""
    session = replayed(log)
    if isinstance(session, str):
        return session
    if len(session.entries) <= FEWEST_ACTIONS:
        return f"The log holds {len(session.entries) - 1} actions; play the exercise first."
    return session.after_action()


def _on_report(log: str) -> AfterAction:
    report = report_of(log)
    if isinstance(report, str):
        raise ValueError(report.rstrip("."))
    return report


def _is_whole(log: str) -> bool | str:
    report = report_of(log)
    return report if isinstance(report, str) else True


def _in_time(names: tuple[str, ...], log: str) -> bool | str:
    """Whether the expected actions of these names were done by their minute."""
    for item in _on_report(log).expected:
        if item.name in names and not item.is_on_time:
            done = "never" if item.done_min is None else f"at minute {item.done_min:g}"
            return f"{item.what} Expected by minute {item.by_min:g}, here {done}."
    return True


def _all_told(log: str) -> bool | str:
    report = _on_report(log)
    asked = [row for row in report.escalations if row.due_min is not None]
    missing = [row.role.value for row in asked if row.done_min is None]
    if report.severity is None:
        return "No severity was declared, so nobody was due."
    return not missing or f"Never told: {', '.join(missing)}."


def _avoids(share: float, log: str) -> bool | str:
    avoided = _on_report(log).harm.share_avoided or 0.0
    return avoided >= share or f"{max(avoided, 0.0):.0%} of what the best plan found avoids."


def _writes_well(log: str) -> bool | str:
    updates = _on_report(log).updates
    if not updates:
        return "No update was posted."
    return any(update.ok for update in updates) or f"The reviewer said: {updates[-1].problems[0].message}"


def _gives_reasons(log: str) -> bool | str:
    decisions = _on_report(log).decisions
    if not decisions:
        return "Nothing was decided."
    bare = [item.title for item in decisions if len((item.rationale or "").split()) < 5]
    return not bare or f"Without a reason: {bare[0]}."


def _knows_law(log: str) -> bool | str:
    law = next(score for score in _on_report(log).scores if score.name == "law")
    return law.points >= law.possible or law.reason


def _is_of_the_run(pm: Postmortem) -> bool | str:
    if pm.id != f"drill-{EXERCISE.replace('_', '-')}-{SEED}":
        return "Begin with report.to_postmortem(), which gives it its id."
    return len(pm.timeline.events) >= 8 or f"{len(pm.timeline.events)} events on its timeline."


def _reviews(pm: Postmortem) -> bool | str:
    from aiir_lab.review import review_postmortem

    review = review_postmortem(pm)
    if review.verdict != "poor" and review.score >= 0.65:
        return True
    return f"The reviewer gives it {review.score:.2f}: {review.findings[0].message}"


_DATA = ("label", "data", "feedback", "batch", "training set", "provenance")
_BACK = ("roll back", "rollback", "rolled back", "going back", "go back", "promotion", "earlier version")


def _speaks_of(words: tuple[str, ...], text: str) -> bool:
    return any(word in text.lower() for word in words)


def _own_factors(pm: Postmortem) -> list[ContributingFactor]:
    """Conditions in the process that the draft did not bring along."""
    from aiir_lab.tabletop import load_exercise

    given = {factor.text for factor in load_exercise(EXERCISE).facilitation.factors}
    return [f for f in pm.contributing_factors if f.text not in given and f.strand is Strand.PROCESS]


def _gap(words: tuple[str, ...], pm: Postmortem) -> bool | str:
    from aiir_lab.review import review_whys

    found = [factor for factor in _own_factors(pm) if _speaks_of(words, factor.text)]
    if not found:
        return "No condition of your own on the strand process speaks of it."
    for factor in found:
        if len(factor.text.split()) < 7 or review_whys(pm.title, [factor.text]).verdict == "stops_at_person":
            continue
        if factor.evidence and len(factor.evidence.split()) >= 4:
            return True
    return "It needs a sentence about the process, not a person, and evidence from the run."


def _acts(words: tuple[str, ...], pm: Postmortem) -> bool | str:
    from aiir_lab.review import review_action_item
    from aiir_lab.tabletop import load_exercise

    given = {action.improvement for action in load_exercise(EXERCISE).facilitation.expected_actions}
    own = [item for item in pm.action_items if item.description.strip(". ") not in given]
    for item in own:
        if not _speaks_of(words, item.description):
            continue
        review = review_action_item(item)
        if review.is_smart and review.strength != "weaker":
            return True
    return f"{len(own)} actions of your own; none of them does."


def _is_blameless(pm: Postmortem) -> bool | str:
    from aiir_lab.review import review_language

    own = _own_factors(pm)
    if len(own) < 2:
        return "Write the two gaps first."
    for text in (*(factor.text for factor in own), *(item.description for item in pm.action_items)):
        findings = review_language(text)
        if findings:
            return f"Look at “{findings[0].of(text)}”."
    return True


QUESTIONS = (
    Question(
        id="i03-run",
        title="Your run, from its log",
        shape=str,
        expected="the text of a session's log: session.log_text",
        criteria=(
            Criterion(
                "The log is whole, plays again, and is of this exercise",
                _is_whole,
                "Hand in session.log_text of the session above, unchanged.",
            ),
            Criterion(
                "The note is taken on and SEV2 or worse declared, in time",
                partial(_in_time, ("take-it-on", "severity")),
                "A model that retrains on bad data is in the matrix, however small the loss still is.",
                2.0,
            ),
            Criterion(
                "Command and security hear of it, in time",
                partial(_in_time, ("command", "security-told")),
                "Never hesitate to escalate: telling costs two minutes.",
            ),
            Criterion(
                "Everybody whom the matrix asks for is told",
                _all_told,
                "The top of the panel says who is due next.",
            ),
            Criterion(
                "Feedback is looked at by source, and evidence kept before the system is changed",
                partial(_in_time, ("by-source", "evidence-kept")),
                "Which table sets partners against analysts? And what does a rollback overwrite?",
                2.0,
            ),
            Criterion(
                "At least half of the avoidable harm is avoided",
                partial(_avoids, 0.5),
                "Which decisions keep new lies out, and which take the old ones out of the model?",
                2.0,
            ),
            Criterion(
                "At least four fifths of it",
                partial(_avoids, 0.8),
                "Every hour counts until a model decides that does not know the lie.",
            ),
            Criterion(
                "A first status update in time",
                partial(_in_time, ("first-update",)),
                "Early and thin beats late and full.",
            ),
            Criterion(
                "An update in which the reviewer finds nothing to mend",
                _writes_well,
                "What customers notice, since when, who is affected, what you do, when they hear next.",
            ),
            Criterion("Every decision has a reason", _gives_reasons, "One sentence, before the button."),
            Criterion(
                "The legal clock is decided as the law stands",
                _knows_law,
                "Read Annex III, point 5(b), to its end.",
            ),
        ),
    ),
    Question(
        id="i03-postmortem",
        title="The mock post-mortem, with the gaps in the process",
        shape=Postmortem,
        expected="a lab.Postmortem(...), begun with report.to_postmortem()",
        criteria=(
            Criterion("It tells your run", _is_of_the_run, "report.to_postmortem() fills the timeline in."),
            Criterion("The reviewer finds it adequate", _reviews, "lab.review_postmortem(pm).findings", 1.0),
            Criterion(
                "A gap in the validation of data",
                partial(_gap, _DATA),
                "Which step between a partner's word and the training set is missing, and who noticed what?",
                2.0,
            ),
            Criterion(
                "A gap in promotion and rollback",
                partial(_gap, _BACK),
                "What did going back take here, who may do it, and when was it tried last?",
                2.0,
            ),
            Criterion(
                "An action of your own against the first gap that somebody can finish",
                partial(_acts, _DATA),
                "A verb, an owner, a date, a measure; and it works without anybody remembering it.",
            ),
            Criterion(
                "An action of your own against the second one",
                partial(_acts, _BACK),
                "A verb, an owner, a date, a measure.",
            ),
            Criterion(
                "Blameless language in conditions and actions",
                _is_blameless,
                "lab.review_language(text) shows what a reviewer would mark.",
            ),
        ),
    ),
)
