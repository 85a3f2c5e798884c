# %% [markdown]
# # Somebody has lived through your incident before
#
# After this lesson (about 45 minutes, the report included) you can
#
# 1. map a published incident: when it began, was noticed and stopped, who decided what;
# 2. say what the trigger was, how the communication flowed, and which two corrective actions mattered most;
# 3. write a one-page report of it, export it, and present it to a peer.
#
# ## The situation
#
# It is 09:12 UTC on Wednesday, 4 March 2026. Fenbrook also sells image recognition: shops send product photos to a cloud API
# and get labels back. Since last night labels on photos of darker-skinned models are wrong, and some are insulting. One
# shop with 40,000 products has stopped using them and asks in public whether anybody tested this. Your team has never had
# such an incident. Others have. Your lead: "By noon I want one page on somebody who went through this. What set it off,
# who told whom, which two actions mattered? We will not invent everything again."

# %%
from pathlib import Path

import pandas as pd

import aiir_lab as lab

pd.set_option("display.max_colwidth", None)
left = {"text-align": "left"}
catalogue = lab.public_postmortems().set_index("id")
catalogue[["title", "date", "severity", "n_clock_events", "n_messages", "n_actions"]]

# %% [markdown]
# ## Choose
#
# Any of them will do; every question below fits every incident. These suit the task well:
#
# | id | take it if you want |
# | --- | --- |
# | `vision-bias-2015-2021` | the closest relative: biased labels at several vendors, six years, dates only |
# | `openai-gpt4o-sycophancy-2025`, `anthropic-three-issues-2025` | quality that slipped through evaluation |
# | `gitlab-2017`, `cloudflare-2025-11-18`, `openai-outage-2024-12-11` | a response minute by minute |
# | `cruise-oct-2023`, `knight-capital-2012` | a case in which communication decided much |
#
# Harder, because the accounts are thin: `microsoft-tay-2016`, `aws-s3-2017-02-28`, `air-canada-chatbot`.
#
# **Change the id if you like, now rather than later:** your answers belong to the incident that stands here. Before you
# read on, guess who noticed it first: an alert, a colleague, a customer, or somebody outside?

# %%
chosen = "vision-bias-2015-2021"
guess = None

pm = lab.load_postmortem(chosen)
print(pm.title, "\n\n", pm.summary, sep="")
for line in pm.impact:
    print("-", line)

# %% [markdown]
# ## Warm up: one number
#
# One incident is the same for everybody: a feature file for a bot-scoring model stopped a worldwide network.
#
# **Your turn.** How many minutes from onset to detection? Note what the tables call *alerted*: a test that fires is not
# yet somebody who is on it.

# %%
network = lab.load_postmortem("cloudflare-2025-11-18").timeline.to_frame()
network.loc[:9, ["at_utc", "kind", "marks", "text"]]

# %% answer="b03-time-to-detect"
minutes = None
### BEGIN SOLUTION
minutes = lab.load_postmortem("cloudflare-2025-11-18").timeline.metrics()["time_to_detect"].minutes
### END SOLUTION

# %% check="b03-time-to-detect"
lab.check("b03-time-to-detect", minutes)

# %% [markdown]
# ## Map the timeline
#
# Back to your incident, without clock marks and without kinds: those are for you to find.
#
# **Your turn.** Give event numbers; copy the line below and fill it in.
#
# - `began`: the first effect on anybody outside. `noticed`: somebody recognised the problem for what it was.
#   `stopped`: the main harm was over. Write `"silent"` where no event with a time tells you. That is a finding, too.
# - `decisions`: the numbers of two events in which people chose, and could have chosen otherwise.
#
# ```python
# mapped = {"incident": pm.id, "began": None, "noticed": None, "stopped": None, "decisions": []}
# ```

# %%
events = pm.timeline.to_frame()
events.index += 1
events[["when_text", "text", "actor"]].style.set_properties(**left)

# %% answer="b03-timeline"
mapped = None
### BEGIN SOLUTION
mapped = {"incident": pm.id, "began": "silent", "noticed": 2, "stopped": 4, "decisions": [4, 12]}
### END SOLUTION

# %% check="b03-timeline"
lab.check("b03-timeline", mapped)

# %% [markdown]
# ## What set it off, and what made it possible
#
# The **trigger** is the last thing that happened before harm. The **conditions** were there long before, and they
# will be there the next time. They lie on three strands: **technical** (model, data, code), **process** (how people work
# together), **tooling** (what they have at hand to see, stop and undo).
#
# **Your turn.** Which event is the trigger (`"silent"` if it was no single moment)? Which condition, by its number, is
# technical, which lies in the process, which in the tooling? One each.
#
# ```python
# causes = {"incident": pm.id, "event": None, "technical": None, "process": None, "tooling": None}
# ```

# %%
for number, factor in enumerate(pm.contributing_factors, start=1):
    print(f"{number:2}  {factor.text}")

# %% answer="b03-trigger"
causes = None
### BEGIN SOLUTION
causes = {"incident": pm.id, "event": "silent", "technical": 2, "process": 3, "tooling": 7}
### END SOLUTION

# %% check="b03-trigger"
lab.check("b03-trigger", causes)

# %% [markdown]
# Now compare with the catalogue's own map: clock marks as vertical lines, bars where only a day, a month or a year is
# known; then the conditions by strand. Where it differs from yours, who is right? Read the sources: marks and strands
# are our reading of them. And who noticed it first, compared with your guess?

# %%
print("Your guess:", guess)
print("The trigger in the words of the record:", pm.trigger)
display(lab.draw_timeline(pm))
lab.draw_fishbone(pm)

# %% [markdown]
# ## Who told whom
#
# **Your turn.** From the table below:
#
# - `first_outward`: the number of the first message in which **the organisation itself** spoke to **people outside** about
#   the problem;
# - `timed`: how many of the messages bear an exact time;
# - `longest_silence_min`: the longest gap between two timed messages, in minutes, or `"silent"` where there are fewer
#   than two. It is a gap in the account; whether people really heard nothing, the account does not say.
#
# ```python
# flow = {"incident": pm.id, "first_outward": None, "timed": None, "longest_silence_min": None}
# ```

# %%
columns = ["sender", "to", "channel", "text", "at_utc", "when_text"]
told = pd.DataFrame([message.model_dump(include=set(columns)) for message in pm.messages])[columns]
told.index += 1
told.style.set_properties(**left)

# %% answer="b03-communication"
flow = None
### BEGIN SOLUTION
flow = {
    "incident": pm.id,
    "first_outward": 2,
    "timed": int(told["at_utc"].notna().sum()),
    "longest_silence_min": "silent",
}
### END SOLUTION

# %% check="b03-communication"
lab.check("b03-communication", flow)

# %% [markdown]
# ## Which two actions mattered most
#
# The swimlanes show the same messages as arrows. Look for the lane that no arrow reaches: who was never told?
#
# **Your turn.** From the corrective actions below the figure, choose the two that mattered most. Each addresses a
# condition (its number above), on **different** strands. Say how strong each is:
#
# | strength | what it is like |
# | --- | --- |
# | `stronger` | works without anybody remembering: a possibility is taken away, a gate blocks, things are made alike |
# | `intermediate` | helps those who look: an alert, a checklist, a second copy, a rollout in stages |
# | `weaker` | asks people to remember: training, a reminder, a new rule, more care |
#
# ```python
# actions = {"incident": pm.id,
#            "first": {"action": None, "factor": None, "strength": None},
#            "second": {"action": None, "factor": None, "strength": None}}
# ```
#
# Where fewer than two were published, put one of your own, as a sentence, in place of a number.

# %%
display(lab.draw_communication(pm))
for number, item in enumerate(pm.action_items, start=1):
    print(f"{number:2}  {item.description}")
lab.quiz("b03-strength")

# %% answer="b03-actions"
actions = None
### BEGIN SOLUTION
actions = {
    "incident": pm.id,
    "first": {"action": 2, "factor": 1, "strength": "intermediate"},
    "second": {"action": 3, "factor": 4, "strength": "stronger"},
}
### END SOLUTION

# %% check="b03-actions"
lab.check("b03-actions", actions)

# %% [markdown]
# ## Why these two, and one decision (graded by a person, 4 points)
#
# | points | what earns them |
# | --- | --- |
# | 2 | for each action: which condition it changes, and how one would have seen that it works |
# | 1 | one decision of your timeline from the inside: what did those people know at that moment, what else was open to them? |
# | 1 | one thing that the account leaves out and that could change your choice |

# %% [markdown] prose="b03-why" points=4
# **Action 2, new versions with smaller gaps.** It changes the condition that training data held too few darker-skinned
# faces. One saw that it works because the audit was repeated: the error on darker-skinned women fell at all three vendors
# within seven months. A figure by group in each release note would have shown it without an audit.
#
# **Action 3, the halt of police use.** It takes the possibility of harm away where a wrong result weighs most, so it works
# without anybody remembering it. One can see it in the terms of the service and in the count of such customers.
#
# **A decision: removing the label (event 4).** The engineers knew within hours that the label insulted people, not why,
# and a first repair of the algorithm had not held. Removing the word stopped the harm in days. What was also open: removing it
# now and publishing when and by which test the model would be fixed. Without that date the block stayed for eight years.
#
# **Left out:** how many other users saw the label. If it was one account, the block was in proportion; if it was many,
# an apology to them is missing among the actions.

# %% [markdown]
# ## The one-page report
#
# Now your own post-mortem of it, for your team: summary, severity, impact, trigger and the rest **in your words**; events,
# conditions and messages chosen from the record; the **action items are yours**, for Fenbrook's image API, each with
# owner, due date and success metric. Fill this in and keep the key of the source behind each figure, such as `[P5]`:
#
# ```python
# draft = lab.Postmortem(
#     id="my-first-report", title="...", date=pm.date, severity="SEV2", severity_reason="...",
#     summary="...", impact=["..."], detection="...", trigger="...", resolution="...",
#     timeline=lab.Timeline(events=[pm.timeline.events[n - 1] for n in (1, 2, 3, 4, 5)]),
#     contributing_factors=[pm.contributing_factors[n - 1] for n in (1, 2)],
#     messages=pm.messages,
#     action_items=[
#         lab.ActionItem(description="...", owner="...", due="2026-04-01", success_metric="...", strength="..."),
#         lab.ActionItem(description="...", owner="...", due="2026-04-01", success_metric="...", strength="..."),
#     ],
#     gaps=["..."], sources=pm.sources,
# )
# ```

# %% answer="b03-report"
draft = None
### BEGIN SOLUTION
draft = lab.Postmortem(
    id="my-first-report",
    title="Image services mislabelled darker-skinned people, and outsiders noticed first",
    date=pm.date,
    severity="SEV2",
    severity_reason="Dignity and civil rights were harmed; how many people were affected is not published.",
    summary="In 2015 a photo app gave Black users an insulting label. In 2018 and 2019 two audits measured that face "
    "services of five vendors erred far more on darker-skinned women than on anybody else. Users and researchers "
    "found all of it; a block and new versions followed, and one vendor stopped sales to the police.",
    impact=[
        "Error on darker-skinned women up to 34.7 %, on lighter-skinned men at most 0.8 % [P5].",
        "How many users saw the insulting label is not published.",
    ],
    detection="Posts by a user, later two audits from outside.",
    trigger="Ordinary photos of people whom training and test data hardly showed.",
    resolution="The label was blocked within days; classifiers with smaller gaps came within seven months.",
    timeline=lab.Timeline(events=[pm.timeline.events[n - 1] for n in (1, 2, 3, 4, 6, 8, 12)]),
    contributing_factors=[pm.contributing_factors[n - 1] for n in (1, 2, 3, 7)],
    messages=pm.messages,
    action_items=[
        lab.ActionItem(
            description="Block the release of any label model that errs more than twice as often in one group as overall.",
            owner="Lead of the label model",
            due="2026-04-01",
            success_metric="Share of releases with an error by group on record: 100 %",
            strength="stronger",
        ),
        lab.ActionItem(
            description="Add a report button to every label, which pages the person on call.",
            owner="Product owner of the image API",
            due="2026-03-20",
            success_metric="Median time from a report to its acknowledgement is below 15 minutes",
            strength="intermediate",
        ),
    ],
    gaps=["When the first wrong label was given, and to how many users."],
    sources=pm.sources,
)
### END SOLUTION

# %% check="b03-report"
lab.check("b03-report", draft)

# %% [markdown]
# ## Export, and look at it as a reader
#
# The next cell writes the report as Markdown, as one HTML file that needs no network, and as PDF where a browser of the
# Chromium family is installed; then slides. Find them in the folder `reports` beside this notebook (a right click on a
# file offers **Open in New Browser Tab**). Running it again replaces them.

# %%
folder = Path.cwd() / "reports"
if draft is None:
    print("Write the draft first, then run this cell again.")
else:
    report = lab.export_report(draft, folder, formats=["md", "html", "pdf"], overwrite=True)
    slides = lab.export_slides(draft, folder, overwrite=True)
    for path in [*report.values(), *slides.values()]:
        print("reports /", path.name)
    for reason in report.skipped.values():
        print("No PDF:", reason)

# %% [markdown]
# ## Present it to a peer
#
# Ten minutes: your slides, arrow keys, no reading aloud. Then your peer fills in this form (the last slide is the
# same one, for the screen or for print): **1** not yet, **2** in part, **3** good, **4** excellent.
#
# | aspect | what good looks like |
# | --- | --- |
# | Timeline | times with zone and source; begins before onset; says what is not known |
# | Trigger and conditions | kept apart; conditions on more than one strand |
# | Communication | who told whom, how, when, inside and outside; what was missing |
# | Corrective actions | the two that mattered, why, and how one would see that they work |
# | Blameless language | situations and systems are explained; no person is a cause |
# | Answers | from the evidence; guesses are called guesses |
#
# ### Feedback received (graded by a person, 2 points)
#
# Write down the six figures, the most useful sentence you were told (1 point), and what you changed after it
# (1 point). Nobody at hand? Present to yourself tomorrow and fill in the form with a stranger's eyes.

# %% [markdown] prose="b03-feedback" points=2
# Timeline 3, trigger and conditions 4, communication 2, actions 4, language 4, answers 3. The most useful sentence: "You show
# me what the vendors said, but not whom they never answered." I added a line on the users who had no channel other than
# a public post, and made the report button an action item of its own.

# %% [markdown]
# ## 12:00: back to your own incident
#
# Look at the six events that carried your story. Which of them is Fenbrook at now, and which decision comes next? That
# page, not the theory, is what your lead takes into the call.
#
# - A published failure is free experience, if you take it apart: marks, decisions, messages, conditions, actions.
# - "Silent" is a finding. Note it down, and record it in your own incidents.
# - The trigger is one moment; the conditions are what you can change.
# - An action matters when it changes a condition and works without being remembered.
#
# **Try it at work.** Take the last public failure near your own product, and fill the same page in an hour.
#
# **Next:** `04_interview_practice` turns what you have done into answers.
