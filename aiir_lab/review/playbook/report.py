"""An exercised playbook as Markdown and as a piece of HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiir_lab.review.playbook.exercising import PlaybookExercise

_COLUMNS = ("task", "role", "planned", "began", "done", "control", "waited for")


def write_markdown(exercise: PlaybookExercise) -> str:
    """Harm, a line for each task, where it breaks."""
    lines = [f"# {exercise.playbook.title}: exercised on {exercise.world}", "", *_harm(exercise), ""]
    lines += ["| " + " | ".join(_COLUMNS) + " |", "|" + " --- |" * len(_COLUMNS)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in _rows(exercise)]
    lines += ["", "## Where it breaks", ""]
    for number, finding in enumerate(exercise.findings, start=1):
        lines += [f"{number}. {finding.field}: {finding.message}", f"   *{finding.suggestion}*"]
    if exercise.holds:
        lines.append("Nothing broke in this world.")
    return "\n".join(lines) + "\n"


def write_fragment(exercise: PlaybookExercise) -> str:
    """The same as HTML that follows the theme of the page."""
    left = "style='text-align:left;vertical-align:top'"
    head = "".join(f"<th {left} scope='col'>{name}</th>" for name in _COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td {left}>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in _rows(exercise)
    )
    items = "".join(
        f"<li>{escape(finding.field)}: {escape(finding.message)}"
        f"<br><em>{escape(finding.suggestion)}</em></li>"
        for finding in exercise.findings
    )
    harm = "".join(f"<p>{escape(line)}</p>" for line in _harm(exercise))
    breaks = f"<ol>{items}</ol>" if items else "<p>Nothing broke in this world.</p>"
    return (
        f"{harm}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p><strong>Where it breaks</strong></p>{breaks}"
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
