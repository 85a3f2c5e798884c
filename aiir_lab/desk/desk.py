"""The desk itself: what every vendor's adapter and every page works on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiir_lab.desk.clock import Clock, DeskClock
from aiir_lab.desk.faults import Fault, Faults, Limits
from aiir_lab.desk.keys import Keys
from aiir_lab.desk.model import Item, Person
from aiir_lab.desk.paging import Paging
from aiir_lab.desk.plan import Plan
from aiir_lab.desk.store import Store

if TYPE_CHECKING:
    from aiir_lab.records.escalation import EscalationMatrix


class Desk:
    """One desk on one database.

    Parameters
    ----------
    path : str or Path
        SQLite file, or ``":memory:"``.
    matrix : EscalationMatrix, optional
        Who is paged when; :func:`~aiir_lab.desk.plan.default_matrix` if none is given.
    due_days : dict of str to int, optional
        Days until an action item is due, by severity.
    clock : Clock, optional
        Anything with ``now()``; a :class:`~aiir_lab.desk.clock.DeskClock` can also be set and run fast.
    faults : list of Fault, optional
        Trouble that is on from the start.
    """

    def __init__(
        self,
        path: str | Path = ":memory:",
        *,
        matrix: EscalationMatrix | None = None,
        due_days: dict[str, int] | None = None,
        clock: Clock | None = None,
        faults: list[Fault] | None = None,
    ) -> None:
        self.store = Store(path)
        self.clock = self._clock(clock)
        self.plan = Plan(matrix, due_days=due_days)
        self.paging = Paging(self.store, self.clock)
        self.faults = Faults(faults)
        self.limits = Limits()
        self.keys = self._keys()
        self.is_closing = False
        self._set_up()

    def keep_clock(self) -> None:
        """Remember the clock for a restart (only the desk's own kind has a state)."""
        if isinstance(self.clock, DeskClock):
            self.store.keep("clock", self.clock.to_dict())

    def person_named(self, name: str) -> Person | None:
        """A person by id, e-mail, account id, name or role; letters' case does not matter."""
        wanted = name.casefold()
        for person in self.store.find(Person):
            known = (person.id, person.email, person.account_id, person.name, person.role)
            if wanted in (text.casefold() for text in known):
                return person
        return None

    def _clock(self, clock: Clock | None) -> Clock:
        if clock is not None:
            return clock
        own = DeskClock()
        state: dict[str, Any] | None = self.store.fact("clock")
        if state:
            own.restore(state)
        return own

    def _keys(self) -> Keys:
        with self.store.transaction():
            known = self.store.fact("keys")
            if known:
                return Keys(**known)
            keys = Keys.make()
            self.store.keep("keys", keys.to_dict())
            return keys

    def _set_up(self) -> None:
        with self.store.transaction():
            # people and policies follow the matrix of this start; what learners made is left as it is
            self.store.save(*self.plan.people(), *self.plan.policies())
            made: list[Item] = [
                *self.plan.services([self.keys.routing_key, self.keys.routing_key_2]),
                *self.plan.components(),
            ]
            self.store.save(*(item for item in made if self.store.get(type(item), item.id) is None))
