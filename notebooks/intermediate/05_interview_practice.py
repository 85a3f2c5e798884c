# %% [markdown]
# # The best story is one that you can be asked about
#
# After this lesson (about 40 minutes) you can
#
# 1. tell a middling answer from a strong one where both sound good;
# 2. draw an answer from a run of your own, with its figures, and say honestly that it was an exercise;
# 3. find the one part that is still weak, and come back to it.
#
# ## The situation
#
# Second round, 11:00. The interviewer has read your first answer. *"Good. Now one where you had to decide without
# knowing. And I would like to ask questions about it."* A story that you read somewhere ends at the first question. A run that you
# played yourself does not: you know what you saw at minute 20, and what it cost.

# %%
import pandas as pd
import aiir_lab as lab
from aiir_lab.catalog import load_interview_question, load_interview_questions
from aiir_lab.catalog.interview import labelled_answers

questions = load_interview_questions()
lab.draw_table(questions.loc[questions["level"] == "intermediate", ["competency", "kind", "question"]])

# %% [markdown]
# ## Two answers that both sound good
#
# Here is one question of this level, answered twice: once in notes, once spoken. Neither blames, both have figures. One of them
# is clearly stronger.

# %%
asked = load_interview_question("pin-or-float")
pair = [answer for answer in labelled_answers() if answer.question == "pin-or-float"]
print(asked.question, "\n")
lab.draw_table(pd.DataFrame({"answer": [answer.text for answer in pair]}, index=["first", "second"]))

# %% [markdown]
# **Your turn.** Score both by the six dimensions, 1 to 4. A criterion holds within one point of us.

# %% answer="i05-score"
score = {
    "first": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
    "second": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
}
### BEGIN SOLUTION
score = {
    "first": {"context": 4, "ownership": 4, "decisions": 4, "result": 4, "learning": 3, "tone": 4},
    "second": {"context": 3, "ownership": 3, "decisions": 3, "result": 3, "learning": 2, "tone": 3},
}
### END SOLUTION

# %% check="i05-score"
lab.check("i05-score", score)

# %% [markdown]
# The difference is one of substance, not of polish. One names the options that were tried and left, with what each would have
# cost. The other decides by one sum, and its learning checks more often what it checked before.
#
# ## Your own run
#
# `lab.story_from(session)` drafts the skeleton of a true story out of your log: what you saw, decided and reached, with minutes
# and figures. What the log does not hold, it asks you. It never invents anything.
#
# The next cell opens your run of lesson 3, if it is finished. Telling the story shows the truth about a run, so a run that still
# goes on is left alone.

# %%
session = lab.start_exercise("fraud_poisoning", seed=7, log="i03_tabletop.jsonl")
skeleton = lab.story_from(session) if session.clock.is_over else None
skeleton or "Your run of lesson 3 is not finished. Play it to its hot wash, or play a shorter one (demand_drift) for this lesson."

# %% [markdown]
# **Your turn.** Choose a question of the table and tell your run as its answer. `record` is the text of the skeleton
# (`skeleton.text()`); the other parts are yours to write. Keep to its figures, also to the one that does not flatter,
# and say in the situation that it was an exercise.

# %% answer="i05-story"
story = {"question": None, "basis": None, "situation": None, "task": None, "action": None, "result": None,
         "learning": None, "record": None}
### BEGIN SOLUTION
drill = lab.start_exercise("demand_drift", seed=7)
drill.acknowledge()
drill.declare_severity("SEV2", rationale="Empty shelves cost money each day; unsure, so the higher level.")
drill.escalate("ml_engineer", "Please look at the forecast error by region and product group.")
drill.query("sales")
drill.hypothesis("The model is as it was; what people buy has changed in one region.")
drill.decide("manual_override", rationale="Planners know their shelves; the model needs weeks to learn it.")
report = drill.after_action()
skeleton = lab.story_from(report)
harm = report.harm
story = {
    "question": "pin-or-float",
    "basis": "course",
    "situation": f"In a tabletop exercise on simulated data I was on call at {report.company}, a grocery chain. Store managers "
    "wrote that one shelf was empty by noon every day, while the dashboard showed an average that looked fine. "
    f"Left alone it would have cost {harm.no_response:,.0f} USD in waste and lost sales.",
    "task": "I was the first responder. I had to decide how bad it was, whom to call, and what to change first.",
    "action": "I declared SEV2 at minute 3, because I did not know yet how many shelves were affected and being too low costs more. "
    "I told the ML engineer at minute 5 and looked at the sales by region and product group instead of the total. "
    "I could not tell whether the model had changed or the world had. My guess was the world, since no release "
    "had gone out. I chose to let planners scale the forecast where stores complained, instead of going back to "
    "the model before. That gave up consistency: two regions were planned by hand for weeks. I wrote the reason into the log.",
    "result": f"Replayed with my decisions the harm was {harm.amount:,.0f} USD instead of {harm.no_response:,.0f}. "
    f"The best plan would have left {harm.best:,.0f}, so I was not the fastest. The first role was told 5 minutes after the alert.",
    "learning": "The average hid the group. The dashboard now shows the error by region and product group, and an alert pages when one "
    "group drifts for three days. We tried it on the replay of this exercise, and it rang a week before the stores wrote.",
    "record": skeleton.text(),
}
### END SOLUTION

# %% check="i05-story"
lab.check("i05-story", story)

# %%
parts = {part: story[part] for part in ("situation", "task", "action", "result", "learning")}
lab.star_l(**parts).review()

# %%
lab.judge_answer(story["question"] or "pin-or-float", lab.star_l(**parts))

# %% [markdown]
# ## Score yourself
#
# A rule finds words; you know what is behind them.
#
# **Your turn.** Score your story, name the weakest dimension, and say which part you will rewrite and what it will say.

# %% answer="i05-self"
own = {
    "scores": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
    "weakest": None,
    "change": None,
}
### BEGIN SOLUTION
own = {
    "scores": {"context": 3, "ownership": 4, "decisions": 4, "result": 4, "learning": 3, "tone": 4},
    "weakest": "learning",
    "change": "In the learning I will say which line of the response plan changed, and who keeps the alert alive.",
}
### END SOLUTION

# %% check="i05-self"
lab.check("i05-self", own)

# %% [markdown]
# ## The second question (graded by a person, 4 points)
#
# Take the open question of your skeleton (`skeleton.open_questions`) that you like least. Answer it in 80 to 150 words.
#
# | point | what earns it |
# | --- | --- |
# | 1 | the first sentence answers it |
# | 1 | it says what you saw at that minute, and what you did not |
# | 1 | it names the option that you left, and what it would have cost or saved |
# | 1 | it stays with the truth of the run, also where that does not flatter |

# %% [markdown] prose="i05-followup" points=4
# **What did you give up by it?** I gave up one model for all stores. At minute 30 I saw sales by region and group; I did not see
# the forecasts, because each look costs minutes and I had looked at the dashboard before. The option that I left was to order
# a larger margin everywhere at once. It would have filled the shelves sooner and thrown away more fresh goods in regions that were
# fine; the replay shows that as waste. I chose the planners since they knew their shelves and could begin the same day. What does not
# flatter: the best plan took the alert by group as well, on the first day. I thought of it only in the debrief. Next time the
# list of decisions is read aloud once before the first one is taken.

# %% [markdown]
# ## Practise until it is yours
#
# Two questions of this level, and what is due from before.

# %%
lab.practise(level="intermediate", count=2)

# %% [markdown]
# ## What stays
#
# - A run of your own has answers to the second question. A story from a book has not.
# - Say that it was an exercise. What counts is how you decided, and that the figures are true.
# - The figure that does not flatter makes the others credible.
#
# **Next:** `06_page_escalate_resolve`, where the paging is yours. In a terminal, `aiir interview --due` asks what is due.
