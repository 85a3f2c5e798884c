"""Find the actions inside an action item: its clauses, their leading verb, and the thing they are about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiir_lab.review.actions.words import ALL_VERBS, IDIOMS, PEOPLE
from aiir_lab.review.phrasing import word_set

_LEAD_IN = re.compile(
    r"""^(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|\[[^\]]{0,40}\]\s*|(?:action(?:\s+item)?|todo|ai|task)\s*\#?\d*\s*[:.]\s*
    |(?:we|the\s+team|team|engineering|i|you|they|someone|somebody)\s+(?:will|should|shall|must|need\s+to|needs\s+to|have\s+to|plan\s+to
       |are\s+going\s+to|to|can|want\s+to|commit\s+to|ought\s+to)\s+
    |(?:please|also|then|first|second|finally|lastly|additionally|immediately|going\s+forward|in\s+future|in\s+the\s+future
       |from\s+now\s+on|longer\s+term|short\s+term|next|in\s+addition|moving\s+forward)\s*[,:]?\s+
    |(?:it\s+is\s+(?:necessary|important)\s+to|need\s+to|to|let(?:'|’)?s|must|should|will|start\s+to|begin\s+to|start|begin
       |make\s+an\s+effort\s+to|work\s+on|aim\s+to|plan\s+to)\s+
    |(?:automatically|technically|manually|always|never|fully|formally|properly|clearly|systematically|regularly|simply|actively
       |strictly|quickly|permanently|publicly|jointly|centrally|explicitly|proactively|collectively|periodically|once)\s+)""",
    re.IGNORECASE | re.VERBOSE,
)
_CONJUNCTION = re.compile(
    r"(?P<hard>;|\n|(?<=[.!?])\s+(?=[A-Z\d])|\s[/+&]\s|(?:^|\s)\(?\d{1,2}[.)]\s|(?:^"
    r"|\s)\([a-d]\)\s|(?:^|\s)[a-d]\)\s)"
    r"|(?P<soft>,?\s+(?:and|then|plus|as well as|along with)\s+(?:(?:also|then"
    r"|additionally|finally)\s+)?|,\s+(?:then\s+)?)",
    re.IGNORECASE,
)
_OBJECT_END = re.compile(
    r"(?<![\w-])(?:of|for|to|that|which|who|on|onto|in|into|at|with|without|when"
    r"|whenever|if|before|after|about|from|so|until|till|unless"
    r"|where|by|via|through|during|over|under|per|each|every|as|against|than|while"
    r"|across|between|whose|because|once"
    r"|prohibiting|requiring|forbidding|banning|stating|mandating|obliging|reminding"
    r"|warning|explaining|describing|asking|saying|telling|covering|showing"
    r"|on\s+how)(?![\w-])|[,.:;(]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"”]{0,80}[\"”]")
# two words that are one verb; the hyphen keeps every offset where it was
_TWO_WORD_VERB = re.compile(
    (
        r"\b(double|rate|hard|fail|auto|ring|wall|cut|hold)\s(?=(?:check|limit|code|closed"
        r"|fence|off|back|revert|rollback|disable)\b)"
    ),
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
# words that are verbs in the list but open noun phrases more often than commands
_NOUN_OPENERS = word_set(
    "alert monitor test log report sample audit page cover index label study research survey name form plan"
)
_NOT_A_NAME = word_set("a an the all any each every this that our its")

# Verbs that one rule treats alike; each rule below says why.
_PAGE_LIKE = word_set("""page audit monitor sample log label study test cover research survey""")
_ASK_LIKE = word_set(
    """ask tell email train retrain brief write update document remind schedule hire create publish"""
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One command in an action item.

    Parameters
    ----------
    start, end : int
        Where it stands in the description.
    text : str
        The clause, lower case, without lead-in words such as "we will".
    verb : str
        Its leading verb in the base form, or "" where it opens with a noun.
    rest : str
        What follows the verb.
    """

    start: int
    end: int
    text: str
    verb: str
    rest: str

    @property
    def thing(self) -> str:
        """The noun phrase the verb acts on, up to the first preposition or relative word."""
        rest = _QUOTED.sub("", self.rest)
        opening = re.match(r"(?:an?|the|some|all|every|each|our)\s+", rest)
        match = _OBJECT_END.search(rest, opening.end() + 1 if opening else 0)
        return (rest[: match.start()] if match else rest).strip(" \"'")


def base_verb(word: str) -> str:
    """The base form of a listed verb ("adding" -> "add"), or "" where the word is none.

    Examples
    --------
    >>> base_verb("Adding"), base_verb("remove"), base_verb("banana")
    ('add', 'remove', '')
    """
    word = word.lower().replace("’", "'")
    if word in ALL_VERBS:
        return word
    if word.endswith("ing") and len(word) > 5:
        root = word[:-3]
        doubled = root[:-1] if len(root) > 2 and root[-1] == root[-2] else root
        for guess in (root, root + "e", doubled):
            if guess in ALL_VERBS:
                return guess
    return ""


def clauses(description: str) -> list[Clause]:
    """The coordinated commands of a description, in order; always at least one.

    "Design and ship the gate" is one command (the first verb has no object of its own);
    "block promotion and retrain the reviewers" is two.

    Examples
    --------
    >>> [c.verb for c in clauses("Block promotion on drift and retrain the reviewers")]
    ['block', 'retrain']
    >>> [c.verb for c in clauses("Design and ship the promotion gate")]
    ['ship']
    """
    description = _TWO_WORD_VERB.sub(r"\1-", description)
    cuts = [0]
    for match in _CONJUNCTION.finditer(description):
        after = _strip_lead_in(description[match.end() : match.end() + 120])
        opens = bool(re.match(r"[A-Za-z]", after)) and bool(_leading_verb(after))
        if match.group("hard"):
            if opens or match.group("hard").strip() in ("", ";") or re.search(r"\d|\)", match.group("hard")):
                cuts.append(match.end())
        elif opens and not _is_noun_pair(
            description[: match.start()] + ("," if match.group().lstrip().startswith(",") else ""), after
        ):
            cuts.append(match.end())
    pieces = [(a, b) for a, b in zip(cuts, [*cuts[1:], len(description)], strict=True)]
    found: list[Clause] = []
    for start, end in pieces:
        raw = description[start:end]
        clean = _strip_lead_in(raw.strip(" ,.\n\t"))
        clean = re.sub(r"[\s,;]+(?:and|then|plus|also)?\s*(?:\(?\d{1,2}[.)])?\s*$", "", clean)
        if not re.search(r"\w", clean):
            continue
        clean = _plain_verb(clean)
        verb = _leading_verb(clean)
        first = _WORD.match(clean)
        rest = clean[first.end() :].strip() if verb and first else clean
        found.append(Clause(start, end, clean.lower(), verb, rest.lower()))
    # a verb without any object shares the object of the next one
    last = len(found) - 1
    merged = [c for place, c in enumerate(found) if place == last or c.rest.strip(" ,") or not c.verb]
    return merged or [Clause(0, len(description), description.lower(), "", description.lower())]


def _strip_lead_in(text: str) -> str:
    for _ in range(4):
        shorter = _LEAD_IN.sub("", text, count=1)
        if shorter == text:
            return text
        text = shorter
    return text


_IDIOMS = [(re.compile(rf"(?:{pattern})\b\s*", re.IGNORECASE), verb) for pattern, verb in IDIOMS]


def _plain_verb(text: str) -> str:
    """A clause whose opening idiom is put as one verb: "get rid of x" -> "eliminate x"."""
    for pattern, verb in _IDIOMS:
        match = pattern.match(text)
        if match:
            return f"{verb} {text[match.end() :]}"
    return text


def participle_verb(word: str) -> str:
    """The listed verb of which `word` is a past or third-person form, or ""."""
    word = word.lower()
    if word in ALL_VERBS:
        return word
    for ending, additions in (
        ("ied", ("y",)),
        ("ies", ("y",)),
        ("ed", ("", "e")),
        ("es", ("", "e")),
        ("s", ("",)),
        ("n", ("", "e")),
    ):
        if word.endswith(ending):
            root = word[: -len(ending)]
            doubled = root[:-1] if len(root) > 2 and root[-1] == root[-2] else root
            for guess in (*(root + add for add in additions), doubled):
                if guess in ALL_VERBS:
                    return guess
    return {
        "held": "withhold",
        "cut": "cut",
        "sent": "send",
        "built": "build",
        "shut": "shut",
        "frozen": "freeze",
    }.get(word, "")


def _leading_verb(text: str) -> str:
    first = _WORD.match(text)
    if not first:
        return ""
    word = first.group()
    verb = base_verb(word)
    after = text[first.end() :].lstrip()
    if not verb or after[:1] in (":", "="):
        return ""
    follower = _WORD.match(after)
    if verb == word.lower() and verb in _NOUN_OPENERS and follower:
        # "Alert on drift" commands; "test coverage for x" does not
        opens_object = follower.group().lower()
        command = _NOT_A_NAME | word_set(
            "on when if whether for that two how per more several customers users the"
        )
        if opens_object not in command and verb not in _PAGE_LIKE:
            return ""
    if verb != word.lower() and follower and _is_finite(follower.group().lower()):
        return ""  # "Training aborts unless ..."
    if (
        verb != word.lower()
        and follower
        and follower.group().lower()
        in ("data", "set", "job", "run", "path", "system", "store", "service", "session", "material")
    ):
        return ""  # "training data ..." is a thing
    return verb


_LONGER = re.compile(r"(?: [\w'’-]+){0,5}? (?P<verb>[a-z-]+s)\b(?P<rest>.*)$")
_MAX_SUBJECT = 20
"""So many words that could be its verb are looked at in one clause."""
_MODALS = word_set("must should will shall may can cannot is are has have needs need gets")
# third-person forms that are far more often plural nouns
_PLURALS = word_set(
    """alerts monitors tests logs reports samples audits pages covers labels forms names plans models rules
    scores checks changes releases reviews limits uses records measures metrics signs locks gates
    guards tags notes comments posts"""
)


def _is_finite(word: str) -> bool:
    return word in _MODALS or (
        word.endswith("s") and word not in _PLURALS and participle_verb(word) not in ("", word)
    )


def statement(text: str) -> tuple[str, str, str, bool] | None:
    """Subject, verb, rest and whether it is denied, of a clause that states what will hold.

    Examples
    --------
    >>> statement("serving layer must not load a checkpoint without a record")
    ('serving layer', 'load', 'a checkpoint without a record', True)
    >>> statement("traffic flips back to the old model")
    ('traffic', 'flip', 'back to the old model', False)
    """
    modal = re.match(
        r"(?P<subject>(?:[\w'’-]+[ ,]+){1,9}?)(?P<modal>must|should|shall|will|can|cannot"
        r"|can't|may|needs? to|has to|have to|is|are|gets?|won't)"
        r"(?P<mods>(?: (?:not|no longer|never|only|always|automatically|then|be|to|get"
        r"|itself|always be))*) (?P<verb>[\w-]+)(?P<rest>.*)$",
        text,
    )
    finite = None
    if modal is None:
        finite = re.match(r"(?P<subject>(?:[\w'’-]+ ){1,6}?)(?P<verb>[a-z-]+s)\b(?P<rest>.*)$", text)
        for _ in range(_MAX_SUBJECT):
            if finite is None or _is_finite(finite["verb"]) or _third_person(finite["verb"]):
                break
            finite = _LONGER.match(text, finite.end("verb"))
        else:
            return None
        if finite is None:
            return None
        return (
            text[: finite.start("verb")].strip(),
            _third_person(finite["verb"]) or participle_verb(finite["verb"]),
            finite["rest"].strip(),
            False,
        )
    denied = bool(re.search(r"not|no longer|never|only|cannot|can't|won't", modal["modal"] + modal["mods"]))
    verb = participle_verb(modal["verb"]) or modal["verb"]
    return modal["subject"].strip(" ,"), verb, modal["rest"].strip(), denied


_SYSTEM_FINITE = {
    "flips": "flip",
    "terminates": "terminate",
    "holds": "hold",
    "waits": "wait",
    "exits": "exit",
    "trips": "trip",
    "degrades": "degrade",
    "defaults": "default",
    "falls": "fall",
    "turns": "turn",
    "goes": "retire",
    "bails": "bail",
    "abstains": "abstain",
    "refuses": "refuse",
    "lapses": "lapse",
    "disappears": "disappear",
    "stops": "stop",
    "kicks": "switch",
    "errors": "error",
    "returns": "return",
    "needs": "need",
    "requires": "require",
    "reverts": "revert",
    "pauses": "pause",
    "opens": "open",
    "closes": "close",
    "renews": "renew",
    "undoes": "undo",
    "drops": "drop",
    "redirects": "redirect",
}


def _third_person(word: str) -> str:
    return _SYSTEM_FINITE.get(word, "")


def is_person(subject: str) -> bool:
    """Whether a noun phrase names people by their role."""
    return re.search(rf"(?:^|\s){PEOPLE}$", subject) is not None


def _is_noun_pair(before: str, after: str) -> bool:
    """Whether "and" joins two nouns, or two effects of one thing, rather than two commands."""
    words_before = _WORD.findall(before.lower())
    first = _WORD.match(after)
    follower = _WORD.match(after[first.end() :].lstrip()) if first else None
    word = first.group().lower() if first else ""
    if not words_before:
        return False
    if word.endswith("ing") and not words_before[0].endswith("ing"):
        return True  # "by pausing writes and alerting the owner", "monitoring and alerting"
    # "to block X and page Y", "that can reject X and log Y": effects of the same thing
    tail = before.lower()
    if (
        base_verb(words_before[-1]) == words_before[-1]
        and len(words_before) > 2
        and before.rstrip()[-1:].isalpha()
        and words_before[-2] in ("the", "an", "a", "each", "both")
    ):
        return True  # "the Approve and Delete buttons"
    if base_verb(words_before[0]) in (
        "have",
        "let",
        "make",
        "get",
        "ensure",
        "require",
        "help",
        "allow",
    ) and not tail.rstrip().endswith(","):
        return True  # "have the officer chair the meeting and fund its items"
    if word in _ASK_LIKE:
        return False
    if not tail.rstrip().endswith(",") and re.search(
        r"\b(?:to|can|must|will|should|and not)\s+(?:automatically\s+)?([a-z-]+)",
        tail[len(words_before[0]) :],
    ):
        effects = re.findall(
            r"\b(?:to|can|must|will|should)\s+(?:automatically\s+)?([a-z-]+)", tail[len(words_before[0]) :]
        )
        if any(base_verb(effect) == effect for effect in effects):
            return True
    if follower is None:
        return word in ALL_VERBS and len(words_before) > 1
    follow = follower.group().lower()
    # a noun that happens to be in the verb list: "alerts and test coverage of", "labels and release notes"
    return follow in ("of", "in", "for", "is", "are", "was", "were", "has") and word in _NOUN_OPENERS | {
        "release",
        "check",
        "change",
        "review",
        "use",
        "cut",
        "limit",
    }
