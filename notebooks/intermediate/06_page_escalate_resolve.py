# %% [markdown]
# # A page finds a person, or it climbs until it does
#
# After this lesson (about 40 minutes) you can
#
# 1. turn alarms into pages so that one condition wakes one person once;
# 2. read from the log who heard what when, and stop a page that climbs;
# 3. close it with evidence, and do the same in the tool that replaces Opsgenie.
#
# ## The situation
#
# It is 02:47. You are building the paging of a payment company while its fraud model is being poisoned, a little more
# each day. You do not know that yet. What you have is a table of alarms, and a phone list of people who have slept
# badly because of the last person who built the paging.

# %%
import time
from datetime import datetime

import aiir_lab as lab

clients = lab.desk()
clients.desk.run_clock(rate=0)
tag = f"i06-{time.time_ns()}"
run = lab.simulate("fraud_poisoning", seed=10, size="sample")
alerts = run.observe()["alerts"]
print("The incident board:", clients.announcement["urls"]["board"] + "/")
lab.draw_table(alerts.set_index("alert_id"))

# %% [markdown]
# Open the board in another tab. It belongs to the ops desk on your own machine; `clients.pagerduty_events` and
# `clients.pagerduty` are PagerDuty's own client library (`pip install 'aiir-lab[ops]'`). Nobody is really woken.
#
# ## Predict
#
# How many rows are in the table, and how many times should a phone ring? Write both numbers down before you go on.

# %%
lab.quiz("i06-noise")

# %% [markdown]
# ## Page
#
# `clients.pagerduty_events.trigger(summary, source, severity=..., dedup_key=...)` sends an alarm. While an incident with that
# `dedup_key` is open, further alarms join it instead of ringing again. The severities are PagerDuty's; on this desk
# they climb by the course's escalation matrix:
#
# | severity | climbs as |
# | --- | --- |
# | critical | SEV1 |
# | error | SEV2 |
# | warning | SEV3 |
# | info | SEV4 |
#
# Nobody knows yet what the chargebacks mean, but they are money: treat them as SEV2. Errors of the app's new release are
# SEV3.
#
# **Your turn.** Send what deserves a page. Every key begins with `tag` (so that old tries do not count) and holds the name
# of the rule. Then fetch the open incidents with those keys:
# `clients.pagerduty.list_all("incidents", params={"statuses[]": ["triggered"]})` returns all that are open.

# %% answer="i06-page"
incidents = None
### BEGIN SOLUTION
severities = {"chargebacks_weekly": "error", "client_errors": "warning"}
for alert in alerts[alerts["urgency"] == "page"].itertuples():
    clients.pagerduty_events.trigger(
        alert.text, "alert rules", severity=severities[alert.rule], dedup_key=f"{tag}-{alert.rule}"
    )
found = clients.pagerduty.list_all("incidents", params={"statuses[]": ["triggered"]})
incidents = [incident for incident in found if incident["incident_key"].startswith(tag)]
### END SOLUTION

# %% check="i06-page"
lab.check("i06-page", incidents)

# %% [markdown]
# ## Nobody answers
#
# The desk's clock stands still. Before you let it run: who hears of a SEV2, and when? This is the matrix, the same one
# that PagerDuty's escalation policy on this desk is made from.

# %%
steps = lab.load_escalation_matrix().for_severity("SEV2")
for step in steps:
    print(f"{step.within_min:4} min  {step.role:22} stand-in: {step.fallback}")
clients.desk.advance(minutes=70)
lab.quiz("i06-standin")

# %% [markdown]
# Seventy minutes have passed in a blink, and nobody has touched the phone. Look at the board.
#
# **Your turn.** `clients.pagerduty.list_all(f"incidents/{id}/log_entries")` gives the log of the incident about the
# chargebacks, newest entry first. A `trigger_log_entry` is an alarm; a `notify_log_entry` is a page, its
# `["agent"]["summary"]` the person, its `created_at` the time. Fill `paged`: for each person the minutes from the first
# trigger to their **first** page.

# %% answer="i06-climb"
paged = None
### BEGIN SOLUTION
chargebacks = next(incident for incident in incidents if "chargebacks" in incident["incident_key"])
log = clients.pagerduty.list_all(f"incidents/{chargebacks['id']}/log_entries")
at = lambda entry: datetime.fromisoformat(entry["created_at"])
began = min(at(entry) for entry in log if entry["type"] == "trigger_log_entry")
paged = {}
for entry in sorted(log, key=at):
    if entry["type"] == "notify_log_entry":
        paged.setdefault(entry["agent"]["summary"], (at(entry) - began).total_seconds() / 60)
### END SOLUTION

# %% check="i06-climb"
lab.check("i06-climb", paged)

# %% [markdown]
# We see two things. Each level is paged when the matrix says so, to the minute. And with each level ring the stand-ins
# of those who did not answer, so that silence at one desk never stops the climb.
#
# ## You answer
#
# **Your turn.** Take it over, work, and close it:
#
# 1. acknowledge: `clients.pagerduty.rput(f"incidents/{id}", json={"incident": {"type": "incident_reference", "status": "acknowledged"}})`;
# 2. let half an hour of work pass: `clients.desk.advance(minutes=30)`. Whom does the board page now?
# 3. leave a note with a measure: `clients.pagerduty.rpost(f"incidents/{id}/notes", json={"note": {"content": ...}})`;
# 4. resolve by the key: `clients.pagerduty_events.resolve(dedup_key)`;
# 5. fetch the log once more, and compute the time to acknowledge in minutes.

# %% answer="i06-close"
handled = {"log": None, "time_to_acknowledge_min": None}
### BEGIN SOLUTION
where = f"incidents/{chargebacks['id']}"
change = {"incident": {"type": "incident_reference", "status": "acknowledged"}}
clients.pagerduty.rput(where, json=change)
clients.desk.advance(minutes=30)
note = "Feedback from outside is paused; chargebacks of the last seven days were about twice the usual 17."
clients.pagerduty.rpost(f"{where}/notes", json={"note": {"content": note}})
clients.pagerduty_events.resolve(chargebacks["incident_key"])
log = clients.pagerduty.list_all(f"{where}/log_entries")
acknowledged = next(at(entry) for entry in log if entry["type"] == "acknowledge_log_entry")
handled = {"log": log, "time_to_acknowledge_min": (acknowledged - began).total_seconds() / 60}
### END SOLUTION

# %% check="i06-close"
lab.check("i06-close", handled)

# %%
lab.quiz("i06-again")

# %% [markdown]
# ## The tool that replaces Opsgenie
#
# Many teams page with Opsgenie. Its API ends on 5 April 2027; alerts move to **Jira Service Management**, which takes
# the same calls at another address. `clients.opsgenie` and `clients.jsm` are the same client library.
# The words differ from PagerDuty's: the key is an `alias`, a page is an alert, resolved is closed, and
# priorities run from P1 to P5. The API answers 202 at once and does the work a moment later, so give it a fifth of a second
# before you look.
#
# **Your turn.** Deliver the alert about the chargebacks twice with one alias, as SEV2 (P2); let ten minutes pass; acknowledge
# it; close it; fetch it. The calls: `create_alert({...})` with `message`, `alias`, `priority`;
# `get_alert(alias, identifier_type="alias").data.id`; `acknowledge_alert(id)`; `close_alert(id)`; `get_alert(id).data.to_dict()`.

# %% answer="i06-successor"
alert = None
### BEGIN SOLUTION
alarm = {"message": alerts[alerts["rule"] == "chargebacks_weekly"]["text"].iloc[0], "alias": tag, "priority": "P2"}
for delivery in (1, 2):
    clients.jsm.create_alert(alarm)
time.sleep(0.2)
id = clients.jsm.get_alert(tag, identifier_type="alias").data.id
clients.desk.advance(minutes=10)
clients.jsm.acknowledge_alert(id)
clients.desk.advance(minutes=20)
clients.jsm.close_alert(id)
time.sleep(0.2)
alert = clients.jsm.get_alert(id).data.to_dict()
### END SOLUTION

# %% check="i06-successor"
lab.check("i06-successor", alert)

# %%
clients.desk.run_clock(rate=1)

# %% [markdown]
# ## What stays
#
# - A page is for what cannot wait. A notice that rings at night teaches people not to look.
# - One condition, one key. The key holds what names the condition, and nothing that changes from alarm to alarm.
# - Unacknowledged pages climb by the matrix, with stand-ins. Acknowledging is a promise: the phone list relies on you.
# - Resolve with a note that holds a measure. After it the same alarm opens a **new** incident, as it should.
#
# **With the real services.** Set `AIIR_PAGERDUTY_URL` and its companions (or those of `AIIR_JSM_URL`), and the same calls
# go there, after a question that says what would be sent where.
#
# **Next:** the advanced level: what the review makes of such an incident.
