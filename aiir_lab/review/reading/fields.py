"""The fields of a document other than timeline and actions: title, severity, causes, lessons and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from aiir_lab.records import ContributingFactor, Severity, Strand
from aiir_lab.review.reading.blocks import Block
from aiir_lab.review.reading.times import find_stamps

_FIELD = re.compile(r"^(?P<name>[A-Za-z][\w /()&-]{1,38}?)\s*(?::|\s[-–—]\s|=)\s*(?P<value>\S.*)$")
# "Status: final · Owner: Lina" holds two of them
_BESIDE = re.compile(r"\s+[·•|]\s+(?=[*_]*[A-Z][\w /-]{1,30}[*_]*:)")
_SEVERITY = re.compile(r"(?i)\b(?:sev(?:erity)?)\s*(?:level)?\s*[-:#]?\s*(?P<level>[0-5])\b")
_SEVERITY_WORDS = {"critical": 1, "high": 2, "major": 2, "medium": 3, "moderate": 3, "low": 4, "minor": 4}
_GENERIC_TITLE = re.compile(
    r"(?i)^(?:incident )?(?:post[- ]?mortem|post[- ]incident (?:review|report)"
    r"|incident (?:report|review|summary)|rca|root cause analysis|summary|overview|report|timeline)s?$"
)

# Heading -> field. The first that matches counts; narrower ones stand first.
_SECTIONS = {
    "went_well": r"went well|worked well|what went right|successes|strengths",
    "went_badly": r"went (?:wrong|bad|poorly|less well)|did ?n[o']t go well|could have gone better"
    r"|to improve|difficult",
    "got_lucky": r"lucky|luck\b|fortunate",
    "summary": r"^(?:executive |incident |brief )?summary|overview|abstract|tl;?dr|synopsis|^introduction",
    "impact": r"impact|affected|blast radius|consequences|damage",
    "detection": r"detection|how (?:was it|we|it was) (?:detected|found|discovered|noticed)|discovery",
    "trigger": r"trigger|proximate cause|immediate cause|^fault$",
    "contributing_factors": r"root[- ]?causes?|contributing|causes?\b"
    r"|why (?:it|this|that|did (?:it|this)) (?:happen|was possible|could happen)"
    r"|what (?:made|allowed|enabled) (?:it|this|that)\b"
    r"|factors|(?:5|five) whys|analysis",
    "resolution": r"resolution|mitigation|recovery|response|remedy|how (?:it|we) (?:was )?fixed|fix\b",
}
_SECTION_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _SECTIONS.items())
_STRANDS = tuple(
    (strand, re.compile(rf"(?i)^(?:{pattern})"))
    for strand, pattern in (
        (Strand.TOOLING, r"tooling|tools?|monitoring|observability|alerting|detection"),
        (Strand.PROCESS, r"process|people|organi[sz]ation|procedur|communication|governance|culture"),
        (Strand.TECHNICAL, r"tech|system|software|code|model|data|infrastructure|architecture"),
    )
)
_STRAND_LAST = re.compile(
    r"(?i)\s*[(\[](?P<name>tool(?:s|ing)?(?: gap)?|process(?: gap)?|tech(?:nical)?(?: debt)?"
    r"|organi[sz]ation(?:al)?|monitoring|people)[)\]]\.?$"
)


@dataclass(frozen=True)
class Named:
    """A value that the document gives a name to, such as ``Severity: SEV2``."""

    name: str
    value: str
    line: int


def read_named(blocks: Iterable[Block]) -> Iterator[Named]:
    """Every ``Name: value`` line, bullet and two-column table row."""
    for block in blocks:
        if block.kind == "row" and len(block.cells) == 2 and not find_stamps(block.cells[0]):
            yield Named(block.cells[0].strip(" :*"), block.cells[1].strip(), block.line)
        elif block.kind in ("text", "item"):
            for part in _BESIDE.split(block.text):
                if found := _FIELD.match(part):
                    yield Named(found["name"].strip(" *_"), found["value"].strip(" *_"), block.line)
    # the header of a two-column table without a real header is its first pair
    for block in blocks if isinstance(blocks, list) else ():
        if block.kind == "row" and len(block.header) == 2 and _SEVERITY.search(" ".join(block.header)):
            yield Named(block.header[0], block.header[1], block.line)


def value_of(named: list[Named], *names: str) -> Named | None:
    """The first value under one of these names (case ignored)."""
    wanted = [name.lower() for name in names]
    return next((item for item in named if item.name.lower() in wanted and item.value), None)


def read_title(blocks: list[Block], named: list[Named]) -> tuple[str, int] | None:
    """The title and its line: a ``Title`` field, else the first heading that is not a generic word."""
    given = value_of(named, "title", "incident", "incident title", "name")
    if given and not re.fullmatch(r"[A-Za-z#]*[-_ ]?\d+", given.value):  # an identifier is no title
        return given.value, given.line
    headings = [block for block in blocks if block.kind == "heading" and block.text]
    if headings and re.fullmatch(r"(?i)(?:incident |post-?mortem )?title", headings[0].text.strip(" :")):
        below = next((b for b in blocks if b.kind == "text" and b.line > headings[0].line), None)
        if below:
            return below.text[:120], below.line  # a template's heading, filled in underneath
    for block in headings:
        if block.level == min(heading.level for heading in headings) and not _GENERIC_TITLE.match(block.text):
            return block.text, block.line
    if headings:
        return headings[0].text, headings[0].line
    first = next((block for block in blocks if block.text and "://" not in block.text), None)
    return (first.text[:120], first.line) if first else None


def read_severity(blocks: list[Block], named: list[Named]) -> tuple[Severity | None, int, str]:
    """Severity, its line, and a remark where what is written cannot be taken over as it is."""
    given = value_of(named, "severity", "severity level", "sev", "incident severity", "impact level")
    if given:
        found = re.search(r"(?<![\d.])([0-5])(?![\d.])", given.value)
        if found:
            level, line, remark = _level(int(found[1]), given)
            if re.search(r"(?i)\bp(?:rio(?:rity)?)?[ -]?\d", given.value):
                remark = f"{given.value!r} is a priority, the order of work; it was read as {level}."
            return level, line, remark
        word = re.search(r"(?i)\b(" + "|".join(_SEVERITY_WORDS) + r")\b", given.value)
        if word:
            level = Severity(f"SEV{_SEVERITY_WORDS[word[1].lower()]}")
            return level, given.line, f"{given.value!r} was read as {level}; write the level itself."
        return None, given.line, f"{given.value!r} names no level from SEV1 to SEV4."
    for block in blocks:
        if found := _SEVERITY.search(block.text):
            return _level(int(found["level"]), Named("severity", block.text, block.line))
    return None, 0, ""


def _level(number: int, given: Named) -> tuple[Severity | None, int, str]:
    if number == 0:
        return Severity.SEV1, given.line, "A level 0 was read as SEV1, the worst of SEV1 to SEV4."
    if number == 5:
        return Severity.SEV4, given.line, "A level 5 was read as SEV4, the mildest of SEV1 to SEV4."
    return Severity(f"SEV{number}"), given.line, ""


def read_date(blocks: list[Block], named: list[Named]) -> tuple[date, int] | None:
    """The day of the incident: a field, the title, or the first full date in the text."""
    given = value_of(
        named,
        "date",
        "incident date",
        "date of incident",
        "date of the incident",
        "day",
        "started",
        "start time",
    )
    places = [(given.value, given.line)] if given else []
    places += [(block.text, block.line) for block in blocks if block.kind == "heading"]
    places += [(block.text, block.line) for block in blocks if block.kind != "heading"]
    for text, line in places:
        for stamp in find_stamps(text):
            if day := stamp.date(None):
                return day, line
    return None


def section_of(block: Block) -> str | None:
    """The field that a block belongs to, told by the headings above it, the nearest first."""
    for heading in reversed(block.sections):
        for name, pattern in _SECTION_PATTERNS:
            if pattern.search(heading):
                return name
    return None


def read_factors(blocks: Iterable[Block]) -> list[ContributingFactor]:
    """Contributing factors, one per bullet or paragraph, with its strand where that is written."""
    factors = []
    for block in paragraphs(blocks):
        text, strand = block.text, _strand(block.section)
        if label := re.match(r"^(?P<name>[A-Za-z ]{3,24}):\s+(?P<rest>.+)$", text):
            named = _strand(label["name"])
            text, strand = (label["rest"], named) if named else (text, strand)
        if strand is None and (label := _STRAND_LAST.search(text)):
            text, strand = text[: label.start()], _strand(label["name"])
        factors.append(ContributingFactor(text=text, strand=strand, line=block.line))
    return factors


def _strand(words: str) -> Strand | None:
    return next((strand for strand, pattern in _STRANDS if pattern.match(words.strip())), None)


def read_prose(blocks: Iterable[Block]) -> str | None:
    """Paragraphs and bullets of a section as one text."""
    return "\n".join(block.text for block in blocks if block.kind != "heading" and block.text.strip()) or None


def read_points(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Bullets and paragraphs of a section, one each."""
    return tuple(block.text for block in paragraphs(blocks))


def paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    """Lines of one paragraph as one block; nested bullets with the one above; rows as their words."""
    current: Block | None = None
    for block in blocks:
        if block.kind == "heading" or not block.text.strip():
            continue
        follows = (
            current is not None and block.kind == current.kind == "text" and block.line == _end(current) + 1
        )
        if current is not None and (follows or (block.depth > 1 and current.kind == "item")):
            separator = "\n" if follows else " "
            current = Block(
                current.kind, f"{current.text}{separator}{block.text}", current.line, current.sections, 1
            )
            continue
        if current is not None:
            yield _one_line(current)
        current = block
    if current is not None:
        yield _one_line(current)


def _end(block: Block) -> int:
    return block.line + block.text.count("\n")


def _one_line(block: Block) -> Block:
    return Block(block.kind, " ".join(block.text.split()), block.line, block.sections, block.depth)
