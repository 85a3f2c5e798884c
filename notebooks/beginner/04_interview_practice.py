# %% [markdown]
# # A good incident story ends in a changed system
#
# After this lesson (about 45 minutes) you can
#
# 1. build an answer in five parts: Situation, Task, Action, Result, Learning (STAR-L);
# 2. score an answer by six dimensions, your own too, and say what a rule can and cannot see;
# 3. practise two of the questions that candidates for AI reliability roles are asked, and come back when they are due.
#
# ## The situation
#
# It is 14:00, the second interview. The lead of the reliability team leans back: *"Tell me about a time you led, or
# would lead, the post-mortem after a biased model had reached users."* You know the story. But where does it begin,
# how long may it take, and what does she want to hear at the end?

# %%
import pandas as pd
import aiir_lab as lab
from aiir_lab.catalog import load_interview_question, load_interview_questions, shuffle_sentences

questions = load_interview_questions()
lab.draw_table(questions.loc[questions["level"] == "beginner", ["competency", "kind", "question"]])

# %% [markdown]
# ## Five parts
#
# | part | it says | share of the time |
# | --- | --- | --- |
# | **Situation** | who was affected, how much, since when | a fifth |
# | **Task** | what you were responsible for | one or two sentences |
# | **Action** | what **you** did and decided, and what you did not know then | the longest part |
# | **Result** | what came out of it, **measured** | two sentences |
# | **Learning** | what is different today in the system or the response plan | a fifth |
#
# The Learning is the part that is easily left out. "I am more careful now" is about you. "The plan now names who posts" works
# when you are on holiday.

# %%
display(lab.quiz("b04-part"))
lab.quiz("b04-learning")

# %% [markdown]
# ## Sort a good answer
#
# *"Tell me about a response that went badly because communication was fragmented."* Here is a strong answer, but its
# ten sentences are shuffled.
#
# **Your turn.** Give each part the numbers of its sentences. Each sentence has one part.

# %%
question = load_interview_question("fragmented-communication")
shuffled = shuffle_sentences(question.worked_strong, seed=4)
sentences = pd.DataFrame({"sentence": [text for _, text in shuffled]}, index=range(1, 11))
lab.draw_table(sentences)

# %% answer="b04-parts"
parts = {"situation": None, "task": None, "action": None, "result": None, "learning": None}
### BEGIN SOLUTION
parts = {"situation": [1, 2], "task": [4], "action": [8, 9, 10], "result": [3, 7], "learning": [5, 6]}
### END SOLUTION

# %% check="b04-parts"
lab.check("b04-parts", parts)

# %% [markdown]
# One detail to keep: the result holds a figure that does **not** flatter. The first post came 26 minutes later than
# planned. That makes the other figure credible, and the Learning grows out of it.
#
# ## How answers are scored
#
# Six dimensions, 1 to 4 each. 2 is "said, but without substance", 3 is "good, one thing is missing".
#
# | dimension | 1 | 4 |
# | --- | --- | --- |
# | context | a topic | who, how much, since when, how it was noticed |
# | ownership | "we" and "they" | my part and the part of others, told apart |
# | decisions | the way was clear | what was unknown, what was chosen, what was given up |
# | result | it got better | a figure before and after |
# | learning | more care, more training | a gate, role or plan that changed, and was tried |
# | tone | finds a person | finds conditions; says why the step made sense then |
#
# Now the question from 14:00, answered twice. Read both aloud if nobody listens.

# %%
biased = load_interview_question("biased-model-postmortem")
answers = pd.DataFrame({"first": biased.worked_weak.parts(), "second": biased.worked_strong.parts()})
lab.draw_table(answers)

# %% [markdown]
# **Your turn.** Score both **before** you look at ours. A criterion holds when you are within one point of us.
# (The scale is our own; a fellow learner may differ by one and be right.)

# %% answer="b04-score"
score = {
    "first": {"context": None, "ownership": None, "decisions": None, "result": None, "learning": None, "tone": None},
    "second": {"context": None, "ownership": None, "decisions": None, "result": None, "learning": None, "tone": None},
}
### BEGIN SOLUTION
score = {
    "first": {"context": 3, "ownership": 1, "decisions": 1, "result": 2, "learning": 1, "tone": 1},
    "second": {"context": 4, "ownership": 4, "decisions": 4, "result": 4, "learning": 4, "tone": 4},
}
### END SOLUTION

# %% check="b04-score"
lab.check("b04-score", score)

# %% [markdown]
# Our scores and why. Set `show` to `True` once you have yours.

# %%
show = False
worked = {"first": biased.worked_weak, "second": biased.worked_strong}
ours = pd.DataFrame(
    {f"{name}: {what}": getattr(answer, what) for name, answer in worked.items() for what in ("scores", "comments")}
)
lab.draw_table(ours) if show else "Not shown yet."

# %% [markdown]
# We see: the first answer begins well. Its context is as good as that of the second one. But it looks for a person,
# finds one, and then no part of the system has to change. That is why tone and learning fall together.
#
# ## Your own answer
#
# Choose a question of the table (its id). The story may be your own (`"own"`), an exercise of this course (`"course"`),
# or a public incident that you studied (`"public"`). With a public one say so in the answer, and say what you **would**
# do or what you did in studying it. Never claim an incident that you only read about: the second question finds out.
#
# Mind the pace: 140 words a minute. One minute is short, three are the limit. Long text goes between three double
# quotes, `"""like this"""`, and may run over several lines.

# %% answer="b04-draft"
draft = {
    "question": None,
    "basis": None,
    "situation": None,
    "task": None,
    "action": None,
    "result": None,
    "learning": None,
}
### BEGIN SOLUTION
draft = {  # a worked example; the story is invented
    "question": "fragmented-communication",
    "basis": "own",
    **question.worked_strong.parts(),
}
### END SOLUTION

# %% check="b04-draft"
lab.check("b04-draft", draft)

# %% [markdown]
# ## What a rule sees
#
# The kit judges your draft twice: part by part, then by the six dimensions with the words that earned each score. Both
# run on your machine, and nothing is sent anywhere.

# %%
parts_of_mine = {part: draft[part] for part in ("situation", "task", "action", "result", "learning")}
story = lab.star_l(**parts_of_mine)
story.review()

# %%
lab.judge_answer(draft["question"] or "fragmented-communication", story)

# %% [markdown]
# A rule finds words. It sees "I chose", a figure before and after, a gate that blocks. It does **not** see whether the
# story is true, whether the choice was wise, or how you sound. So somebody who learns the words by heart gets a good score
# here, and falls silent at the first follow-up. Use the score to find what is missing, never to prove that it is there.
#
# ## Score yourself
#
# **Your turn.** Score your draft with the same rubric, as a strict friend would. Name your weakest dimension and what you
# will rewrite: which part, and what it will say.

# %% answer="b04-self"
own = {
    "scores": {"context": None, "ownership": None, "decisions": None, "result": None, "learning": None, "tone": None},
    "weakest": None,
    "change": None,
}
### BEGIN SOLUTION
own = {
    "scores": {"context": 4, "ownership": 3, "decisions": 3, "result": 4, "learning": 4, "tone": 4},
    "weakest": "ownership",
    "change": "In the action I will tell apart what the commander did from what I did.",
}
### END SOLUTION

# %% check="b04-self"
lab.check("b04-self", own)

# %% [markdown]
# ## The follow-up (graded by a person, 4 points)
#
# Interviewers ask on, and the follow-up shows whether the story is yours. Take one follow-up of **your** question:
# `load_interview_question(id).follow_ups`. Answer it in 80 to 150 words. The grader looks for
#
# | point | what earns it |
# | --- | --- |
# | 1 | it answers what was asked in the first sentence |
# | 1 | it names something that was unknown, and how you would decide anyway |
# | 1 | it ends in a change of plan, role, gate or alert, with a way to tell whether it works |
# | 1 | it stays blameless, and it agrees with the story you told above |

# %% [markdown] prose="b04-followup" points=4
# **Who decides when the public hears something that support does not know yet?** The incident commander decides, and
# support hears it first, if only by two minutes: they get the questions the moment the post is out. In my story I posted
# first and told support afterwards, because I could not know how long the shoppers would wait for us, and a silent page
# looked worse. Today I would send support the same sentence while the commander reads the post; that costs no time. Our
# response plan now has this step in the template: the field "support told at" must be filled before a post can be
# published. We see that it works when support reports no question about a post that they did not know. In the drill in
# January there were none.

# %% [markdown]
# ## Practise until it is yours
#
# Here are two more questions. Write, or speak aloud with a clock and press *I spoke it*. Each answer is kept in
# `interview_history.jsonl` in your workspace, in plain text that only you read. A question that went badly comes back in a few
# days, one that went well in a few weeks.

# %%
lab.practise(level="beginner", count=2)

# %% [markdown]
# Run the next cell after some answers, and again next week: it shows where there is the most to gain.

# %%
lab.draw_strengths()

# %% [markdown]
# ## What stays
#
# - Five parts; the Action has the most room, and it is yours.
# - A result has a figure. One that does not flatter makes the others credible.
# - The Learning changes the system: a plan, a gate, a role, an alert. Care and training alone do not last.
# - Blameless is no politeness: an answer that finds a person stops before it finds the condition.
# - Speak it aloud. Under a minute nobody sees you decide; over three nobody listens.
#
# **Where next.** The interview lessons of the next two levels ask harder questions, and you will have exercises of your
# own to answer them with: `lab.story_from(session)` drafts a true story out of your own log. In a terminal,
# `aiir interview --due` asks what is due today, and `aiir interview --mock` is half an hour with a report.
