"""Escalations: the matrix as Opsgenie shows it, and more of them by hand."""

from __future__ import annotations

from typing import Any

from aiir_lab.desk.fields import Flag, Many, Obj, Text, Whole
from aiir_lab.desk.model import Policy, Rule
from aiir_lab.desk.opsgenie import render
from aiir_lab.desk.opsgenie.alerts import RECIPIENTS, person_id
from aiir_lab.desk.opsgenie.manners import answer
from aiir_lab.desk.plan import stable_id
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

_UNITS_MIN = {"days": 1440.0, "hours": 60.0, "minutes": 1.0, "seconds": 1 / 60}
_TIME_UNITS = (*_UNITS_MIN, "miliseconds", "micros", "nanos")
_RULE = Obj(
    needs={
        "condition": Text(one_of=("if-not-acked", "if-not-closed")),
        "notifyType": Text(one_of=("default", "next", "previous", "users", "admins", "all")),
        "delay": Obj(needs={"timeAmount": Whole(least=0)}, may={"timeUnit": Text(one_of=_TIME_UNITS)}),
        "recipient": Obj(
            needs={"type": Text(one_of=RECIPIENTS)},
            may={"id": Text(), "username": Text(), "name": Text()},
        ),
    }
)
_REPEAT = {
    "waitInterval": Whole(least=0),
    "count": Whole(least=0, most=20),
    "resetRecipientStates": Flag(),
    "closeAlertAfterAll": Flag(),
}
_NEW = Obj(
    needs={"name": Text(shortest=1, longest=200), "rules": Many(_RULE, fewest=1, most=20)},
    may={
        "description": Text(),
        "ownerTeam": Obj(may={"id": Text(), "name": Text()}),
        "repeat": Obj(may=_REPEAT),
    },
)


@ROUTES.add("GET", "/v2/escalations")
def list_escalations(call: Call) -> Reply:
    """All escalations."""
    return answer([render.escalation(call, policy) for policy in call.desk.store.find(Policy)])


@ROUTES.add("POST", "/v2/escalations")
def create_escalation(call: Call) -> Reply:
    """Another escalation; rules with the same delay are one level."""
    wanted = call.json(_NEW)
    if call.desk.store.first(Policy, key=wanted["name"]):
        raise Refused(422, "Name taken", [("name", "is already used by an escalation")])
    levels: dict[float, list[dict[str, Any]]] = {}
    for rule in wanted["rules"]:
        delay = rule["delay"]
        after_min = min(float(delay["timeAmount"]), 1e6) * _UNITS_MIN.get(
            delay.get("timeUnit", "minutes"), 0.0
        )
        levels.setdefault(after_min, []).append(rule)
    rules = [
        Rule(
            after_min=after_min,
            targets=list(dict.fromkeys(_recipient(call, rule["recipient"]) for rule in group)),
            condition=group[0]["condition"],
        )
        for after_min, group in sorted(levels.items())
    ]
    policy = Policy(
        id=stable_id("policy", wanted["name"]),
        created_utc=call.desk.clock.now(),
        name=wanted["name"],
        description=wanted.get("description", ""),
        rules=rules,
        loops=int(wanted.get("repeat", {}).get("count", 0)),
    )
    call.desk.store.save(policy)
    reply = answer({"id": policy.id, "name": policy.name}, result="Created")
    reply.status = 201
    return reply


@ROUTES.add("GET", "/v2/escalations/{identifier}")
def read_escalation(call: Call) -> Reply:
    """One escalation by id or name."""
    kind = (call.args("identifierType", one_of=("id", "name")) or ["id"])[0]
    name = call.path["identifier"]
    policy = call.desk.store.get(Policy, name) if kind == "id" else call.desk.store.first(Policy, key=name)
    if policy is None:
        raise Refused(404, "Escalation does not exist")
    return answer(render.escalation(call, policy))


def _recipient(call: Call, recipient: dict[str, Any]) -> str:
    return person_id(call, recipient.get("id") or recipient.get("username") or recipient.get("name") or "")
