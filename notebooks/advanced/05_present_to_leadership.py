# %% [markdown]
# # A board decides on what it can check
#
# After this lesson (about 45 minutes) you can
#
# 1. take the five figures that a decision needs from your own replays;
# 2. write one page that ends in an ask, with an amount, a date and the risk that is left;
# 3. answer the hard questions without a promise, a culprit or a legal opinion.
#
# ## The situation
#
# It is Monday, 16:40. At 17:00 the board has twelve minutes for you, between the quarter's figures and the new office. The
# plan of lesson 2 is sound. Now it needs money. Nobody in the room has heard of a spelling normaliser.

# %% only="shared"
import tempfile
from pathlib import Path

import pandas as pd
import aiir_lab as lab

run = lab.simulate("moderation_failure", seed=7, size="sample")
controls = ["red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch"]
for name in controls:
    print(f"{name:20} {run.control(name).what}")

# %% [markdown] only="own"
# This incident is yours alone: the same kind of failure as in lesson 2, at another company, with other numbers than your
# neighbour's. Its tables lie in the folder `incident` beside this notebook. A check takes your answer down; your instructor
# judges it. Each answer has to stand on your own figures: one that does not earns nothing.

# %% only="own"
import tempfile
from pathlib import Path

import plotly.express as px

import aiir_lab as lab

run = lab.open_incident()
tables = run.observe()
controls = ["red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch"]
news = tables["messages"].query("sender == 'press office'")["received_utc"].min()
print(f"{run.company}. The news broke at {news:%d %B %Y, %H:%M} UTC.")

# %% [markdown]
# These are the four controls of the plan in lesson 2. If your own plan was another one, take its controls for your own page
# later; the questions below are about these four, so that everybody is judged alike.
#
# ## The figures
#
# A board asks four things: how bad was it, how much better will it be, what does it cost our users, and what if we pay for
# half. All four can be measured: replay the days with all controls, and with each alone.
#
# **Predict.** Which of the four would you fund first? Say it before you run anything.
#
# **Your turn.** `before` and `after` the whole plan, in harmful impressions; `withheld`: innocent outputs that the plan's
# controls withhold or cut off (rows of `.costs` whose `control` is in the plan); `fund_first`: the control that avoids most by itself;
# `left_with_first`: the harm that is left with only that one.

# %% answer="a05-figures" only="shared"
figures = {"before": None, "after": None, "withheld": None, "fund_first": None, "left_with_first": None}
### BEGIN SOLUTION
whole = lab.replay(run, controls=controls)
alone = pd.Series({name: lab.replay(run, controls=[name]).harm.amount for name in controls})
paid = whole.costs[whole.costs["control"].isin(controls)]
figures = {
    "before": run.harm.amount,
    "after": whole.harm.amount,
    "withheld": paid.loc[paid["what"].str.startswith("innocent outputs"), "amount"].sum(),
    "fund_first": alone.idxmin(),
    "left_with_first": alone.min(),
}
### END SOLUTION

# %% [markdown] only="own"
# The days of your own incident were run again with nothing changed, with each control alone and with the whole `plan`.
# `run.what_if` holds what that leaves, and how many innocent outputs the plan withholds.

# %% only="own"
run.what_if

# %% answer="a05-figures" only="own"
figures = {"before": None, "after": None, "withheld": None, "fund_first": None, "left_with_first": None}
### BEGIN SOLUTION
replayed = run.what_if.set_index("option")
alone = replayed.loc[controls, "harm_left"]
figures = {
    "before": replayed.at["nothing", "harm_left"],
    "after": replayed.at["plan", "harm_left"],
    "withheld": replayed.at["plan", "innocent_withheld"],
    "fund_first": alone.idxmin(),
    "left_with_first": alone.min(),
}
### END SOLUTION

# %% check="a05-figures"
lab.check("a05-figures", figures)

# %% only="own"
title = "What each control leaves alone, and what all four leave"
figure = px.bar(run.what_if, x="option", y="harm_left", title=title)
figure.update_layout(xaxis_title="", yaxis_title="harmful impressions")
figure

# %% only="shared"
with_plan = lab.replay(run, controls=controls)
lab.draw_harm(run, with_plan, labels=["as it was", "with the plan"])

# %% [markdown]
# One figure can carry a whole briefing, if its title says what to see. Ask yourself of each number: could somebody in that
# room repeat it correctly tomorrow?
#
# ## The page
#
# Six short sections, 120 to 400 words together:
#
# | section | it says |
# | --- | --- |
# | `what_happened` | who was affected, how much, since when: two figures or more |
# | `causes` | conditions in plural, with a measured share; no person |
# | `plan` | the effect without and with it, measured |
# | `ask` | an amount, the decision you want (approve, decide, fund), a date |
# | `risk_left` | what remains as a figure, and who accepts it |
# | `measures` | a target, and how often somebody looks at it |
#
# Leave your jargon at home: no recall, no Shapley, no threshold. Every figure has a unit.
#
# **Your turn.** Write it as `lab.Briefing(id=..., title=..., what_happened=..., ...)`. The amount of money is yours to choose;
# the harm before and after has to be what you measured.

# %% [markdown] only="own"
# Write `before` and `after` as they stand in your table, not as "about 5 thousand": a page with other figures earns nothing.

# %% answer="a05-briefing" only="own"
page = None
### BEGIN SOLUTION
filters = tables["filter_versions"]
age_days = (news - filters[filters["live_utc"] <= news]["snapshot_utc"].iloc[-1]).days
untested_days = (news - tables["red_team_runs"]["run_utc"].max()).days
page = lab.Briefing(
    id="my-briefing",
    title="Harmful outputs during the news: what we ask you to decide",
    what_happened=f"For {(run.ended_utc - news).days} days after a news story broke, our assistant showed "
    f"{figures['before']:,.0f} harmful outputs about it. Nobody switched the topic off, and we learned it from outside.",
    causes=f"Several conditions met. The filter stood on data that were {age_days} days old, no test attack had run for "
    f"{untested_days} days, the alert woke nobody, and no rule let on-call switch a topic off. In these days one change "
    f"would have done most: alone it leaves {figures['left_with_first']:,.0f} harmful outputs. The rest is for what it misses.",
    plan=f"We ran the same days again. With four changes, {figures['before']:,.0f} harmful outputs become "
    f"{figures['after']:,.0f} harmful outputs. They also withhold {figures['withheld']:,.0f} harmless outputs.",
    ask="We ask you to approve EUR 180,000 and 2 engineers for one year, and to decide by 30 June.",
    risk_left=f"About {figures['after']:,.0f} harmful outputs would remain, most in the first hours before any report "
    "arrives. The head of trust and safety accepts this remainder in writing.",
    measures="From the news to a person at work: below 30 minutes, tried in a drill every month. From the monthly attack on "
    "our own filter: fewer than 1 in 10 prompts get through. You see both each quarter.",
)
### END SOLUTION

# %% answer="a05-briefing" only="shared"
page = None
### BEGIN SOLUTION
page = lab.Briefing(
    id="moderation-briefing",
    title="Harmful outputs during the news: what we ask you to decide",
    what_happened=f"For 10 days our assistant showed {figures['before']:,.0f} harmful outputs on one news story. "
    "The first alert went to a mailbox, and a person took it up more than 80 hours after the news.",
    causes="Several conditions met. The filter stood on data that were 285 days old, no test attack had run for "
    "239 days, the alert woke nobody, and no rule let on-call switch a topic off. In these days a monthly attack on our own filter "
    f"would have done most: alone it leaves {figures['left_with_first']:,.0f} harmful outputs. The rest is for the story that it misses.",
    plan=f"We ran the same days again. With four changes, {figures['before']:,.0f} harmful outputs become "
    f"{figures['after']:,.0f} harmful outputs. They also withhold {figures['withheld']:,.0f} harmless outputs.",
    ask="We ask you to approve EUR 180,000 and 2 engineers for one year, and to decide by 30 June.",
    risk_left=f"About {figures['after']:,.0f} harmful outputs would remain, most in the first hours before any report "
    "arrives. The head of trust and safety accepts this remainder in writing.",
    measures="From the news to a person at work: below 30 minutes, tried in a drill every month. From the monthly attack on "
    "our own filter: fewer than 1 in 10 prompts get through. You see both each quarter.",
)
### END SOLUTION

# %% check="a05-briefing"
lab.check("a05-briefing", page)

# %%
lab.review_briefing(page) if page else "Your page is reviewed here."

# %% [markdown]
# The rules find a missing date. They do not find a page that bores. Read it aloud, with a clock: more than two minutes is
# too long.
#
# ## Take it with you
#
# One page and slides, as HTML files that ask nothing of any network. Add `"pdf"` where a browser of the Chromium family is
# installed. Here they go to a folder that is thrown away; choose one of your own, such as `"briefing"`.

# %%
if page:
    with tempfile.TemporaryDirectory() as folder:
        for format, path in lab.export_briefing(page, folder).items():
            print(f"{format}: {Path(path).name}, {Path(path).stat().st_size / 1000:.0f} kB")

# %% [markdown]
# ## The questions
#
# Boards ask more or less the same things. Before you look at the right-hand column: what would you say?

# %%
lab.draw_table(lab.board_questions())

# %% [markdown] only="shared"
# **Your turn.** Choose the answer that a careful leader would give, and give what it stands on: a choice without it is a
# guess, and earns nothing.
#
# `promise`: *"Can you promise that it will not happen again?"*
#
# - a: "Yes. With these four changes it is solved."
# - b: "Nobody can know that with AI."
# - c: "No. In these days about a third would have remained; the new alert pages somebody when it begins to climb."
#
# It stands on `left_share`: harm with the plan as a share of the harm without it.
#
# `law`: *"Are we in breach of the law?"*
#
# - a: "That is for counsel, who was asked on Sunday which clocks run; here is what we sent."
# - b: "No, we are not a high-risk system."
# - c: "Probably, so we should say nothing."
#
# It stands on `decides`: the role of the playbook in lesson 3 that decides on reports to an authority (as it is written
# there, such as `on_call`).
#
# `half`: *"What if we fund only half?"*
#
# - a: "Then we do everything more slowly."
# - b: "Then the red-team gate comes first: alone it avoids most, as measured. What stays open is the night: nobody is woken."
# - c: "Then it does not make sense at all."
#
# It stands on `first`, the control to fund first, and `not_avoided`: the harm that the whole plan avoids beyond it.

# %% [markdown] only="own"
# **Your turn.** Choose the answer that a careful leader would give, and give what it stands on, not rounded: a choice without
# it is a guess, and earns nothing.
#
# `promise`: *"Can you promise that it will not happen again?"*
#
# - a: "Yes. With these four changes it is solved."
# - b: "Nobody can know that with AI."
# - c: "No. In these days a part would have remained, here is how much; the new alert pages somebody when it begins to climb."
#
# It stands on `left_share`: harm with the plan as a share of the harm without it.
#
# `law`: *"Are we in breach of the law?"*
#
# - a: "That is for counsel, who was asked on Sunday which clocks run; here is what we sent."
# - b: "No, we are not a high-risk system."
# - c: "Probably, so we should say nothing."
#
# It stands on `decides`: the role of the playbook in lesson 3 that decides on reports to an authority (as it is written
# there, such as `on_call`).
#
# `half`: *"What if we fund only half?"*
#
# - a: "Then we do everything more slowly."
# - b: "Then the one that avoids most alone comes first, as measured. What it leaves open is this much."
# - c: "Then it does not make sense at all."
#
# It stands on `first`, the control to fund first, and `not_avoided`: the harm that the whole plan avoids beyond it.

# %% answer="a05-board"
replies = {
    "promise": {"choice": None, "left_share": None},
    "law": {"choice": None, "decides": None},
    "half": {"choice": None, "first": None, "not_avoided": None},
}
### BEGIN SOLUTION
replies = {
    "promise": {"choice": "c", "left_share": figures["after"] / figures["before"]},
    "law": {"choice": "a", "decides": "legal"},
    "half": {
        "choice": "b",
        "first": figures["fund_first"],
        "not_avoided": figures["left_with_first"] - figures["after"],
    },
}
### END SOLUTION

# %% check="a05-board"
lab.check("a05-board", replies)

# %% [markdown]
# ## In your own words (graded by a person, 6 points)
#
# Answer two questions of the table, those that you fear most, in about 60 words each.
#
# | point | what earns it |
# | --- | --- |
# | 2 | each answers in its first sentence, without a promise and without a culprit |
# | 2 | each holds a figure of yours with its unit |
# | 2 | each says what is not known, or who decides it |

# %% [markdown] prose="a05-answers" points=6
# **Why did nobody switch it off?** Because no rule allowed on-call to, and the alert woke nobody. From next month the on-call
# engineer may withhold a topic for one day, the incident commander stands in, and we try it every quarter: 15 minutes is the
# target. What we do not know is how it feels at three in the morning; the first drill at night will show.
#
# **What does the fix cost our users?** About 350 harmless outputs in ten days, in the replay of these days. Another story may
# cost more, and we count them each week. If it passes 500 in ten days, product decides whether we undo the switch.

# %% [markdown]
# ## What stays
#
# - Five figures carry the page. All of them were measured, none was hoped for.
# - An ask without an amount and a date is a report.
# - The risk that is left has an owner, who accepts it by name of the role.
# - Hard questions are answered with a figure, a limit, and who decides.
#
# **Next:** `06_interview_practice`, where the same story has to fit into three minutes.
