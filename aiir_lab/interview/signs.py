"""What earns a score in an answer, and where it stands: signs told by words and small rules.

The table ``signs.toml`` holds the words. What cannot be told by words alone is a *finder* here. The tone, and
whether a change holds without anybody's memory, are judged by the reviewers (:mod:`aiir_lab.review`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiir_lab.catalog.interview import Dimension, StarPart
from aiir_lab.interview.answer import Answer
from aiir_lab.review.actions.rungs import is_automatic, is_enforced
from aiir_lab.review.language import review_language
from aiir_lab.review.phrasing import sentences

Span = tuple[int, int]

# Where the parts of an answer are expected when it is told in one piece: shares of its length.
_EXPECTED: dict[StarPart, tuple[float, float]] = {
    StarPart.SITUATION: (0.0, 0.5),
    StarPart.TASK: (0.0, 0.5),
    StarPart.ACTION: (0.0, 0.9),
    StarPart.RESULT: (0.4, 1.0),
    StarPart.LEARNING: (0.5, 1.0),
}

_COUNT = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a hundred|hundreds?|thousands?|"
    r"a thousand|million|a dozen|dozens|half|a third|a quarter|a tenth|a fifth|one in \w+|one per ?cent|"
    r"zero|none|twice|double[d]?|halved|three times)"
)
# a number, but no clock time, no year, no version
FIGURE = re.compile(
    rf"(?<![\w.:])(?!20\d\d\b)(?!\d{{1,2}}:\d\d)[$€£]?\d[\d,.]*\d?\s?(?:%|\w+)?|\b{_COUNT}\b(?:[ -]\w+)?",
    re.IGNORECASE,
)
_AMOUNT = rf"(?:[$€£]?\d[\d,.]*|{_COUNT})"
_GAP = r"[^.!?\n]"
BEFORE_AFTER = re.compile(
    rf"\bfrom {_GAP}{{0,30}}?{_AMOUNT}{_GAP}{{0,40}}?\bto {_GAP}{{0,20}}?{_AMOUNT}"
    rf"|\b(?:fell|fallen|drop(?:ped)?|went|rose|came|cut|reduced|shrank|shrunk|improved|increased|decreased|grew|"
    rf"down|up|back|declined|climbed)\b"
    rf"{_GAP}{{0,50}}?\b(?:to|by|from|under|below|above) {_GAP}{{0,20}}?{_AMOUNT}"
    rf"|{_AMOUNT}{_GAP}{{0,50}}?\b(?:before|earlier|previously|the week before)\b{_GAP}{{0,50}}?{_AMOUNT}"
    rf"|{_AMOUNT}{_GAP}{{0,60}}?\b(?:instead of|compared (?:with|to)|against|down from|up from|after|"
    rf"where it had been|had been|it was|was|used to be|versus|rather than|not){_GAP}{{0,20}}? {_AMOUNT}"
    rf"|\b(?:half|twice|a third|three times|{_AMOUNT} times) (?:as|of what|the|fewer|less|more|faster)\b"
    rf"|\bbefore\b{_GAP}{{0,40}}?{_AMOUNT}{_GAP}{{0,40}}?\b(?:after|now)\b{_GAP}{{0,20}}?{_AMOUNT}"
    rf"|{_AMOUNT}{_GAP}{{0,20}}?\b(?:later|sooner|faster|earlier|longer|fewer|less|more) than\b",
    re.IGNORECASE,
)
_OWN_ACT = re.compile(
    r"\bI(?:['’](?:d|ve))? (?:(?:then|also|first|next|had|have|just|only|still|at once|immediately|therefore|"
    r"personally|would|will|even) ){0,2}"
    r"(?!(?:was|am|were|be|been|have|had|do|did|could|can|think|thought|feel|felt|learn(?:ed|t)?|believe[d]?|"
    r"guess(?:ed)?|knew|know|hope[d]?|remember(?:ed)?|heard|saw|wish(?:ed)?|mean|would|will|should|may|might|must|"
    r"never|not|don|didn|couldn|wouldn|understood|understand|got|want(?:ed)?|need(?:ed)?|liked?|love[d]?|and|"
    r"really|to|think|worked|work|joined|helped|help|tried|try)\b)[a-z]{2,}",
    re.IGNORECASE,
)
# notes leave the "I" out: "- Paused the rollout." Only at the head of a sentence or a bullet, only the past.
_UNSAID_I = re.compile(
    r"(?:^|(?<=[.!?;:] )|(?<=\n))[ \t]*(?:[-*•][ \t]*)?(?:(?:Then|Also|First|Next|Later|Finally|So) )?"
    r"(?:(?!Based|Affected|Since|Need|Indeed)[A-Z][a-z]{2,}ed|Took|Wrote|Set|Chose|Told|Kept|Froze|Ran|Led|Put|Cut|"
    r"Held|Went|Sent|Made|Built|Drew|Gave|Left|Got|Began|Read|Found|Met|Split|Shut|Spoke)"
    r"\b(?! (?:by|on|in|to be)\b)",
    re.MULTILINE,
)
_MINE = re.compile(r"\b(?:I|I['’](?:d|ve|m)|my|mine|myself)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:we|we['’](?:d|ve)|our|us|they|everybody|everyone)\b", re.IGNORECASE)
# beyond what the reviewer of actions knows as enforced or automatic
_HOLDS_ITSELF = re.compile(
    r"\b(?:(?:is|are|was|were|gets?|be) (?:blocked|refused|rejected|stopped|held|paused|locked|quarantined)|"
    r"(?:can|could) no longer|(?:nobody|no one) can|no \w+(?: \w+)? (?:can|goes|is released|ships|leaves)|"
    r"by itself|must (?:pass|hold|name|carry|show|be (?:filled|signed|named|there|tried))|is required|"
    r"mandatory|expires?|pages? (?:me|the|on|a)|"
    r"before (?:any|a|the|it|every) [^.!?\n]{0,40}(?:can|may))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sign:
    """One thing that earns (or costs) something in one dimension.

    Parameters
    ----------
    id : str
        Stable name, such as ``"result.before_after"``.
    dimension : Dimension
        Where it counts, and where the learner is told of it.
    title : str
        What an answer does that shows it, such as "has before and after".
    advice : str
        What to say to show it.
    parts : tuple of StarPart
        Where it counts when the parts are told apart; everywhere when empty.
    full : int
        How many places earn all of it.
    costs : bool
        It takes away instead of earning.
    find : callable
        Text -> the places where it stands.
    per_100 : float
        How many places in 100 words earn all of it, in place of `full`; 0 where `full` holds.
    also : tuple of Dimension
        Further dimensions in which it counts.
    """

    id: str
    dimension: Dimension
    title: str
    advice: str
    parts: tuple[StarPart, ...]
    full: int
    costs: bool
    find: Callable[[str], list[Span]]
    per_100: float = 0.0
    also: tuple[Dimension, ...] = ()

    def counts_in(self, dimension: Dimension) -> bool:
        """Whether it adds to (or takes from) the sum of a dimension."""
        return dimension is self.dimension or dimension in self.also

    def strength(self, spans: Sequence[Span], *, word_count: int) -> float:
        """How fully it shows in an answer of `word_count` words, 0 to 1."""
        if self.per_100:
            return min(1.0, 100 * len(spans) / (self.per_100 * max(word_count, 1)))
        return min(len(spans), self.full) / self.full


@cache
def load_signs() -> tuple[Sign, ...]:
    """All signs, in the order of their table."""
    table = tomllib.loads(files("aiir_lab.interview").joinpath("signs.toml").read_text(encoding="utf-8"))
    return tuple(
        _sign(dimension, name, row) for dimension, rows in table.items() for name, row in rows.items()
    )


def find_signs(answer: Answer) -> dict[str, list[Span]]:
    """Where each sign stands in an answer; an empty list where it does not.

    Examples
    --------
    >>> from aiir_lab.interview.answer import read_answer
    >>> text = "Wrong labels fell from 21 to 8 percent."
    >>> [text[a:b] for a, b in find_signs(read_answer({"result": text}))["result.before_after"]]
    ['fell from 21', 'from 21 to 8']
    """
    found = {}
    for sign in load_signs():
        spans: list[Span] = []
        for start, end in _places(answer, sign.parts):
            spans += [(start + a, start + b) for a, b in sign.find(answer.text[start:end])]
        found[sign.id] = spans
    return found


def _places(answer: Answer, parts: tuple[StarPart, ...]) -> list[Span]:
    """The stretches of an answer in which a sign of these parts counts."""
    if not parts:
        return [(0, len(answer.text))]
    if answer.has_parts:
        return [answer.spans[part] for part in StarPart if part in parts and part in answer.spans]
    length = len(answer.text)
    first = min(_EXPECTED[part][0] for part in parts) * length
    last = max(_EXPECTED[part][1] for part in parts) * length
    # whole sentences: one that only partly lies there counts
    chosen = [(a, b) for a, b in sentences(answer.text) if b > first and a < last]
    return [(chosen[0][0], chosen[-1][1])] if chosen else []


def _sign(dimension: str, name: str, row: dict[str, object]) -> Sign:
    finder = row.get("finder")
    return Sign(
        id=f"{dimension}.{name}",
        dimension=Dimension(dimension),
        title=str(row["title"]),
        advice=str(row["advice"]),
        parts=tuple(StarPart(part) for part in row.get("parts", ())),  # type: ignore[attr-defined]
        full=int(row.get("full", 1)),  # type: ignore[call-overload]
        costs=bool(row.get("costs", False)),
        find=_FINDERS[str(finder)] if finder else _by_words(row),
        per_100=float(row.get("per_100", 0)),  # type: ignore[arg-type]
        also=tuple(Dimension(name) for name in row.get("also", ())),  # type: ignore[attr-defined]
    )


def _by_words(row: dict[str, object]) -> Callable[[str], list[Span]]:
    words, needs, unless = (
        re.compile("|".join(value) if isinstance(value, list) else str(value), re.IGNORECASE)
        if value
        else None
        for value in (row.get("words"), row.get("needs"), row.get("unless"))
    )
    assert words is not None

    def find(text: str) -> list[Span]:
        spans = []
        for start, end in sentences(text):
            sentence = text[start:end]
            if (needs and not needs.search(sentence)) or (unless and unless.search(sentence)):
                continue
            spans += [(start + one.start(), start + one.end()) for one in words.finditer(sentence)]
        return spans

    return find


def _by_pattern(*patterns: re.Pattern[str]) -> Callable[[str], list[Span]]:
    return lambda text: [found.span() for pattern in patterns for found in pattern.finditer(text)]


def _own_share(text: str) -> list[Span]:
    mine = [found.span() for pattern in (_MINE, _UNSAID_I) for found in pattern.finditer(text)]
    return mine[:1] if len(mine) >= 2 and len(mine) > len(_OURS.findall(text)) else []


def _strong_change(text: str) -> list[Span]:
    spans = []
    for start, end in sentences(text):
        sentence = text[start:end].lower()
        found = _HOLDS_ITSELF.search(sentence)
        if found:
            spans.append((start + found.start(), start + found.end()))
        elif is_enforced(sentence) or is_automatic(sentence):
            spans.append((start, end))
    return spans


def _blame(text: str) -> list[Span]:
    return [(finding.start, finding.end) for finding in review_language(text, words=False)]


_FINDERS: dict[str, Callable[[str], list[Span]]] = {
    "figures": _by_pattern(FIGURE),
    "before_after": _by_pattern(BEFORE_AFTER),
    "own_acts": _by_pattern(_OWN_ACT, _UNSAID_I),
    "own_share": _own_share,
    "strong_change": _strong_change,
    "blame": _blame,
}
