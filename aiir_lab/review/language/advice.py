"""Reason and rewrite for a finding, in system terms and with the sentence's own words.

The reasons follow the guides named in `rules`; the rewrites turn the accused into the
condition: what the person saw, what the process asked for, what the tool allowed.
"""

from __future__ import annotations

from aiir_lab.review.language.parse import Parse
from aiir_lab.review.language.rules import Ground
from aiir_lab.review.language.weights import Words

_WHY = {
    "failed_to": (
        "{cue} says what somebody did not do. It measures the act against what is known now, "
        "and hides why not doing it was normal at the time."
    ),
    "judgement": (
        "{cue} is a verdict on people or on their work. It explains nothing that can be changed, "
        "and the next person will tell you less."
    ),
    "counterfactual": (
        "{cue} describes a past that did not happen. Hindsight makes the choice look easier than it was."
    ),
    "accusing_question": (
        "{cue} asks somebody to justify themselves. The answer will be a defence, not an account."
    ),
    "human_error": (
        "{cue} ends the search where it should begin: the same act will meet the same conditions again."
    ),
    "sarcasm": "{cue} is an aside at people. Readers will remember the tone and not the finding.",
    "punishment": (
        "{cue} makes a consequence for a person part of the record. People who fear that stop reporting."
    ),
    "name_as_cause": (
        "{cue} makes a person or a group the cause. Somebody else in that place would have met the "
        "same conditions."
    ),
}
_INSTEAD = {
    "judgement": (
        "Leave the verdict out. Write what could be seen: the time, the workload, what was on the screen, "
        "what the process asked for{object}."
    ),
    "human_error": (
        "Name the conditions: “The {tool} accepted the action without a check; nothing showed its effect "
        "before it went live.” Then ask what made the act look right."
    ),
    "sarcasm": (
        "Drop the aside and state the fact with its time: what happened, what was expected, and which step "
        "of the process let the two differ{object}."
    ),
    "punishment": (
        "Take it out of the document. Write the change that makes the same act safe next time: a gate, "
        "a default, a second confirmation{object}."
    ),
}
# A time after the act is not part of it.
_LATER = frozenset({"before", "after", "until", "during", "within"})


def advise(ground: Ground, items: Parse, first: int, last: int, sentence: str) -> tuple[str, str]:
    """Message and suggestion for what held on the items `first` to `last`."""
    if isinstance(ground, Words):
        named = ", ".join(f"“{words}”" for words in ground.words)
        cue = f"This sentence reads like others that blame ({named}): it"
    else:
        cue = "“" + sentence[items.starts[first] : items.ends[last]] + "”"
    return _WHY[ground.kind].format(cue=cue), _suggest(ground.kind, items, first, last)


def _suggest(kind: str, items: Parse, first: int, last: int) -> str:
    act = _act(items, first, last)
    thing = _thing(items, last)
    if kind == "failed_to":
        step = f"this step: {act}" if act else "this step"
        return (
            f"Say what the system offered: “Nothing in the process prompted or enforced {step}.” "
            "Then ask how the situation looked to anyone in that role."
        )
    if kind == "counterfactual":
        step = f"“{act}”" if act else "the step"
        return (
            f"Write what was known and done at that time. If {step} matters, make it a design: "
            "“From now on, the gate/alert/checklist does this.”"
        )
    if kind == "accusing_question":
        about = f" about the {thing}" if thing else ""
        return (
            f"Ask how or what: “What information{about} was there at that moment, and what made this "
            "the sensible step?”"
        )
    if kind == "name_as_cause":
        change = f"the {thing}" if thing else "the change"
        return (
            f"Put the system in the subject: “A step that affects {change} went through because no check "
            "stood in its way.” Name the missing check, limit or signal."
        )
    about = f" (here: the {thing})" if thing else ""
    return _INSTEAD[kind].format(object=about, tool=thing or "tool")


def _plain(items: Parse, first: int, last: int) -> str:
    """The words of a stretch, as read."""
    return " ".join(word.replace("_", " ") for word in items.words[first : last + 1]).replace(" ,", ",")


def _act(items: Parse, first: int, last: int) -> str:
    """The verb phrase that was not done ("check the dashboard"); "" if there is none."""
    verb = next((i for i in range(last, len(items)) if items.has(i, "1") and items.has(i, "LDKk")), None)
    if verb is None or verb - last > 3:
        return ""
    end = verb + 1
    while (
        end < len(items)
        and end - verb < 8
        and items.words[end][0].isalnum()
        and not items.has(end, "cs")
        and items.words[end] not in _LATER
    ):
        end += 1
    while end - 1 > verb and items.has(end - 1, "pd"):
        end -= 1
    return _plain(items, verb, end - 1)


def _thing(items: Parse, last: int) -> str:
    """The system, document or data the sentence speaks of, nearest after the cue; "" if none."""
    order = [*range(last + 1, len(items)), *range(last, -1, -1)]
    for i in order:
        if items.has(i, "S") and not items.has(i, "PFMJXg") and items.words[i] not in {"it", "rows"}:
            return _plain(items, i, i)
    return ""
