"""The course's model playbooks and the legal clocks beside them (``datasets/playbooks``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from aiir_lab.catalog.course_files import course_path
from aiir_lab.records.base import Line, Record, Slug, Text
from aiir_lab.records.errors import NotFoundError
from aiir_lab.records.playbook import Playbook

if TYPE_CHECKING:
    import pandas as pd

_CLOCKS = "legal_clocks"


class LegalRule(Record):
    """One statutory clock, as a fact with its source. Whether it runs is for counsel to say."""

    id: Slug
    law: Line
    article: Line
    applies_to: Line
    starts: Line = Field(description="what starts it: awareness, or the id of the clock before it")
    within_hours: int = Field(ge=1)
    what: Line
    whom: Line
    source: Line
    is_checked: bool = Field(description="whether the course read the official text")
    trap: Text | None = None


class LegalRules(Record):
    """The clocks of the course, in one file."""

    title: Line
    note: Text
    rules: tuple[LegalRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) < len(ids):
            raise ValueError("each id once")
        seen = {"awareness"}
        for rule in self.rules:
            if rule.starts not in seen:
                raise ValueError(f"a start of {rule.id!r} that is awareness or a clock named before it")
            seen.add(rule.id)
        return self

    def rule(self, id: str) -> LegalRule:
        """Look a clock up by its id."""
        for rule in self.rules:
            if rule.id == id:
                return rule
        raise NotFoundError("legal clock", id, [rule.id for rule in self.rules])


def playbook_ids() -> list[str]:
    """Ids of the playbooks that the course brings, in alphabetical order."""
    folder = course_path("datasets", "playbooks")
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem != _CLOCKS)


def load_playbook(id: str) -> Playbook:
    """Load a playbook of the course; your own is read with ``Playbook.from_file(path)``.

    Parameters
    ----------
    id : str
        ``"moderation"``, or ``"moderation_draft"``, a first draft that breaks when it is exercised.

    Returns
    -------
    Playbook

    Raises
    ------
    NotFoundError
        The course has no such playbook.

    Examples
    --------
    >>> [role.value for role in load_playbook("moderation").may_switch_off()]
    ['on_call', 'incident_commander']
    """
    if id not in playbook_ids():
        raise NotFoundError("playbook", id, playbook_ids())
    return Playbook.from_file(course_path("datasets", "playbooks", f"{id}.yaml"))


@cache
def load_legal_rules() -> LegalRules:
    """Load the legal clocks as a record.

    Examples
    --------
    >>> load_legal_rules().rule("ai-act-73-2").within_hours
    360
    """
    return LegalRules.from_file(course_path("datasets", "playbooks", f"{_CLOCKS}.yaml"))


def legal_clocks() -> pd.DataFrame:
    """Statutory clocks of AI incidents in the European Union, as facts; whether one runs, counsel decides.

    Returns
    -------
    DataFrame
        ``id``, ``law``, ``article``, ``applies_to``, ``starts`` (str: ``awareness``, or the
        clock before it), ``within_hours`` (int64), ``what``, ``whom``, ``source`` (str), ``is_checked``
        (bool: the text named as source was read for this course), ``trap`` (str or None).

    Examples
    --------
    >>> legal_clocks().set_index("id").at["ai-act-73-3", "within_hours"].item()
    48
    """
    import pandas as pd

    return pd.DataFrame([rule.model_dump(mode="json") for rule in load_legal_rules().rules])
