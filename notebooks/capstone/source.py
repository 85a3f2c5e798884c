# %% [markdown]
# # Capstone: one incident, from the meeting to the board
#
# This is the arc of the advanced level on an incident that nobody has solved for you: lead the review, test the causes,
# plan, map, exercise, watch, and ask for the means. After it you can
#
# 1. bring out what people know, and test what they believe;
# 2. leave with a plan, a playbook and a monitor whose effect you have measured;
# 3. defend all three on one page.
#
# ## The situation
#
# {{company}}: *{{title}}*. World `{{world}}`, seed {{seed}}. In this exercise the incident was recognised on **{{detected}}**;
# take that as given wherever a time of detection is asked for. Give yourself four to six hours, in several sittings.

# %%
from datetime import datetime

import pandas as pd
import aiir_lab as lab
from aiir_lab.monitor import keep_attempt, read_attempts

run = lab.simulate("{{world}}", seed={{seed}}, size="{{size}}")
tables = run.observe()
detected = datetime.fromisoformat("{{detected_iso}}")
print(f"Harm: {run.harm.amount:,.0f} {run.harm.unit}. Tables: {', '.join(tables)}")

# %%
for name in {{first_tables}}:
    display(lab.draw_table(tables[name].set_index(tables[name].columns[0]).head(8)))

# %% [markdown]
# `run.columns` documents every column; `run.controls` and `run.control(name)` tell what could have been in place.
#
# ## 1. Lead the review
#
# The rules are those of advanced lesson 1: prepare, open, ask how and what, turn what is brought up, close yourself. Nobody
# knows more than the tables held at that moment. Everything is kept in `meeting.jsonl` and goes on where it ends.

# %%
meeting = lab.start_meeting("{{meeting}}", seed={{seed}}, log="meeting.jsonl")
lab.meeting_panel(meeting)

# %% answer="{{prefix}}-meeting"
transcript = None
### BEGIN SOLUTION
script, told = meeting.script, set()
for text in [line for line in script.general if line.startswith("Before")][:2] + [script.general[0]]:
    if not meeting.is_over:
        meeting.say(text)
while not meeting.is_over:
    due = [item.replies[0] for item in script.interruptions if meeting.pending.endswith(item.says)]
    asked = {turn.text for turn in meeting.turns}
    ready = [fact.question for fact in script.facts if fact.id not in told and set(fact.after) <= told]
    ready = [text for text in ready if text not in asked]
    told |= set(meeting.say([*(due if meeting.pending else []), *ready, script.general[-1]][0]).surfaced)
transcript = meeting.transcript
### END SOLUTION

# %% check="{{prefix}}-meeting"
lab.check("{{prefix}}-meeting", transcript)

# %% [markdown]
# **Looking back (graded by a person, 4 points).** One turning point of your meeting: what was said, what you said, what it
# did to whom, and what you would say now (2). One fact that came late or not at all, and what would have had to be different
# before the meeting (2).

# %% [markdown] prose="{{prefix}}-debrief" points=4
# No model answer: it depends on the meeting that was led. The log `meeting.jsonl` and `meeting.result()` show which move
# closed or opened whom. Two points each for a turning point with its effect, and for a late fact with its condition.

# %% [markdown]
# ## 2. Causes
#
# Build the graph: three strands (`technical`, `process`, `tooling`), each with evidence that names a table; at least one
# chain two steps deep; at least three ends. `lab.edit_whys`, `lab.edit_fishbone` and `lab.edit_causes` edit one graph.

# %% answer="{{prefix}}-causes"
graph = None
### BEGIN SOLUTION
untested = "No release test held the cases that went wrong here"
no_owner = "No process named an owner for the missing check, and no review asked for it"
blind = "The alerts counted other things than the harm, so nobody was paged"
no_right = "No rule said who may stop the system outside office hours"
rows = [
    ("untested", untested, "technical", ["problem"], "{{change_table}}: no entry names a test"),
    ("no-owner", no_owner, "process", ["untested"], "tickets: the warnings carry no owner"),
    ("blind-alerts", blind, "tooling", ["problem"], "alerts: none of the rules counts this harm"),
    ("no-right", no_right, "process", ["problem"], "tickets: none of them stops anything"),
]
fields = ("id", "text", "strand", "leads_to", "evidence")
causes = [lab.Cause(**dict(zip(fields, row, strict=True))) for row in rows]
graph = lab.CauseGraph(problem="Harm went on long after its first signs stood in the tables", causes=causes)
### END SOLUTION

# %% check="{{prefix}}-causes"
lab.check("{{prefix}}-causes", graph)

# %% [markdown]
# ## 3. Estimate, then measure
#
# These conditions can be taken away one by one, each by the control that was missing. Give each a share **before** you run
# `lab.attribute(run)`; together they make 1. Shares can be negative: some controls stand in others' way.

# %%
for factor in run.main_factors:
    print(f"{factor:30} {run.control(run.factors[factor]).what}")
estimate = dict.fromkeys(run.main_factors)

# %% [markdown]
# **Your turn.** Your `estimate`; the `largest` factor; the one that you `misjudged` most; the two `partners` whose interaction
# (`run.reveal().interactions`) is farthest from zero, and how they act `together`: `"either"` control breaks the chain, or
# `"both"` are needed.

# %% answer="{{prefix}}-shares"
shares = {"estimate": estimate, "largest": None, "misjudged": None, "partners": None, "together": None}
### BEGIN SOLUTION
measured = lab.attribute(run).set_index("factor")["share"]
estimate = dict.fromkeys(run.main_factors, 1 / len(run.main_factors))
pairs = run.reveal().interactions
pair = pairs.loc[pairs["interaction_harm"].abs().idxmax()]
shares = {
    "estimate": estimate,
    "largest": measured.idxmax(),
    "misjudged": max(estimate, key=lambda factor: abs(estimate[factor] - measured[factor])),
    "partners": [pair["factor_a"], pair["factor_b"]],
    "together": "either" if pair["interaction_harm"] > 0 else "both",
}
### END SOLUTION

# %% check="{{prefix}}-shares"
lab.check("{{prefix}}-shares", shares)

# %% [markdown]
# ## 4. The plan
#
# Actions with owner, date, measure, the cause that each answers (`factor`) and, where there is one, the `control` that it puts
# in place. All three strands; nothing that does harm; at least three quarters of what the best choice among the main controls
# avoids. `lab.action_board(actions, graph=graph, run=run)` helps. Then: what is `left`, and the control at the `keystone`.

# %% answer="{{prefix}}-plan"
plan = {"graph": graph, "actions": None, "left": None, "keystone": None}
### BEGIN SOLUTION
steps = {{steps}}
actions = [
    lab.ActionItem(
        description=text,
        factor=factor,
        control=control,
        owner="Engineering lead",
        due="2027-03-31",
        success_metric="In the quarterly replay of these days the harm is at least 30 % lower than it was",
    )
    for text, factor, control in steps
]
review = lab.review_plan(actions, graph=graph, run=run)
keystone = review.effect.by_control["avoided_last"].idxmax()
plan = {"graph": graph, "actions": actions, "left": review.effect.after, "keystone": keystone}
### END SOLUTION

# %% check="{{prefix}}-plan"
lab.check("{{prefix}}-plan", plan)

# %%
lab.review_plan(plan["actions"] or [], graph=graph, run=run) if graph else "Your plan is reviewed here."

# %% [markdown]
# ## 5. On the map
#
# For each cause that an action answers one subcategory of the NIST AI RMF (`rmf`) with a sentence `why`: what the subcategory
# asks for, and where in your evidence it was missing. For each control of the plan the mitigation of MITRE ATLAS that it is,
# or None. Then the `gaps` of the coverage that follows.

# %% answer="{{prefix}}-framework"
framework = {"graph": graph, "actions": plan["actions"], "rmf": None, "atlas": None, "gaps": None}
### BEGIN SOLUTION
rmf = {{rmf}}
gaps = lab.rmf_coverage(incident=[row["rmf"] for row in rmf.values()]).gaps
framework |= {"rmf": rmf, "atlas": {{atlas}}, "gaps": gaps}
### END SOLUTION

# %% check="{{prefix}}-framework"
lab.check("{{prefix}}-framework", framework)

# %% [markdown]
# ## 6. A playbook that was tried
#
# Engineers, legal, communications and support; who may switch off, and who stands in; evidence before the switch; updates;
# clocks. Exercise it here from the minute of detection, mend it until nothing breaks, and let it avoid at least half of what
# a prepared team avoids. `lab.load_playbook("moderation")` is another team's, for another system.

# %% answer="{{prefix}}-playbook"
mine = None
### BEGIN SOLUTION
data = lab.load_playbook("moderation").to_dict()
data |= {"id": "capstone", "title": "The incident of this capstone"}
for task in data["tasks"]:
    task["controls"] = {{response}} if task["id"] == "switch-off" else []
mine = lab.Playbook.from_dict(data)
### END SOLUTION

# %% check="{{prefix}}-playbook"
lab.check("{{prefix}}-playbook", mine)

# %%
lab.exercise_playbook(mine, run=run, detected_utc=detected) if mine else "Your playbook is exercised here."

# %% [markdown]
# ## 7. A monitor
#
# `my_monitor(tables, now)` is asked once a night and answers True or False. It sees: {{seen_tables}}. Half an hour after
# its first alarm {{response_words}} starts. It is tried on runs that you have not seen; the score is the harm that it
# avoids within one false alarm a week, compared with a reference. Try it on other seeds as often as you like.

# %% answer="{{prefix}}-monitor"
my_monitor = None
### BEGIN SOLUTION
from aiir_lab.monitor.ready import reference_policy

my_monitor = reference_policy("{{world}}").monitor
### END SOLUTION

# %%
world = {"scenario": "{{world}}", "size": "{{size}}", "response": {{response}}}
if my_monitor is not None:
    keep_attempt(lab.evaluate_monitor(my_monitor, seeds=({{own_seed}},), **world), path="attempts.jsonl")
read_attempts("attempts.jsonl", alarm_budget=1).head(10)

# %% check="{{prefix}}-monitor"
lab.check("{{prefix}}-monitor", my_monitor)

# %% [markdown]
# ## 8. One page
#
# `lab.Briefing` with figures of **your** plan, and the `controls` that they belong to. `lab.review_briefing(page)` helps.

# %% answer="{{prefix}}-briefing"
briefing = {"page": None, "controls": None}
### BEGIN SOLUTION
effect, unit = review.effect, run.harm.unit
page = lab.Briefing(
    id="capstone",
    title="What happened, and what we ask you to decide",
    what_happened=f"From its beginning to its end this incident cost {abs(effect.before):,.0f} {unit}. It was recognised by "
    "people and not by an alert, and 3 strands of causes were found behind it.",
    causes="Several conditions met. The release was not tried on the cases that went wrong, no process named an owner for "
    f"that check, and the alerts counted other things. The largest single condition carries {measured.max():.0%} of the harm, measured by "
    "playing the same days again without it.",
    plan=f"We played the same days again with the plan in place: {abs(effect.before):,.0f} {unit} become "
    f"{effect.after:,.0f} {unit}. Each change was tried alone and together with the others.",
    ask="We ask you to approve EUR 180,000 and 2 engineers for one year, and to decide by 30 June.",
    risk_left=f"About {abs(effect.after):,.0f} {unit} are not covered by this plan. The head of product accepts this in writing.",
    measures="From the first sign to a person at work: below 60 minutes, tried in a drill every month. You see the figure "
    "each quarter, together with the harm counted in that quarter, next to the one of these days.",
)
briefing = {"page": page, "controls": list(effect.by_control.index)}
### END SOLUTION

# %% check="{{prefix}}-briefing"
lab.check("{{prefix}}-briefing", briefing)

# %% [markdown]
# **The director's question (graded by a person, 6 points).** "So what is *the* root cause?" Answer in about 120 words: measured,
# not believed (2); two conditions that worked together (2); what is left, and who accepts that (2).

# %% [markdown] prose="{{prefix}}-director" points=6
# No model answer: figures depend on the plan. Compare with `lab.attribute(run)`, `run.reveal().interactions` and the learner's
# own review. Two points for shares or replays with figures; two for the strongest pair and how it acts together; two for
# what is left with a role that accepts it.

# %% [markdown]
# ## What stays
#
# - You have led, tested, planned, exercised, watched and asked: each with a figure that somebody else can measure again.
# - Keep `meeting.jsonl` and `attempts.jsonl`: they are the material of your next interview story (`lab.story_from`).
#
# **Next:** hand in this notebook with the files beside it.
