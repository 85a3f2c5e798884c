"""Intermediate lesson 4: drift, injection and bias; what each of them asks of a response."""

from __future__ import annotations

import math
from datetime import timedelta
from functools import cache, partial

from pydantic import BaseModel

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions._tabletop import (
    Drill,
    avoids,
    before_any_change,
    decides,
    in_time,
    knows_law,
    writes_well,
)
from aiir_lab.records.escalation import Role
from aiir_lab.records.exercise import AfterAction

SEED, SIZE = 7, "sample"
DECIDED_AFTER = timedelta(days=7)
WORLDS = ("fraud_poisoning", "demand_drift", "credit_bias")
"""Worlds whose responders can go back to an earlier model."""

DRIFT = Drill("demand_drift", seed=SEED)
INJECTION = Drill("assistant_injection", seed=SEED)
BIAS = Drill("credit_bias", seed=SEED)


@cache
def removed(world: str, seed: int = SEED) -> dict[str, float]:
    """Control -> share of the harm that is gone when it alone is switched on a week after the onset."""
    from aiir_lab.simulate import replay, simulate

    run = simulate(world, seed=seed, size=SIZE)
    at = run.reveal().onset_utc + DECIDED_AFTER
    harm = run.harm.amount
    return {
        name: 1 - replay(run, controls=[name], at=at).harm.amount / harm
        for name in run.controls
        if name != "auto_rollback"  # it is there before an incident or not at all
    }


class _Compared(BaseModel):
    rollback: dict[str, float] | None = None
    best: dict[str, str] | None = None


def _measures(count: int, answer: _Compared) -> bool | str:
    given = answer.rollback or {}
    right = sum(
        math.isclose(given.get(world, math.inf), removed(world)["rollback_model"], abs_tol=0.02)
        for world in WORLDS
    )
    return right >= count or f"{right} of {len(WORLDS)} so far."


def _finds_best(world: str, answer: _Compared) -> bool | str:
    shares = removed(world)
    chosen = (answer.best or {}).get(world)
    if chosen not in shares:
        return f"{chosen!r} is no control of this world." if chosen else "Nothing given."
    return shares[chosen] >= max(shares.values()) - 0.05 or "Another one leaves clearly less."


def _leaves_the_model(report: AfterAction) -> bool | str:
    if not decides(report, "manual_override", "shadow_model"):
        return "Nothing was mended where the orders are wrong."
    return (
        not decides(report, "rollback_model")
        or "Going back was decided, and the older model knows even less."
    )


def _learns(report: AfterAction) -> bool:
    return decides(report, "shadow_model", "frequent_retraining", "drift_alert")


def _gates_tools(report: AfterAction) -> bool:
    return decides(report, "input_provenance", "tool_allowlist", "human_approval")


def _keeps_first(report: AfterAction) -> bool | str:
    kept = [look.at_min for look in report.evidence if look.is_snapshot]
    return before_any_change(min(kept, default=None), report)


def _tells_legal_first(report: AfterAction) -> bool | str:
    told = [row.done_min for row in report.escalations if row.role is Role.LEGAL and row.done_min is not None]
    return before_any_change(min(told, default=None), report)


def _keeps_secret(report: AfterAction) -> bool | str:
    """The way in is not in what everybody can read."""
    telling = ("inject", "prompt", "document", "hidden instruction", "attachment", "bypass")
    if not report.updates:
        return "No update was posted."
    for update in report.updates:
        for word in telling:
            if word in update.text.lower():
                return f"“{word}” stands in an update that an attacker reads, too."
    return True


def _at_the_source(report: AfterAction) -> bool | str:
    if decides(report, "rollback_feed", "data_contract", "slice_parity_check"):
        return True
    return "Neither the feed nor what it leaves empty was dealt with."


QUESTIONS = (
    Question(
        id="i04-compare",
        title="What going back is worth",
        shape=_Compared,
        expected="a dict with rollback (world -> share) and best (world -> control)",
        criteria=(
            Criterion(
                "The share that a rollback removes, for two worlds",
                partial(_measures, 2),
                "1 - lab.replay(run, controls=['rollback_model'], at=onset + a week).harm.amount / harm",
            ),
            Criterion("For all three", partial(_measures, 3), "The same call for each world."),
            Criterion(
                "What helps most against the drift",
                partial(_finds_best, "demand_drift"),
                "Try every control of the world by itself, from the same moment.",
            ),
            Criterion(
                "What helps most against the bias",
                partial(_finds_best, "credit_bias"),
                "Try every control of the world by itself, from the same moment.",
            ),
        ),
    ),
    Question(
        id="i04-drift",
        title="The shelf that the average hides",
        shape=str,
        expected="the text of a session's log: session.log_text",
        criteria=(
            DRIFT.is_whole(),
            DRIFT.criterion(
                "Sales or forecasts are looked at by group, in time",
                in_time("by-group"),
                "The dashboard shows the mean. Which tables have a region and a product group?",
            ),
            DRIFT.criterion(
                "Orders are mended where they are wrong, and the model does not go back",
                _leaves_the_model,
                "The world has changed. Which of the two models has seen the new one?",
                2.0,
            ),
            DRIFT.criterion(
                "Something learns from recent weeks, or watches them, after you have gone",
                _learns,
                "A factor set by hand outlives its reason.",
            ),
            DRIFT.criterion(
                "At least half of the avoidable harm is avoided",
                avoids(0.5),
                "The cheap decision works within hours, the good one within days. Take both.",
            ),
        ),
    ),
    Question(
        id="i04-injection",
        title="The document that gave orders",
        shape=str,
        expected="the text of a session's log: session.log_text",
        criteria=(
            INJECTION.is_whole(),
            INJECTION.criterion(
                "Messages or tool calls are kept before anything is changed",
                _keeps_first,
                "A rebuilt assistant overwrites what shows how it was fooled.",
            ),
            INJECTION.criterion(
                "The bleeding is stopped in time",
                in_time("stop-the-bleeding"),
                "Which tool moves the money, and who may switch it off?",
            ),
            INJECTION.criterion(
                "Tools are gated, not only words filtered",
                _gates_tools,
                "Least privilege: which tool may be open for whom, and who may choose it?",
                2.0,
            ),
            INJECTION.criterion(
                "No update tells an attacker how it works",
                _keeps_secret,
                "Say what customers notice. The page is public.",
            ),
            INJECTION.criterion(
                "Both legal clocks are decided as the law stands",
                knows_law,
                "Records of persons went to strangers. And is this system in Annex III?",
            ),
        ),
    ),
    Question(
        id="i04-bias",
        title="Approvals on target",
        shape=str,
        expected="the text of a session's log: session.log_text",
        criteria=(
            BIAS.is_whole(),
            BIAS.criterion(
                "Evidence is kept before anything is changed",
                _keeps_first,
                "Article 73(6): nothing that affects the analysis of causes is altered before.",
            ),
            BIAS.criterion(
                "Legal is told before anything is changed",
                _tells_legal_first,
                "Telling takes two minutes, and counsel reads while you look.",
                2.0,
            ),
            BIAS.criterion(
                "The clock is decided",
                knows_law,
                "Creditworthiness is in Annex III, point 5(b); a first report may be incomplete.",
            ),
            BIAS.criterion(
                "It is mended at the source",
                _at_the_source,
                "Which changed: the model, or what one feed puts into it?",
            ),
            BIAS.criterion(
                "An update in which the reviewer finds nothing to mend",
                writes_well,
                "What applicants notice, since when, who is affected, what they can do, when they hear next.",
            ),
        ),
    ),
)
