# %% [markdown]
# # Severity is measured, not felt
#
# After this lesson (about 40 minutes) you can
#
# 1. set the severity of an AI incident from measures, also when a measure is uncertain;
# 2. say who leads, who may switch the model off, and what comes first in the first fifteen minutes;
# 3. write the internal alert and the first public status update.
#
# ## The situation
#
# It is 09:12 UTC on Monday, 2 March 2026. You are on call at Fenbrook, a marketplace with sixteen AI systems and
# an unlucky weekend. Sixteen reports are open. One of them is on every phone in the company, because it is funny.
# Another one has made no noise at all. You can look after one incident first. Which one?

# %%
import pandas as pd
import aiir_lab as lab

vignettes = lab.load_vignettes()
lab.draw_table(vignettes.head(6)[["title", "text"]])

# %% [markdown]
# ## Predict
#
# Before you see any figure: give each of these six a level by feeling, from `"SEV1"` (worst) to `"SEV4"`.
# Nobody grades this. Write down what you honestly think; you will meet it again.

# %%
prediction = {
    "gnome-carousel": None,
    "quiet-retraining": None,
    "leaflet-translation": None,
    "codeword-posts": None,
    "drift-alarm": None,
    "vendor-model-update": None,
}

# %% [markdown]
# ## A matrix two people agree on
#
# A feeling cannot be checked by a colleague. A **severity matrix** can: each row asks for one measure and says from
# which value on it earns a level. A dash says that this row alone never earns that level; anything below the
# last bound is SEV4. **The worst row decides.**
#
# Severity is impact. It is not pressure, and it is not the order of work (that is priority).

# %%
matrix = lab.load_severity_matrix()
bounds = pd.DataFrame([row.to_dict() for row in matrix.criteria]).set_index("name")
display(lab.draw_table(bounds))
lab.quiz("b01-loud")

# %% [markdown]
# ## What was measured
#
# The same reports, now with figures. Some are certain (`low` equals `high`), some are estimates: in the first
# minutes a sample or a search has not finished. The rule for those is short:
# **unsure means the higher level**, and nobody argues about it while people are being harmed.
#
# One worked example: the phone menu (`vignettes.loc["accent-phone-menu", "text"]` shows its report, and so for every id).

# %%
measures = lab.load_vignette_measures()
rows = measures[measures["id"] == "accent-phone-menu"]
for estimate in ("low", "high"):
    decision = matrix.classify(dict(zip(rows["criterion"], rows[estimate])))
    print(f"{estimate:4} estimate: {decision.severity}, decided by {', '.join(decision.decided_by)}")
display(lab.draw_table(rows))
lab.quiz("b01-unsure")

# %% [markdown]
# With the low estimate it is SEV3, with the high one SEV2. So it **is** SEV2 until somebody knows better.
#
# **Your turn.** Classify all sixteen: a dict from vignette id to level. Sixteen rows by hand invite slips,
# so let the code do it: `measures.groupby("id")` gives you the rows of one vignette at a time.

# %% answer="b01-severity"
severity = None
### BEGIN SOLUTION
severity = {}
for id, rows in measures.groupby("id"):
    decision = matrix.classify(dict(zip(rows["criterion"], rows["high"])))
    severity[id] = decision.severity
### END SOLUTION

# %% check="b01-severity"
lab.check("b01-severity", severity)

# %% [markdown]
# Now look at your prediction beside the measures.

# %%
lab.draw_severity_grid(prediction, classified=severity)

# %% [markdown]
# We see three things. The loudest report, the gnomes, sits at the bottom. Each SEV1 has **one** measure that puts it
# there, and never the same one twice: a matrix with a single row would miss most of them. And the retraining job
# harms nobody yet; it is SEV2 because every minute makes the way back longer.
#
# ## Explain two (graded by a person, 4 points)
#
# Choose two vignettes whose level surprised you, or surprises a friend. For each, in two or three sentences:
#
# | point | what earns it |
# | --- | --- |
# | 1 each | the deciding measure and its bound are named, and the level follows from them |
# | 1 each | what new measure would move the level up or down, and who could deliver it in ten minutes |

# %% [markdown] prose="b01-explain" points=4
# **Quiet retraining (SEV2).** The row `retraining_on_bad_data` decides: it is 1, and 1 earns SEV2. No user is
# affected, so the other rows say SEV4. If the job finished and its model went live, `wrong_decisions` would start to
# count and could raise the level; the ML engineer can say in ten minutes when the job ends and can pause it, which
# ends the SEV2.
#
# **Leaflet translation (SEV1).** Eight harmful outputs are SEV3 alone. `irreversible` decides: up to 63 % of the orders
# cannot be stopped, and 50 % earns SEV1. If the carrier stops enough parcels, the share falls below 50 %
# and the level to SEV2; the delivery desk can count the parcels still in the van.

# %% [markdown]
# ## Who leads, who may switch the model off
#
# The level decides whom you call. Exactly one role **leads** at each level. Some roles **may switch the model off**
# without asking first; that is agreed on a quiet day, because at 03:00 nobody finds out. (NIST AI RMF, MANAGE 2.4:
# responsibility for switching a system off is assigned and understood.)
#
# **Your turn.** Fill `authority` with all four levels. `escalation.leader(level)` and
# `escalation.may_switch_off(level)` help. Look at the table too: where can the on-call person act alone, where not?

# %%
escalation = lab.load_escalation_matrix()
steps = pd.DataFrame([step.model_dump(mode="json") for step in escalation.steps])
lab.draw_table(steps.set_index(["severity", "level"]))

# %% answer="b01-leader"
authority = {
    "SEV1": {"leader": None, "may_switch_off": None},
    "SEV2": {"leader": None, "may_switch_off": None},
    "SEV3": {"leader": None, "may_switch_off": None},
    "SEV4": {"leader": None, "may_switch_off": None},
}
### BEGIN SOLUTION
for level in authority:
    authority[level]["leader"] = escalation.leader(level)
    authority[level]["may_switch_off"] = escalation.may_switch_off(level)
### END SOLUTION

# %% check="b01-leader"
lab.check("b01-leader", authority)

# %% [markdown]
# ## 09:16: the internal alert
#
# Colleagues who read it at the same moment must know the same. Six fields are enough: how bad, since when, the impact
# **as a measured figure**, who leads, what is being done, when you write again. Times are UTC, with their zone:
# `"2026-03-02T09:00Z"`. `escalation.update_every_min` holds the longest gap between two updates at each level.
#
# **Your turn.** You take `vendor-model-update` first. Read its text and its measures again, then write the alert.

# %% answer="b01-alert"
alert = {
    "severity": None,
    "since_utc": None,
    "impact": None,
    "lead": None,
    "doing": None,
    "next_update_utc": None,
}
### BEGIN SOLUTION
alert = {
    "severity": "SEV1",
    "since_utc": "2026-03-02T09:05Z",
    "impact": "31 % of active users get an empty box instead of an answer about their order.",
    "lead": "incident_commander",
    "doing": "We are saving inputs and outputs, then switching the assistant to its fallback answers.",
    "next_update_utc": "2026-03-02T09:30Z",
}
### END SOLUTION

# %% check="b01-alert"
lab.check("b01-alert", alert)

# %% [markdown]
# ## 09:20: the first public update
#
# The public post is another text. Customers need to know whether it is about them, what they notice, what they can do
# meanwhile, and when you write again. They do not need a cause, a vendor, a colleague or your system names; a wrong
# guess now has to be taken back later. The stage says how far you are: investigating, identified,
# monitoring or resolved.
#
# **Your turn.** Three to five plain sentences for the shoppers.

# %% answer="b01-update"
update = {"stage": None, "text": None, "next_update_utc": None}
### BEGIN SOLUTION
update = {
    "stage": "investigating",
    "text": "Since 09:05 UTC about three in ten shoppers see an empty box when they ask the help assistant "
    "about an order. Ordering, paying and delivery work. You can see your orders under My account. "
    "We are investigating. Next update by 09:40 UTC.",
    "next_update_utc": "2026-03-02T09:40Z",
}
### END SOLUTION

# %% check="b01-update"
lab.check("b01-update", update)

# %% [markdown]
# ## 09:28: the first fifteen minutes, looked back on
#
# Both texts are out. First, what should the **order** have been? Here are the tasks, shuffled:
#
# | name | task |
# | --- | --- |
# | `cause` | look for the root cause |
# | `switch` | switch the assistant to its fallback answers |
# | `page` | page the roles that the matrix names for this level |
# | `update` | post the first public status update |
# | `measure` | take a first measure and set the severity |
# | `acknowledge` | acknowledge the page |
# | `snapshot` | save model version, inputs, outputs and logs (this takes seconds) |
# | `alert` | send the internal alert |
#
# Second, who is **overdue**? Your alert names the role that leads, but naming is not paging. By the log,
# `on_call` was told at 09:12 (the detection), `communications_lead` at 09:16, `ml_engineer` at 09:21. Nobody else.
#
# **Your turn.** `order` is a list of the eight names; more than one order is good. `overdue` is a dict from each role that
# must have been told by now to its stand-in; `escalation.due(level, minutes)` gives steps with `.role`, `.fallback`.

# %% answer="b01-fifteen"
told = ["on_call", "communications_lead", "ml_engineer"]
fifteen = {"order": None, "overdue": None}
### BEGIN SOLUTION
due = escalation.due("SEV1", 16)
fifteen = {
    "order": ["acknowledge", "measure", "page", "alert", "snapshot", "switch", "update", "cause"],
    "overdue": {step.role: step.fallback for step in due if step.role not in told},
}
### END SOLUTION

# %% check="b01-fifteen"
lab.check("b01-fifteen", fifteen)

# %%
lab.quiz("b01-close")

# %% [markdown]
# ## What stays
#
# - Severity comes from measures, and the worst one decides. Noise is no measure.
# - Unsure means the higher level. Going down later is cheap, going up late is not.
# - One role leads, and it is agreed beforehand who may switch the model off.
# - Acknowledge, measure, page, tell; save the evidence, stop the harm; look for the cause last.
# - Inside: figures and who leads. Outside: what people notice and when you write again, never a guess.
#
# **Try it at work.** Take the last incident you lived through and give it a level with this matrix. Which measure was
# missing at the time?
#
# **Next:** `02_anatomy_of_a_postmortem` takes published post-mortems apart and computes what they leave out.
