# %% [markdown]
# # A post-mortem is read for what it leaves out
#
# After this lesson (about 45 minutes) you can
#
# 1. name the parts of a post-mortem and say what belongs into which;
# 2. compute the durations of an incident from its clock marks, and say which pair each one comes from;
# 3. tell a figure that a published account supports from one that only looks precise.
#
# ## The situation
#
# It is 09:12 UTC on Tuesday, 3 March 2026. Yesterday's incidents at Fenbrook are contained. Your head of platform
# writes: "For the board at noon I need one figure to compare us with: the average time in which others detect and
# stop such incidents." You have more than twenty published incidents on disk, written up in one form, each fact with
# its source. What can you honestly send?

# %%
import pandas as pd
import aiir_lab as lab

pd.set_option("display.max_colwidth", None, "display.max_rows", 100)
left = {"text-align": "left"}
catalogue = lab.public_postmortems()
catalogue[["id", "organisation", "date", "severity", "n_events", "n_clock_events", "n_gaps"]]

# %% [markdown]
# Look at two columns: `n_clock_events` counts timeline events known to the hour or better, `n_gaps` counts what the
# authors of the record looked for in the published accounts and did not find. Not one row has a zero there.
#
# ## The parts
#
# Open one record: a blank field in a policy stopped the APIs of a whole cloud, AI services included.

# %%
pm = lab.load_postmortem("google-cloud-2025-06-12")
pd.Series(pm.to_dict()).astype(str).str[:110].to_frame("how it begins").style.set_properties(**left)

# %% [markdown]
# | part | what belongs there |
# | --- | --- |
# | `summary` | two or three sentences for somebody who reads nothing else |
# | `impact` | consequences as measured figures |
# | `timeline` | timed facts with source and precision, from before harm began |
# | `detection` | how somebody came to know |
# | `trigger` | the last thing that happened before harm began; not "the cause" |
# | `contributing_factors` | conditions without which it was less likely or smaller; always several |
# | `resolution` | what stopped the harm, what fixed the conditions |
# | `messages` | who told whom, through which channel, when |
# | `action_items` | what changes now: owner, due date, how one will see that it works |
# | `went_well`, `went_badly`, `got_lucky` | what to keep, what to change, what not to rely on |
# | `ai` | model, data, decisions and groups affected, way back, human oversight |
# | `gaps`, `contradictions` | what is not known, and where sources disagree |
#
# **Your turn.** Ten sentences from another post-mortem. A search assistant told shoppers wrong prices.
# To which part does each one belong? Give a dict from letter to the name of the part.
#
# | | sentence |
# | --- | --- |
# | a | At 10:02 UTC a changed prompt went live for everybody. |
# | b | Prompts could go live without being compared with the one before. |
# | c | 3,800 of 9,300 answers named a wrong price. |
# | d | At 10:40 a shopper called; no alert had fired. |
# | e | The old prompt was put back at 11:10; since Friday a comparison runs before every change. |
# | f | At 14:00 support wrote by e-mail to all shoppers who had bought at a wrong price. |
# | g | Search team: by 1 April, block any prompt that fails 500 fixed questions; seen by the count of blocked ones. |
# | h | The person on call happened to have the old prompt open in another window. |
# | i | The older app kept no logs, so its share of wrong answers is unknown. |
# | j | Search-assistant 3.1 answered; the way back was the prompt of 28 February; only new customers were affected. |

# %% answer="b02-parts"
parts = dict.fromkeys("abcdefghij")
### BEGIN SOLUTION
parts = {
    "a": "trigger",
    "b": "contributing_factors",
    "c": "impact",
    "d": "detection",
    "e": "resolution",
    "f": "messages",
    "g": "action_items",
    "h": "got_lucky",
    "i": "gaps",
    "j": "ai",
}
### END SOLUTION

# %% check="b02-parts"
lab.check("b02-parts", parts)

# %%
lab.quiz("b02-trigger")

# %% [markdown]
# ## Five clock marks, four durations
#
# Back to the cloud. A duration means nothing until it names the two moments it lies between:
#
# | duration | from | to |
# | --- | --- | --- |
# | `time_to_detect` | **onset**: harm, or the first wrong decision, began | **detected**: a responder recognised it |
# | `time_to_acknowledge` | alerted: a rule fired or a page went out | **acknowledged**: a responder took it on |
# | `time_to_mitigate` | onset | **mitigated**: harm stopped |
# | `time_to_resolve` | onset | **resolved**: the conditions were fixed |
#
# Where an account is silent about a mark, there is no duration. There is no default, and zero is not one.
#
# **Your turn.** Compute the four durations in minutes. Give `None` where the account does not support one.

# %%
events = pm.timeline.to_frame()
display(events.loc[events["marks"] != "", ["at_utc", "precision", "marks", "text"]])
lab.draw_timeline(pm, title="From blank fields to recovery, with the marks that the account supports")

# %% answer="b02-durations"
durations = {
    "time_to_detect": None,
    "time_to_acknowledge": None,
    "time_to_mitigate": None,
    "time_to_resolve": None,
}
### BEGIN SOLUTION
durations = {name: duration.minutes for name, duration in pm.timeline.metrics().items()}
### END SOLUTION

# %% check="b02-durations"
lab.check("b02-durations", durations)

# %% [markdown]
# From now on `pm.timeline.metrics()` does this for you: each duration comes with its pair, its bounds and what is
# missing.
#
# ## One report, many truths
#
# The catalogue took onset and mitigation from the report's summary table. The same report holds other starts and ends.
#
# **Your turn.** Take every start and every end that this report names. What are the **shortest** and the **longest**
# time from start to end, in minutes? (The report counts in PDT, seven hours behind UTC: 10:45 PDT is 17:45 UTC.)

# %%
for line in pm.contradictions:
    print("-", line)
lab.quiz("b02-mitigated")

# %% answer="b02-one-report"
span = {"shortest": None, "longest": None}
### BEGIN SOLUTION
starts = pd.to_datetime(["2025-06-12 10:45", "2025-06-12 10:49", "2025-06-12 10:51"])
ends = pd.to_datetime(["2025-06-12 13:49", "2025-06-12 18:18"])
minutes = [(end - start).total_seconds() / 60 for start in starts for end in ends]
span = {"shortest": min(minutes), "longest": max(minutes)}
### END SOLUTION

# %% check="b02-one-report"
lab.check("b02-one-report", span)

# %% [markdown]
# None of these figures is wrong: each pair of times answers another question. A figure that does not name its pair
# could be any of them.
#
# ## Predict
#
# Your head of platform wants the average time to detect. Before you compute anything: how many of the accounts let
# you compute it in minutes at all? And will the median time to mitigate be a matter of minutes, hours or days?
# Write your guesses down; nobody grades them.

# %%
guess = {"accounts with a time to detect": None, "median time to mitigate": None}

# %% [markdown]
# Now the whole catalogue, one row for each incident and duration. `precision` is the coarser one of the two times:
# "minute" means two clock times, "day" means that one of the two is only a date.
#
# **Your turn.** For each of the four durations: in how many incidents are there `minutes` between two **clock times**?
# The mask `clock` marks rows whose two times are known to the hour or better. Give a dict from duration to count.

# %%
rows = [
    {"id": row.id, "severity": row.severity} | duration.model_dump(mode="json", exclude={"missing"})
    for row in catalogue.itertuples()
    for duration in lab.load_postmortem(row.id).timeline.metrics().values()
]
table = pd.DataFrame(rows).drop(columns=["from_mark", "to_mark"])
clock = table["precision"].isin(["second", "minute", "hour"])
table[table["name"] == "time_to_detect"]

# %% answer="b02-clock-times"
counts = None
### BEGIN SOLUTION
counts = table[clock].groupby("name")["minutes"].count().to_dict()
### END SOLUTION

# %% check="b02-clock-times"
lab.check("b02-clock-times", counts)

# %% [markdown]
# Compare with your guess.
#
# ## Why a mean misleads
#
# **Your turn.** Take `time_to_mitigate`. Compute mean and median in minutes, first over the rows between clock times
# (`_clock`), then over all rows that have `minutes` (`_all`): that adds three incidents known by dates only.
# Before you run it: which of the two will move more?

# %% answer="b02-mean"
averages = {"mean_clock": None, "median_clock": None, "mean_all": None, "median_all": None}
### BEGIN SOLUTION
mitigate = table[table["name"] == "time_to_mitigate"]
precise = mitigate.loc[clock, "minutes"]
averages = {
    "mean_clock": precise.mean(),
    "median_clock": precise.median(),
    "mean_all": mitigate["minutes"].mean(),
    "median_all": mitigate["minutes"].median(),
}
### END SOLUTION

# %% check="b02-mean"
lab.check("b02-mean", averages)

# %%
print("Your guess:", guess)
lab.draw_catalogue(catalogue)

# %% [markdown]
# Every incident is its own point, on an axis where each step is many times longer. A few very long incidents carry the mean away; the median hardly notices them. Durations of incidents are skewed
# nearly everywhere they were studied; the VOID report argues it at length. So: median and single points,
# never a mean alone.
#
# ## Longer is not worse
#
# Does a long incident at least mean a bad one?
#
# **Your turn.** Find two incidents: one with the **worse** severity whose time to mitigate is **surely** shorter than that
# of the other, **longer** one. Surely means: even its `high_min` is below the `low_min` of the other. Many pairs are right.

# %% answer="b02-severity"
pair = {"worse": None, "longer": None}
### BEGIN SOLUTION
pair = {"worse": "knight-capital-2012", "longer": "twitter-image-crop"}
### END SOLUTION

# %% check="b02-severity"
lab.check("b02-severity", pair)

# %% [markdown]
# ## What a date can bear
#
# A model update made an assistant flatter its users. The account gives dates, no clock times, no time zone. A date in an
# unknown zone can begin 14 hours before it does in UTC and end 12 hours after.
# So "three days", typed into a spreadsheet as 4,320 minutes, looks exact and is not.
#
# **Your turn.** Use `table`. Between how many hours and how many hours did detection take here (`low_hours`, `high_hours`)?
# And in which incidents does time to detect have bounds but no `minutes`, because a single figure would pretend
# to know more than the source (`bounds_only`, a list of ids)?

# %%
flattery = lab.load_postmortem("openai-gpt4o-sycophancy-2025").timeline.to_frame()
display(flattery.loc[flattery["marks"] != "", ["when_text", "precision", "marks", "text"]])

# %% answer="b02-bounds"
bounds = {"low_hours": None, "high_hours": None, "bounds_only": None}
### BEGIN SOLUTION
detect = table[table["name"] == "time_to_detect"].set_index("id")
row = detect.loc["openai-gpt4o-sycophancy-2025"]
only = detect.index[detect["minutes"].isna() & detect["low_min"].notna()]
bounds = {"low_hours": row["low_min"] / 60, "high_hours": row["high_min"] / 60, "bounds_only": list(only)}
### END SOLUTION

# %% check="b02-bounds"
lab.check("b02-bounds", bounds)

# %% [markdown]
# ## What is not said about the AI
#
# `ai` holds the AI fields of all records, one column each; a cell is missing where the published accounts gave nothing
# to put there. (A few say in words that something was not published; count those as filled.)
#
# **Your turn.** Which fields are filled in fewer than half of the records (`rare`)? Which one in none of them (`never`)?
# What would it cost you to work on an incident where exactly those are unknown?

# %%
details = [lab.load_postmortem(id).ai.to_dict() for id in catalogue["id"]]
ai = pd.DataFrame(details, index=catalogue["id"]).reindex(columns=list(lab.AiDetails.model_fields))
ai.astype(object).fillna("").iloc[:8, :8].map(lambda value: str(value)[:40])

# %% answer="b02-ai-fields"
unsaid = {"rare": None, "never": None}
### BEGIN SOLUTION
filled = ai.notna().sum()
unsaid = {"rare": list(filled.index[filled < len(ai) / 2]), "never": filled.idxmin()}
### END SOLUTION

# %% check="b02-ai-fields"
lab.check("b02-ai-fields", unsaid)

# %% [markdown]
# ## 11:40: your answer (graded by a person, 4 points)
#
# Answer the head of platform in 80 to 150 words.
#
# | points | what earns them |
# | --- | --- |
# | 1 | one figure is offered, with its pair of marks and the number of incidents behind it |
# | 1 | it says why no mean is given, with a figure of yours |
# | 1 | it names one thing that these accounts leave out and that changes the comparison |
# | 1 | it proposes what Fenbrook itself should record from now on, and stays friendly |

# %% [markdown] prose="b02-benchmark" points=4
# Of 23 published incidents, 8 give clock times for both onset and mitigation. Their median time to mitigate
# is 3 hours 39 minutes (from 45 minutes to nearly 19 hours). I would not show a mean: three incidents
# known by dates only would lift it from 334 to 7,443 minutes, the median merely to 262. For detection I cannot give you a
# benchmark: only 5 accounts allow it, and all of them were written by organisations that chose to publish. These are
# well-told incidents, not a sample, so "better than others" does not follow from any of it. What would help
# us more: from today we record onset, alert, detection, acknowledgement, mitigation and resolution of every incident,
# each with its source, and for models also the last good version and the first affected batch. In a year we can compare us
# with ourselves.

# %% [markdown]
# ## What stays
#
# - A trigger is not a cause, contributing factors come in the plural, and luck has its own heading.
# - Every duration names its pair of marks. Where a mark is missing there is no duration.
# - Durations are skewed: median and points, never a mean alone. Longer is not worse.
# - A date is an interval. Minutes computed from dates are invented.
# - The gaps tell you what to record next time, above all about model, data and the way back.
#
# **Try it at work.** Take your team's last three post-mortems. Which of the marks and AI fields could you fill from them?
#
# **Next:** in `03_decompose_a_public_failure` you take one of these incidents apart yourself.
