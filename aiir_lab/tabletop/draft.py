"""A mock post-mortem from an after-action report: a draft that the team goes on with."""

from __future__ import annotations

from aiir_lab.records.communication import Message
from aiir_lab.records.exercise import AfterAction
from aiir_lab.records.postmortem import AiDetails, Postmortem
from aiir_lab.records.timeline import ClockMark


def draft_postmortem(report: AfterAction) -> Postmortem:
    """Fill a post-mortem from the log: what was measured stands in it, what was not done is said."""
    harm, timeline = report.harm, report.timeline
    contained = report.metric("time_to_contain").minutes
    detected = timeline.duration("time_to_detect").minutes
    summary = [
        f"{report.title}: {report.company} took in the first alert on "
        f"{report.start_utc:%Y-%m-%d at %H:%M} UTC. "
        f"The incident had begun {_hours(report, ClockMark.ALERTED)} before.",
        f"Harm over the whole run was {harm.amount:,.0f} {harm.unit}; without a response it would have been "
        f"{harm.no_response:,.0f}.",
    ]
    if contained is None:
        summary.append("No decision contained it during the exercise.")
    else:
        summary.append(
            f"The first decision that contained it worked {contained:,.0f} minutes after the alert."
        )
    alert = timeline.marked(ClockMark.ALERTED)
    detection = f"{alert.text} " if alert else ""
    detection += (
        f"A responder took it on {detected:,.0f} minutes after the onset."
        if detected is not None
        else "Nobody took it on."
    )
    worked = [decision for decision in report.decisions if decision.effective_utc]
    resolution = " ".join(
        f"{decision.title}, decided at {decision.at_utc:%Y-%m-%d %H:%M} UTC, in effect from "
        f"{decision.effective_utc:%Y-%m-%d %H:%M} UTC."
        for decision in worked
    )
    return Postmortem(
        id=f"drill-{report.exercise.replace('_', '-')}-{report.seed}",
        title=report.title,
        organisation=report.company,
        date=(report.onset_utc or report.start_utc).date(),
        severity=report.severity or report.expected_severity,
        severity_reason=report.severity_reason,
        status="draft from an exercise",
        owner="incident commander",
        authors=("exercise team",),
        summary=" ".join(summary),
        impact=_impact(report),
        detection=detection,
        trigger=report.truth,
        resolution=resolution or "No control was switched on during the exercise.",
        timeline=timeline,
        contributing_factors=report.factors,
        messages=_messages(report),
        action_items=report.improvement_plan,
        went_well=report.strengths,
        went_badly=report.areas_for_improvement,
        ai=AiDetails(
            cohorts=report.cohorts,
            decisions_affected=f"{harm.amount:,.0f} {harm.unit}",
            human_oversight=_oversight(report),
            legal_clocks=report.legal_clocks,
        ),
    )


def _hours(report: AfterAction, mark: ClockMark) -> str:
    event = report.timeline.marked(mark)
    if event is None or event.at_utc is None or report.onset_utc is None:
        return "some time"
    return f"{(event.at_utc - report.onset_utc).total_seconds() / 3600:,.0f} hours"


def _impact(report: AfterAction) -> tuple[str, ...]:
    harm = report.harm
    said = [
        f"{harm.amount:,.0f} {harm.unit} of harm over the whole run, by replay against the same world "
        "without it."
    ]
    if harm.avoided > 0:
        said.append(f"The response avoided {harm.avoided:,.0f} {harm.unit}.")
    if report.cohorts:
        said.append(f"Affected most were the customers of this group: {'; '.join(report.cohorts)}.")
    said.append(f"The best plan found would have left {harm.best:,.0f} {harm.unit}.")
    return tuple(said)


def _messages(report: AfterAction) -> tuple[Message, ...]:
    posts = [
        Message(sender="players", to="public", channel="status page", text=update.text, at_utc=update.at_utc)
        for update in report.updates
    ]
    others = [
        Message(sender=m.sender, to=m.to, channel=m.channel, text=m.text, at_utc=m.at_utc)
        for m in report.messages
        if not m.is_scripted  # what others wrote in heat stays in the log
    ]
    return tuple(sorted([*posts, *others], key=lambda message: str(message.at_utc)))


def _oversight(report: AfterAction) -> str:
    roles = sorted({decision.role.value.replace("_", " ") for decision in report.decisions})
    if not roles:
        return "Nobody decided anything about the model during the exercise."
    return f"Decided by {', '.join(roles)}."
