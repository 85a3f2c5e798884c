"""Actions while they are being written, and the columns in which they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiir_lab.records import ActionItem, ActionStatus, AiirError, CauseGraph, Strand

FIELDS = ("description", "owner", "due", "success_metric", "factor", "control")
"""What a card asks for, in its order."""


@dataclass
class Draft:
    """One action; any field may still be empty. ``strand`` says where it stands while no cause is chosen."""

    fields: dict[str, Any] = field(default_factory=dict)
    strand: Strand | None = None
    kept: dict[str, Any] = field(default_factory=dict)  # what a card does not show, such as a ticket

    def text(self, name: str) -> str:
        """A field as text; empty where nothing is written."""
        value = self.fields.get(name)
        return "" if value is None else str(value)

    @property
    def status(self) -> ActionStatus:
        """Where it stands; proposed where nothing is said."""
        return ActionStatus(self.fields.get("status") or ActionStatus.PROPOSED)

    @property
    def is_written(self) -> bool:
        """Whether it says what is to be done."""
        return bool(self.text("description").strip())

    def record(self) -> ActionItem:
        """The action as a record."""
        given = {name: self.text(name).strip() or None for name in FIELDS}
        return ActionItem.from_dict({**self.kept, **given, "status": self.status})


@dataclass
class PlanDraft:
    """What a board edits.

    Parameters
    ----------
    graph : CauseGraph or None
        The causes that actions answer; their strands are the columns.
    drafts : list of Draft
    """

    graph: CauseGraph | None
    drafts: list[Draft] = field(default_factory=list)
    _listeners: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def of(cls, actions: Iterable[Any], graph: CauseGraph | None) -> PlanDraft:
        """A draft that begins with actions.

        Raises
        ------
        AiirError
            `graph` is no CauseGraph, or an action answers a cause that it does not hold.
        """
        if graph is not None and not isinstance(graph, CauseGraph):
            raise AiirError(f"action_board: graph must be a CauseGraph, got {type(graph).__name__}.")
        plan = cls(graph)
        for number, action in enumerate(actions, start=1):
            item = action if isinstance(action, ActionItem) else ActionItem.from_dict(action)
            if graph is not None and item.factor is not None:
                graph.cause(item.factor)
            data = item.to_dict()
            shown = {name: data.pop(name, None) for name in (*FIELDS, "status")}
            plan.drafts.append(Draft(shown, kept=data))
            if item.control and item.control in [other.text("control") for other in plan.drafts[:-1]]:
                raise AiirError(
                    f"action_board: action {number} names {item.control!r}, which another one does."
                )
        return plan

    @property
    def actions(self) -> list[ActionItem]:
        """What is written, as records."""
        return [draft.record() for draft in self.drafts if draft.is_written]

    def watch(self, listener: Callable[[], None]) -> None:
        """Call the listener after each change."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """Tell all listeners that something changed."""
        for listener in self._listeners:
            listener()

    def strand_of(self, draft: Draft) -> Strand | None:
        """The strand of the cause that an action answers, or where it was put."""
        for cause in self.graph.causes if self.graph else ():
            if cause.id == draft.text("factor"):
                return cause.strand
        return draft.strand

    def put(self, draft: Draft, strand: Strand | None) -> None:
        """Let an action stand on a strand: it answers the first cause there, until another one is chosen."""
        causes = [cause.id for cause in self.graph.causes if cause.strand == strand] if self.graph else []
        taken = {other.text("factor") for other in self.drafts if other is not draft}
        fresh = [id for id in causes if id not in taken]
        draft.strand = strand
        draft.fields["factor"] = next(iter([*fresh, *causes]), None)
        self.tell()
