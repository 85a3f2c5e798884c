"""What the rules say of an action: the rung of the action hierarchy that its mechanism stands on.

The question asked of every clause is *what makes it work on a bad day*: the system itself (stronger), a
help that somebody sees and uses (intermediate), or somebody's memory, attention or knowledge (weaker).
The leading verb alone never decides: "architect the training curriculum" delivers training.

Source: action hierarchy of the VA National Center for Patient Safety, with our adaptation to ML
(:mod:`aiir_lab.review.actions.words` lists it).
"""

from __future__ import annotations

import re

from aiir_lab.review.actions.clauses import Clause, base_verb, clauses
from aiir_lab.review.actions.people import judge_people_act, judge_statement
from aiir_lab.review.actions.rungs import (
    ORDER,
    Rung,
    ends_with,
    is_automatic,
    is_enforced,
    mentions,
    names_people,
    rung_of_thing,
)
from aiir_lab.review.actions.words import (
    BUILD_VERBS,
    ENFORCES,
    INTERMEDIATE_VERBS,
    NOISE,
    PAPER,
    PEOPLE,
    SIGN_OFF,
    STRONG_THINGS,
    STRONG_VERBS,
    WEAK_VERBS,
)
from aiir_lab.review.phrasing import word_set

# Verbs that one rule treats alike; each rule below says why.
_POST_LIKE = word_set(
    """post put add write publish document describe present mention list include share track"""
)
_DEPLOY_LIKE = word_set(
    """deploy roll revert switch fall fail pause turn renew disable scale shed freeze rotate restore expire
    stop trigger cut redirect restart"""
)
_PUT_LIKE = word_set("""put deploy run place route set enable configure add apply wrap use implement""")
_IMPROVE_LIKE = word_set(
    """improve enhance strengthen better update revise define agree create publish establish write draft
    clarify present"""
)


def judge_by_rules(description: str) -> Rung:
    """The rung of an action by rules alone: that of the strongest mechanism it really delivers.

    Examples
    --------
    >>> judge_by_rules("Block promotion when the golden set regresses").strength
    'stronger'
    >>> judge_by_rules("Implement a reminder email").strength
    'weaker'
    """
    rungs = [_judge_clause(clause) for clause in clauses(description)]
    best = max(ORDER[rung.strength] for rung in rungs)
    return next(rung for rung in rungs if ORDER[rung.strength] == best)


def _judge_clause(clause: Clause) -> Rung:
    text = clause.text
    if mentions(
        (
            r"(?:enforced|guaranteed|checked and refused) (?:by|in) (?:the |a "
            r"|an )?(?!\w*\s?(?:policy|team|lead|manager)\b)\w+"
        ),
        text,
    ):
        return Rung("stronger", "the system itself enforces it")
    means = _judge_means(text)
    if means is not None:
        return means
    for rule in (judge_statement, judge_people_act, _verb_decides, _thing_decides, _noun_phrase):
        rung = rule(clause)
        if rung is not None:
            return rung
    if is_enforced(text):
        return Rung("stronger", "the system itself refuses, undoes or stops")
    return Rung(
        "intermediate",
        "it changes a tool or a setting, but nothing in it stops the same chain by itself",
        False,
    )


def _judge_means(text: str) -> Rung | None:
    """'... by reminding engineers', '... through training': the means outranks the aim."""
    match = re.search(
        r"\b(?:by|through|via|by means of|using)\s+(?:also\s+|automatically\s+|simply\s+)?(.+)$", text
    )
    if not match:
        return None
    tail = match.group(1)
    first = re.match(r"[\w-]+", tail)
    verb = base_verb(first.group()) if first and first.group().endswith("ing") else ""
    if first is not None and verb:
        inner = Clause(0, len(tail), tail, verb, tail[first.end() :].strip())
        rung = _judge_clause(inner)
        return rung if rung.sure else None
    rung_name = rung_of_thing(re.split(r"\b(?:for|of|to|on|that|which|in|at)\b|[,.;]", tail)[0].strip())
    return Rung(rung_name, f"the means is {match.group(1)[:60]!r}") if rung_name else None


def _verb_decides(clause: Clause) -> Rung | None:
    text, verb, rest, thing = clause.text, clause.verb, clause.rest, clause.thing
    of_thing = rung_of_thing(thing)
    if not verb:
        return None
    if verb == "rename":
        return Rung("intermediate", "names that look alike are told apart; nothing else is taken away")
    if verb in WEAK_VERBS:
        if verb in ("identify", "figure", "determine", "examine") or verb != "sign":
            if (
                verb == "train"
                and not names_people(thing)
                and re.search(r"\b(?:model|classifier|detector|scorer|network|version|ensemble)s?\b", thing)
            ):
                return Rung("intermediate", "it mends this model; the way bad data came in stays open")
            if verb == "share" and of_thing == "intermediate":
                return Rung("intermediate", "better documentation reaches the people who need it")
        return Rung("weaker", f"'{verb}' works through somebody's memory, attention or knowledge")
    if verb in ("retrain", "rerun", "refresh") and names_people(thing):
        return Rung("weaker", "training works only as long as people remember it")
    if verb in ("fix", "adjust", "improve") and re.fullmatch(
        r"(?:the |our |this |all )?(?:process(?:es)?|culture|communication|things?|behaviou?r|attitude)",
        thing,
    ):
        return Rung("weaker", "it names a wish and no mechanism")
    if verb in _POST_LIKE and mentions(
        (
            r"(?:in|on|to|into|at) (?:the |our |a |an )?(?:\w+ )?(?:wiki|confluence|notion"
            r"|intranet|readme|newsletter|slack|all-hands|team meeting|faq|code comments?)"
        ),
        rest,
    ):
        return Rung("weaker", "a page works only when somebody reads it in time")
    if verb == "roll" and rest.startswith("out"):
        return _thing_decides(Clause(clause.start, clause.end, text, "add", rest[3:].strip())) or Rung(
            "intermediate", "it changes a tool or a setting", False
        )
    if verb in ("stick", "attach", "place", "put", "tape", "glue") and ends_with(
        r"labels?|signs?|tags?|stickers?|notes?", thing
    ):
        return Rung("weaker", "a warning works only when it is read in time")
    if (
        verb in ("notify", "page")
        and names_people(thing)
        and not mentions(r"when|if|on|whenever|within|once|as soon as", rest)
    ):
        return Rung("weaker", "a message once works only as long as people remember it")
    if text.endswith(" better"):
        return Rung("weaker", "it names a wish and no mechanism")
    if re.match(r"(?:be|being|become|stay|remain)\b", text):
        return Rung("weaker", "it asks for attention")
    if verb in _DEPLOY_LIKE and is_automatic(text) and of_thing != "weaker":
        return Rung("stronger", "the system acts by itself, without anyone remembering")
    if (
        verb in ("limit", "stop", "fail", "validate", "switch", "pull")
        and of_thing != "weaker"
        and not names_people(thing)
    ):
        if verb == "switch" and not is_automatic(text) and not mentions(r"off|to", rest):
            return None
        return Rung("stronger", f"'{verb}' is done by the system")
    if verb in ("route", "hold", "escalate") and is_automatic(text) and of_thing != "weaker":
        return Rung("stronger", "the system sends it the safe way by itself")
    if verb in STRONG_VERBS:
        if verb == "automate":
            head = rung_of_thing(thing)
            if head == "weaker" or mentions(r"remind\w*|e-?mails?|nag\w*", thing):
                return Rung("weaker", "the automated thing still only reminds somebody")
            if head == "intermediate" or mentions(r"report\w*|alert\w*|monitor\w*|notif\w*", thing):
                return Rung("intermediate", "an automated aid still waits for somebody to act")
            return Rung("stronger", "a manual step goes away")
        if verb in ("force", "sign") and names_people(thing):
            return Rung("weaker", "it works only as long as people comply")
        if verb in ("remove", "eliminate", "replace", "retire", "drop", "abolish") and mentions(
            r"manual|by hand|human|paper", text
        ):
            return Rung("stronger", "a manual step goes away")
        if (
            of_thing == "weaker"
            or ends_with(PAPER, thing)
            or (mentions(PAPER, thing) and not mentions(r"admission|iam|bucket", thing))
        ):
            return Rung("weaker", "what changes is a text, and texts work only when read in time")
        if ends_with(NOISE, thing) and not mentions(r"silenc", text):
            return Rung("intermediate", "fewer distractions leave more attention for what matters")
        if verb == "prevent" and not mentions(
            r"automatic\w*|by|in (?:the )?(?:pipeline|registry|ci|code)|from", rest
        ):
            return Rung("stronger", "it takes the possibility away", False)
        return Rung(
            "stronger", "it takes a possibility away or makes things alike, so nobody has to remember"
        )
    if verb in INTERMEDIATE_VERBS:
        if (
            is_enforced(text)
            and of_thing != "weaker"
            and not mentions(r"when|if|whenever", text.split(" that ")[0])
        ):
            return Rung("stronger", "the system itself refuses, undoes or stops")
        if verb in ("document", "describe", "store", "record", "keep") and mentions(
            r"wiki|confluence|notion|readme|comment", text
        ):
            return Rung("weaker", "a page works only when somebody reads it in time")
        if verb == "keep" and mentions(r"an eye|in mind|watch|monitoring|track of", rest):
            return Rung("weaker", "it asks for attention")
        if verb in ("raise", "increase") and mentions(
            r"awareness|vigilance|attention|understanding|accountability", rest
        ):
            return Rung("weaker", "it asks for attention")
        if verb in ("reduce", "cut") and mentions(
            r"steps|complexity|number of (?:tools|systems|paths)", rest
        ):
            return Rung("stronger", "simpler ways leave fewer places to slip")
        if verb in ("reduce",) and mentions(r"permissions?|privileges?|access|blast radius", thing):
            return Rung("stronger", "it takes a possibility away")
        if verb in ("reduce", "increase", "double", "raise") and of_thing == "weaker":
            return Rung("weaker", "more of a weak measure stays weak")
        if verb == "check" and of_thing is None:
            return None
        if (
            verb == "move"
            and not mentions(NOISE, text)
            and mentions(
                (
                    r"(?:in)?to (?:a |an |one |the )?(?:\w+ ){0,3}(?:account|store|service|repository|cluster"
                    r"|pipeline|network|environment|registry|queue)"
                ),
                text,
            )
        ):
            return Rung("stronger", "the architecture changes")
        return Rung("intermediate", f"'{verb}' gives people a better chance to see, or the system more room")
    return None


def _thing_decides(clause: Clause) -> Rung | None:
    text, verb, rest, thing = clause.text, clause.verb, clause.rest, clause.thing
    if verb not in BUILD_VERBS:
        return None
    if verb in ("cut", "reduce") and mentions(r"steps?|complexity|down to one|one command", rest):
        return Rung("stronger", "simpler ways leave fewer places to slip")
    if verb in ("check", "cover", "look"):
        return (
            Rung("weaker", "a manual check depends on attention")
            if verb == "check"
            and not mentions(r"automatic\w*|nightly|hourly|daily|in ci|test|script\w*|job", text)
            else Rung("intermediate", "a check that runs by itself shows the problem")
        )
    if verb in ("pay", "give", "continue", "do", "perform", "allow") and mentions(
        r"attention|care|feedback|time|look|priority|reminders?", thing
    ):
        return Rung("weaker", "it asks for attention")
    if (
        verb in ("take", "turn", "switch")
        and mentions(r"away|off|out", rest[:60])
        and not mentions(NOISE, thing)
    ):
        return Rung("stronger", "it takes a possibility away")
    if (
        verb in ("turn", "switch", "activate", "enable", "set", "put", "declare")
        and mentions(STRONG_THINGS + r"|behind|default|read-?only|required field", rest)
        and rung_of_thing(thing) != "weaker"
    ):
        return Rung("stronger", "the system itself enforces it")
    if verb in ("generate", "encode", "wire", "rework", "rebuild", "rewrite", "scan", "bake") and mentions(
        r"same (?:code|path|source|library)|one (?:source|path)|cannot|types?|contract|single", rest
    ):
        return Rung("stronger", "the architecture leaves no room for the difference")
    if verb in ("redesign", "rework") or (mentions(r"usability[- ]test\w*", text)):
        return Rung("stronger", "the tool is redesigned and tested with its users")
    of_thing = rung_of_thing(thing)
    purpose = re.search(r"\b(?:that|which|to|so that|so|and)\s+(.*)$", rest)
    asks = purpose and re.match(
        r"(?:remind|warn|ask|tell|inform|teach|explain|encourage|urge|nudge)(?:s|es)?\b", purpose.group(1)
    )
    if asks and of_thing != "stronger":
        return Rung("weaker", "it reminds or warns; the way ahead stays open")
    if of_thing == "weaker":
        if mentions(
            r"code|config\w*|schema|lint\w*|type|alert(?:ing)?|firewall|routing", thing
        ) and is_enforced(text):
            return Rung("stronger", "the system itself refuses, undoes or stops")
        return Rung(
            "weaker", "what it delivers is a text, a talk or a look, and these depend on memory and attention"
        )
    relative = re.search(rf"\b(?:that|which|and|so that|so|until|it)\s+(?:\w+\s+){{0,6}}?{ENFORCES}\b", rest)
    if relative and not mentions(r"alerts?|reports?|dashboards?", thing):
        return Rung("stronger", "the system itself refuses, undoes or stops")
    if of_thing == "stronger":
        return Rung("stronger", "a forcing function holds without anyone remembering")
    if mentions(SIGN_OFF, rest):
        return Rung("intermediate", "a second person looks, which helps when they have time and context")
    if of_thing == "intermediate":
        if mentions(r"automatic\w*|auto-\w+", rest) and mentions(
            r"roll-?back|fail-?over|abort|shut-?off|revert", rest
        ):
            return Rung("stronger", "the system acts by itself, without anyone remembering")
        return Rung("intermediate", "an aid: it works when somebody sees it and acts")
    if re.search(
        (
            r"\bto (?:automatically )?(?:block|reject|refuse|stop|halt|deny|prevent|abort"
            r"|disable|quarantine|roll back|revert)\b"
        ),
        rest,
    ) and not names_people(thing):
        return Rung("stronger", "the system itself refuses, undoes or stops")
    if is_enforced(text) and not names_people(thing):
        return Rung("stronger", "the system itself refuses, undoes or stops")
    if mentions(STRONG_THINGS, rest) and verb in _PUT_LIKE:
        return Rung("stronger", "a forcing function holds without anyone remembering", False)
    wishes = verb in _IMPROVE_LIKE and mentions(
        (
            r"communication|collaboration|culture|awareness|discipline|quality|process(?:es)?"
            r"|rules?|standards?|criteria|responsibilit\w+|raci|ownership|practices?|agreement"
            r"|expectations?|working"
        ),
        thing,
    )
    if wishes:
        if mentions(r"owner|ownership|raci|responsib\w+|criteria|standards?", thing):
            reason = "a clear owner or criterion helps people decide, and enforces nothing"
            return Rung("intermediate", reason, False)
        return Rung("weaker", "it names a wish; whether it works depends on people")
    return None


def _noun_phrase(clause: Clause) -> Rung | None:
    """An action written as a thing: "automatic fail-over to the previous model"."""
    if clause.verb:
        return None
    phrase = clause.thing
    strength = rung_of_thing(phrase)
    if (
        is_automatic(phrase)
        and mentions(
            (
                r"roll-?back|revert\w*|fail-?over|switch\w*|freez\w*|shut\w*|paus\w*|stop|block\w*"
                r"|renew\w*|abort\w*"
            ),
            phrase,
        )
        and strength != "weaker"
    ):
        return Rung("stronger", "the system acts by itself, without anyone remembering")
    if re.match(r"(?:no|zero)\s+(?:more\s+)?", phrase) or mentions(
        r"stricter|more careful\w*|better|greater care|less", phrase
    ):
        return Rung("weaker", "it names a wish and no mechanism")
    if strength is not None:
        return Rung(
            strength,
            {
                "stronger": "a forcing function holds without anyone remembering",
                "intermediate": "an aid: it works when somebody sees it and acts",
                "weaker": "it depends on memory and attention",
            }[strength],
        )
    if mentions(SIGN_OFF, clause.text):
        return Rung("intermediate", "a second person looks, which helps when they have time and context")
    if re.search(
        (
            r"\b(?:removal|elimination|standardi[sz]ation|simplification|consolidation"
            r"|isolation|migration|separation|retirement|deprecation|revocation)\b"
        ),
        phrase,
    ):
        return Rung("stronger", "it takes a possibility away or makes things alike")
    if re.match(rf"(?:all |the |every )*{PEOPLE}\b", clause.text) and not mentions(
        r"cannot|can only", clause.text
    ):
        return Rung("weaker", "it works only as long as people remember to do it")
    return None
