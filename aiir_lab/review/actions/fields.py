"""The three fields beside the words of an action: who owns it, when it is due, how one will know.

Sources: PagerDuty's post-mortem guide (one owner, a date, a measure, a ticket) and the five SMART letters;
the word lists are ours. A metric is *checkable* when two people who look at the same system at the same
time must give the same answer: a number, a threshold, a test that passes, a state that holds for all.
It is *circular* when it only says that the action was done.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from aiir_lab.review.phrasing import stems, word_set

_NOBODY = re.compile(
    r"^(?:tb[acd]|tba|n/?a|none|nil|null|unknown|unassigned|unclear|\?+|-+|—|\.+|x+"
    r"|to be (?:decided|defined|determined|assigned|named|confirmed|found)"
    r"|not (?:yet )?(?:assigned|decided|known)|open|pending|nobody|no one|someone"
    r"|somebody|anyone|whoever\b.*|everyone|everybody|all(?: .*)?|each .*|every .*"
    r"|any .*"
    r"|us|we|them|they|ourselves|the (?:team|company|business|group|vendor"
    r"|organisation|organization)|both(?: .*)?|various|several|many|multiple|shared)$",
    re.IGNORECASE,
)
# words that name a group or a function, never one person
_GROUP = word_set(
    """team teams squad squads guild chapter tribe group groups department dept division unit org
    organisation organization company crew staff people engineers developers devs analysts
    scientists reviewers moderators annotators operators owners leads managers sres admins
    stakeholders employees folks everyone committee board working rota rotation on-call oncall shift
    engineering platform infrastructure infra backend frontend ops operations devops mlops sre data
    science ml ai risk fraud security legal compliance product qa it hr support safety trust
    marketing finance research analytics model models modelling modeling serving training search
    payments credit moderation vision forecasting assistant core vendor vendors partner partners
    supplier contractors management leadership monitoring reliability quality governance policy
    content customer service services planning logistics and of the for & our technical call
    database dba network"""
)
_SINGLE_ROLE = re.compile(
    r"\b(?:lead|head|chief|director|manager|owner|officer|vp|vice president|cto|ciso"
    r"|cio|ceo|cfo|cro|cdo|coo|dpo|principal|supervisor|architect"
    r"|commander|steward|coordinator|liaison|president|secretary|controller|auditor"
    r"|author|editor|counsel|chair|captain)\b",
    re.IGNORECASE,
)
_ROLE_NOUN = re.compile(
    (
        r"\b(?:engineer|developer|analyst|scientist|reviewer|moderator|operator"
        r"|administrator|admin|planner|specialist|expert|designer|dba)\b"
    ),
    re.IGNORECASE,
)


def owner_problem(owner: str | None) -> str | None:
    """Why a text names no single owner, or None where it does.

    A person, a handle or a role that one person holds ("fraud platform lead") is an owner; a team, a rota,
    two names or "TBD" is none.

    Examples
    --------
    >>> owner_problem("Priya Nair") is None, owner_problem("fraud platform lead") is None
    (True, True)
    >>> owner_problem("Data Platform"), owner_problem("Ana and Tom")
    ('names a group', 'names more than one owner')
    """
    text = " ".join((owner or "").split()).strip(" .")
    if not text or not re.search(r"\w", text):
        return "is empty"
    inside = re.search(r"\(([^)]+)\)", text)
    outside = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text).strip(" ,-–")
    if inside and outside:
        problems = [_plain_owner(outside), _plain_owner(inside.group(1))]
        return (
            problems[0]
            if all(problems)
            else (None if problems[0] != "names more than one owner" else problems[0])
        )
    return _plain_owner(text)


def _plain_owner(text: str) -> str | None:
    if _NOBODY.match(text):
        return "names nobody"
    parts = [
        part.strip()
        for part in re.split(r"\s*(?:,|;|/|&|\+|\band\b|\bor\b|\bwith\b|\bplus\b|\bund\b)\s*", text)
        if part.strip()
    ]
    people = [part for part in parts if not _is_group(part)]
    if not people:
        return None if _is_group_suffix(parts) else "names a group"
    if len(people) == 1:
        return (
            None
            if len(parts) == 1 or "," in text or "/" in text or _is_group_suffix(parts)
            else "names more than one owner"
        )
    if (
        len(people) == 2
        and "," in text
        and (
            re.fullmatch(r"\w\.?(?: \w\.?)?", people[1])
            or _SINGLE_ROLE.search(people[1])
            or _ROLE_NOUN.search(people[1])
        )
    ):
        return None  # "Kowalska, A." and "Ana Kowalska, ML lead"
    return "names more than one owner"


def _is_group_suffix(parts: list[str]) -> bool:
    # "Trust & Safety lead": the sign joins the words of one role
    return len(parts) > 1 and (
        (bool(_SINGLE_ROLE.search(parts[-1])) and all(_is_group(part) for part in parts[:-1]))
        or (
            re.match(r"(?:head|director|vp|chief|lead) of\b", parts[0], re.IGNORECASE) is not None
            and all(_is_group(part) for part in parts[1:])
        )
    )


def _is_group(text: str) -> bool:
    tokens = re.findall(r"[\w'’-]+", text.lower())
    if not tokens or _NOBODY.match(text):
        return True
    if "@" in text or re.fullmatch(r"[a-z]+[._][a-z]+", text.lower()):
        return bool(
            set(re.findall(r"[a-z]+", text.lower())) & {"team", "group", "oncall", "all", "ops", "platform"}
        )
    if re.search(
        (
            r"\b(?:teams?|squads?|rota|rotation|on-?call|whole|guild|group|engineers|staff"
            r"|leads|managers|owners|everyone|department|committee)\b"
        ),
        text.lower(),
    ):
        return True
    if _SINGLE_ROLE.search(text):
        return False
    if _ROLE_NOUN.search(text):
        # "an engineer" is anyone; "payments engineer Ana" holds a name
        return not any(
            token[:1].isupper() and token.lower() not in _GROUP and not _ROLE_NOUN.search(token)
            for token in text.split()[1:]
        )
    return all(token in _GROUP or token.isdigit() for token in tokens)


_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?P<year>\d{4})[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}[ ,-]+(?P<year>\d{{4}})\b",
        rf"\b{_MONTH}[ -]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ -]+(?P<year>\d{{4}})\b",
        r"\b(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4})\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?\d{{3}})",
    )
)


def read_date(value: object, *, near: date | None = None) -> date | None:
    """The calendar date that a value names, or None ("next sprint", "Q3", "30 February").

    A day without a year takes the first such day on or after `near`; "04/05/2026" is read day first, and
    month first where that is the only date it can be.

    Examples
    --------
    >>> read_date("14 April 2026"), read_date("next sprint")
    (datetime.date(2026, 4, 14), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "")[:200]
    for form in _DATE_FORMS:
        match = form.search(text)
        if not match:
            continue
        got = match.groupdict()
        month = _MONTHS.index(got["month"][:3].lower()) + 1 if got.get("month") else int(got["number"])
        day, year = int(got["day"]), int(got["year"]) if got.get("year") else 0
        base = near or date(2000, 1, 1)
        for y, m, d in (
            ((year, month, day), (year, day, month))
            if year
            else ((base.year, month, day), (base.year + 1, month, day))
        ):
            try:
                found = date(y, m, d)
            except ValueError:
                continue
            if year or found >= base:
                return found
    return None


_DONE = (
    r"(?:is|are|was|were|be|been|has been|have been|gets?|got|being)?\s*(?:fully |successfully |now |all )?"
    r"(?:implemented|done|in force|in effect|effective|delivered|deployed|shipped"
    r"|closed|merged|completed?|published|written|in place|live|rolled[- ]out|finished"
    r"|held"
    r"|exists?|released|trained|attended|created|added|set[- ]?up|configured|enabled"
    r"|launched|installed|approved|signed[- ]off|built|available|online"
    r"|posted|sent|shared|given|run|conducted|documented|updated|introduced"
    r"|established|removed|disabled|deleted|discussed|reviewed|made|ready|connected"
    r"|out"
    r"|resolved|executed|organi[sz]ed|adopted|active|activated|working|functional"
    r"|operational|up and running|in production|on the wiki|drafted|presented|mailed"
    r"|taken place|carried out|fixed|migrated|replaced|integrated|uploaded|circulated"
    r"|distributed|scheduled|provided|started|on the button|communicated|informed"
    r"|announced|accepted|finali[sz]ed|produced|revoked|retired|split|standardi[sz]ed"
    r"|consolidated|hired|bought|signed|handed over|begun|agreed|applied|achieved"
    r"|performed|made public|visible|turned on|switched on|designed|developed|tested)"
)
_CIRCULAR = re.compile(
    rf"^(?:done|completed?|finished|shipped|merged|implemented|delivered|deployed"
    rf"|closed|yes|ok|fixed|live|it is done|it works|works|implementation|completion"
    rf"|delivery|roll-?out|deployment)\b[\w ]{{0,24}}$"
    rf"|\b(?:ticket|task|story|pr|mr|pull request|merge request|jira|issue|epic|card"
    rf"|action(?: item)?|work|change|feature|functionality|project"
    rf"|item)\b.{{0,30}}?\b{_DONE}\b"
    rf"|^(?:.{{0,80}}?\b){_DONE}(?:\s+(?:in|on|by|to|for|with|at|and|as|from|within"
    rf"|before|through|into|via)\b.{{0,50}})?\s*[.!]?$"
    rf"|^(?:successful |full )?(?:implementation|completion|delivery|rollout|deployment"
    rf"|creation|publication|launch) of\b"
    r"|^(?:implement|deliver|complete|finish|deploy|publish|write|ship|close|create"
    r"|add|hold|launch|release|merge|done when|success (?:is|=) (?:implement|deliver"
    r"|complet))\w*\b(?!.*\d).{0,60}$"
    r"|\b(?:have|has|had) (?:attended|completed|read|received|done|finished|taken|seen"
    r"|been (?:trained|told|informed|briefed))\b",
    re.IGNORECASE,
)
_OUTCOME_NUMBER = re.compile(
    r"(?:[<>≤≥=]\s*\d|\d\s*%|\b\d+(?:[.,]\d+)?\s*(?:percent|per cent|points?|s|ms"
    r"|sec(?:onds?)?|min(?:utes?)?|h|hrs?|hours?|days?|weeks?|months?|x|times|usd|eur"
    r"|gb|mb|kb|k|m|bps|pp)\b"
    r"|\b\d[\d,.]*\s+(?:of|out of|in|from)\s+\d|\b(?:under|below|over|above|at least"
    r"|at most|less than|fewer than|more than|no more than|not more than|up to|within"
    r"|max(?:imum)?|min(?:imum)?"
    r"|exceeds?|reach(?:es)?|stays?|drops? to|falls? to|rises? to|equals?"
    r"|exactly)\b[^.;]{0,40}?(?:\d|\bone\b|\btwo\b|\bthree\b|\bfive\b|\bten\b|\bhalf\b"
    r"|\ba third\b|\ban? (?:minute|hour|day|week|month|percent)\b)"
    r"|\b(?:zero|none|0|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty"
    r"|fifty|hundred|no|all|every|each|only)\b|\b\d{1,6}\b|\b(?:half|twice|double"
    r"|doubled|halved)\b)",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"\b(?:test|tests|drill|replay(?:ed|ing|s)?|simulat\w+|rehears\w+|dry run"
    r"|game ?day|probe|canary|chaos|fault[- ]injection|seeded|staged|experiment"
    r"|exercise|audit|spot check|sample|scan|query|inject\w*|load test|red[- ]team"
    r"|backtest\w*)\b"
    r".{0,120}?\b(?:pass\w*|fail\w*|block\w*|reject\w*|refus\w*|page[sd]?|fires?|fired"
    r"|alert\w*|returns?|shows?|catch\w*|caught|finds?|succeed\w*|trip\w*|abort\w*"
    r"|stop\w*|recover\w*|detect\w*|flag\w*|green|red|roll\w*|quarantin\w*|den(?:y|ies"
    r"|ied)|trigger\w*|denied|raised|restor\w*|complet\w*|halt\w*)\b"
    r"|\b(?:pass\w*|fail\w*|block\w*|reject\w*|refus\w*|page[sd]?|fires?|fired|caught"
    r"|detect\w*|trip\w*|abort\w*|denied|refused|flagged|triggers?|recovers?|stops?"
    r"|halts?|returns?|rolls? back|catches|raises?|quarantined)\b.{0,80}?\b(?:in|on"
    r"|during|by|when|with|under) (?:the |a |an |each |every )?[\w' -]{0,40}?"
    r"\b(?:test|drill|replay|simulation|rehearsal|dry run|game ?day|probe|exercise"
    r"|staging|ci|incident|trial|attempt|run)s?\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    (
        r"\b(?:raises at|raises an error|errors? out|turns? red|fails? (?:the (?:build"
        r"|pipeline|job|check|merge|deploy\w*|run|release)|to (?:compile|parse|start|merge"
        r"|load|deploy|build)|on|for|when|if|at)|(?:is|are) (?:turned away|stopped|held"
        r"|quarantined|denied|undone|caught|withheld|dropped|discarded|paged|halted"
        r"|aborted|reverted|frozen|skipped|excluded)|cannot|can no longer|can't"
        r"|is not possible|impossible|returns? an error|is refused|are refused|is rejected"
        r"|are rejected|is blocked|are blocked|exits? non-?zero|fails the build|is denied"
        r"|exits? with|http \d+|nothing|nobody|without exception|never|any (?:attempt"
        r"|write|request|deploy\w*|promotion|merge))\b"
    ),
    re.IGNORECASE,
)
_NOT_A_MEASURE = re.compile(
    r"\b(?:q[1-4]|h[12])\b(?: ?\d{4})?|\b20\d\d(?:-\d\d-\d\d)?\b|\b[a-z]{2,6}-\d+\b"
    r"|#\d+|\b(?:pr|mr|ticket|issue|pull request|merge request|sprint|v|version|day"
    r"|step|phase|part|option)\s*#?\d[\d.]*"
    r"|\b\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b|\b(?:january|february|march|april|june"
    r"|july|august|september|october|november|december) \d{1,2}\b"
    r"|\bp\d\d\b|\bsev-?\d\b|\b(?:no|all) (?:longer|right|good|doubt|more)\b",
    re.IGNORECASE,
)
_MIND = re.compile(
    (
        r"\b(?:forgets?|feels?|aware|awareness|understands?|understanding|know about"
        r"|knows?|remembers?|confident|confidence|careful|attention|happy|happier)\b"
    ),
    re.IGNORECASE,
)
# a report or decision whose content is laid down can be checked against that content
_CONTENT = re.compile(
    (
        r"\b(?:names?|lists?|states?|answers?|quantif\w+)\b (?:the|all|each|at|which|how"
        r"|who|top|\d|its|every)|\bwith (?:costs?|counts?|an? \w+|cost \w+"
        r"|recommendations?|findings|at least|(?:two"
        r"|three|four|five) )|\bcosted\b"
    ),
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"^(?:tb[acd]|n/?a|none|nil|null|unknown|-+|—|\?+|\.+|to be (?:defined|decided|determined))\.?$",
    re.IGNORECASE,
)
_WISH = re.compile(
    (
        r"\b(?:better|improve[sd]?|improved|improvement|higher|lower|fewer|less|more"
        r"|faster|quicker|safer|happier|easier|increased?|reduced?|decreased?|good|nice"
        r"|nicer|smooth|stable|robust|reliable|confiden\w+|awareness|understand\w*|quality"
        r"|visibility|success\w*|feel\w*|hopefully|satisf\w+)\b"
    ),
    re.IGNORECASE,
)


def metric_problem(metric: str | None, *, description: str = "") -> str | None:
    """``"no_metric"``, ``"circular_metric"`` or None for a measure of success.

    Examples
    --------
    >>> metric_problem("Gate implemented"), metric_problem("Better quality"), metric_problem(None)
    ('circular_metric', 'no_metric', 'no_metric')
    >>> metric_problem("A poisoned batch of 500 rows is quarantined in the replay") is None
    True
    """
    text = " ".join((metric or "").split())
    if not re.search(r"\w", text) or _ABSENT.match(text):
        return "no_metric"
    bare = _NOT_A_MEASURE.sub(" ", text)
    if _MIND.search(bare) and not re.search(r"\d", bare):
        return "no_metric"
    measured = bool(_TEST.search(bare) or _STATE.search(bare) or _quantified(bare))
    only_done = _CIRCULAR.search(text) and not _coverage(bare) and not _CONTENT.search(text)
    if only_done and not (measured and _measures_beyond_completion(bare)):
        return "circular_metric"
    if measured or _CONTENT.search(text):
        return None
    if not _WISH.search(text) and description and _repeats(text, description):
        return "circular_metric"
    return "no_metric"


def _quantified(text: str) -> bool:
    if re.search(r"\d", text):
        return True
    if re.search(r"\b(?:zero|none|no|never|nobody|nothing|every|each|all|only|both)\b", text, re.IGNORECASE):
        # "all models have an owner" can be checked; "all good" and "no problems" cannot
        return (
            len(stems(text)) >= 3
            or re.search(r"\b(?:quarter|months?|weeks?|days?|year)\b", text, re.IGNORECASE) is not None
        ) and not re.match(
            (
                r"^(?:no|zero) (?:\w+ )?(?:problems?|issues?|complaints?|surprises?|confusion"
                r"|mistakes?|errors?)\W*$"
            ),
            text.strip(),
            re.IGNORECASE,
        )
    return bool(_OUTCOME_NUMBER.search(text))


def _coverage(text: str) -> bool:
    return bool(
        re.search(
            (
                r"\b\d[\d,.]*\s+(?:of|out of)\s+\d|\d\s*%|\bwithin \d|\b(?:under|below|above|over"
                r"|at least|at most|fewer than|less than|more than) \d|[<>≤≥]\s*\d"
            ),
            text,
            re.IGNORECASE,
        )
    )


def _measures_beyond_completion(text: str) -> bool:
    """Whether something besides "done" is said: a test outcome, a state, or a number of something."""
    return bool(
        _TEST.search(text)
        or _STATE.search(text)
        or re.search(r"\d", text)
        or re.search(r"^\s*(?:zero|no|none|only)\b", text, re.IGNORECASE)
    )


def _repeats(metric: str, description: str) -> bool:
    said, asked = set(stems(metric)), set(stems(description))
    return bool(said) and len(said & asked) / len(said) >= 0.6


_TARGET = re.compile(
    r"\bfrom \d[^,.;]{0,40}? (?:down |up )?to (?:under |below |over |above )?\d"
    r"|\bso that (?:no|zero|all|every|none|at (?:least|most)|\d)|\bverified by\b"
    r"|\bproven by\b|\b(?:success|measure|metric|done when|kpi|target)\s*[:=]"
    r"|\bto (?:under|below|less than|fewer than|at most|at least|over|above|within) \d|\bmeasured by\b.*\d",
    re.IGNORECASE,
)


def holds_metric(description: str) -> bool:
    """Whether a description itself states a target ("cut detection from 52 h to under 4 h").

    A trigger is no target: "roll back when precision drops below 0.9" says when to act, not how one
    will know.

    Examples
    --------
    >>> holds_metric("Cut detection from 52 h to under 4 h"), holds_metric("Roll back at precision < 0.9")
    (True, False)
    """
    return bool(_TARGET.search(description))
