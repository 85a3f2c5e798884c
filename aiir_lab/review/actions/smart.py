"""Whether the words of an action are one thing to do, and whether one can tell when it is finished.

Sources: PagerDuty's post-mortem guide asks for actions that are actionable, specific and bounded ("starts
with a verb", "tells when it is finished"); SMART asks for one goal. The word lists are ours.
"""

from __future__ import annotations

import re

from aiir_lab.review.actions.clauses import Clause, clauses
from aiir_lab.review.actions.words import INTERMEDIATE_THINGS, STRONG_THINGS, WEAK_THINGS
from aiir_lab.review.phrasing import stems, word_set

_PRONOUN = re.compile(
    r"^(?:(?:\w+ )?ones|others|the rest|anything (?:else|older)|everything else|it"
    r"|them|this|these|that|the (?:result|same|latter))\b"
)
_FURTHER = re.compile(r"[\s,;.]*\b(?:and|then|plus|also|as well as)?[\s,]*$")
_JOINED = re.compile(
    r"\s*(?:,? and|\+|&|,? plus|,? as well as|,? along with)\s+(?=(?P<article>an?|the|another|one|two|\d+)?)",
    re.IGNORECASE,
)
_FAMILY = (
    ("see", r"alerts?|alarms?|dashboards?|monitors?|monitoring|alerting|reports?|metrics?|charts?"),
    (
        "text",
        r"runbooks?|playbooks?|wiki pages?|polic(?:y|ies)|guides?|templates?|docs|documentation|checklists?",
    ),
    ("teach", r"trainings?|workshops?|drills?|courses?|sessions?"),
    ("stop", r"gates?|kill switch(?:es)?|circuit breakers?|hooks?|tests?|scripts?|backups?|reviews?"),
)

# Verbs that one rule treats alike; each rule below says why.
_NOTIFY_LIKE = word_set("""notify report alert page show flag plot log display send chart""")


def several_actions(description: str) -> list[Clause]:
    """The separate actions in a description where it holds more than one, else [].

    Examples
    --------
    >>> [c.verb for c in several_actions("Block promotion on drift and retrain the reviewers")]
    ['block', 'retrain']
    >>> several_actions("Build the gate and deploy it")
    []
    """
    found = clauses(description)
    kept: list[Clause] = []
    for index, clause in enumerate(found):
        if (
            not clause.verb
            and index
            and not (
                description[: clause.start].rstrip().endswith((";", "\n"))
                or re.search(r"\d[.)]\s*$", description[: clause.start])
            )
        ):
            continue
        if kept and _tells_of_it(kept[-1], clause):
            continue
        if kept and (_PRONOUN.match(clause.rest) or _same_object(kept[-1], clause) or _elaborates(clause)):
            continue
        kept.append(clause)
    if len(kept) > 1:
        return kept
    if _two_deliverables(description):
        return [kept[0], Clause(0, len(description), description.lower(), "", description.lower())]
    return []


def _tells_of_it(one: Clause, other: Clause) -> bool:
    """ "Track the rate and notify the planner": seeing and telling are one detection."""
    checks = one.verb in ("validate", "check", "verify", "test", "scan", "inspect", "screen")
    acts = {"reject", "block", "refuse", "fail", "flag", "alert", "quarantine", "drop", "discard", "halt"}
    if checks and other.verb in acts:
        return True
    sees = [
        "track",
        "monitor",
        "expose",
        "compare",
        "measure",
        "run",
        "watch",
        "log",
        "record",
        "sample",
        "detect",
        "surface",
        "compute",
        "collect",
        "scan",
        "poll",
    ]
    return one.verb in sees and other.verb in _NOTIFY_LIKE


def _same_object(one: Clause, other: Clause) -> bool:
    """ "Build the gate and deploy the gate": one object, two steps of one action."""
    if not one.verb or not other.verb:
        return not other.verb and not re.search(
            rf"\b(?:{STRONG_THINGS}|{INTERMEDIATE_THINGS}|{WEAK_THINGS})\b", other.rest
        )
    first, second = stems(one.thing), stems(other.thing)
    return (
        bool(first and second)
        and first[-1] == second[-1]
        and len(set(first) & set(second)) >= min(len(set(first)), len(set(second)))
    )


def _elaborates(clause: Clause) -> bool:
    # "..., only a reviewed release may change them", "the other one goes away": more about the same
    return (
        not clause.verb
        and re.match(
            (
                r"(?:only|no|the other|the old|this|that|it|they|otherwise|both|so|which|until"
                r"|e\.g|i\.e|for example|including|owner|due|metric)\b"
            ),
            clause.text,
        )
        is not None
    )


def _two_deliverables(description: str) -> bool:
    """ "An alert on x and a rollback runbook": two kinds of thing to make."""
    for match in _JOINED.finditer(description):
        first = re.split(r"[,.;:]", description[: match.start()].lower())[-1]
        second = " ".join(
            re.split(
                r"(?<![\w-])(?:of|for|on|that|which|at|with|when|to|in|from)(?![\w-])|[,.;:]",
                description[match.end() :].lower(),
            )[0].split()[:6]
        )
        if re.search(r"\b(?:to|that|which|when|if|so|between|both|by|covering|from)\b", first):
            continue
        kinds = [
            {name for name, pattern in _FAMILY if re.search(rf"\b(?:{pattern}){tail}", part)}
            for part, tail in ((first, r"\b"), (second, "$"))
        ]
        if (
            kinds[0]
            and kinds[1]
            and (not kinds[0] & kinds[1] or (match["article"] and re.search(r"(?:^|\s)an?\s", first)))
        ):
            return True
    return False


_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|fifty|hundred|half)\b",
    re.IGNORECASE,
)
_OPEN_ENDED = re.compile(
    r"\b(?:as (?:needed|required|necessary|appropriate|applicable)|if (?:possible"
    r"|needed|necessary)|where (?:possible|appropriate|needed|applicable|necessary"
    r"|it makes sense|sensible)|when(?:ever)? (?:possible|needed|necessary"
    r"|time (?:allows|permits))"
    r"|on an ongoing basis|ongoing|continuous(?:ly)? (?:improve|monitor)\w*"
    r"|going forward|from now on|in (?:the )?future|over time|at all times"
    r"|across the board|in general|generally|and so on|etc\.?|better$|properly|adequately"
    r"|appropriately|sufficiently|thoroughly|more (?:careful"
    r"|carefully|often|closely|time|attention|thorough|thoroughly|vigilant|rigorous"
    r"|rigorously|strict|strictly|diligent|disciplined|mindful|proactive|cautious"
    r"|robust|reliable|resilient|observable|secure|stable|transparent|scalable"
    r"|efficient|consistent|aware)"
    r"|be (?:careful|stricter|vigilant|better|cautious|mindful|aware|proactive"
    r"|extra \w+|very \w+|diligent)|(?:stricter|safer|extra vigilant|closer attention"
    r"|greater care|more care|follow (?:the )?best practices?|for now)|pay (?:closer "
    r"|more |greater )?attention|keep an eye|take (?:more |greater |extra )?care"
    r"|seriously|exercise (?:more )?caution|careful with|better (?:at|with|about))\b",
    re.IGNORECASE,
)
_VAGUE_VERB = re.compile(
    r"^(?:improve|enhance|strengthen|optimi[sz]e|increase|boost|better|beef up|step up"
    r"|ramp up|tighten(?: up)?|harden|raise|upgrade|refine|rethink|revisit|review"
    r"|stabili[sz]e|streamline|rework|fix|look (?:at|into)|investigate(?: further)?"
    r"|explore|think (?:about|through|of)|reflect|consider|continue|keep|maintain"
    r"|ensure|make sure|try|encourage|foster|promote|raise|emphasi[sz]e|"
    r"work (?:on|towards)|address|handle|deal with|communicate|support|focus|strive"
    r"|aim|monitor|watch|reduce|minimi[sz]e|clean up|rais|be|stay|remain|avoid|learn"
    r"|prioriti[sz]e|take|pay|get better|do better|become|understand|mitigate|solve"
    r"|resolve|tackle|manage|care)\b",
    re.IGNORECASE,
)
_VAGUE_OBJECT = re.compile(
    r"\b(?:monitoring|alerting|observability|visibility|testing|tests?|test coverage"
    r"|documentation|communication|collaboration|processes|process|quality"
    r"|data quality|culture|awareness|vigilance|reliability|resilience|robustness"
    r"|stability|security|safety|performance|system performance|robust|training|review"
    r"|reviews|code review|tooling|practices|handling|workflow|pipeline|pipelines|code"
    r"|system|systems|infrastructure|deployments?|releases?|models?"
    r"|evaluation|the evaluation|validation|governance|ownership|response"
    r"|incident response|on-?call|onboarding|coverage|limits|things?|situation|issue"
    r"|problem|problems|everything|this|it|again|importance|mistakes?|errors?"
    r"|incidents?|risks?|model|monitoring|debt|technical debt|stack|resiliency|hygiene"
    r"|accountability|alignment|coordination)\b",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    (
        r"^(?:continue|keep (?:on |up |monitoring|watching|looking|an eye)"
        r"|maintain (?:vigilance|focus|awareness)|try|strive|strive|aim|be|stay|remain"
        r"|foster|encourage|promote|emphasi[sz]e|stress|reiterate|raise awareness"
        r"|think (?:about|through)|reflect|do better|exercise|pay|make an effort"
        r"|take [\w ]+ seriously|communicate|look out|watch out)\b"
    ),
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(
    (
        r"\b(?:make|get|keep|render)\b.{1,60}\b(?:safer|better|stronger|faster|easier"
        r"|cleaner|clearer|nicer|smarter|more \w+|less \w+)\b"
    ),
    re.IGNORECASE,
)
_STUDY = re.compile(
    r"^(?:investigate|look into|explore|think about|dig into|look at|consider|research|reflect on)\b",
    re.IGNORECASE,
)
_OUTPUT = re.compile(
    (
        r"\b(?:report|decision|decide|recommend\w*|propos\w*|document|record|publish|list"
        r"|findings|whether|options?|prototype|time-?box(?:ed)?|spike|compare|plan|budget"
        r"|cost)\b|\d"
    ),
    re.IGNORECASE,
)


def unbounded(description: str, *, has_measure: bool = False) -> tuple[int, int] | None:
    """The stretch that makes an action open-ended, or None where one can tell when it is finished.

    Parameters
    ----------
    description : str
        The words of the action.
    has_measure : bool, default False
        Whether a checkable success metric stands beside it: it gives a study its end, not a wish.

    Examples
    --------
    >>> unbounded("Improve monitoring")
    (0, 18)
    >>> unbounded("Improve recall on night images from 0.71 to 0.85") is None
    True
    """
    text = description.strip()
    offset = description.find(text)
    body = re.sub(
        (
            r"^(?:we|the team|everyone|everybody|engineers|moderators|all \w+|teams"
            r"|\w+s)\s+(?:should|must|will|need to|needs? to|have to|shall)\s+|^(?:please"
            r"|also)\s+"
        ),
        "",
        text,
        count=1,
        flags=re.IGNORECASE,
    )
    end = offset + len(text)
    if not re.search(r"\w", text):
        return (0, len(description))
    concrete = bool(
        re.search(
            r"\b(?:by|via|through) (?:\w+ )?\w+ing\b|\bso that\b|\bwith (?:a|an)\b|\bfrom \S+ to\b|:\s*\w+",
            text,
        )
    ) or bool(re.search(r"\d", text))
    match = _OPEN_ENDED.search(text)
    if match and not (concrete and match.group().lower().startswith(("ongoing", "going", "from now", "in "))):
        no_end_at_all = re.match(r"as |if |where|when|in general|across|etc", match.group().lower())
        if no_end_at_all or not re.search(rf"\b(?:{STRONG_THINGS})\b", text.lower()):
            return (offset + match.start(), offset + match.end())
    if _ENDLESS.match(body) and not concrete:
        return (offset, end)
    if _COMPARATIVE.search(text) and not concrete:
        return (offset, end)
    if _STUDY.match(body) and not has_measure and not _OUTPUT.search(body[11:]):
        return (offset, end)
    if _VAGUE_VERB.match(body) and not concrete and not _NUMBER.search(body):
        first = clauses(text)[0]
        content = stems(_VAGUE_VERB.sub("", body, count=1))
        if len(content) <= 4 and _VAGUE_OBJECT.search(first.thing or body):
            return (offset, end)
        if len(content) <= 2 and re.match(
            (
                r"(?:improve|enhance|strengthen|boost|better|optimi[sz]e|fix|rethink|review"
                r"|revisit|address|tackle|investigate|ensure|make sure|reduce|minimi[sz]e|avoid)\b"
            ),
            body,
            re.IGNORECASE,
        ):
            return (offset, end)
    if len(stems(text)) <= 1 and len(text.split()) <= 2:
        return (offset, end)
    return None
