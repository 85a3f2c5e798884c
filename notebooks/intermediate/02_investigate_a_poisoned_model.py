# %% [markdown]
# # A model can be poisoned while every check stays green
#
# After this lesson (about 45 minutes) you can
#
# 1. find the source, the onset and the mechanism of a data poisoning in the tables that a company really has;
# 2. say which usual checks fail, and why;
# 3. count the false negatives, estimate the rest, and choose the version to roll back to.
#
# ## The situation
#
# It is 08:40 UTC on a Monday. Finance writes: "More chargebacks than last month, and all from orders that your model had
# approved." The dashboard of the fraud model is green. The model is retrained every Monday on four weeks of payments.
# Its labels come from analysts (few, late, good), from **partners** who report which of their orders were legitimate or
# fraud (many, fast), and from silence: an approved payment that nobody speaks about counts as legitimate after five days.

# %% only="shared"
import pandas as pd
import plotly.express as px

import aiir_lab as lab

run = lab.simulate("fraud_poisoning", seed=21)
tables = run.observe()
print(run.company, run.started_utc.date(), "to", run.ended_utc.date())
for name, table in tables.items():
    print(f"{name:22} {len(table):>8,} rows   {', '.join(table.columns[:6])}")

# %% [markdown] only="own"
# This incident is yours alone: another company, other partners, other numbers than your neighbour's. Its tables lie in the
# folder `incident` beside this notebook. A check takes your answer down; your instructor judges it.
#
# Whoever investigates shows evidence. So most answers bring `payments`: three to ten transaction ids, in your tables, of
# payments that show what you say. An answer without earns nothing.

# %% only="own"
import pandas as pd
import plotly.express as px

import aiir_lab as lab

run = lab.open_incident()
tables = run.observe()
print(run.company, run.started_utc.date(), "to", run.ended_utc.date())
for name, table in tables.items():
    print(f"{name:22} {len(table):>8,} rows   {', '.join(table.columns[:6])}")

# %% [markdown]
# `run.columns` documents every column. **Predict before you look:** which table will show the poisoning first, and which
# will never show it?

# %%
first, never = None, None

alerts = tables["alerts"]
alerts.loc[alerts["urgency"] == "page", ["fired_utc", "rule", "text"]]

# %% [markdown]
# ## The usual checks
#
# Three things that most teams look at first: the checks of the ingestion, the partner whose feedback looks most
# one-sided, and the headline metric.
#
# **Your turn.** From `ingestion_batches`, `feedback_by_merchant` (sum by `source_id` before you divide) and `dashboard`:
# the number of batches of the channel `partner_feedback` that passed their check; the partner with the largest share of
# legitimate feedback; the mean `eval_auc` of the last 14 days minus that of the first 14.
#
# ```python
# naive = {"batches_passed": None, "most_legitimate": None, "auc_change": None}
# ```

# %% answer="i02-naive"
naive = None
### BEGIN SOLUTION
batches = tables["ingestion_batches"].query("channel == 'partner_feedback'")
sums = tables["feedback_by_merchant"].groupby("source_id")[["legitimate_rows", "feedback_rows"]].sum()
auc = tables["dashboard"]["eval_auc"]
naive = {
    "batches_passed": int(batches["is_passed"].sum()),
    "most_legitimate": (sums["legitimate_rows"] / sums["feedback_rows"]).idxmax(),
    "auc_change": auc.iloc[-14:].mean() - auc.iloc[:14].mean(),
}
### END SOLUTION

# %% check="i02-naive"
lab.check("i02-naive", naive)

# %%
shown = tables["dashboard"].set_index("shown_utc")[["eval_auc", "eval_precision", "feedback_legitimate_share"]]
figure = px.line(shown.rename_axis(None), title="The dashboard stays green: no line leaves its band")
figure.update_layout(yaxis_title="rate, 0 to 1", xaxis_title="UTC", legend_title="", yaxis_range=[0.5, 1])
figure

# %% [markdown]
# Every batch passed: each is compared with the two weeks before it, and whoever moves slowly takes the comparison along.
# The partner with the most one-sided feedback sells things that are hardly ever stolen. And the evaluation reads **the
# same labels** as the training: a model that has learned a lie is graded by the liar.
#
# ## Who contradicts those who look?
#
# So compare each partner with somebody who is not paid by the payment. In `feedback_by_merchant`, `trusted_fraud_rows`
# counts payments with feedback that an analyst or a chargeback calls fraud; `contradicted_rows` counts those of them that
# the feedback calls legitimate. Partners err, so some contradiction is usual. The question is who contradicts **more
# often than usual, in numbers that chance does not make**:
#
# $$\text{score} = \frac{\text{contradicted} - \text{expected}}{\sqrt{\text{expected} + 1}}, \qquad
# \text{expected} = \text{trusted fraud rows} \times \text{the usual rate}$$
#
# For the usual rate take medians over the partners, which the guilty ones do not move.
#
# **Your turn.** Whose word do you no longer believe? A list of partners; accusing an honest one costs points.

# %% answer="i02-source" only="shared"
sources = None
### BEGIN SOLUTION
seen = tables["feedback_by_merchant"].groupby("source_id")[["trusted_fraud_rows", "contradicted_rows"]].sum()
usual = seen["contradicted_rows"].median() / seen["trusted_fraud_rows"].median()
expected = seen["trusted_fraud_rows"] * usual
seen["score"] = (seen["contradicted_rows"] - expected) / (expected + 1) ** 0.5
sources = seen.index[seen["score"] > 6].tolist()
### END SOLUTION

# %% [markdown] only="own"
# For an incident of your own not a list but a dict: partner -> its contradicted rows in all.

# %% answer="i02-source" only="own"
sources = None
### BEGIN SOLUTION
seen = tables["feedback_by_merchant"].groupby("source_id")[["trusted_fraud_rows", "contradicted_rows"]].sum()
usual = seen["contradicted_rows"].median() / seen["trusted_fraud_rows"].median()
expected = seen["trusted_fraud_rows"] * usual
seen["score"] = (seen["contradicted_rows"] - expected) / (expected + 1) ** 0.5
sources = seen.loc[seen["score"] > 6, "contradicted_rows"].to_dict()
### END SOLUTION

# %% check="i02-source"
lab.check("i02-source", sources)

# %% [markdown]
# ## What do the false labels protect?
#
# **Your turn.** Take the feedback of these partners that says legitimate about payments that a trusted channel calls
# fraud, join the payments, and describe them: category, device, from and to which amount in dollars.
#
# ```python
# pattern = {"category": None, "device": None, "low_usd": None, "high_usd": None}
# ```
#
# The next cell joins what you need for the rest of the lesson.

# %%
paid = tables["transactions"].merge(tables["decisions"], on="transaction_id")
labels = tables["labels"]
is_trusted = labels["channel"].isin(["analyst", "chargeback"]) & (labels["label"] == "fraud")
trusted = set(labels.loc[is_trusted, "transaction_id"])
feedback = labels[(labels["channel"] == "partner_feedback") & (labels["label"] == "legitimate")]
contradicted = feedback[feedback["transaction_id"].isin(trusted)].merge(paid, on="transaction_id")
contradicted[["labelled_at_utc", "source_id", "category", "device", "amount_usd"]].tail(5)

# %% [markdown] only="shared"
# Take the whole range and round it outwards to ten dollars: a victim outside your range is a victim that you do not count
# later.

# %% answer="i02-pattern" only="shared"
pattern = None
### BEGIN SOLUTION
theirs = contradicted[contradicted["source_id"].isin(sources)]
category, device = theirs.groupby(["category", "device"], observed=True).size().idxmax()
core = theirs[(theirs["category"] == category) & (theirs["device"] == device)]
low, high = core["amount_usd"].min() // 10 * 10, -(-core["amount_usd"].max() // 10) * 10
pattern = {"category": category, "device": device, "low_usd": low, "high_usd": high}
### END SOLUTION

# %% [markdown] only="own"
# In an incident of your own an honest mistake may lie far outside the range: leave the outermost percent on both sides out.
# `payments`: some of the contradicted ones inside your range.

# %% answer="i02-pattern" only="own"
pattern = None
### BEGIN SOLUTION
theirs = contradicted[contradicted["source_id"].isin(sources)]
category, device = theirs.groupby(["category", "device"], observed=True).size().idxmax()
core = theirs[(theirs["category"] == category) & (theirs["device"] == device)]
low, high = core["amount_usd"].quantile([0.01, 0.99]).round(2)
inside = core[core["amount_usd"].between(low, high)]
pattern = {
    "category": category,
    "device": device,
    "low_usd": low,
    "high_usd": high,
    "payments": inside["transaction_id"].tail(5).tolist(),
}
### END SOLUTION

# %% check="i02-pattern"
lab.check("i02-pattern", pattern)

# %% [markdown]
# ## When did it begin?
#
# Not with the first contradicted label: honest mistakes are as old as the channel. **Predict:** how many weeks before the
# first page about chargebacks?
#
# **Your turn.** The onset in UTC; a day is precise enough, and within eight days earns full marks.

# %% answer="i02-onset" only="shared"
onset = None
### BEGIN SOLUTION
week = (core["labelled_at_utc"] - run.started_utc).dt.days // 7
weekly = week.value_counts().reindex(range(14), fill_value=0)
usual_week = weekly[:3].mean()
is_high = weekly > usual_week + 2 * (usual_week + 1) ** 0.5
first_week = next(w for w in range(13) if is_high[w] and is_high[w + 1])
onset = run.started_utc + pd.Timedelta(weeks=first_week)
### END SOLUTION

# %% check="i02-onset" only="shared"
lab.check("i02-onset", onset)

# %% [markdown] only="own"
# For an incident of your own a dict, with some of the first contradicted `payments` of the pattern after the onset. Keep the
# time in `onset` as well: you need it below.
#
# ```python
# began = {"onset_utc": onset, "payments": []}
# ```

# %% answer="i02-onset" only="own"
onset = None
began = None
### BEGIN SOLUTION
week = (core["labelled_at_utc"] - run.started_utc).dt.days // 7
weekly = week.value_counts().reindex(range(14), fill_value=0)
usual_week = weekly[:3].mean()
is_high = weekly > usual_week + 2 * (usual_week + 1) ** 0.5
first_week = next(w for w in range(13) if is_high[w] and is_high[w + 1])
onset = run.started_utc + pd.Timedelta(weeks=first_week)
first = inside[inside["labelled_at_utc"] >= onset].sort_values("labelled_at_utc")
began = {"onset_utc": onset, "payments": first["transaction_id"].head(5).tolist()}
### END SOLUTION

# %% check="i02-onset" only="own"
lab.check("i02-onset", began)

# %% [markdown]
# ## What did each version still see?
#
# Look at **all** payments of the pattern, whoever spoke about them, and at the version that decided each.
#
# **Your turn.** For each version the share of these payments that it declined, and the first version (in order of
# training) that declined less than half.
#
# ```python
# versions = {"declined": {"v1": None, "v2": None}, "first_blind": None}
# ```

# %% answer="i02-versions" only="shared"
versions = None
### BEGIN SOLUTION
is_hit = (paid["category"] == category) & (paid["device"] == device) & paid["amount_usd"].between(low, high)
hit = paid[is_hit]
declined = hit["action"].eq("decline").groupby(hit["model_version"].astype(str)).mean()
declined = declined.reindex(tables["model_registry"]["version"]).dropna()
versions = {"declined": declined.to_dict(), "first_blind": declined[declined < 0.5].index[0]}
### END SOLUTION

# %% [markdown] only="own"
# `payments`: some of the pattern that this first version approved.

# %% answer="i02-versions" only="own"
versions = None
### BEGIN SOLUTION
is_hit = (paid["category"] == category) & (paid["device"] == device) & paid["amount_usd"].between(low, high)
hit = paid[is_hit]
declined = hit["action"].eq("decline").groupby(hit["model_version"].astype(str)).mean()
declined = declined.reindex(tables["model_registry"]["version"]).dropna()
blind = declined[declined < 0.5].index[0]
let_through = hit[(hit["model_version"] == blind) & (hit["action"] == "approve")]
versions = {
    "declined": declined.to_dict(),
    "first_blind": blind,
    "payments": let_through["transaction_id"].head(5).tolist(),
}
### END SOLUTION

# %% check="i02-versions"
lab.check("i02-versions", versions)

# %%
if versions is None:
    print("Fill in the versions first, then run this cell again.")
else:
    title = "The model forgets one pattern, a few weeks after the false labels begin"
    figure = px.bar(x=list(versions["declined"]), y=list(versions["declined"].values()), title=title)
    figure.update_layout(xaxis_title="model version", yaxis_title="share of the pattern that it declined")
    display(figure)

# %% [markdown]
# So the mechanism is a loop. False labels enter the training set; the model gets a little milder towards the pattern; more
# of it is approved; of what is approved, analysts see hardly anything, so silence makes it legitimate, too; the next
# version learns from that. The collapse comes **weeks after** the onset, and then within two versions.
#
# ## What did it cost?
#
# **Your turn.**
#
# - `known`, `known_usd`: payments of the pattern, approved since the onset, that an analyst or a chargeback calls fraud
#   by now: how many, how much;
# - `estimate_usd`: your estimate of the whole loss by approved fraud in the pattern, beyond what was usual before the
#   onset. Chargebacks come two to ten weeks late. Most of the pattern was fraud even before, which the old versions
#   declined.

# %% answer="i02-missed" only="shared"
missed = None
### BEGIN SOLUTION
after = hit[hit["at_utc"] >= onset]
through = after[after["action"] == "approve"]
known = through[through["transaction_id"].isin(trusted)]
usual_share = hit.loc[hit["at_utc"] < onset, "action"].eq("approve").mean()
missed = {
    "known": len(known),
    "known_usd": known["amount_usd"].sum(),
    "estimate_usd": through["amount_usd"].sum() - usual_share * after["amount_usd"].sum(),
}
### END SOLUTION

# %% [markdown] only="own"
# `payments`: some of the known ones.

# %% answer="i02-missed" only="own"
missed = None
### BEGIN SOLUTION
after = hit[hit["at_utc"] >= onset]
through = after[after["action"] == "approve"]
known = through[through["transaction_id"].isin(trusted)]
usual_share = hit.loc[hit["at_utc"] < onset, "action"].eq("approve").mean()
missed = {
    "known": len(known),
    "known_usd": known["amount_usd"].sum(),
    "estimate_usd": through["amount_usd"].sum() - usual_share * after["amount_usd"].sum(),
    "payments": known["transaction_id"].head(5).tolist(),
}
### END SOLUTION

# %% check="i02-missed"
lab.check("i02-missed", missed)

# %% [markdown]
# What is known is a fraction of the loss. A status update with the known number alone would have to be corrected upwards
# for ten weeks. Say both, and say which is which.
#
# ## Where do we go back to?
#
# The registry tells when each version was trained; its training set ends there. Weigh three things: it sees the pattern;
# no poisoned label is in its training set; and it is no older than needed, because old versions do not know what is new.
#
# **Your turn.** `version`, and a `reason` of one or two sentences with a number that somebody can check.

# %%
models = tables["model_registry"]
models[["version", "trained_utc", "window_from_utc", "status", "eval_auc", "eval_recall"]]

# %% answer="i02-rollback" only="shared"
rollback = None
### BEGIN SOLUTION
clean = models[models["trained_utc"] <= onset - pd.Timedelta(days=3)]["version"].iloc[-1]
rollback = {
    "version": clean,
    "reason": f"{clean} declined {declined[clean]:.0%} of the pattern, and its training window closed before the "
    "first unusual labels came in; the next version was trained on the week in which they began.",
}
### END SOLUTION

# %% [markdown] only="own"
# `payments`: some of the pattern that this version declined.

# %% answer="i02-rollback" only="own"
rollback = None
### BEGIN SOLUTION
clean = models[models["trained_utc"] <= onset - pd.Timedelta(days=3)]["version"].iloc[-1]
caught = hit[(hit["model_version"] == clean) & (hit["action"] == "decline")]
rollback = {
    "version": clean,
    "payments": caught["transaction_id"].head(5).tolist(),
    "reason": f"{clean} declined {declined[clean]:.0%} of the pattern, and its training window closed before the "
    "first unusual labels came in; the next version was trained on the week in which they began.",
}
### END SOLUTION

# %% check="i02-rollback"
lab.check("i02-rollback", rollback)

# %% [markdown] only="shared"
# ## Which decision would have helped?
#
# Eleven weeks into the run, four options are on the table. The world can be run on with each of them.
#
# | option | controls |
# | --- | --- |
# | `freeze` | `freeze_feedback`: no new feedback; what is in the training window stays until it ages out |
# | `rollback` | `rollback_model`: back to the version that does best on trusted labels; promotions are held |
# | `both` | both of them |
# | `rules` | `kill_switch`: the model is off, plain rules decide |
#
# **Predict** which of `freeze` and `rules` leaves less harm. Then measure all four with
# `lab.replay(run, controls=[...], at=decided_utc)`, and choose.
#
# ```python
# decision = {"harm_usd": {"freeze": None, "rollback": None, "both": None, "rules": None}, "choice": None}
# ```

# %% only="shared"
less_harm = None

decided_utc = run.started_utc + pd.Timedelta(days=77)
options = {
    "freeze": ["freeze_feedback"],
    "rollback": ["rollback_model"],
    "both": ["freeze_feedback", "rollback_model"],
    "rules": ["kill_switch"],
}
print(decided_utc, f"   harm if nobody decides anything: {run.harm.amount:,.0f} {run.harm.unit}")

# %% answer="i02-decision" only="shared"
decision = None
### BEGIN SOLUTION
harm_usd = {
    name: lab.replay(run, controls=controls, at=decided_utc).harm.amount for name, controls in options.items()
}
decision = {"harm_usd": harm_usd, "choice": min(harm_usd, key=harm_usd.get)}
### END SOLUTION

# %% [markdown] only="own"
# ## Which decision would have helped?
#
# Eleven weeks into the run, four options are on the table.
#
# | option | controls |
# | --- | --- |
# | `freeze` | `freeze_feedback`: no new feedback; what is in the training window stays until it ages out |
# | `rollback` | `rollback_model`: back to the version that does best on trusted labels; promotions are held |
# | `both` | both of them |
# | `rules` | `kill_switch`: the model is off, plain rules decide |
#
# The world was run on with each of them. `run.what_if` holds what that leaves: `harm_left_share` is the harm as a share
# of the harm if nobody decides anything. **Predict** which of `freeze` and `rules` leaves less, then look.
#
# **Your turn.** The harm in dollars that each option leaves, by your own estimate of the whole loss, and your choice.
#
# ```python
# decision = {"harm_usd": {"freeze": None, "rollback": None, "both": None, "rules": None}, "choice": None}
# ```

# %% only="own"
less_harm = None

run.what_if

# %% answer="i02-decision" only="own"
decision = None
### BEGIN SOLUTION
share = run.what_if.set_index("option")["harm_left_share"]
harm_usd = (share * missed["estimate_usd"]).to_dict()
decision = {"harm_usd": harm_usd, "choice": min(harm_usd, key=harm_usd.get)}
### END SOLUTION

# %% check="i02-decision"
lab.check("i02-decision", decision)

# %% only="shared"
if decision is None:
    print("Measure the options first, then run this cell again.")
else:
    left = pd.Series(decision["harm_usd"])
    title = f"Only going back helps: freezing leaves {left['freeze'] / run.harm.amount:.0%} of the harm"
    figure = px.bar(left, title=title)
    figure.add_hline(y=run.harm.amount, line_dash="dash", annotation_text="nobody decides anything")
    figure.update_layout(showlegend=False, xaxis_title="", yaxis_title="harm, USD")
    display(figure)

# %% only="own"
if decision is None:
    print("Work the options out first, then run this cell again.")
else:
    left = pd.Series(decision["harm_usd"])
    title = f"'{left.idxmin()}' leaves least: {left.min() / missed['estimate_usd']:.0%} of the harm"
    figure = px.bar(left, title=title)
    figure.add_hline(y=missed["estimate_usd"], line_dash="dash", annotation_text="nobody decides anything")
    figure.update_layout(showlegend=False, xaxis_title="", yaxis_title="harm, USD")
    display(figure)

# %% [markdown]
# Freezing the feedback sounds like containment, and it contains nothing: the lie is in the model and in the training
# window already. The rollback is the mitigation. The freeze is what keeps the lie from coming back **once promotions
# are allowed again**; the replay ends too early to show that.
#
# ## The note to the incident commander (graded by a person, 5 points)
#
# Eight to twelve sentences: what is going on, since when, how much, what you propose, what you must keep before anything
# is changed.
#
# | points | what earns them |
# | --- | --- |
# | 1 | source, onset and mechanism, each with the table that shows it |
# | 1 | known and estimated loss kept apart |
# | 1 | the version to go back to, and why freezing alone does not do |
# | 1 | evidence to keep first: label store, registry, model files, logs of the feedback keys |
# | 1 | what is not known, and what would change your mind; the partners are victims as well |

# %% [markdown] prose="i02-note" points=5
# Since about the end of May, feedback sent with the keys of two partners, partner-136 and partner-544, calls stolen
# payments legitimate: pharmacy, desktop web, 360 to 730 dollars. `feedback_by_merchant` shows that analysts and
# chargebacks contradict these two far more often than chance allows, and nobody else. The labels of `labels` by week date
# it: one a week until late May, then three, six, ten. The model learns from them every Monday; v5 declined four fifths
# of the pattern, v12 nothing (`decisions`). Known so far: 36 payments, about 17,800 dollars. We estimate the whole loss
# at about 58,000 dollars, because most chargebacks are still on their way. I propose to go back to v5, whose training
# window closed before the first unusual label, to hold promotions, and to freeze the two keys; freezing alone would have
# left all of the harm, because the lie is in the model already. Before that we keep copies of the label store, the
# registry, the files of v5 to v14 and the access logs of the feedback channel. We do not know how the keys were lost, nor
# whether a third pattern hides below our threshold; a partner with a score between 3 and 6 would change my mind. Both
# partners are probably victims, too, and we call them before we write to them.

# %% only="shared"
truth = run.reveal()
print(truth.onset_utc, "\n", truth.mechanism, "\n", truth.details["decoy_sources"], "are merely careless.")
print(f"True harm: {truth.harm.amount:,.0f} {truth.harm.unit}")

# %% [markdown]
# ## Recap
#
# - A check that reads the same labels as the training cannot find false labels. Ask somebody who is not paid by the answer.
# - Add up before you compare: single days hide what a sum over weeks shows. Small numbers make high rates by chance.
# - Onset is not the first oddity, and not the first alert. It is where the usual rate is left for good.
# - Known false negatives are a lower bound. Say the estimate as well, and say which is which.
# - The lie is in the model: go back behind the onset, then close the channel.
#
# **Try it at work.** Which channel of labels in your company is believed because it is large?
#
# **Next:** `03_tabletop_model_poisoning`: the same kind of incident, with the clock running and people waiting for you.
