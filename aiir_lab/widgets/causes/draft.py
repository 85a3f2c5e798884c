"""A cause graph while it is being written: causes may still be empty, and several editors may show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aiir_lab.records.causes import Cause, CauseGraph, Strand
from aiir_lab.records.errors import AiirError, NotFoundError


@dataclass
class Item:
    """One cause; its text is empty until somebody writes it."""

    id: str
    leads_to: tuple[str, ...]
    text: str = ""
    strand: Strand | None = None
    evidence: str | None = None


@dataclass
class CauseDraft:
    """What the editors edit.

    Parameters
    ----------
    problem : str
        What happened.
    items : list of Item
        The causes in the order in which they are shown.
    """

    problem: str
    items: list[Item] = field(default_factory=list)
    _listeners: list[Callable[[], None]] = field(default_factory=list)
    _count: int = 0

    @classmethod
    def of(cls, start: CauseGraph | str) -> CauseDraft:
        """A draft that begins with a graph, or with a problem alone."""
        if isinstance(start, str) and start.strip():
            return cls(CauseGraph(problem=start).problem)
        if isinstance(start, CauseGraph):
            items = [Item(c.id, c.leads_to, c.text, c.strand, c.evidence) for c in start.causes]
            return cls(start.problem, items)
        raise AiirError(
            f"An editor of causes starts from a problem in words or from a CauseGraph, got {start!r}. "
            'For instance: lab.edit_whys("The filter let 4,000 insults through").'
        )

    @property
    def graph(self) -> CauseGraph:
        """The record; causes without text are left out, and what they lead on to is kept."""
        written = {item.id for item in self.items if item.text.strip()}
        causes = [
            Cause(
                id=item.id,
                text=item.text,
                strand=item.strand,
                leads_to=tuple(dict.fromkeys(self._written_effects(item, written))),
                evidence=item.evidence,
            )
            for item in self.items
            if item.id in written
        ]
        return CauseGraph(problem=self.problem, causes=tuple(causes))

    def watch(self, listener: Callable[[], None]) -> None:
        """Call the listener after each change."""
        self._listeners.append(listener)

    def add(self, effect: str = "problem", *, text: str = "", strand: Strand | None = None) -> Item:
        """Add a cause of an effect (``problem`` or the id of a cause)."""
        if effect != "problem":
            self.item(effect)
        used = {item.id for item in self.items}
        while f"cause-{self._count + 1}" in used:
            self._count += 1
        self._count += 1
        item = Item(f"cause-{self._count}", (effect,), text, strand)
        self.items.append(item)
        self._tell()
        return item

    def change(
        self,
        id: str,
        *,
        text: str | None = None,
        strand: Strand | str | None = "keep",
        evidence: str | None = None,
    ) -> None:
        """Write another text or other evidence, or put the cause on another strand."""
        item = self.item(id)
        if evidence is not None:
            item.evidence = evidence.strip() or None
        if text is not None:
            item.text = text
        if strand != "keep":
            item.strand = Strand(strand) if strand else None
        self._tell()

    def may_link(self, id: str, effect: str) -> bool:
        """Whether a cause may lead to this effect: not to itself, nor to anything that leads to it."""
        if effect == "problem":
            return True
        above, seen = [effect], set[str]()
        while above:
            node = above.pop()
            if node == id:
                return False
            if node != "problem" and node not in seen:
                seen.add(node)
                above += self.item(node).leads_to
        return True

    def link(self, id: str, effect: str) -> None:
        """Let a cause lead to one more effect.

        Raises
        ------
        AiirError
            It would explain itself.
        """
        item = self.item(id)
        if not self.may_link(id, effect):
            raise AiirError(
                f"{id!r} cannot lead to {effect!r}, which leads to it: causes would go in a circle."
            )
        item.leads_to = tuple(dict.fromkeys((*item.leads_to, effect)))
        self._tell()

    def unlink(self, id: str, effect: str) -> None:
        """Take one effect of a cause away; the last one stays, for a cause leads to something."""
        item = self.item(id)
        left = tuple(name for name in item.leads_to if name != effect)
        item.leads_to = left or item.leads_to
        self._tell()

    def remove(self, id: str) -> None:
        """Take a cause out; its causes now explain what it explained."""
        gone = self.item(id)
        self.items.remove(gone)
        for item in self.items:
            if id in item.leads_to:
                effects = [effect for effect in item.leads_to if effect != id]
                item.leads_to = tuple(dict.fromkeys([*effects, *gone.leads_to]))
        self._tell()

    def rename_problem(self, text: str) -> None:
        """Say the problem in other words; an empty text is not taken."""
        if text.strip():
            self.problem = CauseGraph(problem=text).problem
        self._tell()

    def item(self, id: str) -> Item:
        """The cause with this id, written or not."""
        for item in self.items:
            if item.id == id:
                return item
        raise NotFoundError("cause", id, [item.id for item in self.items])

    def walk(self) -> list[tuple[str, Item]]:
        """All causes in reading order, each with its number; ``1.2`` is the second cause of the first."""
        lines: list[tuple[str, Item]] = []
        stack = list(reversed(self._numbered("problem", "")))
        while stack:
            number, item = stack.pop()
            lines.append((number, item))
            stack.extend(reversed(self._numbered(item.id, f"{number}.")))
        return lines

    def _numbered(self, effect: str, prefix: str) -> list[tuple[str, Item]]:
        # a cause of several effects is edited once, below the first of them
        below = [item for item in self.items if item.leads_to[0] == effect]
        return [(f"{prefix}{place}", item) for place, item in enumerate(below, 1)]

    def _written_effects(self, item: Item, written: set[str]) -> Iterator[str]:
        for effect in item.leads_to:
            if effect == "problem" or effect in written:
                yield effect
            else:
                yield from self._written_effects(self.item(effect), written)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
