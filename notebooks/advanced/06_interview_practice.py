# %% [markdown]
# # Leaders are asked what they left undone
#
# After this lesson (about 40 minutes) you can
#
# 1. hear in an answer whether somebody owned a bad number or explained it away;
# 2. tell a root-cause plan as a story: shares, what was measured, what is left and who accepted it;
# 3. prepare for the question after that.
#
# ## The situation
#
# Last round. On the other side sit a vice president and somebody from legal. *"You have led the review. Tell us about the plan, and
# then tell us what you did not do."* Your figures come from replays. That is unusual, and they will ask about it.

# %%
import pandas as pd
import aiir_lab as lab
from aiir_lab.catalog import load_interview_question, load_interview_questions
from aiir_lab.catalog.interview import labelled_answers

questions = load_interview_questions()
lab.draw_table(questions.loc[questions["level"] == "advanced", ["competency", "kind", "question"]])

# %% [markdown]
# ## Owning a number
#
# One question of this level, answered twice by people who made the same slip.

# %%
asked = load_interview_question("restating-the-number")
pair = [answer for answer in labelled_answers() if answer.question == asked.id and answer.author == "first"]
print(asked.question, "\n")
lab.draw_table(pd.DataFrame({"answer": [answer.text for answer in pair]}, index=["first", "second"]))

# %% [markdown]
# **Your turn.** Score both by the six dimensions, 1 to 4. A criterion holds within one point of us.

# %% answer="a06-score"
score = {
    "first": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
    "second": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
}
### BEGIN SOLUTION
score = {
    "first": {"context": 4, "ownership": 4, "decisions": 4, "result": 4, "learning": 3, "tone": 4},
    "second": {"context": 3, "ownership": 1, "decisions": 2, "result": 2, "learning": 1, "tone": 1},
}
### END SOLUTION

# %% check="a06-score"
lab.check("a06-score", score)

# %% [markdown]
# Both know the same figures. One says it within minutes, with a range, before it is safe to say. The other waits until it is sure and
# then explains why the first number was reasonable. A board remembers the difference longer than the number.
#
# ## Your plan as a story
#
# This is the review of lesson 2 in short: the causes with their evidence, and the plan as it was measured. Put your own in its place
# if you have it. `lab.story_from` drafts a skeleton from any post-mortem.

# %%
run = lab.simulate("moderation_failure", seed=7, size="sample")
plan = ["red_team_set", "spelling_normaliser", "alert_routing", "on_call_switch"]
left = lab.replay(run, controls=plan).harm.amount
review = lab.Postmortem(
    id="news-week",
    title="Harmful outputs on the news were shown for days",
    organisation=run.company,
    impact=[f"{run.harm.amount:,.0f} {run.harm.unit}", f"{left:,.0f} are left when replayed with the plan"],
    went_badly=["An alert was taken up four days after the news broke"],
    action_items=[lab.ActionItem(description="Block each filter release that fails the red-team set", owner="Filter lead",
                                 success_metric="Harm in the replay below 2,500 impressions")],
)
skeleton = lab.story_from(review)
skeleton

# %% [markdown]
# **Your turn.** Choose a question of the table and tell the plan as its answer. `record` is `skeleton.text()`. Keep to its
# figures, say that the days were replayed, and say what is left.

# %% answer="a06-story"
story = {"question": None, "basis": None, "situation": None, "task": None, "action": None, "result": None,
         "learning": None, "record": None}
### BEGIN SOLUTION
story = {
    "question": "portfolio-of-actions",
    "basis": "course",
    "situation": f"In an exercise on simulated data I led the review at {run.company}. During a news week its assistant showed "
    f"harmful outputs for days: {run.harm.amount:,.0f} impressions. A journalist published, a regulator asked, and "
    "leadership wanted one root cause by Monday.",
    "task": "I was responsible for the causes, for a plan with a measured effect, and for saying what it would not reach.",
    "action": "I built a cause graph with evidence for three strands instead of one root cause. I did not know how much each carried, so I "
    "wrote my estimate down first and then replayed the days without each of them. I had given the old filter four "
    "tenths; the missing red team carried more than half. I chose four actions and left out a safe mode that "
    "would have avoided nearly everything, since it would have silenced the product on the topic that everybody "
    f"asked about. I asked the head of trust and safety to accept the {left:,.0f} impressions that remain, by name.",
    "result": f"Replayed with the four controls, {left:,.0f} of {run.harm.amount:,.0f} impressions are left. That is a third, most of "
    "them in the first hours, where no signal exists yet. One of the four adds nothing beside the others; I said so.",
    "learning": "Reviews here now write estimates down before they measure, and the plan template has a field for what is left and who "
    "accepts it. A release that fails the red-team set is blocked. We tried the gate on the old filter, and it was blocked.",
    "record": skeleton.text(),
}
### END SOLUTION

# %% check="a06-story"
lab.check("a06-story", story)

# %%
parts = {part: story[part] for part in ("situation", "task", "action", "result", "learning")}
lab.star_l(**parts).review()

# %%
lab.judge_answer(story["question"] or "portfolio-of-actions", lab.star_l(**parts))

# %% [markdown]
# ## Score yourself
#
# **Your turn.** Score your story as a strict friend would, and say which part you will rewrite.

# %% answer="a06-self"
own = {
    "scores": dict.fromkeys(["context", "ownership", "decisions", "result", "learning", "tone"]),
    "weakest": None,
    "change": None,
}
### BEGIN SOLUTION
own = {
    "scores": {"context": 4, "ownership": 4, "decisions": 4, "result": 3, "learning": 4, "tone": 4},
    "weakest": "result",
    "change": "In the result I will say how sure a replay is, and on how many other seeds I tried the plan.",
}
### END SOLUTION

# %% check="a06-self"
lab.check("a06-self", own)

# %% [markdown]
# ## What you did not do (graded by a person, 4 points)
#
# *"And what did you leave undone?"* Answer in 80 to 150 words.
#
# | point | what earns it |
# | --- | --- |
# | 1 | it names one thing that was left, without excuses |
# | 1 | it says what that costs, with a figure or a range |
# | 1 | it says who accepted it, and until when |
# | 1 | it says what would make you take it up after all |

# %% [markdown] prose="a06-left" points=4
# We left the first hours. No control that we could afford acts before anybody has seen an output, so about 1,800 impressions remain
# in the replay, and most of them fall into the first night. A review of every output on a trending topic would reach a part of
# them; in the replay it costs a second shift and avoids little beside the other actions. The head of trust and safety accepted
# that in writing until the end of the quarter. We take it up if a second news night leaves more than 2,500, or if the red
# team finds a trick that passes the gate twice in a row. What I would not say is that it cannot happen again. It can, and we will
# hear of it within the hour instead of after four days.

# %% [markdown]
# ## Practise until it is yours
#
# Two questions of this level. `aiir interview --mock` in a terminal is half an hour with a report.

# %%
lab.practise(level="advanced", count=2)

# %%
lab.draw_strengths()

# %% [markdown]
# ## What stays
#
# - Say the bad number first, with its range, while it still helps somebody.
# - A plan is told with what it avoids, what it costs, and what is left.
# - "What did you not do?" is the question of the last round. Have a name and a date ready.
