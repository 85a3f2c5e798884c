# %% [markdown]
# # Rolling back is an answer to one kind of failure only
#
# After this lesson (about 60 minutes; each exercise can be played by itself) you can
#
# 1. tell drift, injection and bias apart by their first signs, and from poisoning;
# 2. say for each what helps, what does not, and measure it;
# 3. lead the first hours of each: what has to come before the first change differs.
#
# ## The situation
#
# It is 02:10 UTC, a Monday. After the fraud incident your company has written one line into its runbook: *"Model behaves
# oddly: roll back first, ask later."* You are on call for three other systems this month. Does the line hold?

# %%
from datetime import timedelta

from IPython.display import Markdown

import aiir_lab as lab

runs = {}
for name in ("fraud_poisoning", "demand_drift", "credit_bias", "assistant_injection"):
    runs[name] = lab.simulate(name, seed=7, size="sample")
    print(f"{name:20} {runs[name].title}\n{'':20} {', '.join(runs[name].controls)}")

# %% [markdown]
# ## Test the line
#
# **Predict:** a week after the onset somebody goes back to the earlier model, and does nothing else. Which share of the
# harm is gone, in each world that has an earlier model? (The assistant has none: look at its controls.)

# %%
guess = {"fraud_poisoning": None, "demand_drift": None, "credit_bias": None}

lab.quiz("i04-back")

# %% [markdown]
# **Your turn.** Measure it: `lab.replay(run, controls=["rollback_model"], at=run.reveal().onset_utc + timedelta(days=7))`
# gives the same world with the rollback; the share gone is 1 - its harm / the harm of the run. Then find for
# `demand_drift` and `credit_bias` the one control that removes most when it is switched on at that same moment.
#
# ```python
# compared = {"rollback": {"fraud_poisoning": None, "demand_drift": None, "credit_bias": None},
#             "best": {"demand_drift": None, "credit_bias": None}}
# ```

# %% answer="i04-compare"
compared = None
### BEGIN SOLUTION
gone = {}
for name in ("fraud_poisoning", "demand_drift", "credit_bias"):
    run = runs[name]
    at = run.reveal().onset_utc + timedelta(days=7)
    gone[name] = {
        control: 1 - lab.replay(run, controls=[control], at=at).harm.amount / run.harm.amount
        for control in run.controls
    }
compared = {
    "rollback": {name: shares["rollback_model"] for name, shares in gone.items()},
    "best": {name: max(gone[name], key=gone[name].get) for name in ("demand_drift", "credit_bias")},
}
### END SOLUTION

# %% check="i04-compare"
lab.check("i04-compare", compared)

# %%
if compared is None:
    print("Measure first, then run this cell again.")
else:
    for name, share in compared["rollback"].items():
        print(f"{name:18} going back removes {share:5.0%}   you expected {guess[name]}")

# %% [markdown]
# | kind | what changed | first signs | what going back does |
# | --- | --- | --- | --- |
# | poisoning | the **labels**, by intent | trusted labels contradict the rest | helps, if you go behind the onset |
# | drift | the **world** | one region or group, while the mean stands still | nothing: the older model knows even less |
# | injection | the **input**, by intent | the right tool for the wrong people | there is nothing to go back to |
# | bias | what one **feed** says about one group | appeals, letters, one corrected field | nothing: the older model reads the same feed |
#
# ## Drift: the shelf that the average hides
#
# Play until the orders are mended and somebody learns from recent weeks; a quarter of an hour will do. Keep one question in
# mind: what do you look at first when the dashboard shows one mean for all stores?

# %%
drift = lab.start_exercise("demand_drift", seed=7, log="i04_drift.jsonl")
Markdown(drift.briefing)

# %%
lab.exercise_panel(drift)

# %% [markdown]
# **Your turn.** Hand in `drift.log_text`, or the code from the pane *Log* with `drift_log = session.log_text` below it.

# %% answer="i04-drift"
drift_log = None
### BEGIN SOLUTION
session = lab.start_exercise("demand_drift", seed=7)
session.acknowledge()
session.declare_severity("SEV3", rationale="Tens of wrong orders an hour, money and empty shelves, nobody hurt.")
session.escalate("ml_engineer", "One region runs out of stock while the mean stands still. Please join.")
session.query("sales")
session.hypothesis("Demand has moved in one region; the model has not seen it. An older model has seen even less.")
session.decide("manual_override", rationale="Orders can be right by tomorrow; we set a date to take factors back.")
session.post_update(
    "Since last week some stores in one region run out of single product groups by noon. Other stores are not affected. "
    "Planners are raising the orders for these groups. Next update at 06:00 UTC.",
    stage="identified",
    next_update_min=120,
)
session.query("model_registry")
session.decide("safety_stock", rationale="A margin where shelves run out, until the challenger has taken over.")
session.decide("shadow_model", rationale="The challenger learns from recent weeks and takes over where it is better.")
session.escalate("product", "Factors and a challenger are on; waste may rise for some days.")
session.hot_wash(went_well=["We looked by region first."], to_improve=["Take the factors back on a date."])
drift_log = session.log_text
### END SOLUTION

# %% check="i04-drift"
lab.check("i04-drift", drift_log)

# %% [markdown]
# ## Injection: the document that gave orders
#
# An assistant reads a customer's message and a document as one text, and a document can choose a tool. Filters read words;
# attackers choose new words. What holds is **least privilege**: which tool is open for whom, and who may choose it.
# Two things to keep in mind: whoever attacks may read your status page, and records of people left the house.

# %%
injection = lab.start_exercise("assistant_injection", seed=7, log="i04_injection.jsonl")
lab.exercise_panel(injection)

# %% answer="i04-injection"
injection_log = None
### BEGIN SOLUTION
session = lab.start_exercise("assistant_injection", seed=7)
session.acknowledge()
session.declare_severity("SEV2", rationale="Refunds without an order, perhaps by intent; records may have left as well.")
session.escalate("incident_commander", "Refunds go to people without orders. I want to switch the refund tool off.")
session.escalate("security", "The refund tool is chosen for the wrong people. Please keep and compare the calls.")
session.keep_evidence("tool_calls")
session.keep_evidence("messages")
session.decide("kill_switch", rationale="It stops the money within minutes; support pays refunds by hand meanwhile.")
session.post_update(
    "Since this morning, customers cannot get refunds through our assistant. Orders and deliveries are not affected. "
    "Support pays refunds by hand. We are looking into it. Next update at 21:00 UTC.",
    stage="investigating",
    next_update_min=60,
)
session.escalate("ml_engineer", "Please prepare a version in which only the customer's message chooses a tool.")
session.query("tool_calls")
session.query("conversations")
session.decide("input_provenance", rationale="Only the customer's own words may choose a tool; documents are quoted.")
session.escalate("legal", "Records of customers went to strangers. The 72 hours of GDPR, Article 33, seem to run.")
session.decide_legal("gdpr_article_33", "report", rationale="A personal data breach, and a risk cannot be ruled out.")
session.decide_legal("ai_act_article_73", "does_not_apply", rationale="Customer service is in no point of Annex III.")
session.hot_wash(went_well=["Evidence before the switch."], to_improve=["Ask legal in the first ten minutes."])
injection_log = session.log_text
### END SOLUTION

# %% check="i04-injection"
lab.check("i04-injection", injection_log)

# %% [markdown]
# ## Bias: approvals on target
#
# Here the order is the lesson. Scoring the creditworthiness of people is named in **Annex III, point 5(b)** of the EU AI Act,
# and harm to a group can touch obligations that protect fundamental rights: a *serious incident* with 15 days to report,
# counted from awareness. Article 73(6): nothing that affects the analysis of the causes is altered before the authority is told.
# So: evidence, counsel, then the change. (From which date these duties bind is for counsel; the order is good
# practice on any date.)

# %%
bias = lab.start_exercise("credit_bias", seed=7, log="i04_bias.jsonl")
lab.exercise_panel(bias)

# %% answer="i04-bias"
bias_log = None
### BEGIN SOLUTION
session = lab.start_exercise("credit_bias", seed=7)
session.acknowledge()
session.declare_severity("SEV1", rationale="A legal clock may have started, for irreversible harm to a group.")
session.escalate("incident_commander", "Appeals of one group, one corrected field. I declared SEV1; please lead.")
session.escalate("legal", "Creditworthiness, Annex III 5(b). Please tell us what may be changed before whom we tell.")
session.keep_evidence("applications")
session.keep_evidence("decisions")
session.escalate("communications_lead", "Applicants will ask. Please prepare an update.")
session.post_update(
    "Since last month some loan applications were declined because a record was empty. Applicants who were declined can "
    "appeal today and bring papers. Other applications are not affected. We are looking into it. Next update at 08:00 UTC.",
    stage="investigating",
    next_update_min=60,
)
session.query("appeal_decisions")
session.query("feed_changes")
session.decide_legal("ai_act_article_73", "report", rationale="Annex III 5(b), a group is harmed; a first report may be incomplete.")
session.escalate("ml_engineer", "The feed left a field empty for some addresses. Please prepare the old feed.")
session.decide("rollback_feed", rationale="The older feed fills the field; the model is not the cause. Evidence is kept.")
session.decide("data_contract", rationale="An empty field in a slice is caught every day from now on.")
session.hot_wash(went_well=["Counsel before the first change."], to_improve=["Put appeals on a dashboard."])
bias_log = session.log_text
### END SOLUTION

# %% check="i04-bias"
lab.check("i04-bias", bias_log)

# %% [markdown]
# ## Rewrite the runbook (graded by a person, 5 points)
#
# Replace the line *"Model behaves oddly: roll back first, ask later"* by six to ten lines that somebody can follow at 02:15.
#
# | points | what earns them |
# | --- | --- |
# | 2 | two or three quick looks that tell the four kinds apart, each with its table |
# | 1 | for each kind the first measure, and for which one a rollback is it |
# | 1 | what comes before any change: evidence, and whom to ask when people's rights are touched |
# | 1 | who may decide, and how one sees that it works |

# %% [markdown] prose="i04-runbook" points=5
# 1. Take it on, say a severity, tell the commander. Unsure: the higher one.
# 2. Keep a copy of inputs, labels, decisions and registry. It takes minutes.
# 3. Look by group, never at the mean: region and product, source and cohort, declared group and corrected field.
# 4. Do trusted labels contradict the rest, by source? Then poisoning: freeze the channel, roll back **behind the onset**,
#    hold promotions. The ML engineer or the commander decides; it works when trusted labels agree again.
# 5. Has one region or group moved while the registry has not? Then drift: do not roll back. Mend by hand with an end
#    date, let a challenger learn from recent weeks. It works when waste and empty shelves of that group fall.
# 6. Does a tool act for the wrong people? Then injection: switch that tool off, gate it by order and owner, let only the
#    user's own words choose tools. No word on how it works outside. Records gone: GDPR, 72 hours.
# 7. Do appeals of one group name one field? Then bias: legal **before** any change, evidence kept, then take the feed back.
#    It works when upheld appeals fall.
# 8. Post what people notice, and the time of the next post. Write down why, at the minute at which you decide.

# %% [markdown]
# ## Recap
#
# - Ask first what changed: labels, world, input or feed. The model is where it shows.
# - Means hide groups. Every one of these incidents was invisible in the total.
# - Drift: mend locally, then learn. Injection: least privilege, then words. Bias: evidence and counsel, then the change.
# - A runbook line that begins with a measure instead of a look is right once.
#
# **Try it at work.** Which of the four could happen to your system, and which table would show it?
#
# **Next:** `05_interview_practice`: tell one of these runs so that somebody wants to work with you.
