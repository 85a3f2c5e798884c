"""Intermediate lesson 2: a poisoned fraud model; answers against the planted truth and the tables."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator

from aiir_lab.grade.own_data import OwnData
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._own_poisoned import OwnCase, case_of, own_questions, what_if
from aiir_lab.grade.questions._poisoned import WORLD, Case

ONSET_FULL, ONSET_CLOSE = timedelta(days=8), timedelta(days=15)


class _Naive(BaseModel):
    batches_passed: int | None = None
    most_legitimate: str | None = None
    auc_change: float | None = None


class _Pattern(BaseModel):
    category: str | None = None
    device: str | None = None
    low_usd: float | None = None
    high_usd: float | None = None


class _Versions(BaseModel):
    declined: dict[str, float] | None = None
    first_blind: str | None = None


class _Missed(BaseModel):
    known: int | None = None
    known_usd: float | None = None
    estimate_usd: float | None = None


class _Rollback(BaseModel):
    version: str | None = None
    reason: str | None = None


class _Decision(BaseModel):
    harm_usd: dict[str, float] | None = None
    choice: str | None = None


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _as_time(value: Any) -> Any:
    # a day, or a time without zone, is what a table shows; all times of the lesson are UTC
    if isinstance(value, str):
        text = value.strip().replace(" ", "T", 1)
        text = f"{text}T00:00:00" if len(text) == 10 else text
        has_zone = text.endswith("Z") or "+" in text[10:] or "-" in text[10:]
        return text if has_zone else f"{text}+00:00"
    return value


def _is_close(given: float | None, expected: float, *, share: float, slack: float = 0.0) -> bool | str:
    if given is None:
        return "Nothing given."
    if math.isclose(given, expected, rel_tol=share, abs_tol=slack):
        return True
    return "Too low." if given < expected else "Too high."


def _naive(case: Case, field: str, answer: _Naive) -> bool | str:
    given, expected = getattr(answer, field), getattr(case.truth, field)
    if given is None:
        return "Nothing given."
    if isinstance(expected, float):
        return _is_close(given, expected, share=0.05, slack=0.004)
    return bool(given == expected)


def _finds(case: Case, count: int, answer: list[str]) -> bool | str:
    found = len(set(answer) & case.truth.sources)
    if len(set(answer)) > len(case.truth.sources) + 2:
        return "Nobody can act on so long a list of suspects."
    return found >= min(count, len(case.truth.sources)) or f"{found} found."


def _accuses_nobody_else(case: Case, answer: list[str]) -> bool | str:
    found, wrong = set(answer) & case.truth.sources, set(answer) - case.truth.sources
    if not found:
        return "None of them is."
    return not wrong or f"{len(wrong)} of {len(set(answer))} only look like it."


def _amounts(case: Case, answer: _Pattern) -> bool | str:
    t = case.truth
    for name, given, expected in (("low", answer.low_usd, t.low_usd), ("high", answer.high_usd, t.high_usd)):
        outcome = _is_close(given, expected, share=0.15)
        if outcome is not True:
            return f"The {name} end: {str(outcome).lower()}"
    return True


def _days_off(case: Case, limit: timedelta, answer: datetime) -> bool | str:
    off = answer - case.truth.onset_utc
    if abs(off) <= limit:
        return True
    return "Earlier than anything unusual." if off < timedelta(0) else "Late: it had begun before."


def _declined(case: Case, count: int, answer: _Versions) -> bool | str:
    expected = case.truth.declined
    given = answer.declined or {}
    right = sum(
        math.isclose(given.get(version, math.inf), share, abs_tol=case.share_tolerance)
        for version, share in expected.items()
    )
    if len(given) >= 2 and max(given.values()) - min(given.values()) < 0.2:
        return "All versions alike? Look at the last ones."
    return right >= count or f"{right} of {len(expected)} within a tenth."


def _is_blind(case: Case, answer: _Versions) -> bool:
    return answer.first_blind == case.first_blind


def _estimate(case: Case, answer: _Missed) -> bool | str:
    given, harm = answer.estimate_usd, case.truth.harm_usd
    if given is None:
        return "Nothing given."
    if given < 0.7 * harm:
        return "Too low: most of it has not come back as a chargeback yet."
    return given <= 1.35 * harm or "Too high: part of this was approved before the attack as well."


def _rollback(case: Case, what: str, answer: _Rollback) -> bool | str:
    t = case.truth
    version = answer.version
    if version not in t.declined:
        return f"There is no version {version!r}." if version else "Nothing given."
    if what == "sees":
        return t.declined[version] >= 0.6
    if what == "clean":
        return version in t.clean or "Its training set reaches past the onset."
    if version not in t.clean:
        return "Settle the other two first."
    return version in t.clean[-2:] or "An older one than needed: it knows less of what is new and honest."


def _gives_reason(case: Case, answer: _Rollback) -> bool | str:
    words = (answer.reason or "").lower()
    has_number = any(letter.isdigit() for letter in words)
    topics = (("train", "window", "label"), ("declin", "catch", "caught", "recall"))
    speaks = [any(word in words for word in topic) for topic in topics]
    if answer.version not in case.truth.clean:
        return "A reason for another version."
    return (has_number and all(speaks) and len(words.split()) >= 12) or "Something is missing."


def _harm(case: Case, count: int, answer: _Decision) -> bool | str:
    given = answer.harm_usd or {}
    expected = case.harms
    right = sum(
        math.isclose(given.get(name, math.inf), harm, rel_tol=case.harm_tolerance)
        for name, harm in expected.items()
    )
    return right >= count or f"{right} of {len(expected)} so far."


def _choice(case: Case, answer: _Decision) -> bool | str:
    if _harm(case, 3, answer) is not True:
        return "Measure first, then choose."
    best = min(case.harms.values())
    chosen = case.harms.get(answer.choice or "", math.inf)
    return chosen <= best * 1.02 or "Another option leaves less harm."


def questions_for(case: Case) -> tuple[Question, ...]:
    """The questions, judged against one case: the lesson's own, or that of one learner."""
    return (
        Question(
            id="i02-naive",
            title="What the usual checks say",
            shape=_Naive,
            expected="a dict with batches_passed, most_legitimate and auc_change",
            criteria=(
                Criterion(
                    "How many batches of partner feedback passed their check",
                    partial(_naive, case, "batches_passed"),
                    "Rows of ingestion_batches with channel partner_feedback; sum is_passed.",
                ),
                Criterion(
                    "The partner with the largest share of legitimate feedback",
                    partial(_naive, case, "most_legitimate"),
                    "Sum legitimate_rows and feedback_rows by source first, then divide.",
                ),
                Criterion(
                    "How the AUC on the dashboard changed",
                    partial(_naive, case, "auc_change"),
                    "Mean of eval_auc over the last 14 rows minus the mean over the first 14.",
                ),
            ),
        ),
        Question(
            id="i02-source",
            title="Who sent the false labels",
            shape=Annotated[list[str], BeforeValidator(_as_list)],
            expected='a list of partners, such as ["partner-101"]',
            criteria=(
                Criterion(
                    "One of them",
                    partial(_finds, case, 1),
                    "Whose word do analysts and chargebacks contradict?",
                    1.0,
                ),
                Criterion(
                    "All of them",
                    partial(_finds, case, 2),
                    "Keys can be stolen more than once. Where does the excess end when you sort by it?",
                    1.0,
                ),
                Criterion(
                    "Nobody else is accused",
                    partial(_accuses_nobody_else, case),
                    "A high rate out of four payments is no evidence. Compare with what would be usual.",
                    2.0,
                ),
            ),
        ),
        Question(
            id="i02-pattern",
            title="Which payments the labels protect",
            shape=_Pattern,
            expected="a dict with category, device, low_usd and high_usd",
            criteria=(
                Criterion(
                    "The category",
                    lambda answer: answer.category == case.truth.category,
                    "Group the contradicted labels of these partners.",
                ),
                Criterion(
                    "The device",
                    lambda answer: answer.device == case.truth.device,
                    "Group by category and device.",
                ),
                Criterion(
                    "The amounts, to about 15 %",
                    partial(_amounts, case),
                    "Smallest and largest amount among the contradicted labels of it, without strays.",
                    2.0,
                ),
            ),
        ),
        Question(
            id="i02-onset",
            title="When it began",
            shape=Annotated[AwareDatetime, BeforeValidator(_as_time)],
            expected="a time in UTC, such as '2026-03-02 09:00'",
            criteria=(
                Criterion(
                    "Within fifteen days",
                    partial(_days_off, case, ONSET_CLOSE),
                    "Count the contradicted labels of the pattern by week.",
                    1.0,
                ),
                Criterion(
                    "Within eight days",
                    partial(_days_off, case, ONSET_FULL),
                    "Single ones are noise: in which week does the count leave the usual, and stay away?",
                    2.0,
                ),
            ),
        ),
        Question(
            id="i02-versions",
            title="What each version still saw",
            shape=_Versions,
            expected="a dict with declined (version -> share) and first_blind (a version)",
            criteria=(
                Criterion(
                    "The share that it declined, for most versions",
                    partial(_declined, case, 10),
                    "All payments of the pattern, by model_version; share with action 'decline'.",
                    2.0,
                ),
                Criterion(
                    "The first version that missed more than half",
                    partial(_is_blind, case),
                    "In order of training, not of the alphabet.",
                ),
            ),
        ),
        Question(
            id="i02-missed",
            title="False negatives, known and estimated",
            shape=_Missed,
            expected="a dict with known (a count), known_usd and estimate_usd",
            criteria=(
                Criterion(
                    "How many are known",
                    lambda answer: _is_close(
                        answer.known, case.truth.known_missed, share=case.count_tolerance, slack=2
                    ),
                    "Approved, in the pattern, since the onset; called fraud by an analyst or a chargeback.",
                ),
                Criterion(
                    "What the known ones cost",
                    lambda answer: _is_close(
                        answer.known_usd, case.truth.known_missed_usd, share=case.count_tolerance
                    ),
                    "The sum of their amounts.",
                ),
                Criterion(
                    "An estimate of the whole loss",
                    partial(_estimate, case),
                    "What was approved in the pattern since the onset, less the share that was usual before.",
                    2.0,
                ),
            ),
        ),
        Question(
            id="i02-rollback",
            title="The version to go back to",
            shape=_Rollback,
            expected="a dict with version and reason",
            criteria=(
                Criterion(
                    "It sees the pattern", partial(_rollback, case, "sees"), "Look at your table of versions."
                ),
                Criterion(
                    "No poisoned label is in its training set",
                    partial(_rollback, case, "clean"),
                    "Compare trained_utc in the registry with the onset.",
                ),
                Criterion(
                    "It is no older than needed",
                    partial(_rollback, case, "fresh"),
                    "Of the clean ones, one of the newest two.",
                ),
                Criterion(
                    "A reason with a number, on its training and on what it catches",
                    partial(_gives_reason, case),
                    "One or two sentences that somebody could check without you.",
                ),
            ),
        ),
        Question(
            id="i02-decision",
            title="What each decision would have left",
            shape=_Decision,
            expected="a dict with harm_usd (option -> dollars) and choice",
            criteria=(
                Criterion(
                    "The harm that two options leave",
                    partial(_harm, case, 2),
                    "lab.replay(run, controls=[...], at=decided_utc).harm.amount",
                ),
                Criterion(
                    "The harm that all four leave", partial(_harm, case, 4), "The same call for each option."
                ),
                Criterion(
                    "The choice that leaves least",
                    partial(_choice, case),
                    "Compare the four numbers; the world after the decision counts, too.",
                ),
            ),
        ),
    )


QUESTIONS = questions_for(Case())
# easy: with two partners and a slower start the method of the lesson fails on most seeds (measured: none of 9
# earned full marks, on easy ones half do)
OWN = OwnData(
    WORLD,
    case_of,
    lambda data: own_questions(questions_for(case := OwnCase(data)), case),
    what_if,
    difficulty="easy",
)
