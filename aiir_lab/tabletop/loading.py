"""Load an exercise from its two files, and say line and field of whatever is wrong in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.practice import load_severity_matrix
from aiir_lab.records.base import Lines, nearest_line, parse_yaml, read_text
from aiir_lab.records.errors import NotFoundError, RecordError
from aiir_lab.simulate.world import World, load_world
from aiir_lab.tabletop.condition import Condition
from aiir_lab.tabletop.exercise import Exercise, Facilitation
from aiir_lab.tabletop.wording import BUILT_IN, placeholders

PLAYERS, FACILITATOR = "players.yaml", "facilitator.yaml"
_Path = tuple[str | int, ...]
_Problem = tuple[_Path, str]


@dataclass(frozen=True)
class Loaded:
    """Both halves of an exercise; ``digest`` tells one version of the files from another."""

    exercise: Exercise
    facilitation: Facilitation
    digest: str


def exercise_names() -> tuple[str, ...]:
    """The exercises of the course.

    Examples
    --------
    >>> "fraud_poisoning" in exercise_names()
    True
    """
    folder = course_path("datasets", "exercises")
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{PLAYERS}")))


def load_exercise(name: str | Path) -> Loaded:
    """Load an exercise of the course by name, or one of your own by its folder.

    Parameters
    ----------
    name : str or Path
        A name of :func:`exercise_names`, or a folder with ``players.yaml`` and ``facilitator.yaml``.

    Raises
    ------
    NotFoundError
        There is no such exercise.
    RecordError
        A file is not an exercise; each line of the message names line, field, expected and got.
    """
    folder = Path(name)
    if isinstance(name, str) and name in exercise_names():
        folder = course_path("datasets", "exercises", name)
    elif not (folder / PLAYERS).is_file():
        raise NotFoundError("exercise", name, list(exercise_names()))
    players, facilitator = folder / PLAYERS, folder / FACILITATOR
    digest = hashlib.sha256()
    texts = []
    for path in (players, facilitator):
        texts.append(read_text(path))
        digest.update(texts[-1].encode() + b"\0")
    data, lines = parse_yaml(texts[0], where=str(players))
    exercise = Exercise.from_dict(data, where=str(players), lines=lines)
    _refuse(list(_player_problems(exercise)), lines, where=players)
    data, lines = parse_yaml(texts[1], where=str(facilitator))
    facilitation = Facilitation.from_dict(data, where=str(facilitator), lines=lines)
    _refuse(list(_facilitator_problems(exercise, facilitation)), lines, where=facilitator)
    return Loaded(exercise, facilitation, digest.hexdigest())


def _refuse(problems: list[_Problem], lines: Lines, *, where: Path) -> None:
    if problems:
        said = [
            f"line {nearest_line(path, lines) or 1}, {'.'.join(map(str, path))}: {problem}"
            for path, problem in problems
        ]
        raise RecordError(list(dict.fromkeys(said)), where=str(where))


def _unknown(kind: str, name: object, known: list[str]) -> str:
    near = str(NotFoundError(kind, name, known)).partition(". ")[2]
    return f"expected a {kind} that exists, got {str(name)!r}. {near}"


def _twice(path: _Path, names: list[str]) -> Iterator[_Problem]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield (*path, number), f"expected different names, got {name!r} a second time"


def _player_problems(exercise: Exercise) -> Iterator[_Problem]:
    try:
        world = load_world(exercise.world)
    except NotFoundError as error:
        yield ("world",), f"expected an incident world. {error}"
        return
    if exercise.size not in world.sizes:
        yield ("size",), _unknown("size", exercise.size, list(world.sizes))
    for part in ("evidence", "decisions", "legal_clocks"):
        yield from _twice((part,), [item.name for item in getattr(exercise, part)])
    yield from _twice(("objectives",), [item.id for item in exercise.objectives])
    yield from _twice(("roles",), [item.role.value for item in exercise.roles])
    on_call = [card.role for card in exercise.roles]
    for number, evidence in enumerate(exercise.evidence):
        yield from _table_problems(("evidence", number), world, evidence.table, tuple(evidence.where))
    for number, feed in enumerate(exercise.feeds):
        columns = (*feed.where, *placeholders(feed.text))
        yield from _table_problems(("feeds", number), world, feed.table, columns)
        if feed.table in world.schema and not world.schema[feed.table].visible_from:
            yield (
                ("feeds", number, "table"),
                f"expected a table whose rows appear in time, got {feed.table!r}",
            )
    for name, figure in exercise.figures.items():
        columns = (*figure.where, *figure.equals, *((figure.column,) if figure.column else ()))
        yield from _table_problems(("figures", name), world, figure.table, columns)
    for number, decision in enumerate(exercise.decisions):
        for place, control in enumerate(decision.controls):
            if control not in world.control_names:
                path = ("decisions", number, "controls", place)
                yield path, _unknown("control", control, list(world.control_names))
        for place, role in enumerate(decision.roles):
            if role not in on_call:
                path = ("decisions", number, "roles", place)
                yield path, _unknown("role of this exercise", role.value, [r.value for r in on_call])
    for field in ("situation", "rules"):
        yield from _text_problems((field,), getattr(exercise, field), exercise)


def _table_problems(path: _Path, world: World, table: str, columns: tuple[str, ...]) -> Iterator[_Problem]:
    if table not in world.schema:
        yield (*path, "table"), _unknown("table", table, list(world.schema))
        return
    known = list(world.schema[table].columns)
    for column in columns:
        if column not in known:
            yield path, _unknown(f"column of {table}", column, known)


def _text_problems(path: _Path, text: str, exercise: Exercise) -> Iterator[_Problem]:
    known = [*BUILT_IN, *exercise.figures]
    for name in placeholders(text):
        if name not in known:
            yield path, _unknown("figure", name, known)


def _facilitator_problems(exercise: Exercise, script: Facilitation) -> Iterator[_Problem]:
    if script.exercise != exercise.id:
        yield ("exercise",), f"expected {exercise.id!r} as in {PLAYERS}, got {script.exercise!r}"
    criteria = [criterion.name for criterion in load_severity_matrix().criteria]
    for name, value in script.severity_measures.items():
        if name not in criteria:
            yield ("severity_measures", name), _unknown("severity criterion", name, criteria)
        if isinstance(value, str) and value not in exercise.figures:
            yield ("severity_measures", name), _unknown("figure", value, list(exercise.figures))
    yield from _twice(("event_list",), [inject.id for inject in script.event_list])
    yield from _twice(("expected_actions",), [action.id for action in script.expected_actions])
    yield from _twice(("scripts",), [part.role.value for part in script.scripts])
    objectives = [objective.id for objective in exercise.objectives]
    for number, inject in enumerate(script.event_list):
        here: _Path = ("event_list", number)
        yield from _text_problems((*here, "text"), inject.text, exercise)
        if inject.at_min is not None and inject.at_min > exercise.minutes:
            yield (*here, "at_min"), f"expected at most {exercise.minutes:g}, got {inject.at_min:g}"
        if inject.when:
            yield from _condition_problems((*here, "when"), inject.when, exercise, script)
    for number, part in enumerate(script.scripts):
        here = ("scripts", number)
        yield from _text_problems((*here, "on_escalation"), part.on_escalation, exercise)
        for place, reply in enumerate(part.replies):
            yield from _text_problems((*here, "replies", place, "text"), reply.text, exercise)
    for number, action in enumerate(script.expected_actions):
        here = ("expected_actions", number)
        if action.objective not in objectives:
            yield (*here, "objective"), _unknown("objective", action.objective, objectives)
        yield from _condition_problems((*here, "when"), action.when, exercise, script)
    used = {action.objective for action in script.expected_actions}
    for objective in objectives:
        if objective not in used:
            yield ("expected_actions",), f"expected an action for objective {objective!r}, got none"
    clocks = [clock.name for clock in exercise.legal_clocks]
    for number, answer in enumerate(script.clock_answers):
        if answer.clock not in clocks:
            yield ("clock_answers", number, "clock"), _unknown("legal clock", answer.clock, clocks)
    for clock in clocks:
        if clock not in [answer.clock for answer in script.clock_answers]:
            yield ("clock_answers",), f"expected an answer for clock {clock!r}, got none"


def _condition_problems(
    path: _Path, condition: Condition, exercise: Exercise, script: Facilitation
) -> Iterator[_Problem]:
    known = {
        "looked_at": [item.name for item in exercise.evidence],
        "kept": [item.name for item in exercise.evidence],
        "decided": [item.name for item in exercise.decisions],
        "working": [item.name for item in exercise.decisions],
        "legal_decided": [item.name for item in exercise.legal_clocks],
        "replied_to": [item.id for item in script.event_list],
    }
    for field, names in known.items():
        for name in getattr(condition, field):
            if name not in names:
                yield (*path, field), _unknown(field.replace("_", " ") + " name", name, names)
    if condition.figure and condition.figure.name not in exercise.figures:
        yield (*path, "figure"), _unknown("figure", condition.figure.name, list(exercise.figures))
    for field in ("any", "none_of"):
        for number, part in enumerate(getattr(condition, field)):
            yield from _condition_problems((*path, field, number), part, exercise, script)
