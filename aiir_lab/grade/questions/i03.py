"""Intermediate lesson 3: a tabletop on a poisoned model. The log is played again to judge it."""

from __future__ import annotations

from functools import partial

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._tabletop import (
    Drill,
    all_told,
    avoids,
    gives_reasons,
    in_time,
    knows_law,
    writes_well,
)
from aiir_lab.records import Postmortem
from aiir_lab.records.causes import ContributingFactor, Strand

DRILL = Drill("fraud_poisoning", seed=7)
EXERCISE, SEED = DRILL.exercise, DRILL.seed


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
    from aiir_lab.review.whys import ends_at_person

    found = [factor for factor in _own_factors(pm) if _speaks_of(words, factor.text)]
    if not found:
        return "No condition of your own on the strand process speaks of it."
    for factor in found:
        if len(factor.text.split()) < 7 or ends_at_person(pm.title, factor.text):
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
        findings = review_language(text, words=False)
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
            DRILL.is_whole(),
            DRILL.criterion(
                "The note is taken on and SEV2 or worse declared, in time",
                in_time("take-it-on", "severity"),
                "A model that retrains on bad data is in the matrix, however small the loss still is.",
                2.0,
            ),
            DRILL.criterion(
                "Command and security hear of it, in time",
                in_time("command", "security-told"),
                "Never hesitate to escalate: telling costs two minutes.",
            ),
            DRILL.criterion(
                "Everybody whom the matrix asks for is told",
                all_told,
                "The top of the panel says who is due next.",
            ),
            DRILL.criterion(
                "Feedback is looked at by source, and evidence kept before the system is changed",
                in_time("by-source", "evidence-kept"),
                "Which table sets partners against analysts? And what does a rollback overwrite?",
                2.0,
            ),
            DRILL.criterion(
                "At least half of the avoidable harm is avoided",
                avoids(0.5),
                "Which decisions keep new lies out, and which take the old ones out of the model?",
                2.0,
            ),
            DRILL.criterion(
                "At least four fifths of it",
                avoids(0.8),
                "Every hour counts until a model decides that does not know the lie.",
            ),
            DRILL.criterion(
                "A first status update in time",
                in_time("first-update"),
                "Early and thin beats late and full.",
            ),
            DRILL.criterion(
                "An update in which the reviewer finds nothing to mend",
                writes_well,
                "What customers notice, since when, who is affected, what you do, when they hear next.",
            ),
            DRILL.criterion("Every decision has a reason", gives_reasons, "One sentence, before the button."),
            DRILL.criterion(
                "The legal clock is decided as the law stands",
                knows_law,
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
