# %% [markdown]
# # Start here
#
# This course is a flight simulator for AI incidents. You read how real AI systems failed, you decide how
# bad it is and who must know, you write what customers read, and you find out what would have helped.
# Every answer is judged as soon as you give it.
#
# - **Beginner**: severity, the first update, the anatomy of a post-mortem, and one public failure taken apart.
# - **Intermediate**: root causes, and tabletop exercises on systems that go wrong while you watch.
# - **Advanced**: facilitate a blameless post-mortem and plan a fix whose effect is measured.

# %% [markdown]
# ## Where you stand
#
# Run the next two cells: click into each and press **Shift+Enter**. The map reads your saved notebooks,
# so save a lesson (**Ctrl+S**) before you look.

# %%
import aiir_lab as lab

# %%
lab.course_map()

# %% [markdown]
# ## How a lesson works
#
# 1. Open a lesson from the map and run its cells from top to bottom.
# 2. Where a cell says *Replace None with your answer*, do so and run it.
# 3. Run the check cell below it. You see what holds, what does not, and a hint. Try again as often as you like.
# 4. Where judgement is the point, you write prose. A person reads it, or you compare it with the rubric.
#
# A check looks like this one, which has nothing to judge yet:

# %%
lab.check("b01-severity", None)

# %% [markdown]
# ## If something does not work
#
# - Cells depend on those above them. **Run > Run All Cells** puts a lesson in order again.
# - `aiir progress` in a terminal shows the same map; `aiir check NOTEBOOK` runs a whole lesson afresh.
# - `aiir doctor` says what is missing on your machine.
# - Your work is never overwritten. When a lesson has a newer version, `aiir lab` tells you and keeps yours.
