"""Criteria of a playbook that is exercised: who takes part, where it breaks, what it avoids."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Protocol

from aiir_lab.grade.question import Criterion
from aiir_lab.records import Playbook, Role

if TYPE_CHECKING:
    from aiir_lab.review import PlaybookExercise
    from aiir_lab.simulate import Run

FEWEST_TEMPLATE_WORDS = 12
SHARE_OF_REFERENCE = 0.5
"""Of what the reference response, thrown an hour after detection, avoids."""


class Scene(Protocol):
    """Where and when a playbook is exercised."""

    def __hash__(self) -> int: ...

    @property
    def run(self) -> Run:
        """The run of the incident."""

    @property
    def detected_utc(self) -> datetime:
        """When it is recognised."""


def is_cross_functional(playbook: Playbook) -> bool | str:
    """Whether engineers, legal, communications and support all have a task."""
    asked = (Role.ML_ENGINEER, Role.LEGAL, Role.COMMUNICATIONS_LEAD, Role.CUSTOMER_SUPPORT)
    roles = {task.role for task in playbook.tasks}
    missing = [role.value for role in asked if role not in roles]
    return not missing or f"No task for {', '.join(missing)}."


def hands_over(playbook: Playbook) -> bool | str:
    """Whether support is handed something and has words to start from."""
    support = [task for task in playbook.tasks if task.role == Role.CUSTOMER_SUPPORT and task.template]
    given = [task for task in playbook.tasks if task.hand_over_to == Role.CUSTOMER_SUPPORT]
    if not support or len(str(support[0].template).split()) < FEWEST_TEMPLATE_WORDS:
        return "Support has no words to start from (a template of a dozen words or more)."
    return bool(given) or "Nobody hands over to support."


def cross_criteria() -> tuple[Criterion, ...]:
    """What is asked of the people in it, 2 points."""
    return (
        Criterion(
            "ML engineers, legal, communications and customer support all have a task",
            is_cross_functional,
            "Who answers the customers?",
        ),
        Criterion(
            "Support is handed something, and has words to start from",
            hands_over,
            "hand_over_to, and a template without promises.",
        ),
    )


def played_criteria(scene: Scene) -> tuple[Criterion, ...]:
    """What is asked of a playbook in one scene, 7 points."""
    return (
        *cross_criteria(),
        Criterion(
            "Nothing breaks when it is exercised",
            partial(_is_free, scene=scene),
            "lab.exercise_playbook(mine, run=run, detected_utc=...).findings, first to last.",
            points=3,
        ),
        Criterion(
            f"It avoids at least {SHARE_OF_REFERENCE:.0%} of what a prepared team avoids",
            partial(_avoids, scene=scene),
            "Which task puts which control of this world in place, and what does it wait for?",
            points=2,
        ),
    )


@lru_cache(maxsize=16)
def _exercised(scene: Scene, playbook_json: str) -> PlaybookExercise:
    from aiir_lab.review import exercise_playbook

    return exercise_playbook(
        Playbook.from_json(playbook_json), run=scene.run, detected_utc=scene.detected_utc
    )


def _is_free(playbook: Playbook, *, scene: Scene) -> bool | str:
    exercise = _exercised(scene, playbook.to_json())
    if not exercise.controls:
        return "It puts no control of this world in place."
    found = exercise.findings
    return not found or f"{len(found)} breaks are left, first {found[0].field}: {found[0].message}"


def _avoids(playbook: Playbook, *, scene: Scene) -> bool | str:
    exercise = _exercised(scene, playbook.to_json())
    if not exercise.controls:
        return "It puts no control of this world in place."
    wanted = SHARE_OF_REFERENCE * max(reference_avoided(scene), 0.0)
    return exercise.avoided >= wanted - 1e-9 or (
        f"It avoids {exercise.avoided:,.0f} {exercise.unit}; at least {wanted:,.0f} are asked for."
    )


@lru_cache(maxsize=16)
def reference_avoided(scene: Scene) -> float:
    """What the reference response avoids, an hour after detection."""
    from datetime import timedelta

    from aiir_lab.monitor.ready import reference_policy
    from aiir_lab.simulate import replay

    run = scene.run
    controls = reference_policy(run.name).response
    at = scene.detected_utc + timedelta(hours=1)
    return run.harm.amount - replay(run, controls=controls, at=at).harm.amount
