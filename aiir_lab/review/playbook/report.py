"""An exercised playbook as sentences, a table and findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiir_lab.review.tabled import TabledReview

if TYPE_CHECKING:
    from aiir_lab.review.playbook.exercising import PlaybookExercise

_COLUMNS = ("task", "role", "planned", "began", "done", "control", "waited for")


def tabled(exercise: PlaybookExercise) -> TabledReview:
    """Harm, a line for each task, where it breaks."""
    return TabledReview(
        title=f"{exercise.playbook.title}: exercised on {exercise.world}",
        told=_harm(exercise),
        columns=_COLUMNS,
        rows=_rows(exercise),
        heading="Where it breaks",
        findings=exercise.findings,
        all_well="Nothing broke in this world.",
    )


def _harm(exercise: PlaybookExercise) -> list[str]:
    share = exercise.avoided / exercise.harm_without if exercise.harm_without else 0.0
    return [
        f"{exercise.world}, detected {exercise.detected_utc:%A %d %B %Y, %H:%M} UTC. Harm without the "
        f"playbook: {exercise.harm_without:,.0f} {exercise.unit}; with it {exercise.harm_with:,.0f} "
        f"({share:.0%} avoided). With all of its controls at the minute of detection it would be "
        f"{exercise.harm_at_once:,.0f}."
    ]


def _rows(exercise: PlaybookExercise) -> list[tuple[str, ...]]:
    return [
        (
            item.task.id,
            item.task.role.value,
            _clock(item.task.from_min),
            _clock(item.start_min),
            _clock(item.end_min),
            next((name for name in item.task.controls if name in exercise.controls), "–"),
            item.waited_for or "–",
        )
        for item in exercise.tasks
    ]


def _clock(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return f"T+{hours}:{rest:02}"
