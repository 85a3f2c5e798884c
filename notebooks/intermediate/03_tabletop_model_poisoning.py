# %% [markdown]
# # Under the clock, the order of decisions is the decision
#
# After this lesson (about 60 minutes, alone or as a team at one screen) you can
#
# 1. lead the response to a poisoned model: severity, escalation, evidence, containment, updates, law;
# 2. say what each of your decisions was worth, measured against doing nothing and against the best plan;
# 3. turn your own run into a post-mortem that names the gaps in data validation and rollback.
#
# ## The situation
#
# This is a **tabletop exercise** on a living world. What you read is a company's data at that minute; what you decide
# changes what happens next. Nothing is scripted but what people say. Every action costs minutes, also looking.

# %%
import datetime as dt

from IPython.display import Markdown

import aiir_lab as lab

session = lab.start_exercise("fraud_poisoning", seed=7, log="i03_tabletop.jsonl")
Markdown(session.briefing)

# %% [markdown]
# The session is kept in `i03_tabletop.jsonl` beside this notebook, after each action. Close the laptop if you must: the
# cell above resumes at the same minute. To start afresh, rename the file and run the cell again.
#
# Who must hear of it, and by when, in minutes after the first alert was taken on, if it turns out to be a SEV2:

# %%
matrix = lab.load_escalation_matrix()
for step in matrix.steps:
    if step.severity.value == "SEV2":
        print(f"{step.within_min:5} min  {step.role.value:20} fallback: {step.fallback.value}")
lab.quiz("i03-first")

# %% [markdown]
# **Predict before you begin:** which decision will be worth most, and which one sounds good and is worth little?

# %%
worth_most, worth_little = None, None

{view.name: view.title for view in session.decisions}

# %% [markdown]
# ## Play
#
# The top line is the clock; below it stands what is due. **Tab** moves on, **Space** presses a button. Everything that
# the panel does you can also do in code: `session.query("sources")`, `session.decide("freeze_feedback", rationale="...")`.
#
# You need not play all five days. When nothing more is to be decided, go to *Hot wash* and end the exercise: the world
# runs on for weeks under what you have decided. As a team: one reads the feed aloud, one decides, one writes.

# %%
panel = lab.exercise_panel(session)
panel

# %% [markdown]
# **Your turn.** Hand in the log. Put `session.log_text` into the answer cell. If the notebook itself goes to somebody else (a
# class, a colleague), paste the code from the pane *Log* there instead, followed by `run_log = session.log_text`: then
# it plays your session again wherever it is opened. The log is played once more to judge it; a line that was changed
# does not fit.

# %% answer="i03-run"
run_log = None
### BEGIN SOLUTION
session = lab.start_exercise("fraud_poisoning", seed=7)
session.acknowledge()
session.declare_severity(
    "SEV2",
    rationale="A model that retrains every week may be learning bad labels. Unsure, so the higher level.",
)
session.escalate("incident_commander", "Feedback contradicts analysts. I declared SEV2; please take command.")
session.escalate("ml_engineer", "Please hold the next promotion and tell us what a rollback takes.")
session.escalate("communications_lead", "Please prepare a first update: symptom, since when, next post.")
session.escalate("security", "Somebody may be sending false labels on purpose. No contact with partners yet.")
session.post_update(
    "Since this morning we see that some merchants' customers had fraudulent card payments approved. Other payments "
    "work as usual. We are looking into it. Next update at 14:30 UTC.",
    stage="investigating",
    next_update_min=30,
)
session.query("feedback_by_merchant")
session.keep_evidence("labels")
session.keep_evidence("model_registry")
session.decide("freeze_feedback", rationale="No more doubtful labels enter training; honest ones can come later.")
session.escalate("product", "We are about to roll back; declines may rise for a day.")
session.decide(
    "rollback_model",
    rationale="The lie is in the model and in its window. The version that does best on trusted labels stops the harm.",
)
session.query("sources")
session.escalate("legal", "Which duties apply? Annex III 5(b) seems to except fraud detection.")
session.escalate("customer_support", "Please use the words of the status page for merchants.")
for letter in session.inbox:
    if letter.needs_reply:
        answer = "Thank you for asking. Some fraudulent payments were approved; we went back to an earlier version."
        session.message(letter.sender, f"{answer} We write again in two hours.", in_reply_to=letter.id)
session.decide("provenance_gate", rationale="Unverified partners clear a payment only where an analyst agrees.")
session.decide_legal(
    "ai_act_article_73",
    "does_not_apply",
    rationale="Annex III 5(b) excepts systems that detect financial fraud; counsel checks other duties.",
)
session.post_update(
    "We have gone back to an earlier version of our fraud check. Payments like those of the last weeks are declined "
    "again; some honest payments of merchants' customers may need a second try. We watch the result. Next update at 20:30 UTC.",
    stage="monitoring",
    next_update_min=240,
)
session.hot_wash(went_well=["We looked by source first."], to_improve=["Updates came late while we were busy."])
run_log = session.log_text
### END SOLUTION

# %% check="i03-run"
lab.check("i03-run", run_log)

# %% [markdown]
# ## What it was worth
#
# The report below replays your world with other plans: nothing at all, each of your decisions left out, and a search for
# the best plan. Read the table of decisions first: *harm avoided* is what would have happened in addition **without**
# that one. Two decisions that do the same show zero each.

# %%
report = None
if run_log is None:
    print("Play the exercise first; then this cell shows your after-action report.")
else:
    report = session.after_action()
    display(report)

# %%
if report is not None:
    harm = report.harm
    print(f"Nobody decides: {harm.no_response:,.0f}   yours: {harm.amount:,.0f}   best: {harm.best:,.0f} {harm.unit}")
    for decision in report.decisions:
        print(f"  {decision.at_min:6g} min  {decision.title:70} {decision.harm_avoided or 0:>10,.0f}")
    print("You expected most of:", worth_most, "and little of:", worth_little)

# %% [markdown]
# ## The mock post-mortem
#
# `report.to_postmortem()` fills in what the log knows: timeline, impact, messages, decisions, the factors that the
# facilitator knows. What no log knows are the **gaps in the process**: what was missing, as a rule of working together,
# before this Saturday.
#
# **Your turn.** Add at least
#
# - one condition on the strand `process` about the **validation of data** on its way into training, and one about
#   **promotion and rollback**, each with evidence from your run (a minute, a table, a figure);
# - one action against each, with owner, due date and success metric, which works without anybody remembering it.
#
# ```python
# pm = report.to_postmortem()
# pm = pm.model_copy(update={
#     "contributing_factors": (*pm.contributing_factors,
#         lab.ContributingFactor(text="...", strand="process", evidence="..."), ...),
#     "action_items": (*pm.action_items,
#         lab.ActionItem(description="...", owner="...", due=pm.date + dt.timedelta(days=30), success_metric="..."), ...),
# })
# ```

# %% answer="i03-postmortem"
pm = None
### BEGIN SOLUTION
draft = report.to_postmortem()
due = draft.date + dt.timedelta(days=60)
pm = draft.model_copy(
    update={
        "contributing_factors": (
            *draft.contributing_factors,
            lab.ContributingFactor(
                text="The process lets a partner's label enter the training set without any check against analysts",
                strand="process",
                evidence="feedback_by_merchant at minute 36: two sources are contradicted far above the usual rate",
            ),
            lab.ContributingFactor(
                text="No rehearsal of a rollback is required, and the choice of the version follows no written rule",
                strand="process",
                evidence="The rollback was decided an hour after the alert, and nobody knew at once which version",
            ),
        ),
        "action_items": (
            *draft.action_items,
            lab.ActionItem(
                description="Block each training run whose labels contradict analysts above the usual rate in any source",
                owner="Lead of the training pipeline",
                due=due,
                success_metric="Share of training runs with a passed contradiction check on record: 100 %",
            ),
            lab.ActionItem(
                description="Automate the rollback to the version that does best on trusted labels, as one command",
                owner="Lead of the model platform",
                due=due,
                success_metric="Median time from decision to rollback in the monthly drill is below 15 minutes",
            ),
        ),
    }
)
### END SOLUTION

# %% check="i03-postmortem"
lab.check("i03-postmortem", pm)

# %%
if pm is None:
    print("Write the post-mortem first, then run this cell again.")
else:
    review = lab.review_postmortem(pm)
    print(f"{review.score:.2f}, {review.verdict}")
    for finding in review.findings[:6]:
        print("-", finding.message)

# %% [markdown]
# ## After the hot wash (graded by a person, 4 points)
#
# | points | what earns them |
# | --- | --- |
# | 1 | one decision that you would take earlier or later, with the minute, and what you knew at that minute |
# | 1 | one thing that you looked at and did not need, or needed and did not look at |
# | 1 | one moment in which somebody waited for you, and what it would have taken to let them hear |
# | 1 | one thing that went well, and the condition that made it likely |

# %% [markdown] prose="i03-hot-wash" points=4
# I would roll back before I look at the partners: at minute 60 I knew that the labels were contradicted and that freezing
# leaves the old ones in the window, and that was enough. I did not need the table of sources for any decision; it
# was for security. Merchants waited for an answer from minute 95 on while I decided the gate, and a text
# prepared with the first update would have cost four minutes. It went well that the evidence was kept before
# the freeze: the rule stood in the briefing, and the panel has a button for it next to the table.

# %% [markdown]
# ## Recap
#
# - Unsure between two levels: take the higher one, out loud, with your reason.
# - Keep evidence, then change the system. It costs minutes and saves the analysis.
# - Freezing stops new lies; only going back takes the old ones out of the model. Both, in the order that the clock allows.
# - An early update without a cause beats a late one with a guess.
# - A reporting duty is checked, not assumed: Article 73 does not cover fraud detection.
#
# **Try it at work.** Who may roll your model back tonight, and when did they last try?
#
# **Next:** `04_tabletop_drift_injection_bias`: three incidents in which this very response would be wrong.
