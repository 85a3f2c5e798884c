"""A stronger alternative to a weak action, about the same thing the weak action is about.

Each row: the topic (a pattern over the words of the action) and a mechanism from the upper rungs of the
action hierarchy of the VA National Center for Patient Safety in its ML form.
"""

from __future__ import annotations

import re

_BY_TOPIC: tuple[tuple[str, str], ...] = (
    (
        r"delet\w*|drop(?:s|ping)?\b|truncat\w*|destructive|hostname|terminal|wrong (?:table|server)",
        (
            "Turn on deletion protection and make the destructive command refuse to run on "
            "production without a typed confirmation and a fresh backup."
        ),
    ),
    (
        r"prompt(?!ly)\w*|injection|assistant|chatbot|agent'?s|llm|tool calls?",
        (
            "Let a prompt or tool change merge only after the safety evaluation passes in CI, "
            "and take from the assistant every tool permission that the turn does not need."
        ),
    ),
    (
        r"bias\w*|fair\w*|skin|cohort|slice|gender|demographic",
        (
            "Have the registry refuse a model whose worst cohort lies more than an agreed "
            "margin below the average on the golden set."
        ),
    ),
    (
        r"threshold\w*|cut-?offs?|config\w*|limits?|flags?",
        (
            "Treat the value as code: let the release pipeline reject a change to it that has "
            "no passing evaluation on the golden set."
        ),
    ),
    (
        r"poison\w*|provenance|merchant|feedback|untrusted|source of data",
        (
            "Quarantine feedback rows until their source is verified, and let training refuse "
            "any row without a recorded source."
        ),
    ),
    (
        r"label\w*|annotat\w*|moderat\w*|guideline|rule for|posts?\b|satire|bans?\b",
        (
            "Measure agreement on seeded gold items and let the pipeline withhold a batch of "
            "labels that falls below the agreed level; cap automatic actions until it "
            "recovers."
        ),
    ),
    (
        r"drift\w*|dashboard\w*|monitor\w*|alert\w*|watch\w*|chart|metric\w*",
        (
            "Let the system act on the signal itself: freeze retraining or fall back to the "
            "previous model automatically when the drift metric leaves its range."
        ),
    ),
    (
        r"units?\b|schema|feature\w*|freshness|missing|data|field|currency|feed",
        (
            "Enforce a typed data contract at ingestion so that a batch with a wrong unit, a "
            "missing field or a stale date is refused."
        ),
    ),
    (
        r"roll-?back|revert|restore|backup|recover\w*",
        (
            "Make rollback one automatic step: return to the last good version when the guard "
            "metric stays out of range, and test it on a schedule."
        ),
    ),
    (
        (
            r"deploy\w*|releas\w*|promot\w*|merg\w*|validat\w*|retrain\w*|gate|canary|model\w*"
            r"|test\w*|code|review\w*|friday"
        ),
        (
            "Let the deployment pipeline refuse any release that has not passed the "
            "golden-set evaluation and a one percent canary with automatic abort."
        ),
    ),
    (
        r"forecast\w*|demand|order\w*|buyer|stock|promotion",
        (
            "Hold any order that lies outside an agreed multiple of recent demand, and fall "
            "back to the previous forecast automatically while it is checked."
        ),
    ),
    (
        r"credit|loan|applicant|underwrit\w*|reason codes?|score\b",
        (
            "Let the decision engine send a decision outside the validated range to a person "
            "before it takes effect, and refuse to score incomplete inputs."
        ),
    ),
    (
        r"credential|password|secret|key\b|access|permission|login",
        (
            "Take the standing permission away: short-lived credentials, granted for one task "
            "and expiring by themselves."
        ),
    ),
    (
        r"disk|capacity|memory|queue|load|traffic|certificate",
        (
            "Let the platform act before the limit is reached: automatic expiry, renewal or "
            "load shedding at an agreed level."
        ),
    ),
    (
        r"escalat\w*|on-?call|pag(?:e|ing)|handover|severity|incident|post-?mortem|communicat\w*",
        (
            "Build the step into the tool: let the incident tool page the next level by "
            "itself when nobody has acknowledged within the agreed minutes."
        ),
    ),
)
_TOPICS = tuple((re.compile(rf"\b(?:{pattern})", re.IGNORECASE), advice) for pattern, advice in _BY_TOPIC)
_DEFAULT = (
    "Ask which step could be refused, undone or made unnecessary by the system itself "
    "(a gate that blocks, an automatic rollback, one standard path), and make that the action."
)


def stronger_alternative(description: str) -> str:
    """A forcing function about the subject of a weak action.

    Examples
    --------
    >>> stronger_alternative("Remind everyone to check the threshold")[:42]
    'Treat the value as code: let the release p'
    """
    best, place = _DEFAULT, len(description) + 1
    for pattern, advice in _TOPICS:
        match = pattern.search(description)
        if match and place > len(description):
            best, place = advice, match.start()
    return best
