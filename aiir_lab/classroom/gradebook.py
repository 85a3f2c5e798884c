"""Write one graded submission to where nbgrader keeps it: the autograded notebook and the gradebook."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from aiir_lab.classroom.late import assign_penalties
from aiir_lab.classroom.rubric import prose_of
from aiir_lab.classroom.workspace import write_whole
from aiir_lab.grade.notebook import read_notebook
from aiir_lab.grade.safe_html import clean_outputs
from aiir_lab.grade.safe_markdown import clean_cells, clean_markdown
from aiir_lab.grade.template import Template, mark_of, text_of
from aiir_lab.records import AiirError

if TYPE_CHECKING:
    from aiir_lab.classroom.course import Course
    from aiir_lab.grade.grading import Graded

OPEN_NOTE = "Graded without a sandbox: this submission ran with the instructor's rights."


def save(
    course: Course, book: Any, lesson: str, student: str, notebook: str, template: Template, graded: Graded
) -> None:
    """Save scores, what waits for a person, and the executed notebook; what a person graded stays.

    Parameters
    ----------
    book : nbgrader.api.Gradebook
        The course's, open. Where saving fails it is rolled back and can be used for the next one.
    notebook : str
        Name of the notebook in the assignment, without its ending.
    """
    target = course.folder / "autograded" / student / lesson / f"{notebook}.ipynb"
    written = prose_of(target)
    executed = graded.notebook or _refused(template, graded)
    executed.setdefault("metadata", {})["aiir"] = {
        "state": graded.state,
        "reason": graded.reason,
        "is_isolated": graded.is_isolated,
    }
    write_whole(target, json.dumps(executed, indent=1).encode())
    stamp = course.folder / "submitted" / student / lesson / "timestamp.txt"
    if stamp.is_file() and not stamp.is_symlink():
        write_whole(target.parent / "timestamp.txt", stamp.read_bytes())
    same = {id for id, text in prose_of(target).items() if written.get(id) == text}
    try:
        _write_scores(course, book, lesson, student, notebook, template, graded, same=same)
        assign_penalties(course, lesson=lesson, student=student, book=book)
    except BaseException:
        book.db.rollback()
        raise


def clean_graded(course: Course, lesson: str, student: str) -> None:
    """Take what acts out of a graded notebook that is still there from before grading did that.

    Nothing changes in one that is clean. A page that was graded by nbgrader itself is cleaned as well.
    """
    released = sorted((course.folder / "release" / lesson).glob("*.ipynb"))
    kept = [text_of(cell) for path in released for cell in read_notebook(path)["cells"]]
    for path in sorted((course.folder / "autograded" / student / lesson).glob("*.ipynb")):
        notebook = read_notebook(path)
        before = json.dumps(notebook)
        for cell in notebook["cells"]:
            cell["source"] = text_of(cell)
            if "outputs" in cell:
                cell["outputs"] = clean_outputs(cell["outputs"])
        clean_cells(notebook["cells"], kept=kept)
        if json.dumps(notebook) != before:
            write_whole(path, json.dumps(notebook, indent=1).encode())


def _refused(template: Template, graded: Graded) -> dict[str, Any]:
    """What the feedback of a submission shows that was not run: the release, and why."""
    shown: dict[str, Any] = json.loads(json.dumps(template.notebook))
    # a reason may quote what was handed in, and this text will be rendered
    text = f"**This notebook was not run.** {clean_markdown(escape(graded.reason))}."
    shown["cells"].insert(0, {"cell_type": "markdown", "id": "refused", "metadata": {}, "source": text})
    return shown


def _write_scores(
    course: Course,
    book: Any,
    lesson: str,
    student: str,
    notebook: str,
    template: Template,
    graded: Graded,
    *,
    same: set[str],
) -> None:
    stamp = course.api.coursedir.get_existing_timestamp(str(course.folder / "submitted" / student / lesson))
    scores = {verdict.question_id: float(verdict.score) for verdict in graded.verdicts}
    book.update_or_create_student(student)
    with book.db.no_autoflush:  # its objects are only added once they are whole
        book.update_or_create_submission(lesson, student, **({"timestamp": stamp} if stamp else {}))
    rows = _Rows(book, notebook, lesson, student)
    for id, score in scores.items():
        grade = rows.grade(id)
        # what a person gave waits for another look only where something has changed
        is_same = grade.auto_score == score and not grade.needs_manual_grade
        grade.auto_score = score
        grade.needs_manual_grade = grade.manual_score is not None and not is_same
    for id in template.prose:
        is_written = graded.prose.get(id, False)
        grade = rows.grade(id)
        is_read = id in same and grade.manual_score is not None and not grade.needs_manual_grade
        grade.auto_score = None if is_written else 0.0
        grade.needs_manual_grade = is_written and not is_read
    solutions = [id for id, cell in template.cells.items() if mark_of(cell).get("solution")]
    for number, id in enumerate(solutions):
        said = [OPEN_NOTE] if number == 0 and not graded.is_isolated else []
        if not graded.prose.get(id, True):
            said.append("No response.")
        rows.comment(id).auto_comment = " ".join(said) or None
    book.db.commit()


class _Rows:
    """What the gradebook keeps of a submitted notebook, by cell; nbgrader joins six tables for each one."""

    def __init__(self, book: Any, notebook: str, lesson: str, student: str) -> None:
        from nbgrader.api import Comment, Grade
        from sqlalchemy.orm import joinedload

        self._student = student
        submitted = book.find_submission_notebook(notebook, lesson, student)
        with book.db.no_autoflush:
            self._grades, self._comments = (
                {
                    row.cell.name: row
                    for row in book.db.query(table)
                    .filter(table.notebook_id == submitted.id)
                    .options(joinedload(table.cell))
                }
                for table in (Grade, Comment)
            )

    def grade(self, id: str) -> Any:
        return self._row(self._grades, id)

    def comment(self, id: str) -> Any:
        return self._row(self._comments, id)

    def _row(self, rows: dict[str, Any], id: str) -> Any:
        if id not in rows:
            raise AiirError(
                f"The gradebook has no row for {id} of {self._student}. Release the lesson again, "
                "which writes its cells to the gradebook, and then grade it."
            )
        return rows[id]
