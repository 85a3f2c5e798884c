# %% [markdown]
# # An action item that nobody tracks is a wish
#
# After this lesson (about 30 minutes) you can
#
# 1. bring a plan into Jira so that every action has a person, a date and a measure where people look for them;
# 2. find what is overdue before somebody else does;
# 3. close an action with evidence, and leave one open honestly.
#
# ## The situation
#
# The plan is signed. Four actions, one page, applause. In six weeks a regulator will ask which of them are done and how
# you know. Most plans fail here: not in the room, but in the quiet weeks after it.

# %%
from datetime import timedelta

import aiir_lab as lab

clients = lab.desk()
clients.desk.run_clock(rate=0)
today = clients.desk.now().date()
tag = f"a07-{clients.desk.now():%Y%m%d-%H%M%S}"
print("The action board:", clients.announcement["urls"]["board"] + "/actions")

# %% [markdown]
# Open the action board in another tab. `clients.jira` is the `jira` library that teams use with the real service
# (`pip install 'aiir-lab[ops]'`); here it speaks to the ops desk on your own machine.
#
# This is the plan of lesson 2, with one more action that was added in the corridor:

# %%
actions = [
    lab.ActionItem(
        description="Block each filter release that misses more than one in ten red-team prompts",
        owner="ml-engineer", due=today + timedelta(days=14), factor="no-red-team",
        success_metric="In the replay of these days harmful impressions fall below 2,500"),
    lab.ActionItem(
        description="Route the hourly alert on confirmed reports to the on-call pager",
        owner="on-call", due=today + timedelta(days=10), factor="mailbox-alert",
        success_metric="Time to acknowledge is below 30 minutes in the drill"),
    lab.ActionItem(
        description="Let on-call withhold a trending topic for one day with a switch",
        owner="product", due=today + timedelta(days=40), factor="no-switch",
        success_metric="In the drill the topic is withheld within 15 minutes"),
]

# %%
actions.append(
    lab.ActionItem(
        description="Update the runbook for moderation incidents",
        owner="communications-lead", due=today + timedelta(days=7),
        success_metric="3 of 3 drill teams find the switch in it within 2 minutes"))
for action in actions:
    review = lab.review_action_item(action)
    print(f"{review.strength:12} due {action.due}  {action.description}")

# %% [markdown]
# ## Predict
#
# Four actions, four owners, four dates. Which one will be late? Which will be closed without having been done? Write
# your bets down.
#
# ## File
#
# **Your turn.** Make one issue for each action, with
# `clients.jira.create_issue(project=clients.project, issuetype="Task", summary=..., description=..., duedate=..., labels=[...], assignee={...})`.
# The labels are `tag` and `"sev1"`. People are found by `clients.jira.search_users(query=action.owner)[0].accountId`. The
# description says when the action is done. Hand in the issues as Jira returns them: `.raw`.
#
# `lab.file_actions(clients, actions, label=..., severity=...)` would do it in one call. Do it by hand once: then you know what it does.

# %% answer="a07-filed"
issues = None
### BEGIN SOLUTION
issues = []
for action in actions:
    person = clients.jira.search_users(query=action.owner)[0]
    issue = clients.jira.create_issue(
        project=clients.project,
        issuetype="Task",
        summary=action.description,
        description=f"{action.description}\n\nDone when: {action.success_metric}",
        duedate=str(action.due),
        labels=[tag, "sev1"],
        assignee={"accountId": person.accountId},
    )
    issues.append(issue.raw)
### END SOLUTION

# %% check="a07-filed"
lab.check("a07-filed", issues)

# %%
lab.quiz("a07-owner")

# %% [markdown]
# ## Twelve days later
#
# The desk's clock moves on. The alert was routed on day 9, and its owner closed the issue the way many issues are closed:

# %%
clients.desk.advance(minutes=12 * 24 * 60)
if issues:
    routed = next(issue["key"] for issue in issues if "alert" in issue["fields"]["summary"])
    clients.jira.add_comment(routed, "Drill on day 9: time to acknowledge 11 minutes; it was 98 hours before.")
    clients.jira.transition_issue(routed, "Done")

# %% [markdown]
# **Your turn.** Find what is overdue and not done, with `clients.jira.search_issues(jql)`. JQL knows `labels = "..."`,
# `duedate < now()`, `statusCategory != Done`, `AND`. Hand in the keys, and beside them all issues of the plan, fetched anew.

# %% answer="a07-overdue"
tracked = {"overdue": None, "all": None}
### BEGIN SOLUTION
found = clients.jira.search_issues(f'labels = "{tag}" AND duedate < now() AND statusCategory != Done')
everything = clients.jira.search_issues(f'labels = "{tag}" ORDER BY key')
tracked = {
    "overdue": [issue.key for issue in found],
    "all": [clients.jira.issue(issue.key).raw for issue in everything],
}
### END SOLUTION

# %% check="a07-overdue"
lab.check("a07-overdue", tracked)

# %% [markdown]
# We see that the smallest action is late. It was the one without a cause: added in the corridor, owned by somebody who has
# an incident of their own this week.
#
# ## Close, or say why not
#
# The gate is built. Its owner ran the days of the incident through it again. This is the figure to close it with, measured
# now, on the world of lesson 2:

# %%
run = lab.simulate("moderation_failure", seed=7, size="sample")
after = lab.replay(run, controls=["red_team_set"]).harm
print(f"Replay: {run.harm.amount:,.0f} {run.harm.unit} before, {after.amount:,.0f} with the red-team set")

# %% [markdown]
# **Your turn.**
#
# 1. The gate: leave a comment with the measure before and after, then close it (`transition_issue(key, "Done")`).
# 2. The overdue one: nobody has done it. Leave it open, and say in a comment what becomes of it.
# 3. The runbook cannot be right before the switch exists: link the two with `create_issue_link("Blocks", one, other)`.
#
# Hand in all issues of the plan, fetched anew.

# %% answer="a07-tracked"
done = None
### BEGIN SOLUTION
key = {word: issue["key"] for issue in issues for word in ("red-team", "switch", "runbook") if word in issue["fields"]["summary"]}
clients.jira.add_comment(
    key["red-team"],
    f"Replay of the incident: {run.harm.amount:,.0f} harmful impressions before, {after.amount:,.0f} with the gate.",
)
clients.jira.transition_issue(key["red-team"], "Done")
clients.jira.add_comment(
    key["runbook"], "Late: it needs the switch first. New date is two weeks after the switch is live; agreed with product."
)
clients.jira.create_issue_link("Blocks", key["switch"], key["runbook"])
done = [clients.jira.issue(issue["key"]).raw for issue in issues]
### END SOLUTION

# %% check="a07-tracked"
lab.check("a07-tracked", done)

# %%
lab.quiz("a07-close")
clients.desk.run_clock(rate=1)

# %% [markdown]
# The gate's own bound was 2,500. The replay says what it says: if the measure is not met, the issue goes back to its owner, or
# somebody accepts the remainder by name. Look at the two figures again before you move on. Would you have closed it?
#
# ## Tell leadership in three lines (graded by a person, 3 points)
#
# It is the monthly review. Say what is done and how you know, what is late and what becomes of it, and what risk is left
# until the last action is done. One point each.

# %% [markdown] prose="a07-report" points=3
# Two of four actions are done: on-call took up the drill alert after 11 minutes instead of 98 hours, and the red-team gate
# cuts the replayed harm from 5,277 to 1,940 impressions. The runbook is two weeks late because it waits for the
# switch; product and I agreed on a new date. Until the switch is live on day 40, a topic can only be withheld by asking an
# executive, so the first hours of a news night remain our largest open risk.

# %% [markdown]
# ## What stays
#
# - An action lives where its owner works, with one name, one date and one measure.
# - What is overdue is found by a search that runs every week, not by a regulator.
# - Done means that the measure was met, and the issue says so. Late means a new date with a reason, or a name that accepts.
#
# **With the real service.** Set `AIIR_JIRA_URL`, `AIIR_JIRA_EMAIL`, `AIIR_JIRA_TOKEN` and `AIIR_JIRA_PROJECT`; the same calls go
# there, after a question that says what would be sent where. `lab.file_actions` and `lab.read_actions` work there too.
