"""Who is who: our student ids beside those of a learning platform, from a CSV file.

Any of these files will do: one of your own with a column ``student_id``, the gradebook that Canvas exports,
or the grades or participants that Moodle exports. Without ``student_id`` the platform's login stands for it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from aiir_lab.records import AiirError

_NAMES = {
    "student_id": ("student_id", "student id (aiir)"),
    "name": ("name", "student"),
    "first_name": ("first_name", "first name"),
    "last_name": ("last_name", "last name", "surname"),
    "canvas_id": ("canvas_id", "id"),
    "sis_user_id": ("sis_user_id", "sis user id"),
    "sis_login_id": ("sis_login_id", "sis login id"),
    "section": ("section",),
    "username": ("username",),
    "idnumber": ("idnumber", "id number"),
    "email": ("email", "email address"),
}
_LOGINS = ("student_id", "sis_login_id", "username", "email")


class RosterError(AiirError):
    """A roster does not say who is who."""


@dataclass(frozen=True)
class Person:
    """A student in both worlds; what the file does not say is empty."""

    student_id: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    canvas_id: str = ""
    sis_user_id: str = ""
    sis_login_id: str = ""
    section: str = ""
    username: str = ""
    idnumber: str = ""
    email: str = ""


def read_roster(path: Path) -> dict[str, Person]:
    """The persons of a roster by our student id, in the order of the file.

    Raises
    ------
    RosterError
        The file cannot be read, lacks a column to go by, or names somebody twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} cannot be read as UTF-8 text: {error}. Save it as CSV (UTF-8).") from None
    lines = text.splitlines()
    head = lines[0] if lines else ""
    rows = list(csv.reader(lines, delimiter=max(",;\t", key=head.count)))
    header = [name.strip().casefold() for name in rows[0]] if rows else []
    places = {
        field: next(place for place, name in enumerate(header) if name in names)
        for field, names in _NAMES.items()
        if set(names) & set(header)
    }
    login = next((field for field in _LOGINS if field in places), None)
    if login is None:
        raise RosterError(
            f"{path} has the columns {', '.join(rows[0]) if rows else '(none)'}. It needs student_id, or the "
            "login as Canvas (SIS Login ID) or Moodle (Username, Email address) name it."
        )
    found: dict[str, Person] = {}
    for number, row in enumerate(rows[1:], start=2):
        values = {field: row[place].strip() for field, place in places.items() if place < len(row)}
        id = values.get(login, "")
        # Canvas adds rows that are no persons: points possible, manual posting, the test student
        if not id or "points possible" in values.get("name", "").casefold():
            continue
        if id in found:
            raise RosterError(f"{path}, line {number}: {id!r} stands there twice. Keep one line for each.")
        found[id] = Person(**(values | {"student_id": id}))
    return found
