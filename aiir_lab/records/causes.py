"""Causes as one structure: a directed graph of which 5 Whys, fishbone and factor list are views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from aiir_lab.records.base import Line, Record, Slug, Text
from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.records.outline import read_outline

MAX_CHAINS = 200
"""So many chains of a graph are told: twenty pairs of causes, each leading to the next, make a million."""


class Strand(StrEnum):
    """Where a condition lives: in the technology, in how people work together, in their tools."""

    TECHNICAL = "technical"
    PROCESS = "process"
    TOOLING = "tooling"


class ContributingFactor(Record):
    """A condition without which the incident was less likely or smaller."""

    text: Text
    strand: Strand | None = Field(default=None, description="None where the document does not say")
    evidence: Text | None = None
    sources: tuple[Line, ...] = ()
    line: int | None = Field(default=None, ge=1, description="line of the document it was read from")


class Cause(Record):
    """A node of the graph. ``leads_to`` names the nodes that it made possible or worse."""

    id: Slug
    text: Text
    strand: Strand | None = None
    leads_to: tuple[Slug, ...] = ()
    evidence: Text | None = None


class CauseGraph(Record):
    """Causes of one problem. The problem itself is the node ``problem``; every path ends there.

    Examples
    --------
    >>> graph = CauseGraph.from_whys("Goods were mislabelled", [
    ...     "The new model met pictures unlike its training set",
    ...     "No release test used such pictures"])
    >>> [cause.text for cause in graph.root_causes()]
    ['No release test used such pictures']
    """

    problem: Text
    causes: tuple[Cause, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [cause.id for cause in self.causes]
        if "problem" in ids:
            raise ValueError("causes with ids other than 'problem', which stands for the problem itself")
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"causes with different ids, but {', '.join(twice)} stands twice")
        for cause in self.causes:
            if not cause.leads_to:
                raise ValueError(f"an effect for every cause, but {cause.id!r} leads to nothing")
            for effect in cause.leads_to:
                if effect != "problem" and effect not in ids:
                    raise ValueError(f"effects that exist, but {cause.id!r} leads to unknown {effect!r}")
        circle = self._find_circle()
        if circle:
            raise ValueError(f"no circle, but {' -> '.join(circle)}")
        return self

    def _find_circle(self) -> list[str]:
        effects = {cause.id: cause.leads_to for cause in self.causes}
        done: set[str] = set()
        for start in effects:
            path: list[str] = []
            stack: list[tuple[str, bool]] = [(start, False)]
            while stack:
                node, is_leaving = stack.pop()
                if is_leaving:
                    path.pop()
                    done.add(node)
                elif node in path:
                    return [*path[path.index(node) :], node]
                elif node not in done and node != "problem":
                    path.append(node)
                    stack.append((node, True))
                    stack.extend((effect, False) for effect in effects.get(node, ()))
        return []

    @classmethod
    def from_whys(cls, problem: str, whys: Iterable[str]) -> CauseGraph:
        """A 5 Whys chain: each answer is the cause of the one before it."""
        causes: list[Cause] = []
        for number, why in enumerate(whys, start=1):
            effect = causes[-1].id if causes else "problem"
            causes.append(Cause(id=f"why-{number}", text=why, leads_to=(effect,)))
        return cls(problem=problem, causes=tuple(causes))

    @classmethod
    def from_factors(cls, problem: str, factors: Iterable[ContributingFactor]) -> CauseGraph:
        """A flat list of contributing factors: each leads straight to the problem."""
        causes = tuple(
            Cause(
                id=f"factor-{number}",
                text=factor.text,
                strand=factor.strand,
                leads_to=("problem",),
                evidence=factor.evidence,
            )
            for number, factor in enumerate(factors, start=1)
        )
        return cls(problem=problem, causes=causes)

    @classmethod
    def from_outline(cls, outline: str) -> CauseGraph:
        """Causes written as an indented outline (:func:`aiir_lab.records.outline.read_outline`).

        The same words at two places are one cause with two effects.

        Examples
        --------
        >>> graph = CauseGraph.from_outline('''The model flattered its users
        ... - [technical] Thumbs up were a reward
        ...     - [process] No launch gate covered flattery''')
        >>> graph.root_causes()[0].strand.value
        'process'
        """
        problem, items = read_outline(outline)
        drafts: dict[str, dict[str, object]] = {}
        above: list[str] = []
        for item in items:
            if item.strand and item.strand not in list(Strand):
                raise AiirError(
                    f"Line {item.line} of the outline names the strand {item.strand!r}; "
                    f"known: {', '.join(Strand)}."
                )
            key = " ".join(item.text.casefold().split())
            del above[item.depth :]
            effect = str(drafts[above[-1]]["id"]) if above else "problem"
            new = {"id": f"cause-{len(drafts) + 1}", "text": item.text, "strand": None, "evidence": None}
            draft = drafts.setdefault(key, new | {"leads_to": ()})
            draft["leads_to"] = tuple(dict.fromkeys((*draft["leads_to"], effect)))  # type: ignore[misc]
            draft["strand"] = item.strand or draft["strand"]
            draft["evidence"] = item.evidence or draft["evidence"]
            above.append(key)
        return cls.from_dict({"problem": problem, "causes": list(drafts.values())})

    def to_outline(self) -> str:
        """The outline that :meth:`from_outline` reads.

        A cause of several effects stands below each of them, its own causes below the first one only.
        """
        lines = [" ".join(self.problem.split())]
        written: set[str] = set()
        stack = [(cause, 0) for cause in reversed(self.causes_of("problem"))]
        while stack:
            cause, depth = stack.pop()
            strand = f"[{cause.strand}] " if cause.strand else ""
            if not strand and cause.text.startswith("["):
                strand = "[] "  # else the text itself would be read as a strand
            evidence = f" (evidence: {' '.join(cause.evidence.split())})" if cause.evidence else ""
            lines.append(f"{'    ' * depth}- {strand}{' '.join(cause.text.split())}{evidence}")
            if cause.id not in written:
                written.add(cause.id)
                stack.extend((deeper, depth + 1) for deeper in reversed(self.causes_of(cause.id)))
        return "\n".join(lines)

    def cause(self, id: str) -> Cause:
        """The cause with this id."""
        for cause in self.causes:
            if cause.id == id:
                return cause
        raise NotFoundError("cause", id, [cause.id for cause in self.causes])

    def root_causes(self) -> tuple[Cause, ...]:
        """Source nodes: causes that nothing else in the graph explains."""
        explained = {effect for cause in self.causes for effect in cause.leads_to}
        return tuple(cause for cause in self.causes if cause.id not in explained)

    def causes_of(self, id: str) -> tuple[Cause, ...]:
        """The direct causes of a node (or of ``problem``)."""
        return tuple(cause for cause in self.causes if id in cause.leads_to)

    def chains(self) -> list[list[str]]:
        """Every 5 Whys chain: texts from just below the problem down to a root cause.

        The first :data:`MAX_CHAINS` of them: causes with several effects can make more than anybody can read.
        """
        chains: list[list[str]] = []
        causes_of: dict[str, list[Cause]] = defaultdict(list)
        for cause in self.causes:
            for effect in dict.fromkeys(cause.leads_to):
                causes_of[effect].append(cause)
        stack: list[tuple[str, list[str]]] = [("problem", [])]
        while stack and len(chains) < MAX_CHAINS:
            node, texts = stack.pop()
            deeper = causes_of[node]
            if not deeper and texts:
                chains.append(texts)
            stack.extend((cause.id, [*texts, cause.text]) for cause in reversed(deeper))
        return chains

    def fishbone(self) -> dict[Strand | None, list[Cause]]:
        """Causes by strand: the bones. Those without a strand stand under ``None``."""
        bones: dict[Strand | None, list[Cause]] = defaultdict(list)
        for cause in self.causes:
            bones[cause.strand].append(cause)
        return dict(bones)

    def factors(self) -> tuple[ContributingFactor, ...]:
        """The causes as a flat list of contributing factors."""
        return tuple(
            ContributingFactor(text=cause.text, strand=cause.strand, evidence=cause.evidence)
            for cause in self.causes
        )
