"""Interview questions as an assignment: written answers, graded by a person with the rubric of each question.

The notebook is an ordinary nbgrader source with one manually graded cell per question, 24 points each: 1 to 4
for each of the six dimensions, as in practice. The rubric stands beside the question, so that students and
graders read the same one; the worked answers stay with the instructor.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from aiir_lab.catalog.interview import Dimension, InterviewQuestion, load_interview_question
from aiir_lab.classroom.course import Course, CourseError
from aiir_lab.classroom.source import read_source, to_text
from aiir_lab.interview.schedule import select

POINTS = 4 * len(Dimension)
"""Points of one answer: the best score in every dimension."""

_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")

_HEAD = """# %% [markdown]
# # {title}
#
# Answer each question in writing, as you would speak it: one to three minutes are 140 to 420 words. Tell
# a story of your own, of an exercise, or say that you speak of a public incident. A person reads your answers
# with the rubric below each question and gives 1 to 4 points in each of six dimensions.
#
# Practise first: `aiir interview` in a terminal, or `lab.practise()` in a notebook, judges at once, and
# nobody else sees it.
"""


def make_interview(
    course: Course,
    name: str,
    *,
    questions: Sequence[str] = (),
    level: str | None = None,
    competency: str | None = None,
    count: int = 3,
    seed: int = 0,
) -> Path:
    """Write the source of an interview assignment into a course.

    Parameters
    ----------
    course : Course
        The course; make it with :meth:`~aiir_lab.classroom.course.Course.create`.
    name : str
        Name of the assignment and of its notebook: lower-case letters, digits, ``_`` and ``-``.
    questions : sequence of str
        Ids of questions. Where none is given, `count` are drawn by `level`, `competency` and `seed`.
    level, competency : str, optional
        Draw only from these.
    count : int, default 3
        How many to draw.
    seed : int, default 0
        Another seed, other questions.

    Returns
    -------
    Path
        The source notebook, to be released, collected and graded as every lesson.

    Raises
    ------
    CourseError
        The name is taken or not allowed, the folder is no course, or no question fits.
    NotFoundError
        There is no such question, level or competency.
    """
    if not _NAME.match(name):
        raise CourseError(f"An assignment's name has lower-case letters, digits, '_' and '-', got {name!r}.")
    if not (course.folder / "nbgrader_config.py").exists():
        raise CourseError(f"{course.folder} is no course. Make one with: aiir classroom init {course.folder}")
    target = course.folder / "source" / name / f"{name}.ipynb"
    if target.parent.exists() or any((course.folder / "source").glob(f"*/{name}.ipynb")):
        raise CourseError(f"The course has a {name} already. Choose another name; nothing was changed.")
    chosen = [load_interview_question(id) for id in dict.fromkeys(questions)]
    if not chosen:
        fitting = select(level=level, competency=competency)
        if count < 1 or not fitting:
            raise CourseError(f"No question was chosen: {len(fitting)} fit, count={count}.")
        chosen = random.Random(seed).sample(fitting, min(count, len(fitting)))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / f"{name}.py"
        script.write_text(_script(name, chosen), encoding="utf-8")
        text = to_text(read_source(script))
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    return target


def _script(name: str, questions: list[InterviewQuestion]) -> str:
    title = name.replace("-", " ").replace("_", " ").capitalize()
    cells = [_HEAD.format(title=title)]
    for number, question in enumerate(questions, start=1):
        cells.append(_markdown(_asked(number, question)))
        cells.append(_markdown(_model(question), keys=f' prose="interview-{question.id}" points={POINTS}'))
    return "\n".join(cells)


def _asked(number: int, question: InterviewQuestion) -> list[str]:
    lines = [
        f"## {number}. {question.question}",
        "",
        f"{question.competency.replace('_', ' ')}, {question.kind}",
    ]
    lines += ["", "| dimension | 1 point | 4 points |", "| --- | --- | --- |"]
    for dimension in Dimension:
        ends = question.rubric[dimension]
        cells = (dimension.value, ends["1"], ends["4"])
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    lines += ["", f"2 is said without substance, 3 is good with one thing missing. {POINTS} points in all."]
    lines += ["", "Go on to this follow-up in the last sentences:", f"*{question.follow_ups[0]}*"]
    return lines


def _model(question: InterviewQuestion) -> list[str]:
    """What graders see in the source: how to go about it, and the worked answers with our scores."""
    lines = [
        f"**Strategy.** {question.strategy}",
        "",
        f"**Strong.** {question.strong}",
        "",
        f"**Weak.** {question.weak}",
    ]
    for label, worked in (("strong", question.worked_strong), ("weak", question.worked_weak)):
        if worked is not None:
            scores = ", ".join(f"{dimension} {worked.scores[dimension]}" for dimension in Dimension)
            lines += ["", f"**A {label} answer** ({scores})", ""]
            lines += [f"*{part.capitalize()}.* {text}" for part, text in worked.parts().items()]
            lines += ["", *(f"- {dimension}: {worked.comments[dimension]}" for dimension in Dimension)]
    return lines


def _markdown(lines: list[str], *, keys: str = "") -> str:
    return "\n".join([f"# %% [markdown]{keys}", *(f"# {line}".rstrip() for line in lines), ""])
