"""How deep one answer reaches: to a condition the organisation can change, to a person, or to a mechanism.

Sources: the facilitation guides of Etsy and PagerDuty (an answer that ends with a person ends too early;
ask how it was possible), and the definition of contributing factors as conditions; cue lists are ours.
"""

from __future__ import annotations

import re
from math import log
from typing import NamedTuple

from aiir_lab.review.language.words import sections
from aiir_lab.review.whys.cues import MECHANISM_CUES, PERSON_CUES, SYSTEM_CUES
from aiir_lab.review.whys.network import ENDS, read

ROLE = (
    r"(?:engineers?|developers?|programmers?|devs?|operators?|analysts?|reviewers?"
    r"|moderators?|annotators?|administrators?|admins?|dba|clerks?|planners?"
    r"|contractors?|interns?"
    r"|managers?|leads?|scientists?|officers?|technicians?|assistants? manager"
    r"|colleagues?|employees?|staff|somebody|someone|persons?|on-?call(?:er)?"
    r"|on-call engineer|shift|team members?|juniors?|new hires?|workers?|maintainers?"
    r"|authors?|owners? of|testers?|sre|underwriters?|buyers?|users? typed|responders?"
    r"|commander|approvers?|vendor's engineer|specialists?|experts?|agents?"
    r"|whoever(?: \w+){1,4}|supervisors?|freelancers?|trainees?|seller|labell?ers?"
    r"|people|everyone|nobody|no one|she|he|they|we|the team|the \w+ team|our team)"
)
# one of a profession, so that "the team has no budget" stays a condition
_ONE_PERSON = (
    r"(?:engineer|developer|programmer|operator|analyst|reviewer|moderator|annotator|administrator|admin|clerk"
    r"|planner|contractor|intern|manager|lead|scientist|officer|technician|colleague|employee|tester|buyer"
    r"|underwriter|responder|commander|approver|specialist|expert|supervisor|freelancer|trainee|labeller"
    r"|dispatcher|nurse|driver|pharmacist|consultant|architect|owner|author|maintainer|junior)"
)
_ACT = (
    r"(?:forgot|forget\w*|missed|overlooked|ignored|neglected|misread|misunderstood"
    r"|misjudged|misapplied|mistook|mistyped|assumed|believed|thought|guessed|confused"
    r"|mixed|skipped|rushed|hurried|bothered|dismissed|picked|pressed|clicked|typed"
    r"|pasted|entered|chose|turned|disabled|deleted|copied|ran|wrote|committed|pushed"
    r"|merged|approved|failed|fell asleep|took a shortcut|cut corners|left|panicked"
    r"|hesitated|slipped|lost"
    r"|added|sent|opened|closed|switched|attached|postponed|delayed|misplaced|acknowledged|filed"
    r"|uploaded|edited|renamed|decided|wanted|bypassed|muted|silenced|silences|rejected|declined|judged"
    r"|shipped|granted|shared|cared|lied|hid|gave up|went home|stayed|waited|preferred|refused"
    r"|is known (?:for|to)|(?:has|had|have) (?:no|little|too little) (?:experience|knowledge|skills?|training"
    r"|idea|clue|patience|sense|interest|discipline)"
    r"|trusted|couldn't|could not|panicked|lacked|misse[ds]|gave|did(?:n't| not)"
    r"|does(?:n't| not)|do(?:n't| not)|never|was(?:n't| not)|were(?:n't| not)"
    r"|should have|could have|had not|hadn't|has not|have not|was (?:\w+ )?(?:careless"
    r"|tired|lazy|sloppy|distracted|inattentive|inexperienced|new|busy|rushing|unaware"
    r"|overconfident|negligent|untrained|absent|away|stressed|exhausted|asleep"
    r"|unfocused|in a (?:hurry|rush)|on (?:holiday|vacation|leave)|not \w+)"
    r"|were (?:\w+ )?(?:careless|tired|lazy|sloppy|distracted|inattentive"
    r"|inexperienced|new|busy|unmotivated|untrained|not \w+)|(?:is"
    r"|are) (?:\w+ )?(?:careless|tired|lazy|sloppy|distracted|inexperienced"
    r"|not (?:\w+ )?(?:motivated|trained|skilled|careful|experienced|qualified"
    r"|attentive|competent)|unmotivated|untrained|incompetent|new)|lacks?|lacked|knew"
    r"|looked|made (?:a|an|the) \w*|clicked|loaded the|used the wrong|set the wrong"
    r"|gave the wrong)"
)
_PERSON_SUBJECT = re.compile(
    (
        rf"^(?:(?:because|since|as|so|then|and|well|the|an|a|our|one|some|that|this|most"
        rf"|all|junior|senior|new|duty|night|release|account|data|on-call|responsible|lead"
        rf"|night-shift|compliance|security|platform"
        rf"|on)\s+)*(?:[\w-]+\s+){{0,2}}?\b{ROLE}\b(?:\s+(?:on (?:duty|call|shift)"
        rf"|in charge|responsible|who \w+ \w+|from \w+|in the \w+|at the \w+|of the \w+"
        rf"|for \w+))?\s+(?:\w+ly\s+|also\s+|simply\s+|just\s+|had\s+|again\s+)*{_ACT}\b"
    ),
    re.IGNORECASE,
)
# whatever follows, the answer is about what somebody is or does
_ANY_PERSON_SUBJECT = re.compile(
    rf"^(?:(?:because|since|as|the|an|a|our|junior|senior|new|duty|night|on-call|data|release|account|model)\s+)*"
    rf"(?:[\w-]+\s+)?\b{_ONE_PERSON}\b(?:\s+(?:on (?:duty|call|shift)|in charge)|\s*,\s*[A-Z]\w+\s*,)?\s+"
    r"(?:just\s+|simply\s+|\w+ly\s+)*"
    r"(?:is|was|has|had|isn't|wasn't|does|doesn't|did|didn't|slept|went|got|let|\w+ed|\w+s)\b",
    re.IGNORECASE,
)
_NAME_SUBJECT = re.compile(
    rf"^(?:because |since )?[A-Z][a-z]+(?: [A-Z][a-z]+)? (?:\w+ly |simply |just |also |had )?{_ACT}\b"
)


def _compiled(cues: tuple[tuple[float, str], ...]) -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple((weight, re.compile(pattern, re.IGNORECASE)) for weight, pattern in cues)


_PERSON, _SYSTEM, _MECHANISM = _compiled(PERSON_CUES), _compiled(SYSTEM_CUES), _compiled(MECHANISM_CUES)
_INNER_REASON = re.compile(
    (
        r"(?:,|\b)\s*(?:because|since there|since no|as there (?:is|was)|as no|given that"
        r"|due to|owing to)\s+(.+)$"
    ),
    re.IGNORECASE,
)
_STANDING = re.compile(
    (
        r"\b(?:is|are|has|have|does|do|can|lets?|allows?|permits?|accepts?|treats?|gives?"
        r"|leaves?|asks?|requires?|needs|goes|go|exists?|counts?|owns?|lives?|depends?"
        r"|relies|covers?|checks?|include[s]?|runs? (?:no|without)|enters?|gets? no|comes?"
        r"|happens?|receives?|pay[s]?|competes?)\b"
    ),
    re.IGNORECASE,
)


KINDS = ("system", "person", "proximate")
"""In the order of :data:`aiir_lab.review.whys.network.ENDS`."""
_RULE = 1.5
"""Log odds per point of the rules; 0 to 1.5 did alike on 520 new chains, our own records decided."""
_TINY = 1e-6


class Depth(NamedTuple):
    """Where an answer ends (of :data:`KINDS`), and the words that show it."""

    kind: str
    cue: str


def depth_of(earlier: tuple[str, ...], answer: str) -> Depth:
    """How deep an answer reaches where `earlier` was said before it: by the rules and the network together.

    The rules know the words that show an end and are seldom wrong about a mechanism; the network has read
    more, and knows that "the figures were waved through" tells of people. The log odds are added.

    Examples
    --------
    >>> said = ("Cards were refused",)
    >>> [depth_of(said, answer).kind for answer in (
    ...     "A reviewer waved the figures through", "The disk was full", "No team owns the feedback table")]
    ['person', 'proximate', 'system']
    """
    scores, cues = _by_rule(answer)
    _, ends = read(earlier, answer)
    total = {
        kind: log(max(ends[end], _TINY)) + _RULE * scores[kind] for kind, end in zip(KINDS, ENDS, strict=True)
    }
    kind = max(KINDS, key=lambda name: total[name])
    return Depth(kind, cues.get(kind, answer[:60]))


def _by_rule(answer: str) -> tuple[dict[str, float], dict[str, str]]:
    """Points of each kind by the rules alone, and the first words that gave some."""
    inner = _INNER_REASON.search(answer)
    judged = (
        inner.group(1)
        if inner and inner.start() > 3
        else re.sub(r"^\s*(?:because|since|as)\s+", "", answer, flags=re.IGNORECASE)
    )
    judged = judged.strip().replace("’", "'")
    subject = _PERSON_SUBJECT.match(judged) or _named_subject(judged)
    if subject and _structural_nobody(judged):
        subject = None
    # "the policy specialist": the policy is part of a person's title, not a condition
    judged_for = {
        "person": judged,
        "system": judged[subject.end() :] if subject else judged,
        "proximate": judged,
    }
    scores = {"person": 0.0, "system": 0.0, "proximate": 0.6}
    cues: dict[str, str] = {}
    for kind, table in (("person", _PERSON), ("system", _SYSTEM), ("proximate", _MECHANISM)):
        for weight, pattern in table:
            match = pattern.search(judged_for[kind])
            if match:
                scores[kind] += weight
                cues.setdefault(kind, match.group())
    if subject:
        scores["person"] += 3.4
        cues["person"] = subject.group()
    elif somebody := _ANY_PERSON_SUBJECT.match(judged):
        scores["person"] += 2.4
        cues.setdefault("person", somebody.group())
    if _STANDING.search(judged) and not subject:
        scores["system"] += 0.8
    return scores, cues


def _named_subject(answer: str) -> re.Match[str] | None:
    """ "Maria forgot ...": a known first name, followed by an act."""
    match = _NAME_SUBJECT.match(answer)
    if match is None:
        return None
    first = re.sub(r"^(?:because|since)\s+", "", match.group(), flags=re.IGNORECASE).split()[0].lower()
    return match if first in sections()["names"] else None


def _structural_nobody(answer: str) -> bool:
    """ "Nobody owns it" tells of a role that does not exist; "nobody looked" tells of people."""
    return bool(
        re.search(
            (
                r"\b(?:nobody|no one|no-one)\b[^.;]{0,20}\b(?:owns?|owned|is|was|were|has been"
                r"|had been|has|had the|can|could|may|responsible|accountable|assigned|tasked|paid"
                r"|asked|expected)\b"
            ),
            answer,
            re.IGNORECASE,
        )
        or re.search(
            (
                r"\b(?:have|has|had|were|was|are|is) (?:\w+ )?(?:never|not"
                r"|no)\b[^.;]{0,25}\b(?:budget\w*|fund\w*|time|mandate|allowed|permitted|given"
                r"|asked|required|trained for|access|way|tool\w*|staffed|rewarded)\b"
            ),
            answer,
            re.IGNORECASE,
        )
        or re.search(
            (
                r"\b(?:we|the organi[sz]ation|the company|management|leadership) (?:has|have|had"
                r"|never|do not|did not|does not)\b[^.;]{0,40}\b(?:process|budget\w*|standard"
                r"|polic\w+|require|plan\w*|fund\w*|defin\w+|assign\w*|rehears\w+|own\w*"
                r"|measure\w*|review\w*)\b"
            ),
            answer,
            re.IGNORECASE,
        )
    )
