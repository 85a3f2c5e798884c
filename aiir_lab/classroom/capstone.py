"""The capstone as an assignment: the advanced arc on a world and seed of the instructor's choice.

Source and key are written into the course. The source is one notebook with solutions that earn full marks;
the key holds runs that nobody has seen, on which monitors are judged, and the meeting where the instructor
wrote one. Nothing of the truth stands in what is released: criteria are computed from the world where an
answer is judged.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.rmf import load_rmf
from aiir_lab.classroom.course import Course, CourseError
from aiir_lab.classroom.source import read_source, to_text
from aiir_lab.grade.questions._capstone import MEETING_FILE, SIZE, TABLES, Case, list_tables
from aiir_lab.grade.questions._mapping import FITS
from aiir_lab.records.base import read_text
from aiir_lab.simulate.world import load_world
from aiir_lab.tabletop.meeting import load_meeting_script

# The causes of the model answer, as the notebook's source words them.
_CAUSES = {
    "no-owner": "no process named an owner for the missing check",
    "blind-alerts": "the alerts counted other things than the harm",
    "untested": "no release test held the cases that went wrong",
    "no-right": "no rule said who may stop the system outside office hours",
}
HIDDEN_SEEDS = 2
_TRIES = 40

_KEY = '''\
"""Key of {prefix}, written by `aiir classroom capstone`. It stays with the instructor: never hand it out."""

from aiir_lab.grade.questions._capstone import key_questions

SEEDS = {seeds!r}
"""Runs on which monitors are judged; nobody has seen them."""

MEETING = {meeting!r}
"""The meeting as you wrote it; None: the one of the course."""

QUESTIONS = key_questions({prefix!r}, seeds=SEEDS, meeting=MEETING)
'''


@dataclass(frozen=True)
class Capstone:
    """What was written: the name of the assignment, its source notebook and its key."""

    name: str
    source: Path
    key: Path


def make_capstone(
    course: Course,
    *,
    world: str,
    seed: int,
    meeting: str | Path | None = None,
    hidden_seeds: Sequence[int] = (),
) -> Capstone:
    """Write the source and the key of a capstone into a course.

    Parameters
    ----------
    course : Course
    world : str
        One of the six incident worlds.
    seed : int
        Seed of the incident, 0 to 999,999,999. Another seed, another company, other figures.
    meeting : str or Path, optional
        YAML of a meeting about this world that you wrote (docs/meetings.md). Default: the course's meeting
        about it.
    hidden_seeds : sequence of int, optional
        Runs on which monitors are judged. Default: two are drawn on which the reference policy detects
        the incident.

    Returns
    -------
    Capstone
        Released, collected and graded as every lesson, under its name.

    Raises
    ------
    NotFoundError
        There is no such world.
    RecordError
        The meeting is not sound; each problem with line and field.
    CourseError
        The folder is no course, the capstone is there already, the seed is out of range or has no harm that
        the main controls avoid, or the meeting is about another world.
    """
    load_world(world)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 10**9:
        raise CourseError(f"seed={seed!r} is out of range: a whole number from 0 to 999999999.")
    if not (course.folder / "nbgrader_config.py").exists():
        raise CourseError(f"{course.folder} is no course. Make one with: aiir classroom init {course.folder}")
    text = None if meeting is None else _read_meeting(Path(meeting), world)
    case = Case(world, seed, has_own_meeting=text is not None)
    folder = course.folder / "source" / case.prefix
    key = course.folder / "keys" / f"{case.prefix}.py"
    if folder.exists() or key.exists():
        raise CourseError(
            f"The course has {case.prefix} already. Delete {folder} and {key} first, or choose another seed; "
            "nothing was changed."
        )
    if case.run.harm.amount <= 0 or case.best_avoided <= 0:
        raise CourseError(
            f"Seed {seed} of {world} has no harm that its main controls avoid. Choose another seed."
        )
    seeds = tuple(hidden_seeds) or _draw_seeds(case)
    script = _fill(read_text(course_path("notebooks", "capstone", "source.py")), case)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"{case.prefix}.py"
        path.write_text(script, encoding="utf-8")
        notebook = to_text(read_source(path))
    folder.mkdir(parents=True)
    source = folder / f"{case.prefix}.ipynb"
    source.write_text(notebook, encoding="utf-8")
    if text is not None:
        (folder / MEETING_FILE).write_text(text, encoding="utf-8")
    key.parent.mkdir(exist_ok=True)
    key.write_text(_KEY.format(prefix=case.prefix, seeds=seeds, meeting=text), encoding="utf-8")
    return Capstone(case.prefix, source, key)


def _read_meeting(path: Path, world: str) -> str:
    script = load_meeting_script(path)
    if script.world != world:
        raise CourseError(f"{path} is a meeting about {script.world}, the capstone is about {world}.")
    return read_text(path)


def _draw_seeds(case: Case) -> tuple[int, ...]:
    """Seeds on which there is something to compare with: the reference policy detects and avoids."""
    found: list[int] = []
    for _ in range(_TRIES):
        seed = 1_000 + secrets.randbelow(10**6)
        trial = case.trial([seed])
        if trial.detects_everywhere(trial.reference) is True and trial.reference_avoided > 0:
            found.append(seed)
        if len(found) == HIDDEN_SEEDS:
            return tuple(found)
    raise CourseError(
        f"In {_TRIES} runs of {case.world} the reference policy detected the incident in {len(found)}. "
        "Name the runs yourself: --hidden-seed N, twice."
    )


def _fill(script: str, case: Case) -> str:
    from aiir_lab.monitor.ready import reference_policy

    response = list(reference_policy(case.world).response)
    steps = list(_steps(case))
    controls = {control: factor for _, factor, control in steps if control}
    first = {factor: control for control, factor in reversed(controls.items())}
    words = {
        "prefix": case.prefix,
        "world": case.world,
        "seed": str(case.seed),
        "size": SIZE,
        "company": case.run.company,
        "title": case.run.title,
        "detected": f"{case.detected_utc:%A %d %B %Y, %H:%M} UTC",
        "detected_iso": case.detected_utc.isoformat(),
        "first_tables": repr(list_tables(case.world)),
        "seen_tables": ", ".join(f"`{name}`" for name in TABLES[case.world]),
        "change_table": next(name for name in ("deploys", "feed_changes") if name in case.inquiry.tables),
        "meeting": MEETING_FILE if case.has_own_meeting else case.world,
        "response": repr(response),
        "response_words": " with ".join(f"`{name}`" for name in response),
        "own_seed": str(case.trial_seeds[0] + 100),
        "steps": _literal(steps),
        "rmf": _literal({factor: _mapped(case, factor, first.get(factor)) for _, factor, _ in steps}),
        "atlas": _literal({name: next(iter(case.run.control(name).references), None) for name in controls}),
    }
    for name, value in words.items():
        script = script.replace("{{" + name + "}}", value)
    return script


def _steps(case: Case) -> Iterator[tuple[str, str, str | None]]:
    """The actions of the model answer: the smallest best choice of controls, spread over the causes."""
    causes = tuple(_CAUSES)
    controls = _best_controls(case)
    for number in range(max(len(controls), 3)):
        control = controls[number] if number < len(controls) else None
        words = (control or "").replace("_", " ")
        text = (
            f"Block each release automatically until the {words} is in place and its test passes"
            if control
            else "Page on-call automatically when the harm counted each hour passes its limit"
        )
        yield text, causes[number % 4], control


def _best_controls(case: Case) -> list[str]:
    from aiir_lab.review.plan.measuring import measure_plan
    from aiir_lab.simulate.attribution import measure_subsets

    run = case.run
    subsets = measure_subsets(run)
    factors = list(run.main_factors)
    subsets["missing"] = subsets[factors].sum(axis=1)
    best = subsets.sort_values(["harm", "missing"], ascending=[True, False], kind="stable").iloc[0]
    controls = [run.factors[factor] for factor in factors if not best[factor]]
    effect = measure_plan(run, controls)
    useful = effect.by_control.max(axis=1) > 0.005 * abs(effect.before)
    return [name for name in controls if useful[name]]


def _mapped(case: Case, cause: str, control: str | None) -> dict[str, str]:
    id = FITS[control][0] if control else "MEASURE 2.4"
    asked = next(item.description for item in load_rmf().subcategories if item.id == id)
    begin = " ".join(asked.rstrip(".").split()[:8])
    what = f" Nothing did this: {case.run.control(control).what}" if control else ""
    return {"rmf": id, "why": f"It asks: {begin} ... Here {_CAUSES[cause]}.{what}"}


def _literal(value: Any) -> str:
    """A value as Python of several lines, so that the model answer can be read."""
    if isinstance(value, dict):
        return "{\n" + "".join(f"    {key!r}: {item!r},\n" for key, item in value.items()) + "}"
    return "[\n" + "".join(f"    {item!r},\n" for item in value) + "]"
