# %% [markdown]
# # A monitor is worth the harm it avoids, within the alarms that people can bear
#
# After this lesson (about 45 minutes) you can
#
# 1. compare monitors by delay, false alarms and harm avoided, on the same runs;
# 2. write one and have it tried on incidents that you have not seen;
# 3. choose the version to go back to when the poisoning was slow.
#
# ## The situation
#
# A shop's assistant answers customers, reads the documents they attach, and pays refunds. Some documents hold
# instructions for the assistant. The review asked for "better monitoring". You have a week, an on-call team that gets up
# for at most **one** false alarm a week, and a switch that stops refunds by the assistant half an hour after an alarm.

# %%
from datetime import datetime

import aiir_lab as lab
from aiir_lab.monitor import Alarm, ModelRegistry, RollbackPolicy, keep_attempt, read_attempts, ready_monitors

world = {"scenario": "assistant_injection", "size": "sample", "response": ["kill_switch"]}
run = lab.simulate("assistant_injection", seed=21, size="sample")
tables = run.observe()
print(f"{run.company}: {run.harm.amount:,.0f} {run.harm.unit} of harm in {len(tables['refunds'])} refunds")

# %% [markdown]
# ## Look
#
# Five tables are what a monitor may see here: `conversations`, `refunds`, `orders_on_file`, `dashboard`, `tickets`.
# These are the documents that customers attach, and how many of the refunds after each kind had no order on file:

# %%
refunds = tables["refunds"].merge(tables["conversations"], on="conversation_id")
refunds = refunds.merge(tables["orders_on_file"], on="conversation_id")
lab.draw_table(refunds.groupby("document_kind")["has_order"].agg(refunds="size", with_order="sum"))

# %% [markdown]
# ## Predict
#
# Four monitors are ready. One counts refunds a night, one watches the assistant's mean confidence, one compares the mix of
# documents with before, one counts refunds without an order for each kind of document. Which one detects first? Which
# one would you be allowed to keep? Decide before you run the next cell.

# %%
done = lab.evaluate_monitor(ready_monitors("assistant_injection"), seeds=(21, 22), **world)
display(lab.draw_table(done.summary.round(2)))
lab.draw_tradeoff(done)

# %% [markdown]
# `coincidences` counts detections that the same run **without** the incident raises at the same time: alarms that would
# have rung anyway. A stopped clock is right twice a day.
#
# **Your turn.** Which monitor avoids `most` harm if alarms cost nothing, and which is `affordable`: avoids most at no more
# than one false alarm a week?

# %% answer="a04-tempting"
tempting = {"most": None, "affordable": None}
### BEGIN SOLUTION
summary = done.summary
within = summary[summary["false_alarms_per_week_median"] <= 1]
tempting = {
    "most": summary["harm_avoided_share_median"].idxmax(),
    "affordable": within["harm_avoided_share_median"].idxmax(),
}
### END SOLUTION

# %% check="a04-tempting"
lab.check("a04-tempting", tempting)

# %% [markdown]
# ## Write your own
#
# A monitor is a function. It gets the tables as they were visible at `now`, and returns True or False. It is asked once a
# night. Early in a run the tables are nearly empty.
#
# **Your turn.** Write `my_monitor(tables, now)`. Try it with the cell after the next as often as you like: every try is kept in
# your own leaderboard. The check then tries it on three other runs, each with and without the incident. Your
# score is the harm that it avoids **within the alarm budget**, compared with a reference policy.

# %% answer="a04-monitor"
my_monitor = None
### BEGIN SOLUTION
def my_monitor(tables, now):
    """Several refunds without an order in two days, all after one kind of document, and more than usual."""
    paid = tables["refunds"].merge(tables["conversations"], on="conversation_id")
    paid = paid.merge(tables["orders_on_file"], on="conversation_id")
    age = (now - paid["paid_utc"]).dt.total_seconds() / 86_400
    bare = ~paid["has_order"].astype(bool)
    usual = bare[age > 2].mean() if (age > 2).sum() >= 20 else 1.0
    recent = paid[age <= 2].assign(bare=bare).groupby("document_kind")["bare"].agg(["sum", "size"])
    return bool(((recent["sum"] >= 5) & (recent["sum"] > 3 * usual * recent["size"] + 2)).any())
### END SOLUTION

# %%
if my_monitor is not None:
    tried = lab.evaluate_monitor(my_monitor, seeds=(21, 22), **world)
    keep_attempt(tried, path="monitor_attempts.jsonl")
read_attempts("monitor_attempts.jsonl", alarm_budget=1).head(10)

# %% check="a04-monitor"
lab.check("a04-monitor", my_monitor)

# %%
lab.quiz("a04-budget")

# %% [markdown]
# ## The way back
#
# An alarm leads somewhere. In the fraud world of the intermediate level, a monitor rang on 20 April 2026 at 09:00 UTC. The
# poisoning had been going on for weeks. The **registry** knows which data each version was trained on.

# %%
fraud = lab.simulate("fraud_poisoning", seed=7, size="sample")
seen = fraud.observe(until="2026-04-20T09:00:00Z")
registry = ModelRegistry.from_tables(seen)
alarm = Alarm(at_utc=datetime.fromisoformat("2026-04-20T09:00:00+00:00"))
print("The investigation dated the first bad label to", f"{fraud.reveal().onset_utc:%d %B %Y, %H:%M} UTC")
lab.draw_table(seen["model_registry"][["version", "window_from_utc", "window_to_utc", "eval_auc"]].set_index("version"))

# %% [markdown]
# A rollback policy is a rule that is agreed on before anybody is tired: go to the `previous` version, or to the newest
# one whose data end `margin_days` `before` the alarm.
#
# **Your turn.** Where would `previous` go? Which `margin_days` would have led beyond the poisoning, and which `version` is the
# newest that saw no poisoned label? `RollbackPolicy(choose=..., margin_days=...).decide(registry, alarm).version` answers.

# %% answer="a04-version"
back = {"previous": None, "margin_days": None, "version": None}
### BEGIN SOLUTION
days = (alarm.at_utc - fraud.reveal().onset_utc).total_seconds() / 86_400
policy = RollbackPolicy(choose="before", margin_days=days + 1)
back = {
    "previous": RollbackPolicy().decide(registry, alarm).version,
    "margin_days": days + 1,
    "version": policy.decide(registry, alarm).version,
}
### END SOLUTION

# %% check="a04-version"
lab.check("a04-version", back)

# %%
lab.quiz("a04-previous")

# %% [markdown]
# ## Human or machine (graded by a person, 4 points)
#
# Should the switch be thrown by the alarm itself, or by a person who was paged? Decide for your monitor, in about 100 words.
# One point each: the cost of a wrong switch, with a figure; the cost of half an hour of waiting, with a figure; what
# would make you change your mind; how you will notice that the monitor itself has stopped.

# %% [markdown] prose="a04-gate" points=4
# A wrong switch takes refunds by the assistant away from every customer for half a day; at about ten refunds a day that is
# five people who wait for a colleague. Waiting half an hour for a person costs about the same number of bad refunds as the
# alarm needed to ring, and those are paid for good. With no false alarm in the runs we tried I let the alarm throw the switch, and
# page on-call at once so that it can be put back. Two wrong switches in a quarter would make me put a person first again. A
# planted refund without an order runs through the pipeline every night; if it is not counted, on-call is paged.

# %% [markdown]
# ## What stays
#
# - Compare monitors on the same runs, with and without the incident: some alarms ring anyway.
# - Delay, false alarms and harm avoided are one trade. The budget is what people can bear.
# - The previous version is in the poison too. A margin is chosen for the slowest harm you expect, not the fastest.
# - Agree on the policy before the night on which you need it.
#
# **Next:** `05_present_to_leadership` asks for the means to keep all this.
