"""The skeleton of a true story, out of the learner's own record. What it does not hold is asked.

Every sentence restates fields of the record. Nothing is guessed: no motive, no feeling, no figure that is not
there. The speaker fills the gaps, because only they know.
"""

from __future__ import annotations

from typing import Any

from aiir_lab.catalog.interview import StarPart
from aiir_lab.interview.star import StarL
from aiir_lab.records.actions import ActionItem
from aiir_lab.records.errors import AiirError
from aiir_lab.records.exercise import AfterAction, Decision
from aiir_lab.records.postmortem import Postmortem
from aiir_lab.records.timeline import ClockMark, EventKind
from aiir_lab.review.phrasing import sentences

Asked = dict[StarPart, list[str]]

_MOST_DECISIONS = 4
"""More than this does not fit into two minutes; the ones that avoided the most harm are kept."""

_MOST_STEPS = 6
"""Steps of a post-mortem's timeline that a story keeps."""

_QUICKLY_SAID = 200
"""Characters of a message that a story repeats."""

_MARK_WORDS = {
    "time_to_detect": "from onset to detection",
    "time_to_acknowledge": "from the first alert to acknowledgement",
    "time_to_mitigate": "from onset to mitigation",
    "time_to_resolve": "from onset to resolution",
}


def story_from(source: Any, *, question: str | None = None) -> StarL:
    """Draft the skeleton of a true story from what you did here.

    Parameters
    ----------
    source : session, AfterAction or Postmortem
        An exercise session (anything with ``after_action()``), its after-action report, or a post-mortem that
        you wrote, such as one with the root causes and action items of a lesson.
    question : str, optional
        Id of the practice question that the story answers.

    Returns
    -------
    StarL
        Parts hold only what the record says, with its times and figures; ``open_questions`` holds, for each
        part, what only you can say. An exercise says that it was one.

    Raises
    ------
    AiirError
        `source` is none of these.

    Examples
    --------
    >>> from aiir_lab.records import Postmortem
    >>> pm = Postmortem(id="inc-7", title="Wrong prices", impact=["412 orders at the wrong price"])
    >>> story = story_from(pm)
    >>> "412 orders" in story.situation, story.result
    (True, None)
    """
    if callable(getattr(source, "after_action", None)):
        source = source.after_action()
    if isinstance(source, AfterAction):
        return _from_exercise(source, question)
    if isinstance(source, Postmortem):
        return _from_postmortem(source, question)
    raise AiirError(
        "A story is drafted from an exercise session, an AfterAction or a Postmortem, got "
        f"{type(source).__name__}. Run an exercise with lab.start_exercise(...), or read your "
        "post-mortem with lab.read_postmortem(...)."
    )


def _from_exercise(report: AfterAction, question: str | None) -> StarL:
    asked: Asked = {part: [] for part in StarPart}
    parts = {
        StarPart.SITUATION: _exercise_situation(report, asked),
        StarPart.TASK: _exercise_task(report, asked),
        StarPart.ACTION: _exercise_action(report, asked),
        StarPart.RESULT: _exercise_result(report, asked),
        StarPart.LEARNING: _learning(report.improvement_plan, asked, record="after-action report"),
    }
    for area in report.areas_for_improvement[:3]:
        asked[StarPart.LEARNING].append(f"The report says: {area} Which line of the plan changes by it?")
    return _story(parts, asked, question, basis="course")


def _exercise_situation(report: AfterAction, asked: Asked) -> list[str]:
    lines = [
        f"In a tabletop exercise of a course, on simulated data, I worked on “{report.title}” "
        f"at {report.company}."
    ]
    if report.harm.no_response:
        lines.append(
            f"Without any response it would have cost {_amount(report.harm.no_response, report.harm.unit)}."
        )
    detect = report.timeline.duration("time_to_detect").minutes
    if detect is not None:
        lines.append(f"From onset to detection it took {_minutes(detect)}.")
    signal = report.timeline.marked(ClockMark.ALERTED) or report.timeline.marked(ClockMark.DETECTED)
    if signal is not None:
        lines.append(f"The first sign: {_sentence(_opening(signal.text))}")
    else:
        asked[StarPart.SITUATION].append("How was it noticed? The log marks no alert and no detection.")
    asked[StarPart.SITUATION].append("Who bore the harm, in words that a listener sees?")
    return lines


def _exercise_task(report: AfterAction, asked: Asked) -> list[str]:
    mine = [role.value.replace("_", " ") for role, player in report.roles.items() if player != "script"]
    lines = []
    if mine:
        lines.append(f"I played the role of {_listed(mine)}.")
    else:
        asked[StarPart.TASK].append("Which role was yours? The log names no player.")
    if report.severity is not None:
        when = f" at minute {report.severity_min:.0f}" if report.severity_min is not None else ""
        reason = f", because {report.severity_reason.rstrip('.')}" if report.severity_reason else ""
        lines.append(f"{report.severity} was declared{when}{reason}.")
    else:
        asked[StarPart.TASK].append("How serious did you think it was? No severity was declared.")
    return lines


def _exercise_action(report: AfterAction, asked: Asked) -> list[str]:
    lines = []
    if report.evidence:
        first = report.evidence[0]
        lines.append(f"At minute {first.at_min:.0f} I looked at {first.title}.")
        if snapshot := next((look for look in report.evidence if look.is_snapshot), None):
            lines.append(f"At minute {snapshot.at_min:.0f} I kept a snapshot: {snapshot.title}.")
    for decision in _weightiest(report.decisions):
        why = f" My reason then: {_sentence(decision.rationale)}" if decision.rationale else ""
        lines.append(f"At minute {decision.at_min:.0f} I decided: {_sentence(decision.title)}{why}")
        if not decision.rationale:
            asked[StarPart.ACTION].append(f"Why “{decision.title}”, and why then? The log holds no reason.")
    told = [row for row in report.escalations if row.done_min is not None]
    if told:
        names = _listed(
            [f"{row.role.value.replace('_', ' ')} (minute {row.done_min:.0f})" for row in told[:3]]
        )
        lines.append(f"I told the {names}.")
    if report.updates:
        lines.append(f"The first public update went out at minute {report.updates[0].at_min:.0f}.")
    if report.notes:
        lines.append(f"My note at the time: {_sentence(report.notes[0])}")
    else:
        asked[StarPart.ACTION].append(
            "What did you not know when you decided? The log holds no note or hypothesis."
        )
    if not report.decisions:
        asked[StarPart.ACTION].append("What did you decide? The log holds no decision.")
    asked[StarPart.ACTION].append("What did you give up by it, and which option did you leave?")
    return lines


def _exercise_result(report: AfterAction, asked: Asked) -> list[str]:
    harm = report.harm
    lines = [
        f"Replayed without any response the harm was {_amount(harm.no_response, harm.unit)}; "
        f"as I played it, it was {_amount(harm.amount, harm.unit)}."
    ]
    if harm.plans_tried:
        lines.append(
            f"The best of {harm.plans_tried} plans that were tried left {_amount(harm.best, harm.unit)}."
        )
    for interval in report.metrics:
        if interval.minutes is not None:
            lines.append(
                f"From {interval.from_mark} to {interval.to_mark} it took {_minutes(interval.minutes)}."
            )
    late = [update for update in report.updates if update.late_min > 0]
    if late:
        worst = max(update.late_min for update in late)
        lines.append(
            f"{len(late)} of {len(report.updates)} updates came late, the latest by {_minutes(worst)}."
        )
    if report.missed_update_min:
        lines.append(f"{len(report.missed_update_min)} updates that were due never came.")
    asked[StarPart.RESULT].append(
        "Which of these figures will you say? Two are enough, one that does not flatter."
    )
    return lines


def _from_postmortem(pm: Postmortem, question: str | None) -> StarL:
    asked: Asked = {part: [] for part in StarPart}
    parts: dict[StarPart, list[str]] = {part: [] for part in StarPart}
    situation = parts[StarPart.SITUATION]
    situation += [_sentence(pm.summary or pm.title)]
    situation += [_sentence(line) for line in pm.impact]
    if pm.detection:
        situation.append(f"How it was noticed: {_sentence(pm.detection)}")
    else:
        asked[StarPart.SITUATION].append("How was it noticed?")
    if not pm.impact:
        asked[StarPart.SITUATION].append("Who was affected, and how much? The record names no impact.")
    asked[StarPart.TASK].append("What was yours to do or decide? A post-mortem does not say what you did.")
    acts = (EventKind.DECISION, EventKind.MITIGATION, EventKind.ESCALATION, EventKind.COMMUNICATION)
    for event in [event for event in pm.timeline.events if event.kind in acts][:_MOST_STEPS]:
        when = f"{event.at_utc:%H:%M} UTC: " if event.at_utc and event.precision.is_clock_time else ""
        parts[StarPart.ACTION].append(f"{when}{_sentence(event.text)}")
    if pm.contributing_factors:
        factors = "; ".join(factor.text.rstrip(".") for factor in pm.contributing_factors[:3])
        parts[StarPart.ACTION].append(f"Contributing factors that were found: {factors}.")
    asked[StarPart.ACTION] += [
        'Which of these steps were yours? Say "I" only there.',
        "What was unknown when you decided, and what did you give up?",
    ]
    for name, words in _MARK_WORDS.items():
        minutes = pm.timeline.duration(name).minutes
        if minutes is not None:
            parts[StarPart.RESULT].append(f"It took {_minutes(minutes)} {words}.")
    if not parts[StarPart.RESULT]:
        asked[StarPart.RESULT].append(
            "What came of it, measured? The record has no pair of times to count between."
        )
    asked[StarPart.RESULT].append("What was the same measure before, and after the fix?")
    parts[StarPart.LEARNING] = _learning(pm.action_items, asked, record="post-mortem")
    return _story(parts, asked, question, basis=None)


def _learning(items: tuple[ActionItem, ...], asked: Asked, *, record: str) -> list[str]:
    lines = []
    for item in items[:3]:
        measure = f" Measure: {_sentence(item.success_metric)}" if item.success_metric else ""
        lines.append(f"The {record} plans: {_sentence(item.description)}{measure}")
    if not items:
        asked[StarPart.LEARNING].append(
            "What is different today in the plan or the system? The record plans nothing."
        )
    asked[StarPart.LEARNING].append("Which of it is done, how was it tried, and what did the trial show?")
    return lines


def _story(
    parts: dict[StarPart, list[str]], asked: Asked, question: str | None, *, basis: str | None
) -> StarL:
    texts: dict[str, Any] = {part.value: " ".join(lines) or None for part, lines in parts.items()}
    questions = {part: tuple(dict.fromkeys(lines)) for part, lines in asked.items() if lines}
    return StarL.from_dict(
        texts | {"question": question, "basis": basis, "open_questions": questions}, where="story"
    )


def _weightiest(decisions: tuple[Decision, ...]) -> list[Decision]:
    """The decisions that avoided the most harm, in the order in which they were taken."""
    ranked = sorted(decisions, key=lambda decision: -(decision.harm_avoided or 0.0))
    return sorted(ranked[:_MOST_DECISIONS], key=lambda decision: decision.at_min)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "”", '"')) else f"{text}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _opening(text: str) -> str:
    """The first sentences of a long message, as many as are quickly said."""
    text = " ".join(text.split())
    ends = [end for _, end in sentences(text) if end <= _QUICKLY_SAID]
    return text[: ends[-1]] if ends else text


def _minutes(minutes: float) -> str:
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= 3 * size or size == 1:
            count = round(minutes / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("unreachable")


def _amount(amount: float, unit: str) -> str:
    # a currency by its three letters; other units are words
    return f"{amount:,.0f} {unit.upper() if len(unit) == 3 else unit}"
