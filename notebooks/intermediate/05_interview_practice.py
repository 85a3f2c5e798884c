# %% [markdown]
# # What you did in an exercise is yours to tell, if you say that it was one
#
# After this lesson (about 45 minutes) you can
#
# 1. hear in an answer whether somebody has reached a condition, or stopped at a technique or a person;
# 2. turn your own tabletop run into a true story of two minutes, with figures that anybody could check;
# 3. answer the follow-ups of this level: on evidence, on what you gave up, on what would change your mind.
#
# ## The situation
#
# It is 15:30. The interviewer has led response for six years. *"You have not been in a real AI incident? Fine. Then tell me
# about one you played. But I will ask what you knew at which minute."*

# %%
from pathlib import Path

import pandas as pd

import aiir_lab as lab
from aiir_lab.catalog import load_interview_question, load_interview_questions

questions = load_interview_questions()
level = questions["level"] == "intermediate"
lab.draw_table(questions.loc[level, ["competency", "kind", "question"]].groupby("competency").head(2))

# %% [markdown]
# ## Listen first
#
# *"An assistant sent a customer list to an outsider after reading a prepared web page. The report says: cause, prompt
# injection. What is missing?"* Two candidates answer. Read both aloud, if nobody listens.

# %%
asked = load_interview_question("injection-factors")
answers = pd.DataFrame({"first": asked.worked_strong.parts(), "second": asked.worked_weak.parts()})
lab.draw_table(answers)

# %% [markdown]
# **Your turn.** Score both by the six dimensions of the rubric, 1 to 4, **before** you look at ours. (1: a topic, "we",
# an obvious way, "it got better", more care, a person to find. 4: who and how much; my part told apart; what was unknown and given
# up; a figure before and after; a changed gate or plan that was tried; conditions.) Within one point of us counts,
# as long as the clear differences point the same way.

# %% answer="i05-score"
score = {
    "first": {"context": None, "ownership": None, "decisions": None, "result": None, "learning": None, "tone": None},
    "second": {"context": None, "ownership": None, "decisions": None, "result": None, "learning": None, "tone": None},
}
### BEGIN SOLUTION
score = {
    "first": {"context": 4, "ownership": 4, "decisions": 4, "result": 4, "learning": 3, "tone": 4},
    "second": {"context": 3, "ownership": 3, "decisions": 1, "result": 2, "learning": 1, "tone": 2},
}
### END SOLUTION

# %% check="i05-score"
lab.check("i05-score", score)

# %%
show = False
worked = {"first": asked.worked_strong, "second": asked.worked_weak}
ours = pd.DataFrame(
    {f"{name}: {what}": getattr(answer, what) for name, answer in worked.items() for what in ("scores", "comments")}
)
lab.draw_table(ours) if show else "Set show to True once you have your scores."

# %% [markdown]
# We hear: the second candidate collects **details of the technique** (wording, version, encoding) and ends at a person who
# opened a page. The first one asks what made it possible: which tool was open, for whom, who could choose it. You know this
# difference from `01_five_whys_and_fishbone`.
#
# ## Your own material
#
# If you have played lesson 3 here, its log lies beside this notebook and the next cell opens it. If not, go and play it
# first: an hour that you can tell of for years. The report says what you did at which minute.

# %%
log_file = Path("i03_tabletop.jsonl")
session = lab.start_exercise("fraud_poisoning", seed=7, log=log_file if log_file.exists() else None)
print(len(session.entries) - 1, "actions in your log;", session.clock)

# %% [markdown]
# **Your turn.** Look the figures of your run up, and hand them in with the log. (Asking for the report ends the session.)
#
# ```python
# report = session.after_action()
# figures = {"log": session.log_text, "first_update_min": None, "time_to_contain_min": None,
#            "harm_avoided": None, "share_avoided": None}
# ```
#
# They stand in `report.updates`, `report.metric("time_to_contain")` (from what to what?) and `report.harm`.

# %% answer="i05-figures"
figures = None
### BEGIN SOLUTION
session = lab.start_exercise("fraud_poisoning", seed=7)
session.acknowledge()
session.declare_severity("SEV2", rationale="A model that retrains every week may be learning bad labels.")
session.escalate("incident_commander", "Feedback contradicts analysts. I declared SEV2; please take command.")
session.escalate("ml_engineer", "Please hold the next promotion and tell us what a rollback takes.")
session.post_update(
    "Since this morning we see that some fraudulent card payments were approved. We are looking into it.",
    next_update_min=60,
)
session.query("feedback_by_merchant")
session.keep_evidence("labels")
session.decide("freeze_feedback", rationale="No more doubtful labels enter training while we look.")
session.decide("rollback_model", rationale="The lie is in the model already; going back stops the harm.")
session.decide("provenance_gate", rationale="Unverified partners clear a payment only where an analyst agrees.")
report = session.after_action()
figures = {
    "log": session.log_text,
    "first_update_min": report.updates[0].at_min,
    "time_to_contain_min": report.metric("time_to_contain").minutes,
    "harm_avoided": report.harm.avoided,
    "share_avoided": report.harm.share_avoided,
}
### END SOLUTION

# %% check="i05-figures"
lab.check("i05-figures", figures)

# %% [markdown]
# ## A skeleton, and what only you know
#
# `lab.story_from(report)` puts the facts of your log into the five parts, and asks for what no log holds: why, what you
# were unsure of, what you gave up. Nothing in it is invented; what it does not know it asks.

# %%
if figures is None:
    print("Hand in your figures first; the skeleton grows out of the same report.")
else:
    display(lab.story_from(report, question="poison-hunt"))

# %% [markdown]
# **Your turn.** Tell it. Choose a question of this level (its id), `basis` is `"course"`, and say in the story that it was an
# exercise. One to three minutes when spoken, 140 words a minute. Two figures of your run stand in it as digits, and one of
# them does not flatter you. The rules are those of the beginner lesson.
#
# ```python
# told = {"log": session.log_text, "question": "poison-hunt", "basis": "course",
#         "situation": "...", "task": "...", "action": "...", "result": "...", "learning": "..."}
# ```

# %% answer="i05-story"
told = None
### BEGIN SOLUTION
told = {
    "log": session.log_text,
    "question": "poison-hunt",
    "basis": "course",
    "situation": "In a tabletop exercise on a living simulation I was on call for the fraud model of a payment company. "
    "The dashboard was green, but for about four weeks analysts had contradicted 30 of 134 labels that partners had sent.",
    "task": "I had to take the alert on, find out whether the labels were poisoned, and contain it.",
    "action": "I declared SEV2 within minutes although the loss was still small, because the model retrains every week "
    "by itself. I told the commander and the engineer, and I posted an update before I knew the cause. "
    "It was still unknown which sources were false, so I looked by source instead of in total. "
    "Two sources stood out. I kept a copy of the labels first, which cost minutes. Then I chose to freeze the feedback and "
    "to roll back at once instead of waiting for certainty; I gave up honest corrections of that day for it.",
    "result": f"The first decision that contained it worked after {report.metric('time_to_contain').minutes:.0f} minutes. "
    f"By replay the loss fell from {report.harm.no_response:,.0f} to {report.harm.amount:,.0f} dollars; the "
    f"{report.harm.avoided:,.0f} are {report.harm.share_avoided:.0%} of what the best plan found avoids. My only update went out at minute {report.updates[0].at_min:.0f}, and no second one followed, which was too few.",
    "learning": "Our runbook now has a gate: no version is promoted while the labels of any source contradict analysts above "
    "the usual rate. I replayed the exercise with the gate in place, and the poisoned labels did not reach the model.",
}
### END SOLUTION

# %% check="i05-story"
lab.check("i05-story", told)

# %%
if told is None:
    print("Tell your story first; then two judges look at it here.")
else:
    parts = {part: told[part] for part in ("situation", "task", "action", "result", "learning")}
    story = lab.star_l(**parts)
    display(story.review())
    display(lab.judge_answer(told["question"], story))

# %% [markdown]
# ## The follow-up (graded by a person, 4 points)
#
# *"You rolled back at that minute. What did you know then, and what would have changed your mind?"* Answer in 80 to 150
# words, from your log.
#
# | point | what earns it |
# | --- | --- |
# | 1 | the first sentence answers; the minute and the evidence that was there by then |
# | 1 | what was not known, and which look would have cost too much time |
# | 1 | a figure or a fact that would have changed the decision |
# | 1 | it agrees with the log, and no person is a cause |

# %% [markdown] prose="i05-followup" points=4
# At that minute I knew that analysts contradicted two sources far above the usual rate, and that the dashboard reads the same
# labels, so its green told me nothing. I did not know which payments the labels protected: joining a month of decisions
# would have cost another hour, and each hour the next training came closer. Two facts would have changed my mind. Had the
# contradictions been spread over all sources, I would have suspected the analysts' tool first and only held the promotion.
# And had the older version declined clearly less on trusted labels, going back would have cost more than it saved. The
# engineer could tell us that from the registry, and did.

# %% [markdown]
# ## Practise until it is yours
#
# Two more questions of this level. Write, or speak aloud with a clock. What went badly comes back in a few days.

# %%
lab.practise(level="intermediate", count=2)

# %% [markdown]
# ## Recap
#
# - An exercise is material, if you call it one. A public incident is, too. A borrowed one is not.
# - Minutes and figures from a log survive the second question; adjectives do not.
# - The figure that does not flatter earns trust for the others.
# - "What did you know at that minute?" is the fairest question there is. Ask it in your own reviews.
#
# **Next:** `06_page_escalate_resolve` puts the same hours onto pager and status page; then the advanced level begins.
