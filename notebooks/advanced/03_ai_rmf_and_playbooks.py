# %% [markdown]
# # A playbook is a hypothesis until somebody has tried it
#
# After this lesson (about 60 minutes) you can
#
# 1. place an incident and its plan on the NIST AI RMF, and name what neither of them looked at;
# 2. say which legal clock to ask counsel about first, and which assumption to leave to counsel;
# 3. exercise a playbook in two incidents, see where it breaks, and mend it until it holds.
#
# ## The situation
#
# It is 10:00 on the Friday after the board accepted your plan. Two questions came back: "Which parts of the risk framework
# does this cover?" and "Would the next team know what to do on a Sunday morning?" There is a draft of a playbook. It was
# written on a quiet Tuesday, and nobody has tried it.

# %%
from datetime import UTC, datetime

import pandas as pd
import aiir_lab as lab

run = lab.simulate("moderation_failure", seed=7, size="sample")
other = lab.simulate("assistant_injection", seed=7, size="sample")
draft = lab.load_playbook("moderation_draft")

# %% [markdown]
# ## The map
#
# The NIST AI RMF 1.0 names 72 outcomes, its *subcategories*, under four functions: GOVERN, MAP, MEASURE and MANAGE. It is
# voluntary, and it says *what*, never *how*. `lab.search_rmf("word")` reads ids, descriptions and uses. The descriptions are
# our paraphrase; quote the [Core](https://doi.org/10.6028/NIST.AI.100-1) where exact words matter.

# %%
lab.draw_table(lab.search_rmf("incident")[["description", "incident_use"]])

# %% [markdown]
# These are the five conditions of lesson 2, each with the control that was missing:

# %%
for factor in run.main_factors:
    print(f"{factor:22} {run.control(run.factors[factor]).what}")

# %% [markdown]
# **Your turn.** For each condition give the subcategory that it shows as weak (`rmf`; several can be defended, one each)
# and one sentence `why`: what the subcategory asks for, and where in this incident it was missing. An id alone is a
# guess. Then `plan`: those of your ids that the four controls of lesson 2 answer (`red_team_set`, `spelling_normaliser`,
# `alert_routing`, `on_call_switch`; the normaliser makes up for the old filter). `lab.rmf_coverage` derives `unanswered`
# and `gaps`.
#
# Where an adversary is in it, MITRE ATLAS has names, too: `atlas` gives for each of the four controls the mitigation that
# it is (`lab.atlas()`), or None where it is against no adversary. An id that does not exist is an error that names
# the nearest real one.

# %% answer="a03-mapping"
blank = {factor: {"rmf": None, "why": None} for factor in run.main_factors}
mapping = {"incident": blank, "plan": None, "atlas": None, "unanswered": None, "gaps": None}
### BEGIN SOLUTION
reasons = {
    "MANAGE 4.2": "No continual improvement was built into updates: filter_versions shows one filter on an old snapshot",
    "MEASURE 2.7": "Nobody evaluated the security of the filter: red_team_runs has no try of new spellings for months",
    "MEASURE 2.4": "Behaviour in production was not monitored by anybody awake: the alerts were a nightly sum to a mailbox",
    "MANAGE 2.4": "No responsibility was assigned to switch the topic off: on-call could not withhold it without asking",
    "MAP 3.5": "No human oversight was defined for outputs on a trending topic, however many views they had",
}
shown = dict(zip(run.main_factors, reasons, strict=True))
answered = [id for id in reasons if id != "MAP 3.5"]
covered = lab.rmf_coverage(incident=reasons, plan=answered)
known = {"red_team_set": "AML.M0003", "spelling_normaliser": "AML.M0010"}
mapping = {"incident": {factor: {"rmf": id, "why": reasons[id]} for factor, id in shown.items()}, "plan": answered}
mapping |= {"atlas": known, "unanswered": covered.unanswered, "gaps": covered.gaps}
### END SOLUTION

# %% check="a03-mapping"
lab.check("a03-mapping", mapping)

# %%
coverage = lab.rmf_coverage(
    incident=[row["rmf"] for row in mapping["incident"].values() if row["rmf"]], plan=mapping["plan"] or []
)
display(coverage)
lab.draw_rmf_coverage(coverage)

# %% [markdown]
# Sixteen subcategories matter most in incident work. That choice is our own, not NIST's. A red cell among them is no
# failure: it is a question that nobody has asked yet. Covering all 72 is not the aim either.
#
# ## The clocks
#
# Some incidents start a statutory clock. Here they are as facts, each with its source. Where `is_checked` is False, we took
# the figure from a secondary page: read the source before you rely on it.

# %%
clocks = lab.legal_clocks().set_index("id")
lab.draw_table(clocks[["article", "applies_to", "starts", "within_hours", "is_checked"]])

# %% [markdown]
# Three cautions before you use this table.
#
# - **Fraud detection is not creditworthiness.** Annex III 5(b) of the AI Act names credit scoring as high-risk and excepts
#   systems that detect financial fraud. Do not assume that Article 73 covers a fraud model. A bank has DORA.
# - **Snapshot before rollback.** Article 73(6): no change that affects the later analysis of causes before the authority is
#   told. A saved copy of model, data and logs comes before the switch.
# - **Counsel decides** whether a clock runs, since when, and which rules bind in the years of transition. Your part is to ask
#   early, with facts. An incomplete first report is allowed (73(5)).
#
# **Your turn.** Which clock do you ask counsel about *first*? Give its id. Each company is in the Union.
#
# - `credit_scoring`: a provider's high-risk credit model refused people by where they live, a breach of fundamental rights;
# - `death`: a provider's high-risk triage system may have contributed to a patient's death;
# - `power_grid`: a provider's high-risk controller seriously disrupted the power supply;
# - `bank_fraud_model`: a bank's fraud model was poisoned, and the bank classes it as a major incident;
# - `records_sent`: a shop's assistant sent customers' records to a stranger.

# %% answer="a03-clocks"
first = {"credit_scoring": None, "death": None, "power_grid": None, "bank_fraud_model": None, "records_sent": None}
### BEGIN SOLUTION
first = {
    "credit_scoring": "ai-act-73-2",
    "death": "ai-act-73-4",
    "power_grid": "ai-act-73-3",
    "bank_fraud_model": "dora-initial",
    "records_sent": "gdpr-33",
}
### END SOLUTION

# %% check="a03-clocks"
lab.check("a03-clocks", first)

# %% [markdown]
# ## The draft
#
# A playbook says who does what in which hour (minutes count from detection), who hands over to whom, with which words, and
# who may decide. Read it as the on-call engineer would, on a Sunday at 06:00. What will you wait for?

# %%
tasks = pd.DataFrame([task.model_dump(mode="json") for task in draft.tasks]).set_index("id")
rights = pd.DataFrame([right.model_dump(mode="json") for right in draft.decisions]).set_index("id")
columns = ["role", "from_min", "by_min", "what", "depends_on", "decision", "controls"]
display(lab.draw_table(tasks[columns]))
display(lab.draw_table(rights))
print("Answer in office hours only:", ", ".join(draft.office_hours))

# %% [markdown]
# **Predict.** Note three places where you expect it to break, before you run the next cell.
#
# ## Try it
#
# `lab.exercise_playbook` plays it from the moment of detection. Each role does one thing at a time; some are away at
# weekends; a task waits for what it needs and for whoever may decide. A control starts when its task ends. Then the world is
# replayed with those times. So the harm below is measured, not guessed.

# %%
sunday = datetime(2025, 6, 1, 6, tzinfo=UTC)  # the first alert after the news
here = lab.exercise_playbook(draft, run=run, detected_utc=sunday)
here

# %% [markdown]
# Now the same draft in another incident: an assistant that obeyed instructions hidden in documents, on a Saturday.

# %%
saturday = datetime(2025, 3, 8, 7, tzinfo=UTC)
there = lab.exercise_playbook(draft, run=other, detected_utc=saturday)
there

# %% [markdown]
# **Your turn.** From the two exercises:
#
# - `latest_task`: of the tasks that put a control in place on that Sunday, the one that is latest against its plan;
# - `begins_after_hours`: when it really begins;
# - `price`: harmful impressions between the draft as it went and the same controls at the minute of detection;
# - `does_nothing`: the tasks (a list) that change nothing on the Saturday, because that system has no such control.

# %% answer="a03-breaks"
broke = {"latest_task": None, "begins_after_hours": None, "price": None, "does_nothing": None}
### BEGIN SOLUTION
went = here.to_frame().dropna(subset="control")
latest = went["late_min"].idxmax()
broke = {
    "latest_task": latest,
    "begins_after_hours": went.at[latest, "start_min"] / 60,
    "price": here.harm_with - here.harm_at_once,
    "does_nothing": [finding.field for finding in there.findings if finding.kind == "unknown_control"],
}
### END SOLUTION

# %% check="a03-breaks"
lab.check("a03-breaks", broke)

# %% [markdown]
# The draft named somebody who may withhold the topic. That somebody was asleep, and nobody stood in. Most of what broke
# could be read in the text; how much it costs could not.
#
# ## Mend it
#
# `draft.to_dict()` gives plain data to change, `lab.Playbook.from_dict(data)` reads it back and says what cannot work. A task
# may name one control for each system: `"controls": ["on_call_switch", "kill_switch"]`. `run.controls` and
# `other.controls` list what there is. `lab.load_playbook("moderation")` is another team's, to compare with.
#
# **Your turn.** Keep every task of the draft, change and add. It has to hold in both worlds, avoid at least 35 % of the harm
# on that Sunday and 75 % on that Saturday, and withhold at most 500 innocent outputs on the Sunday. And somebody has to
# answer the customers.

# %% answer="a03-playbook"
mine = None
### BEGIN SOLUTION
data = draft.to_dict()
steps = {task["id"]: task for task in data["tasks"]}
data["office_hours"] = ["product"]
data["updates"] |= {"first_by_min": 20, "every_min": 20}
data["decisions"][0] |= {"role": "on_call", "fallback": "incident_commander"}
steps["save-evidence"] |= {"role": "on_call", "from_min": 0, "by_min": 10}
steps["stop-spread"] |= {"depends_on": ["save-evidence"], "controls": ["on_call_switch", "kill_switch"]}
steps["mend-filter"] |= {"by_min": 90, "controls": ["spelling_normaliser", "input_provenance"]}
steps["answer-press"] |= {"from_min": 20}
words = "Thank you for telling us. We have limited the topic, and we will write to you by TIME UTC."
support = {"id": "tell-agents", "role": "customer_support", "from_min": 60, "by_min": 75, "template": words}
notice = {"id": "tell-dpa", "role": "legal", "from_min": 60, "by_min": 1440, "answers_clock": "gdpr-33"}
data["tasks"] += [
    support | {"what": "Give every agent the answer", "depends_on": ["answer-press"]},
    notice | {"what": "Ask counsel; notify if personal data is affected", "decision": "report-outside"},
]
mine = lab.Playbook.from_dict(data)
### END SOLUTION

# %% check="a03-playbook"
lab.check("a03-playbook", mine)

# %%
for name, world, at in (("Sunday", run, sunday), ("Saturday", other, saturday)):
    if mine is not None:
        tried = lab.exercise_playbook(mine, run=world, detected_utc=at)
        print(f"{name}: {tried.harm_without:,.0f} -> {tried.harm_with:,.0f} {tried.unit}, {len(tried.findings)} breaks")

# %% [markdown]
# Your playbook is a document too. People read it as Markdown, and that reads back without loss:

# %%
print((mine or draft).to_markdown()[:900])

# %% [markdown]
# ## Ask counsel (graded by a person, 6 points)
#
# It is Sunday, 07:00. Write the message to counsel, in about 120 words.
#
# | point | what earns it |
# | --- | --- |
# | 2 | facts with times and figures, and what is not known yet |
# | 2 | the clocks that might run, with article and hours, as a question and not as a finding |
# | 2 | what was saved before the change, what you will do next, and by when you need an answer |

# %% [markdown] prose="a03-counsel" points=6
# Our assistant showed outputs that its filter should have withheld; the alert fired today at 06:00 UTC, and the news broke on
# the evening of 29 May. How many were harmful is being counted. Whether personal data is in them is not known yet. At 06:10 we
# saved the filter versions, the outputs and the alert, read-only; from 06:25 the topic is withheld. Please tell us by 12:00
# which clocks run and since when: Art. 73(2) of the AI Act, 15 days, if this is a high-risk system and a serious incident,
# which we do not assume; Art. 33 GDPR, 72 hours, if personal data is affected; NIS2, 24 hours, if we count as an important
# entity (that figure we have from a secondary page). We plan to change the filter input by 07:30. Does anything speak against
# it while the snapshot is kept?

# %% [markdown]
# ## What stays
#
# - The framework is a map for questions. Ids are checked; whether a mapping is right, people have to argue.
# - A right to decide without a stand-in is a hope. Count the hours until the holder is at work.
# - Evidence first, then the switch, then everybody hears the same thing.
# - A playbook holds in the incidents that it was tried in. Try it in one that it was not written for.
#
# **Next:** `04_monitoring_and_rollback` shortens the time before the first minute of this playbook.
