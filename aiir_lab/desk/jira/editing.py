"""Changing an issue: each field is checked, applied and noted in the change log."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiir_lab.desk.fields import Problem
from aiir_lab.desk.jira import adf, catalogue
from aiir_lab.desk.jira.manners import me
from aiir_lab.desk.model import Comment, History, Issue, Person
from aiir_lab.desk.wire import Call, Refused

_NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


class Edit:
    """One set of changes to one issue; nothing is stored before :meth:`finish`.

    Parameters
    ----------
    call : Call
    issue : Issue
        Changed in place.
    is_new : bool
        A new issue has no change log yet.
    """

    def __init__(self, call: Call, issue: Issue, *, is_new: bool = False) -> None:
        self.call = call
        self.issue = issue
        self.is_new = is_new
        self._problems: list[Problem] = []
        self._changes: list[dict[str, Any]] = []
        self._comments: list[Comment] = []

    def set_fields(self, fields: dict[str, Any]) -> None:
        """Apply ``fields`` of a create, edit or transition."""
        for name, value in fields.items():
            setter = getattr(self, f"_set_{name}", None) if name in catalogue.EDITABLE else None
            if setter is None:
                self._problems.append((name, _NOT_ON_SCREEN.format(name)))
            else:
                setter(value)

    def update_fields(self, update: dict[str, Any]) -> None:
        """Apply ``update``: lists of ``{"set" | "add" | "remove": value}`` by field."""
        for name, operations in update.items():
            for operation in operations:
                for verb, value in operation.items():
                    self._operate(name, verb, value)

    def move(self, status_id: str, *, resolution: Any = None) -> None:
        """Change the status; Done resolves, anything else reopens."""
        issue = self.issue
        old = issue.status_id
        self._note("status", old, catalogue.STATUSES[old], status_id, catalogue.STATUSES[status_id])
        issue.status_id = status_id
        if status_id != catalogue.DONE:
            issue.resolution = issue.resolved_utc = None
            return
        name = resolution.get("name", "Done") if isinstance(resolution, dict) else "Done"
        if name not in catalogue.RESOLUTIONS.values():
            self._problems.append(("resolution", f"Resolution name '{name}' is not valid"))
        issue.resolution = name
        issue.resolved_utc = self.call.desk.clock.now()

    def comment(self, body: dict[str, Any]) -> Comment:
        """Add a comment to what is going to be stored."""
        now, store = self.call.desk.clock.now(), self.call.desk.store
        comment = Comment(
            id=str(store.next_number("comment", start=10_500)),
            created_utc=now,
            updated_utc=now,
            issue_id=self.issue.id,
            author=me(self.call).id,
            body=body,
        )
        self._comments.append(comment)
        return comment

    def finish(self) -> None:
        """Refuse all of it, or store all of it."""
        self.call.require(self._problems)
        store, now = self.call.desk.store, self.call.desk.clock.now()
        self.issue.updated_utc = now
        store.save(self.issue, *self._comments)
        if self._changes and not self.is_new:
            number = store.next_number("history", start=10_900)
            store.save(
                History(
                    id=str(number),
                    created_utc=now,
                    issue_id=self.issue.id,
                    author=me(self.call).id,
                    changes=self._changes,
                )
            )

    def rich(self, value: Any, at: str) -> dict[str, Any] | None:
        """Rich text as the caller's version writes it; the other kind is a problem."""
        version = self.call.path.get("version")
        if isinstance(value, str) and version != "3":
            if len(value) > adf.LONGEST_TEXT:
                self._problems.append((at, f"The entered text exceeds {adf.LONGEST_TEXT} characters."))
            return adf.from_text(value)
        if version == "2":
            self._problems.append((at, "Operation value must be a string"))
            return None
        found = list(adf.problems(value, at))
        self._problems += found
        return None if found else value

    def _operate(self, name: str, verb: str, value: Any) -> None:
        labels = self.issue.labels
        if name == "comment" and verb == "add":
            body = self.rich(value.get("body") if isinstance(value, dict) else None, "comment")
            if body is not None:
                self.comment(body)
        elif name == "labels" and verb == "add" and isinstance(value, str):
            self._set_labels([*labels, value])
        elif name == "labels" and verb == "remove":
            self._set_labels([label for label in labels if label != value])
        elif verb == "set":
            self.set_fields({name: value})
        else:
            self._problems.append((name, f"Operation '{verb}' is not supported for field '{name}'."))

    def _note(
        self, name: str, old: str | None, old_text: str | None, new: str | None, new_text: str | None
    ) -> None:
        if old == new:
            return
        entry = {"field": name, "fieldtype": "jira", "fieldId": name}
        self._changes.append(entry | {"from": old, "fromString": old_text, "to": new, "toString": new_text})

    def _set_summary(self, value: Any) -> None:
        if not isinstance(value, str) or not value.strip():
            self._problems.append(("summary", "You must specify a summary of the issue."))
        elif "\n" in value or "\r" in value:
            problem = "The summary is invalid because it contains newline characters."
            self._problems.append(("summary", problem))
        elif len(value) > 255:
            self._problems.append(("summary", "Summary can't exceed 255 characters."))
        else:
            self._note("summary", self.issue.summary, self.issue.summary, value, value)
            self.issue.summary = value

    def _set_description(self, value: Any) -> None:
        new = None if value is None else self.rich(value, "description")
        before, after = adf.to_text(self.issue.description), adf.to_text(new)
        self._note("description", before, before, after, after)
        self.issue.description = new

    def _set_duedate(self, value: Any) -> None:
        try:
            new = date.fromisoformat(value).isoformat() if value else None
            if new is not None and new != value:
                raise ValueError(value)
        except (TypeError, ValueError):
            self._problems.append(("duedate", f"Error parsing date string: {value}"[:100]))
            return
        self._note("duedate", self.issue.due_date, self.issue.due_date, new, new)
        self.issue.due_date = new

    def _set_labels(self, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
            self._problems.append(("labels", "data was not an array"))
            return
        for label in value:
            if not label or any(character.isspace() for character in label):
                self._problems.append(("labels", f"The label '{label}' contains spaces which is invalid."))
            elif len(label) > 255:
                self._problems.append(("labels", "A label can't exceed 255 characters."))
        before = " ".join(self.issue.labels)
        self.issue.labels = sorted(set(value))
        after = " ".join(self.issue.labels)
        self._note("labels", before, before, after, after)

    def _set_priority(self, value: Any) -> None:
        found = self._choice("priority", value, catalogue.PRIORITIES)
        if found:
            old = self.issue.priority_id
            self._note("priority", old, catalogue.PRIORITIES[old], found, catalogue.PRIORITIES[found])
            self.issue.priority_id = found

    def _set_issuetype(self, value: Any) -> None:
        found = self._choice("issuetype", value, catalogue.TYPES)
        if found:
            old = self.issue.type_id
            self._note("issuetype", old, catalogue.TYPES[old], found, catalogue.TYPES[found])
            self.issue.type_id = found

    def _set_assignee(self, value: Any) -> None:
        person = self._person("assignee", value)
        old = self.call.desk.store.get(Person, self.issue.assignee) if self.issue.assignee else None
        self._note(
            "assignee",
            old.account_id if old else None,
            old.name if old else None,
            person.account_id if person else None,
            person.name if person else None,
        )
        self.issue.assignee = person.id if person else None

    def _set_reporter(self, value: Any) -> None:
        person = self._person("reporter", value)
        self.issue.reporter = person.id if person else me(self.call).id

    def _set_parent(self, value: Any) -> None:
        name = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
        store = self.call.desk.store
        parent = store.get(Issue, str(name)) or store.first(Issue, key=str(name).upper())
        if parent is None or parent.id == self.issue.id:
            self._problems.append(("parent", "Could not find issue by id or key."))
        else:
            self.issue.parent_issue = parent.id

    def _choice(self, name: str, value: Any, known: dict[str, str]) -> str | None:
        if isinstance(value, dict):
            for item, text in known.items():
                if (
                    str(value.get("id", "")) == item
                    or str(value.get("name", "")).casefold() == text.casefold()
                ):
                    return item
        self._problems.append((name, f"Specify a valid {name}: {', '.join(known.values())}"))
        return None

    def _person(self, name: str, value: Any) -> Person | None:
        if value is None:
            return None
        account = (value.get("accountId") or value.get("id")) if isinstance(value, dict) else None
        for person in self.call.desk.store.find(Person):
            if account == person.account_id:
                return person
        if name == "assignee" and isinstance(value, dict) and value.get("accountId", 0) is None:
            return None
        raise Refused(400, "user", [(name, f"User '{account}' cannot be assigned issues.")])
