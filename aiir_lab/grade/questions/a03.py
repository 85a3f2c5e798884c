"""Advanced lesson 3: the AI RMF, legal clocks, and a playbook that was exercised."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from aiir_lab.grade.question import Criterion, Question
from aiir_lab.grade.questions import a02
from aiir_lab.grade.questions._mapping import Mapped, exists, fits, mitigations_named, reasoned
from aiir_lab.grade.questions._playing import cross_criteria
from aiir_lab.records import Playbook, check_rmf_id
from aiir_lab.simulate.world import load_world

if TYPE_CHECKING:
    from aiir_lab.review import PlaybookExercise
    from aiir_lab.simulate import Run

FACTORS = load_world(a02.WORLD).main_factors
PLAN = ("red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch")
"""The controls of the plan of lesson 2."""
DETECTED = {
    "moderation_failure": datetime(2025, 6, 1, 6, tzinfo=UTC),  # a Sunday: the first alert after the news
    "assistant_injection": datetime(2025, 3, 8, 7, tzinfo=UTC),  # a Saturday
}
LEAST_AVOIDED = {"moderation_failure": 0.35, "assistant_injection": 0.75}
MOST_WITHHELD = 500
"""Innocent outputs that the playbook's controls may withhold or cut off; the lesson says so."""

NOT_IN_THE_PLAN = "no_topic_review"
"""The one of the five conditions that the plan of lesson 2 leaves as it is."""
SITUATIONS = {
    "credit_scoring": "ai-act-73-2",
    "death": "ai-act-73-4",
    "power_grid": "ai-act-73-3",
    "bank_fraud_model": "dora-initial",
    "records_sent": "gdpr-33",
}


@cache
def world(name: str) -> Run:
    """A run that the lesson exercises the playbook in."""
    from aiir_lab.simulate import simulate

    return a02.incident() if name == a02.WORLD else simulate(name, seed=7, size="sample")


@cache
def exercised(playbook_json: str, name: str) -> PlaybookExercise:
    """The exercise, played once for each playbook."""
    from aiir_lab.review import exercise_playbook

    playbook = Playbook.from_json(playbook_json)
    return exercise_playbook(playbook, run=world(name), detected_utc=DETECTED[name])


def exercise_of(playbook: Playbook, name: str) -> PlaybookExercise:
    """How a playbook goes in a world of the lesson."""
    return exercised(playbook.to_json(), name)


def draft() -> Playbook:
    """The draft that the lesson mends."""
    from aiir_lab.catalog import load_playbook

    return load_playbook("moderation_draft")


class _Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid")

    incident: dict[str, Mapped | None] | None = None
    plan: list[str] | None = None
    atlas: dict[str, str | None] | None = None
    unanswered: list[str] | None = None
    gaps: list[str] | None = None


class _Breaks(BaseModel):
    model_config = ConfigDict(extra="forbid")

    latest_task: str | None = None
    begins_after_hours: float | None = None
    price: float | None = None
    does_nothing: list[str] | None = None


def _shown(answer: _Mapping, factor: str) -> Mapped:
    return (answer.incident or {}).get(factor) or Mapped()


def _fits(answer: _Mapping, *, factor: str) -> bool | str:
    return fits(_shown(answer, factor).rmf, [a02.incident().factors[factor]])


def _is_reasoned(answer: _Mapping) -> bool | str:
    run = a02.incident()
    places = [*run.columns["table"].unique(), *run.columns["column"].unique()]
    for factor in run.main_factors:
        control = run.control(run.factors[factor])
        held = reasoned(_shown(answer, factor), [factor, control.name, control.what, *places])
        if held is not True:
            return f"{factor}: {held}"
    return True


def _answered_by_plan(answer: _Mapping) -> bool | str:
    given = {check_rmf_id(id) for id in answer.plan or [] if exists(id)}
    factors = a02.incident().main_factors
    shown = {factor: _shown(answer, factor).rmf or "" for factor in factors}
    if not all(exists(id) for id in shown.values()):
        return "The incident is not mapped yet."
    wanted = {check_rmf_id(id) for factor, id in shown.items() if factor != NOT_IN_THE_PLAN}
    if len(given) < len(answer.plan or []):
        return "An id stands twice in it or does not exist."
    missing, more = wanted - given, given - wanted
    if missing:
        return f"The plan of lesson 2 also answers {', '.join(sorted(missing))}."
    return not more or f"Nothing in that plan answers {', '.join(sorted(more))}."


def _names_mitigations(answer: _Mapping) -> bool | str:
    return mitigations_named(answer.atlas or {}, run=a02.incident(), controls=PLAN)


def _follows(answer: _Mapping, *, field: str) -> bool | str:
    from aiir_lab.review import rmf_coverage

    incident = [row.rmf for row in (answer.incident or {}).values() if row and row.rmf]
    if len(incident) < len(a02.incident().main_factors) or not answer.plan:
        return "The mapping is not whole yet."
    bad = [id for id in (*incident, *answer.plan) if not exists(id)]
    if bad:
        return f"There is no {bad[0]!r}."
    wanted = getattr(rmf_coverage(incident=incident, plan=answer.plan), field)
    given = {check_rmf_id(id) for id in getattr(answer, field) or [] if exists(id)}
    return given == set(wanted) or f"Yours has {len(given)}; the coverage of your mapping has {len(wanted)}."


def _names_clock(answer: dict[str, str | None], *, situation: str) -> bool | str:
    given = answer.get(situation)
    return given == SITUATIONS[situation] or ("Nothing given." if given is None else f"Not {given!r}.")


def _latest(exercise: PlaybookExercise) -> str:
    changes = [item for item in exercise.tasks if set(item.task.controls) & set(exercise.controls)]
    return str(max(changes, key=lambda item: item.late_min).task.id)


def _breaks() -> dict[str, Any]:
    """What the exercises of the draft say."""
    here, there = (exercise_of(draft(), name) for name in DETECTED)
    latest = _latest(here)
    start = next(item.start_min for item in here.tasks if item.task.id == latest)
    unknown = [finding.field for finding in there.findings if finding.kind == "unknown_control"]
    return {
        "latest_task": latest,
        "begins_after_hours": start / 60,
        "price": here.harm_with - here.harm_at_once,
        "does_nothing": sorted(unknown),
    }


def _says(answer: _Breaks, *, field: str) -> bool | str:
    given, wanted = getattr(answer, field), _breaks()[field]
    if given is None:
        return "Nothing given."
    if isinstance(wanted, float):
        return abs(given - wanted) <= max(0.01 * abs(wanted), 0.1) or f"The exercise does not say {given:g}."
    return bool((sorted(given) if isinstance(given, list) else given) == wanted)


def _keeps_the_draft(playbook: Playbook) -> bool | str:
    ids = {task.id for task in playbook.tasks}
    lost = [task.id for task in draft().tasks if task.id not in ids]
    return not lost or f"Tasks of the draft are gone: {', '.join(lost)}."


def _is_free(playbook: Playbook, *, name: str) -> bool | str:
    if _keeps_the_draft(playbook) is not True:
        return "Mend the draft; this is another playbook."
    found = exercise_of(playbook, name).findings
    return not found or f"{len(found)} breaks are left, first {found[0].field}: {found[0].message}"


def _avoids(playbook: Playbook, *, name: str) -> bool | str:
    if _keeps_the_draft(playbook) is not True:
        return "Mend the draft; this is another playbook."
    exercise = exercise_of(playbook, name)
    share = exercise.avoided / exercise.harm_without
    return share >= LEAST_AVOIDED[name] or f"It avoids {share:.0%}."


def _keeps_the_product(playbook: Playbook) -> bool | str:
    exercise = exercise_of(playbook, "moderation_failure")
    if not exercise.controls:
        return "It puts no control in place."
    costs = exercise.costs[exercise.costs["what"].str.startswith("innocent outputs")]
    withheld = float(costs["amount"].sum())
    return withheld <= MOST_WITHHELD or f"It withholds or cuts off {withheld:,.0f}."


_CLOCK_HINTS = {
    "credit_scoring": "Annex III 5(b); no death, no infrastructure: the longest clock of Article 73.",
    "death": "The clock of Article 73(4).",
    "power_grid": "Critical infrastructure has the shortest clock of Article 73.",
    "bank_fraud_model": "Annex III 5(b) excepts the detection of financial fraud. What binds a bank anyway?",
    "records_sent": "Whose data is it, and which authority looks after that?",
}

QUESTIONS = (
    Question(
        id="a03-mapping",
        title="The incident and its plan on the map",
        shape=_Mapping,
        expected="a dict with the keys incident (factor to rmf and why), plan, atlas, unanswered, gaps",
        criteria=(
            *(
                Criterion(
                    f"A subcategory that speaks about {factor.replace('_', ' ')}",
                    partial(_fits, factor=factor),
                    "lab.search_rmf('word') reads ids, descriptions and uses.",
                )
                for factor in FACTORS
            ),
            Criterion(
                "Each reason says what the subcategory asks for and where it was missing here",
                _is_reasoned,
                "Take up its words, and name the table, control or condition in which it shows.",
                points=3,
            ),
            Criterion(
                "The plan lists those of your ids that its four controls answer, and no other",
                _answered_by_plan,
                "red_team_set, spelling_normaliser, alert_routing, on_call_switch: which conditions remain?",
            ),
            Criterion(
                "The controls of the plan that ATLAS knows as mitigations, and None for the others",
                _names_mitigations,
                "lab.atlas() lists 35 mitigations; an adversary has to be in it.",
            ),
            Criterion(
                "What the incident showed and the plan leaves open",
                partial(_follows, field="unanswered"),
                "lab.rmf_coverage(incident=..., plan=...).unanswered",
            ),
            Criterion(
                "Core subcategories that nobody looked at",
                partial(_follows, field="gaps"),
                "lab.rmf_coverage(incident=..., plan=...).gaps",
            ),
        ),
    ),
    Question(
        id="a03-clocks",
        title="Which clock to ask counsel about first",
        shape=dict[str, str | None],
        expected="a dict from situation to the id of a clock",
        criteria=tuple(
            Criterion(
                f"The clock to ask about first: {situation.replace('_', ' ')}",
                partial(_names_clock, situation=situation),
                _CLOCK_HINTS[situation],
            )
            for situation in SITUATIONS
        ),
    ),
    Question(
        id="a03-breaks",
        title="Where the draft breaks",
        shape=_Breaks,
        expected="a dict with the keys latest_task, begins_after_hours, price, does_nothing",
        criteria=(
            Criterion(
                "The task that changes something and comes latest against its plan",
                partial(_says, field="latest_task"),
                "Look at late_min of the tasks that name a control.",
            ),
            Criterion(
                "When it begins, in hours after detection",
                partial(_says, field="begins_after_hours"),
                "start_min, in hours.",
            ),
            Criterion(
                "What the waiting costs, in harmful impressions",
                partial(_says, field="price"),
                "harm_with against harm_at_once.",
                points=2,
            ),
            Criterion(
                "The tasks that change nothing in the other world",
                partial(_says, field="does_nothing"),
                "Exercise it there; the findings of the kind unknown_control name them.",
            ),
        ),
    ),
    Question(
        id="a03-playbook",
        title="The playbook, mended",
        shape=Playbook,
        expected="a lab.Playbook",
        criteria=(
            Criterion(
                "Every task of the draft is still there", _keeps_the_draft, "Change and add; take none out."
            ),
            *cross_criteria(),
            *(
                Criterion(
                    f"Nothing breaks in {name}",
                    partial(_is_free, name=name),
                    "lab.exercise_playbook(mine, run=..., detected_utc=...).findings, first to last.",
                    points=2,
                )
                for name in DETECTED
            ),
            *(
                Criterion(
                    f"It avoids at least {least:.0%} of the harm in {name}",
                    partial(_avoids, name=name),
                    "An action earlier, or one that works on more: controls may name one for each system.",
                )
                for name, least in LEAST_AVOIDED.items()
            ),
            Criterion(
                f"At most {MOST_WITHHELD} innocent outputs pay for it",
                _keeps_the_product,
                "exercise.costs says what each control was measured to cost.",
            ),
        ),
    ),
)
