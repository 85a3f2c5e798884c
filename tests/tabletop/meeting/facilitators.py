"""Scripted facilitators of the meeting about `moderation_failure`."""

from __future__ import annotations

from aiir_lab.tabletop.meeting import Meeting

GOOD = """
Before the meeting: filter owner, I want you to know that I will ask about the conditions and not about you.
Before the meeting: on-call, I want you to know that I will ask what you saw, not whom to blame.
The purpose today is to learn how this could happen. We are not here to judge anybody. No hindsight.
On-call, how did the alert reach you, and what did you see in it at that moment?
That is where we begin. On-call, what in the process kept the rule on a mailbox rather than on paging?
Thank you. We are not here to find somebody to blame. Filter owner, what was the filter trained on back then?
Trust and safety, how does the rule count, and what did the surge do to its rate?
Filter owner, what did the release test say, and how is that test set made?
Thank you, filter owner. Take your time: how does a retraining usually get done?
We know that now. Trust and safety, what did the queue of reports look like at that time?
Filter owner, what data went into the new builds at that time, and how was a build made?
I park that for after the timeline. Trust and safety, what had the red team tried before?
I park that. On-call, what did the dashboard show at that time, and what is it made to show?
Let me stop you there. Support, we have not heard from you: what were users reporting at that time?
Let me stop you there. Support, what else pulled the other way: how did complaints about blocked answers look?
Back to the timeline. PR, when and how did the journalist's message reach you?
Let me pause you there. PR, what figures could you get at that moment, and what stood in the way?
Legal, what did the regulator ask, and what did the record let you say about when we became aware?
We agreed on no blame. On-call, what options were open to you to withhold the topic?
Director, how did the planning round treat the monthly red team, and what pressures were on that budget?
Nobody is here to be judged. Trust and safety, what went well in those days; what helped us?
Let us close the meeting here. Nobody decides a fix today: let it soak for two days.
""".strip().splitlines()

OWN_WORDS = """
Hi all. We're here to understand what happened. Please no hindsight: we look at what people knew then.
On-call engineer, can you walk us through that weekend as you experienced it?
Director, I hear that. What about our alerting makes that normal? On-call, how did that rule come about?
Filter owner, nobody here is judging you. What did you know about the filter before the news?
How do you normally find out that the filter is still good enough?
What gets in the way when you want to retrain?
Let's park the tool idea. Trust and safety, had anyone looked at odd spellings before?
Trust and safety, what did your red team find earlier on?
What happened with that ticket afterwards?
Director, can you help us understand how red teaming was prioritised in planning?
Support, you've been quiet so far. What did you hear from users?
Director, I'd like to keep an eye on the clock. Support, what else were users telling you?
PR, how did you first hear about it?
And what did you need at that point that you could not get?
Legal, how did this look from your side when the regulator wrote?
On-call, if you wanted to stop the topic at that time, what could you do?
What did your dashboard look like that day?
Moderators, what was in the queue then?
What helped us in all of this?
Thanks everyone, that took courage. Let's stop here for today, and sleep on it.
""".strip().splitlines()

PASSIVE = [
    "Welcome.",
    "I will read the draft timeline aloud.",
    "So, what happened?",
    "Please go on.",
    "What happened next?",
    "Anything else?",
    "Fine.",
] * 6

BLAMING = [
    "Who approved this filter?",
    "Filter owner, why did you let it get so old?",
    "On-call, why didn't you look into the mailbox?",
    "Trust and safety, who ignored the red team's findings?",
    "On-call, you should have switched the topic off.",
    "Filter owner, what did the release test say?",
    "On-call, what did the dashboard show at that time?",
    "Trust and safety, what had the red team tried before?",
    "Support, what were users reporting, and how do such reports travel?",
    "On-call, how did the alert reach you?",
] * 3

_NAMES = ("Filter owner", "On-call", "Trust and safety", "PR", "Legal", "Support", "Director")
SAME_TO_THE_ROOM = ["What in the process made this make sense at that time?"] * 40
SAME_TO_EACH = [f"{name}, what did you see at that time, and what made it make sense?" for name in _NAMES * 6]
EVERY_WORD = [
    f"{name}, how did the alert mailbox filter training test build red team budget dashboard queue reports "
    "complaints switch journalist figures regulator look?"
    for name in _NAMES * 6
]


def lead(meeting: Meeting, moves: list[str]) -> Meeting:
    """Say one move after the other until the meeting is over."""
    for move in moves:
        if meeting.is_over:
            break
        meeting.say(move)
    return meeting


def lead_by_the_book(meeting: Meeting) -> Meeting:
    """Prepare, open, ask what is ready, turn what comes up, close: in the words of the script."""
    script, told = meeting.script, set[str]()
    prepare = [text for text in script.general if "not about you" in text or "will ask what you saw" in text]
    lead(meeting, [*prepare, script.general[0]])
    while not meeting.is_over:
        due = [item.replies[0] for item in script.interruptions if meeting.pending.endswith(item.says)]
        asked = {turn.text for turn in meeting.turns}
        ready = [
            fact.question
            for fact in script.facts
            if fact.id not in told and set(fact.after) <= told and fact.question not in asked
        ]
        told |= set(meeting.say([*(due if meeting.pending else []), *ready, script.general[-1]][0]).surfaced)
    return meeting
