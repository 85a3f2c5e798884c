"""Intermediate lesson 1: proximate and root causes, of a public incident and of a world to replay."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache, lru_cache, partial
from typing import Any

from pydantic import BaseModel

from aiir_lab.catalog import load_postmortem
from aiir_lab.grade.question import Criterion, Question
from aiir_lab.records import CauseGraph
from aiir_lab.records.causes import Strand

INCIDENT = "zillow-offers-2021"
WORLD, SEED, SIZE = "vision_bias", 11, "sample"

PROBLEM = "Thousands of homes were bought above the price at which they could be sold"
CHAINS: dict[str, tuple[str, ...]] = {
    "A": (
        "Offers leaned on a forecast of resale prices",
        "The forecast looked months ahead with a wide error",
        "The analysts misjudged the market",
    ),
    "B": (
        "Volume surged when the market turned",
        "So many homes were bought for more than the price they could be sold for",
    ),
    "C": (
        "Offers leaned on a forecast of resale prices",
        "The canteen changed its menu in May",
        "Nobody owns the canteen",
    ),
    "D": (
        "Offers leaned on a forecast of resale prices",
        "The forecast stayed high when house prices stopped rising as fast as before",
    ),
    "E": (
        "Buying stopped months after the market had turned",
        "No alert compared forecast prices with the prices of homes sold",
        "No team owns the monitoring of the forecast",
    ),
}
"""Five chains of whys about :data:`PROBLEM`; four of them make one mistake each."""


def statements() -> tuple[str, ...]:
    """The causes of the public incident in the order in which the lesson numbers them, from 1."""
    return tuple(sorted(cause.text for cause in _public().causes))


def _public() -> CauseGraph:
    graph = load_postmortem(INCIDENT).cause_graph
    assert graph is not None, "the lesson stands on this graph"
    return graph


@cache
def _links() -> dict[int, frozenset[int]]:
    """Number of a cause -> numbers of what it leads to; nothing where it leads to the problem itself."""
    graph, order = _public(), statements()
    number = {cause.id: order.index(cause.text) + 1 for cause in graph.causes}
    return {number[c.id]: frozenset(number[e] for e in c.leads_to if e != "problem") for c in graph.causes}


@cache
def removed_shares(seed: int = SEED) -> dict[str, float]:
    """Factor -> share of the harm that is gone when its control alone is in place, by replay."""
    from aiir_lab.simulate import replay, simulate

    run = simulate(WORLD, seed=seed, size=SIZE)
    harm = run.harm.amount
    return {
        factor: 1 - replay(run, controls=[control]).harm.amount / harm
        for factor, control in run.factors.items()
    }


class _Links(BaseModel):
    proximate: list[int] | None = None
    leads_to: dict[int, list[int] | int] | None = None


def _is_proximate(answer: _Links) -> bool | str:
    expected = {number for number, effects in _links().items() if not effects}
    given = set(answer.proximate or ())
    if strange := sorted(given - set(_links())):
        return f"There is no statement {strange[0]}; they are numbered from 1 to {len(_links())}."
    if given == expected:
        return True
    return (
        f"{len(given & expected)} of your {len(given)} stand right before the problem; others may be missing."
    )


def _leads(count: int, answer: _Links) -> bool | str:
    """Whether at least `count` of the deeper causes point at an effect that the account names."""
    right, deeper = 0, {number: effects for number, effects in _links().items() if effects}
    for number, given in (answer.leads_to or {}).items():
        named = {given} if isinstance(given, int) else set(given)
        right += number in deeper and bool(named) and named <= deeper[number]
    return right >= count or f"{right} of {len(deeper)} lead where the account leads."


def _leads_twice(answer: _Links) -> bool:
    shared = {number: effects for number, effects in _links().items() if len(effects) > 1}
    given = answer.leads_to or {}
    return any(
        not isinstance(value := given.get(number), int | None) and set(value) == effects
        for number, effects in shared.items()
    )


def _names_mistake(chain: str, answer: dict[str, str]) -> bool | str:
    from aiir_lab.review import review_whys
    from aiir_lab.review.whys import VERDICTS

    given = answer.get(chain)
    if given is None:
        return "Nothing given."
    if given not in VERDICTS:
        return f"{given!r} is none of the five words: {', '.join(VERDICTS)}."
    if max(Counter(answer.values()).values()) > 2:
        return "No two of the five chains end in the same way."
    return bool(given == review_whys(PROBLEM, CHAINS[chain]).verdict)


def _chains(graph: CauseGraph) -> list[list[str]]:
    return graph.chains()


@lru_cache(maxsize=4)  # several criteria ask for them
def _verdicts(graph: CauseGraph) -> list[str]:
    from aiir_lab.review import review_whys

    return [review_whys(graph.problem, chain).verdict for chain in _chains(graph)]


def _branches(graph: CauseGraph) -> bool | str:
    count = len(_chains(graph))
    return count >= 3 or f"{count} so far."


def _is_deep(graph: CauseGraph) -> bool | str:
    long = [chain for chain in _chains(graph) if len(chain) >= 3]
    return bool(long) or "Every branch ends after two answers or fewer."


def _without(verdicts: tuple[str, ...], graph: CauseGraph) -> bool | str:
    if not graph.causes:
        return "There is no answer yet."
    found = [number for number, verdict in enumerate(_verdicts(graph), 1) if verdict in verdicts]
    return not found or f"Look at branch {found[0]}."


def _reaches(graph: CauseGraph) -> bool | str:
    verdicts = _verdicts(graph)
    short = [number for number, verdict in enumerate(verdicts, 1) if verdict != "reaches_system_cause"]
    return bool(verdicts) and (not short or f"Branch {short[0]} does not reach one.")


def _is_about(graph: CauseGraph) -> bool | str:
    """Whether the tree speaks of this incident: its answers share their words with the public record."""
    from aiir_lab.review.phrasing import STOP_WORDS, stem

    def words(text: str) -> set[str]:
        cleaned = "".join(letter if letter.isalpha() else " " for letter in text.lower())
        return {stem(word) for word in cleaned.split() if word not in STOP_WORDS and len(word) > 3}

    pm = load_postmortem(INCIDENT)
    record = words(" ".join([pm.summary or "", pm.trigger or "", *(f.text for f in pm.contributing_factors)]))
    strange = [cause.text for cause in graph.causes if len(words(cause.text) & record) < 2]
    if len(strange) * 3 > len(graph.causes) or not graph.causes:
        return "Too few of the answers use what the record tells."
    return True


def _is_share(number: int, answer: dict[str, float]) -> bool | str:
    truth = removed_shares()
    wrong = [
        factor
        for factor, share in truth.items()
        if not math.isclose(float(answer.get(factor, math.nan)), share, abs_tol=0.02)
    ]
    if any(
        math.isclose(float(answer.get(factor, 0)) / 100, share, abs_tol=0.02)
        for factor, share in truth.items()
        if abs(share) > 0.1
    ):
        return "These look like percentages; shares from 0 to 1 are asked for."
    right = len(truth) - len(wrong)
    return right >= number or f"{right} of {len(truth)} so far."


def _names_factors(graph: CauseGraph) -> set[str]:
    return {(cause.evidence or "").strip() for cause in graph.causes} & set(removed_shares())


def _covers(graph: CauseGraph) -> bool | str:
    count = len(_names_factors(graph))
    return count >= 4 or f"{count} so far."


def _covers_strongest(graph: CauseGraph) -> bool:
    shares = removed_shares()
    top = sorted(shares, key=lambda factor: -shares[factor])[:2]
    return set(top) <= _names_factors(graph)


def _fills_bones(graph: CauseGraph) -> bool | str:
    empty = [strand.value for strand in Strand if strand not in graph.fishbone()]
    return not empty or f"Empty: {', '.join(empty)}."


def _is_no_person(graph: CauseGraph) -> bool | str:
    from aiir_lab.review.whys import ends_at_person

    if not graph.causes:
        return "There is no condition yet."
    for cause in graph.causes:
        if ends_at_person(graph.problem, cause.text):
            return f"Look at “{cause.text}”."
    return True


def _evidence_on_deepest(graph: CauseGraph) -> bool | str:
    """The factors are conditions, so they stand at the ends of the bones, not right at the head."""
    roots = {cause.id for cause in graph.root_causes()}
    factors = set(removed_shares())
    named = [cause for cause in graph.causes if (cause.evidence or "").strip() in factors]
    deep = [cause for cause in named if cause.id in roots and "problem" not in cause.leads_to]
    return len(deep) >= 3 or f"{len(deep)} of {len(named)} explain another cause of your fishbone."


def _criteria_of_whys() -> tuple[Criterion, ...]:
    checks: tuple[tuple[str, Any, str, float], ...] = (
        ("At least three branches", _branches, "Ask of each answer what else had to be true.", 1.0),
        (
            "At least one branch of three answers or more",
            _is_deep,
            "Ask once more: why was that possible?",
            1.0,
        ),
        (
            "No branch ends with a person",
            partial(_without, ("stops_at_person",)),
            "How did it make sense at that time? What did tool, process or goal ask for?",
            1.0,
        ),
        (
            "No circle, and no step without a link",
            partial(_without, ("circular", "non_sequitur")),
            "Read the branch backwards with 'therefore'.",
            1.0,
        ),
        (
            "Every branch reaches a condition that the organisation can change",
            _reaches,
            "Name the check, owner, standard, goal or default that let it happen.",
            2.0,
        ),
        ("It is about this incident", _is_about, "Stay with what the record tells; mark what you add.", 1.0),
    )
    return tuple(Criterion(text, holds, hint, points) for text, holds, hint, points in checks)


QUESTIONS = (
    Question(
        id="i01-links",
        title="What leads to what",
        shape=_Links,
        expected="a dict with proximate (a list of numbers) and leads_to (number -> list of numbers)",
        criteria=(
            Criterion(
                "The causes that stand right before the problem",
                _is_proximate,
                "Say it as one sentence: 'The homes were bought too dear because ...', with no step between.",
                2.0,
            ),
            Criterion(
                "At least three of the deeper causes lead where the account leads",
                partial(_leads, 3),
                "Of each remaining statement ask: which of the proximate ones would not have been so?",
            ),
            Criterion(
                "All of them do",
                partial(_leads, 5),
                "One or two still point elsewhere; read each pair with 'therefore'.",
            ),
            Criterion(
                "One cause has two effects, and you name both",
                _leads_twice,
                "Which one both raised the price and raised the number of homes?",
            ),
        ),
    ),
    Question(
        id="i01-mistakes",
        title="The usual mistakes",
        shape=dict[str, str],
        expected='a dict such as {"A": "circular", ...} for the chains A to E',
        criteria=tuple(
            Criterion(
                f"Chain {name}",
                partial(_names_mistake, name),
                "Look at the last answer, then read the chain backwards with 'therefore'.",
            )
            for name in CHAINS
        ),
    ),
    Question(
        id="i01-whys",
        title="Your own tree of whys",
        shape=CauseGraph,
        expected="a lab.CauseGraph: what 'Show as code' of the editor gives",
        criteria=_criteria_of_whys(),
    ),
    Question(
        id="i01-removed",
        title="What each condition alone was worth",
        shape=dict[str, float],
        expected="a dict from the name of each factor to a share of the harm, such as 0.25",
        criteria=(
            Criterion(
                "At least three shares are what the replay gives",
                partial(_is_share, 3),
                "Share gone = 1 - harm of the replay with this factor's control / harm of the run.",
            ),
            Criterion(
                "All six are",
                partial(_is_share, 6),
                "One control at a time, always the same run, and nothing rounded.",
                2.0,
            ),
        ),
    ),
    Question(
        id="i01-fishbone",
        title="The fishbone of the mislabelled goods",
        shape=CauseGraph,
        expected="a lab.CauseGraph: what 'Show as code' of the editor gives",
        criteria=(
            Criterion(
                "Every bone holds a condition", _fills_bones, "Technology, work together, tools at hand."
            ),
            Criterion(
                "No condition is a person",
                _is_no_person,
                "Put the situation in the place of the person: what did the process ask for?",
            ),
            Criterion(
                "At least four conditions are factors of this world, named as evidence",
                _covers,
                "End the line with (evidence: name_of_the_factor), spelled as in run.factors.",
            ),
            Criterion(
                "The two whose removal alone helped most are among them",
                _covers_strongest,
                "Sort your shares.",
            ),
            Criterion(
                "At least three of them explain a proximate cause, not the problem itself",
                _evidence_on_deepest,
                "Indent them below what they made possible.",
            ),
        ),
    ),
)
