# %% [markdown]
# # A status page is a promise that customers can check
#
# After this lesson (about 35 minutes) you can
#
# 1. open an incident on a status page through the vendor's own API: component, state, title, text;
# 2. tell it through all four stages without a silence, and keep every time that you promise;
# 3. close it so that those who were hit know what remains.
#
# ## The situation
#
# You are the communications lead of Lantern AI. Shops send you each card payment, your model answers with a fraud
# score, and a high score declines the payment. A responder has just paged you. It is SEV2. The public page is green.

# %%
import json
from datetime import timedelta
from urllib.request import urlopen

import aiir_lab as lab

clients = lab.desk()
opened = clients.desk.now()
clients.desk.run_clock(rate=0)
print("The public page:", clients.announcement["urls"]["statuspage_public"] + "/")

# %% [markdown]
# Open that address in another tab and leave it open; it follows along by itself. The page belongs to the
# **ops desk**, which runs on your own machine and speaks the format of Statuspage. `clients.statuspage` is the client
# that teams use with the real service (`pip install 'aiir-lab[ops]'` brings it); there, only address and key differ.
# Nothing of what you post here leaves your machine.
#
# The desk's clock stands still while you write. `utc(20)` gives you the clock time 20 minutes after the page.

# %%
utc = lambda minutes: f"{opened + timedelta(minutes=minutes):%H:%M} UTC"
lab.quiz("b05-page")

# %% [markdown]
# ## What you know at the start
#
# The responder's note, copied as it came:

# %%
print(f"""since {utc(-14)}: 1 in 6 card payments from Portugal is declined. Everywhere else looks normal.
The shops affected: all with buyers in Portugal. Nothing was charged for a declined payment.
fs-41 went live at {utc(-16)}. I bet it is the address feed of our vendor again, they always mess up.
Looking into it now. Buyers can pay by bank transfer meanwhile, that path does not use the score.""")

# %% [markdown]
# ## Predict
#
# Four facts and one bet stand in that note. Which of them belong on the page, and which would you have to take back in
# an hour? Make up your mind before you write.
#
# ## The first post
#
# An incident on Statuspage takes a `name` (its title), a `status` (the stage), a `body` (the text), `component_ids`, and
# in `components` the state of each: `operational`, `degraded_performance`, `partial_outage` or `major_outage`.
# These are the components of your page; the list needs no client, for the page's JSON is public:

# %%
page = clients.announcement["urls"]["statuspage_public"]
with urlopen(f"{page}/api/v2/components.json") as reply:
    parts = {part["name"]: part["id"] for part in json.load(reply)["components"]}
parts

# %% [markdown]
# **Your turn.** Open the incident with `clients.statuspage.page_create_incident(clients.page_id, {...})` and keep what it
# returns in `first`. At SEV2 the matrix asks for an update at least every 30 minutes; say when yours comes.
# `lab.review_status_update(text, stage="investigating").problems` reads a text before anybody else does.

# %% answer="b05-first"
first = None
### BEGIN SOLUTION
scoring = parts["Fraud scoring"]
first = clients.statuspage.page_create_incident(
    clients.page_id,
    {
        "name": "Card payments from Portugal are declined more often",
        "status": "investigating",
        "body": f"Since {utc(-14)} about one in six card payments from Portugal is declined. Buyers can pay by bank "
        f"transfer meanwhile; declined payments are not charged. We are investigating. Next update by {utc(25)}.",
        "component_ids": [scoring],
        "components": {scoring: "partial_outage"},
    },
)
### END SOLUTION

# %% check="b05-first"
lab.check("b05-first", first)

# %% [markdown]
# Look at the public page. This is all that a shop with a hundred waiting buyers knows about you.
#
# ## 25 minutes later
#
# The clock moves on, and another note comes in.

# %%
clients.desk.set_clock(opened + timedelta(minutes=25))
print(f"""{utc(24)}: ran fs-40 and fs-41 on the same 500 payments: the declines come from the release, confirmed.
went back to fs-40 at {utc(20)}. declines are falling, not at the usual level yet.
2,140 payments declined in error so far. the vendor's feed was fine all along.""")

# %% [markdown]
# The bet was wrong. Had it stood on the page, you would now apologise to a vendor as well.
#
# **Your turn.** Post the second update with `clients.statuspage.page_update_incident(clients.page_id, first["id"], {...})`.
# It takes the same fields; `status` and `body` are enough.

# %% answer="b05-identified"
identified = None
### BEGIN SOLUTION
identified = clients.statuspage.page_update_incident(
    clients.page_id,
    first["id"],
    {
        "status": "identified",
        "body": f"A change on our side at {utc(-16)} led to the declined card payments from Portugal. We undid it at "
        f"{utc(20)}; fewer payments are declined now, but still more than usual. Bank transfer works. "
        f"Next update by {utc(50)}.",
    },
)
### END SOLUTION

# %% check="b05-identified"
lab.check("b05-identified", identified)

# %% [markdown]
# ## 50 minutes

# %%
clients.desk.set_clock(opened + timedelta(minutes=50))
print(f"""{utc(49)}: Portugal is at its usual decline rate since {utc(31)}. want to watch another half hour
before I call it over. 2,310 payments declined in error, all in all.""")

# %% [markdown]
# Is it over? Harm has stopped; that is **mitigation**. Whether it stays so is not known yet.
#
# **Your turn.** Post the third update.

# %% answer="b05-monitoring"
monitoring = None
### BEGIN SOLUTION
monitoring = clients.statuspage.page_update_incident(
    clients.page_id,
    first["id"],
    {
        "status": "monitoring",
        "body": f"Since {utc(31)} card payments from Portugal are declined no more often than usual. We are watching "
        f"whether it stays so. Next update by {utc(80)}.",
    },
)
### END SOLUTION

# %% check="b05-monitoring"
lab.check("b05-monitoring", monitoring)

# %%
lab.quiz("b05-silence")

# %% [markdown]
# ## 75 minutes

# %%
clients.desk.set_clock(opened + timedelta(minutes=75))
print(f"""{utc(74)}: 43 minutes at the usual rate, confirmed by two of us. closing.
final count: 2,310 payments declined in error between {utc(-14)} and {utc(31)}. none was charged.
buyers can simply pay again. review is on Thursday.""")

# %% [markdown]
# **Your turn.** Post the last update. It says that it is over, and it owes an answer to everybody whose payment was
# declined. Do not forget the component: a page that stays yellow is a promise too.

# %% answer="b05-resolved"
resolved = None
### BEGIN SOLUTION
resolved = clients.statuspage.page_update_incident(
    clients.page_id,
    first["id"],
    {
        "status": "resolved",
        "body": f"Card payments from Portugal work as usual since {utc(31)}. Between {utc(-14)} and {utc(31)}, 2,310 "
        "payments were declined in error. None of them was charged, and buyers can pay again. We are reviewing how "
        "this could happen and will publish what we change.",
        "components": {parts["Fraud scoring"]: "operational"},
    },
)
### END SOLUTION

# %% check="b05-resolved"
lab.check("b05-resolved", resolved)

# %% [markdown]
# ## What the page tells afterwards
#
# Status pages keep their history. This is what a customer, a journalist or an auditor reads a month from now:

# %%
with urlopen(f"{page}/api/v2/incidents.json") as reply:
    told = json.load(reply)["incidents"]
for post in reversed(told[0]["incident_updates"] if told else []):
    print(post["created_at"][11:16], post["status"].upper(), "-", post["body"], "\n")
clients.desk.run_clock(rate=1)

# %% [markdown]
# ## What stays
#
# - A public post holds what customers notice, since when, what they can do, and when you write again.
# - A guess does not belong there. A confirmed cause does, in one plain clause, without names and versions.
# - Every post makes a promise with a clock time on it; the next post keeps it, with or without news.
# - Monitoring is not resolved. Resolved says how many were hit and what remains for them.
#
# **With the real service.** Set `AIIR_STATUSPAGE_URL`, `AIIR_STATUSPAGE_KEY` and `AIIR_STATUSPAGE_PAGE_ID`, and the same
# calls go there. The kit first tells you what will be sent where and asks.
#
# **Next:** the intermediate level, where a living system is behind the alert.
