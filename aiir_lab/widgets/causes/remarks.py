"""What a facilitator would remark on causes while they are being written."""

from __future__ import annotations

from dataclasses import dataclass

from aiir_lab.records.causes import CauseGraph, Strand
from aiir_lab.records.errors import AiirError

OPEN, GOOD, STUCK = "◐", "✓", "✗"

_ENDS = {
    "reaches_system_cause": (GOOD, "reaches a condition that the organisation can change."),
    "stops_at_proximate": (OPEN, "ends at a mechanism or trigger."),
    "stops_at_person": (STUCK, "ends with what somebody did, noticed or knew."),
}


@dataclass(frozen=True)
class Remark:
    """One remark: ``sign`` is ✓ (holds), ◐ (goes on) or ✗ (leads nowhere)."""

    sign: str
    text: str

    def __str__(self) -> str:
        return f"{self.sign} {self.text}"


def remark_on_whys(graph: CauseGraph) -> list[Remark]:
    """Judge every branch from the problem to its end, and say when there is only one.

    Examples
    --------
    >>> graph = CauseGraph.from_whys("Labels were wrong", ["The engineer forgot the test"])
    >>> [remark.sign for remark in remark_on_whys(graph)]
    ['✗', '◐']
    """
    from aiir_lab.review import review_whys

    chains = graph.chains()
    if not chains:
        return [Remark(OPEN, "Ask of the problem: why was this possible? Write the first answer.")]
    remarks = []
    for number, chain in enumerate(chains, 1):
        name = f"Branch {number}, “{_short(chain[-1])}”,"
        try:
            review = review_whys(graph.problem, chain)
        except AiirError as error:
            remarks.append(Remark(STUCK, f"{name} cannot be judged: {error}"))
            continue
        sign, said = _ENDS.get(review.verdict, (STUCK, f"breaks: {review.message}"))
        remarks.append(Remark(sign, f"{name} {said} {review.suggestion}"))
    if len(chains) == 1:
        remarks.append(Remark(OPEN, "One branch only. Ask of each answer: what else had to be true?"))
    return remarks


def remark_on_bones(graph: CauseGraph) -> list[Remark]:
    """Name empty bones and conditions that are persons.

    Examples
    --------
    >>> remark_on_bones(CauseGraph(problem="Labels were wrong"))[0].sign
    '◐'
    """
    from aiir_lab.review.whys import ends_at_person

    if not graph.causes:
        return [Remark(OPEN, "Every bone is empty. Which conditions had to come together?")]
    remarks = []
    for cause in graph.causes:
        try:
            is_person = ends_at_person(graph.problem, cause.text)
        except AiirError as error:
            remarks.append(Remark(STUCK, str(error)))
            continue
        if is_person:
            said = f"“{_short(cause.text)}” tells what somebody did."
            remarks.append(
                Remark(STUCK, f"{said} Which condition made it possible, or sensible at the time?")
            )
    bones = graph.fishbone()
    for strand in Strand:
        if strand not in bones:
            remarks.append(Remark(OPEN, f"Nothing on the bone {strand.value}: is there really nothing?"))
    if None in bones:
        remarks.append(Remark(OPEN, f"Not placed on a bone yet: {len(bones[None])}."))
    if not remarks:
        remarks.append(Remark(GOOD, "Every bone holds a condition, and none of them is a person."))
    return remarks


def remark_on_graph(graph: CauseGraph) -> list[Remark]:
    """Name causes without evidence or strand, and say whether the strands meet anywhere.

    Examples
    --------
    >>> remark_on_graph(CauseGraph.from_whys("Labels were wrong", ["Nobody owns the labels"]))[0].sign
    '◐'
    """
    if not graph.causes:
        return [Remark(OPEN, "The graph is empty. Which conditions had to come together?")]
    remarks = []
    bare = [cause for cause in graph.causes if not cause.evidence]
    if bare:
        named = f"“{_short(bare[0].text)}”" + (f" and {len(bare) - 1} more" if bare[1:] else "")
        remarks.append(Remark(OPEN, f"Without evidence it is an opinion: {named}."))
    remarks += [
        Remark(OPEN, f"No cause of the strand {strand.value} yet: is there really none?")
        for strand in Strand
        if strand not in graph.fishbone()
    ]
    strands = {cause.id: cause.strand for cause in graph.causes}
    if not any(
        strands.get(effect) not in (None, cause.strand)
        for cause in graph.causes
        if cause.strand
        for effect in cause.leads_to
    ):
        remarks.append(
            Remark(
                OPEN, "The strands stand side by side. Did a condition of one feed a condition of another?"
            )
        )
    return remarks or [Remark(GOOD, "Three strands, evidence for every cause, and they meet.")]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 48 else text[:47] + "…"
