"""Where in a status update each kind of problem stands. Every rule returns spans of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from aiir_lab.review.language.words import sections
from aiir_lab.review.phrasing import STOP_WORDS, sentences, words
from aiir_lab.review.status.patterns import is_a_name, tables

Span = tuple[int, int]

_TIME = re.compile(
    (
        r"\d|\b(?:hour|hourly|half an|noon|midday|midnight|tomorrow|tonight|minutes?"
        r"|end of (?:the )?day|morning|afternoon|evening|monday|tuesday|wednesday|thursday"
        r"|friday|saturday|sunday|o'clock|week|daily)\b"
    ),
    re.IGNORECASE,
)
_NEWS = re.compile(
    (
        r"\b(?:updates?|more|back (?:at|by|with|here|to you)|next|report|look|confirm|tell"
        r"|post|news|word|bulletin|share|inform|let you know|publish|notice|follow|hear"
        r"|check|statement|details|write|answers?)\b"
    ),
    re.IGNORECASE,
)
_PAST = re.compile(
    (
        r"\b(?:was|were|had|between|since|from|started|began|after|ended|than"
        r"|will be (?:fixed|back|resolved|restored|available)|fixed|restored"
        r"|up and running)\b"
    ),
    re.IGNORECASE,
)
_RECOVERY = re.compile(
    r"\b(?:fixed|resolved|recover\w*|restored|complete|safe|back|over|all (?:data|customers))\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"\b(?:confirmed|we (?:have )?(?:identified|found|established|determined)|it is confirmed)\b",
    re.IGNORECASE,
)
_QUESTION_OF_SCOPE = re.compile(
    r"\b(?:how many|who (?:was|is|were)|which (?:customers|users)|whether you|the number of|affected)\b",
    re.IGNORECASE,
)


def find_speculation(text: str) -> Iterator[Span]:
    """A guess about the cause. A guess about who is affected is honest, and left alone."""
    table = tables()
    for start, end in sentences(text):
        part = text[start:end]
        match = table.guess.search(part)
        if match is None or _about_impact(part, match):
            match = table.plain_guess.search(part)
            if match is None or _about_impact(part, match):
                continue
            rest = part[: match.start()] + " " * (match.end() - match.start()) + part[match.end() :]
            cause = table.cause.search(rest)
            bare_guess = re.match(
                r"(?:perhaps|maybe|presumably|probably|apparently|seemingly|possibly)",
                match.group(),
                re.IGNORECASE,
            ) and not re.match(
                r"\s+(?:\d|some|a (?:few|third|quarter|half)|half|about|users?|customers?|affect)",
                part[match.end() :],
                re.IGNORECASE,
            )
            ours = (
                match.group()
                .lower()
                .startswith(("we ", "i ", "our ", "engineers", "the team", "investigators"))
            )
            bare_guess = bare_guess or (ours and not _RECOVERY.search(part))
            if (cause is None and not bare_guess) or (table.next_update.search(part) and _TIME.search(part)):
                continue
        if _FACT.search(part[: match.start()]) and "caus" in part[: match.start()]:
            continue
        yield start + match.start(), start + match.end()


def _about_impact(sentence: str, match: re.Match[str]) -> bool:
    around = sentence[max(0, match.start() - 4) : match.end() + 30]
    found = tables().uncertain_impact.search(around)
    return (
        found is not None
        and re.search(r"\b(?:caused|due to|because|related|linked)\b", around, re.IGNORECASE) is None
    )


def find_blame(text: str) -> Iterator[Span]:
    """Fault put on a person, a team, or a named or unnamed partner."""
    table = tables()
    found = [match.span() for match in table.blame.finditer(text)]
    found = found or [match.span() for match in table.party_acts.finditer(text)]
    found = found or list(_named_acts(text))
    if not found:
        from aiir_lab.review.language import review_language

        for finding in review_language(text, words=False):
            said = finding.of(text)
            start, end = _sentence_of(text, finding.start)
            around = said if said.split(" ")[0].lower() != "they" else text[start:end]
            of_customers = table.customers.search(around) and not table.staff.search(around)
            if of_customers and (finding.kind == "punishment" or around != said):
                continue  # "sellers were suspended" tells of harm to customers, not of punishment
            if re.search(r"\b(?:we|our)\b", said, re.IGNORECASE) and not table.staff.search(said):
                continue  # owning a mistake blames nobody
            found.append((finding.start, finding.end))
    yield from found


def _is_somebody(match: re.Match[str]) -> bool:
    """Whether the capital words of an act are a person's: two of them, or one that is a known first name."""
    full, first = match.groups()
    if full:
        return is_a_name(full)
    return first.lower() in sections()["names"] and is_a_name(first)


def _named_acts(text: str) -> Iterator[Span]:
    """A person called by name who did something: an update has no reason to say so but to point."""
    for match in tables().named_act.finditer(text):
        if not _is_somebody(match):
            continue
        if not re.search(
            r"(?:ing|is|has|found|fixed|restarted|reverted|rolled|looking|been)\s*$", match.group()
        ):
            yield match.span()


def find_minimising(text: str) -> Iterator[Span]:
    """Words that make the trouble small; a measured number does that by itself."""
    for match in tables().minimises.finditer(text):
        # "a brief summary", "we sent a short notice": about the message, not the trouble
        yield match.span()


def find_overpromise(text: str) -> Iterator[Span]:
    """A certainty about the time or the future that nobody has."""
    for match in tables().overpromise.finditer(text):
        start, end = _sentence_of(text, match.start())
        sentence = text[start:end]
        if "according to" in sentence or re.search(
            r"\b(?:according to|expect|aim|hope|estimate|plan|intend|currently believe|target)\b",
            sentence[: match.start() - start],
            re.IGNORECASE,
        ):
            continue
        if re.search(
            r"\b(?:update|news|post|confirm|report|notice|open|page)\b[^.]{0,40}$",
            match.group(),
            re.IGNORECASE,
        ):
            continue
        yield match.span()


def find_jargon(text: str) -> Iterator[Span]:
    """Words that only engineers know."""
    for match in tables().jargon.finditer(text):
        yield match.span()


def find_leaks(text: str) -> Iterator[Span]:
    """Names, addresses, numbers and weaknesses that stay inside."""
    table = tables()
    for match in table.leaks.finditer(text):
        yield match.span()
    for match in table.person.finditer(text):
        if is_a_name(match.group(1)):
            yield match.span(1)
    for match in table.named_act.finditer(text):
        if _is_somebody(match):
            yield match.span(1 if match.group(1) else 2)
    for match in table.company.finditer(text):
        yield match.span(1)
    for match in table.customer.finditer(text):
        before = text[max(0, match.start() - 60) : match.end()]
        if (
            (is_a_name(match.group(1)) or re.search(r"(?:Bank|Group)$", match.group(1)))
            and re.search(
                r"\b(?:customers?|clients?|tenants?|merchants?|sellers?|accounts?)\b", before, re.IGNORECASE
            )
            and re.search(
                (
                    r"(?:Ltd|Inc|GmbH|AG|Corp|LLC|plc|Bank|Group)$|(?:customers?|clients?|tenants?"
                    r"|merchants?|sellers?|accounts?)\W+(?:are |include[sd]? |such as |including "
                    r"|like |among them,? |namely )?"
                )
                + re.escape(match.group(1)),
                before,
            )
        ):
            yield match.span(1)


def lacks_impact(text: str, *, stage: str) -> bool:
    """Whether no sentence says what people notice, or who.

    A sentence says it when, its jargon set aside, it names a symptom and something other than "the issue",
    "our platform", "the team". Once service is back, saying what works again counts as well.
    """
    table = tables()
    for start, end in sentences(text):
        for spoken in re.split(r";|:(?!\d)", text[start:end]):
            clause = table.jargon.sub(" ", spoken)
            symptom = table.symptom.search(clause)
            if table.customers.search(clause) and table.symptom.search(spoken):
                return False
            if symptom and _names_something(clause, symptom):
                return False
            back = table.back.search(clause) if stage in ("monitoring", "resolved") else None
            if back and _names_something(clause, back):
                return False
    return not any(_tells_something(part) for part in _told(text))


_OWN_ACT = re.compile(r"\s*(?:we|our (?:team|engineers)|engineers|i)\b(?! (?:know|have told))", re.IGNORECASE)
_CLAUSE = re.compile(r";|:(?!\d)|—|, (?:so|and|but) | because | which ")
_WORDS_THAT_TELL = 3


def _told(text: str) -> Iterator[str]:
    """The clauses that could tell of impact: no promise of news, nothing of what "we" do."""
    table = tables()
    for start, end in sentences(text):
        part = text[start:end]
        if table.next_update.search(part) and _TIME.search(part):
            if re.match(r"(?:the |our )?(?:next|more|further)\b", part, re.IGNORECASE):
                continue
            part = re.split(r",| and |;|:(?!\d)", part)[0]
        yield from (clause for clause in _CLAUSE.split(part) if not _OWN_ACT.match(clause))


def _tells_something(clause: str) -> bool:
    """Whether a clause has more to say than service and repair, which is a closed class; symptoms are not.

    "Prices show as zero for some products" uses no word of trouble. One word fewer is enough beside those who
    notice it.
    """
    table = tables()
    said = table.leaks.sub(" ", table.jargon.sub(" ", clause))
    silent = table.generic | table.service_talk | STOP_WORDS
    told = [word for word in words(said) if len(word) > 2 and word[0].isalpha() and word not in silent]
    return len(told) + (table.who.search(said) is not None) >= _WORDS_THAT_TELL


def _names_something(clause: str, said: re.Match[str]) -> bool:
    others = words(clause[: said.start()] + " " + clause[said.end() :])
    named = [
        word
        for word in others
        if len(word) > 2
        and word.isalpha()
        and word not in tables().generic | tables().service_talk | STOP_WORDS
    ]
    return bool(named) or "you" in others


def lacks_next_update(text: str) -> bool:
    """Whether no sentence says when the next post comes."""
    table = tables()
    for start, end in sentences(text):
        part = text[start:end]
        if not _TIME.search(part):
            continue
        if table.next_update.search(part) or (_NEWS.search(part) and not _PAST.search(part)):
            return False
    return True


def _sentence_of(text: str, place: int) -> Span:
    return next(((a, b) for a, b in sentences(text) if a <= place < b), (0, len(text)))


FINDERS: dict[str, Callable[[str], Iterator[Span]]] = {
    "speculation": find_speculation,
    "blame": find_blame,
    "minimises": find_minimising,
    "overpromise": find_overpromise,
    "jargon": find_jargon,
    "leaks_internal": find_leaks,
}
