"""Who and what PagerDuty knows: services, escalation policies, people on call, priorities, changes."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from aiir_lab.desk.fields import Many, Maybe, Obj, Text, Whole
from aiir_lab.desk.model import Change, Person, Policy, Rule, Service
from aiir_lab.desk.pagerduty import render
from aiir_lab.desk.pagerduty.incidents import moment, ref
from aiir_lab.desk.pagerduty.manners import requester
from aiir_lab.desk.plan import LEARNER_EMAIL, stable_id
from aiir_lab.desk.wire import Call, Refused, Reply, Routes

ROUTES = Routes()

_TARGET_TYPES = ("user", "user_reference", "schedule", "schedule_reference")
_POLICY_INCLUDES = ("services", "teams", "targets", "escalation_rule_assignment_strategies")
_SERVICE_INCLUDES = ("escalation_policies", "teams", "integrations", "auto_pause_notifications_parameters")
_USER_INCLUDES = ("contact_methods", "notification_rules", "teams", "subdomains", "calendar_urls")
_SORTS = ("name", "name:asc", "name:desc")


@ROUTES.add("GET", "/escalation_policies")
def list_policies(call: Call) -> Reply:
    """The matrix, one policy per severity, and what was added by hand."""
    call.args("include", one_of=_POLICY_INCLUDES)
    users = set(call.args("user_ids"))
    found = [
        policy
        for policy in _named(call, call.desk.store.find(Policy))
        if not users or users & {person for rule in policy.rules for person in rule.targets}
    ]
    page = render.paged(call, "escalation_policies", found)
    page["escalation_policies"] = [render.policy(call, policy) for policy in page["escalation_policies"]]
    return Reply(200, page)


@ROUTES.add("POST", "/escalation_policies")
def create_policy(call: Call) -> Reply:
    """Another policy beside the matrix."""
    requester(call, is_required=False)
    target = Obj(needs={"id": Text(shortest=1), "type": Text(one_of=_TARGET_TYPES)})
    rule = Obj(
        needs={
            "escalation_delay_in_minutes": Whole(least=1, most=1440),
            "targets": Many(target, fewest=1, most=10),
        }
    )
    shape = Obj(
        needs={
            "type": Text(one_of=("escalation_policy",)),
            "name": Text(shortest=1, longest=255),
            "escalation_rules": Many(rule, fewest=1, most=20),
        },
        may={
            "description": Text(),
            "num_loops": Whole(least=0, most=9),
            "on_call_handoff_notifications": Text(one_of=("if_has_services", "always")),
            "teams": Many(ref("team")),
        },
    )
    wanted = call.json(Obj(needs={"escalation_policy": shape}))["escalation_policy"]
    if call.desk.store.first(Policy, key=wanted["name"]):
        raise Refused(400, "Name taken", [("escalation_policy.name", "has already been taken")])
    waits = [int(rule["escalation_delay_in_minutes"]) for rule in wanted["escalation_rules"]]
    starts = [0, *accumulate(waits)][: len(waits)]
    rules = [
        Rule(after_min=start, targets=[_person(call, target["id"]).id for target in rule["targets"]])
        for start, rule in zip(starts, wanted["escalation_rules"], strict=True)
    ]
    policy = Policy(
        id=stable_id("policy", wanted["name"]),
        created_utc=call.desk.clock.now(),
        name=wanted["name"],
        description=wanted.get("description", ""),
        rules=rules,
        last_wait_min=waits[-1],
        loops=int(wanted.get("num_loops", 0)),
    )
    call.desk.store.save(policy)
    return Reply(201, {"escalation_policy": render.policy(call, policy)})


@ROUTES.add("GET", "/escalation_policies/{id}")
def read_policy(call: Call) -> Reply:
    """One policy."""
    call.args("include", one_of=_POLICY_INCLUDES)
    return Reply(200, {"escalation_policy": render.policy(call, _get(call, Policy))})


@ROUTES.add("GET", "/services")
def list_services(call: Call) -> Reply:
    """The services that pages are about."""
    call.args("include", one_of=_SERVICE_INCLUDES)
    found = _named(call, call.desk.store.find(Service))
    if "name" in call.query:
        found = [service for service in found if service.name == call.arg("name")]
    page = render.paged(call, "services", found)
    page["services"] = [render.service(call, service) for service in page["services"]]
    return Reply(200, page)


@ROUTES.add("POST", "/services")
def create_service(call: Call) -> Reply:
    """Another service, with a routing key of its own."""
    shape = Obj(
        needs={
            "type": Text(one_of=("service",)),
            "escalation_policy": ref("escalation_policy"),
        },
        may={
            "name": Text(shortest=1, longest=255),
            "description": Maybe(Text()),
            "auto_resolve_timeout": Maybe(Whole(least=0)),
            "acknowledgement_timeout": Maybe(Whole(least=0)),
            "status": Text(one_of=("active", "warning", "critical", "maintenance", "disabled")),
            "alert_creation": Text(one_of=("create_incidents", "create_alerts_and_incidents")),
        },
    )
    wanted = call.json(Obj(needs={"service": shape}))["service"]
    name = wanted.get("name") or f"Service {call.desk.store.next_number('service')}"
    if any(service.name == name for service in call.desk.store.find(Service)):
        raise Refused(400, "Name taken", [("service.name", "has already been taken")])
    if call.desk.store.get(Policy, wanted["escalation_policy"]["id"]) is None:
        raise Refused(
            400, "Policy Not Found", [("service.escalation_policy", "is not a policy of this account")]
        )
    service = Service(
        id=stable_id("service", name),
        created_utc=call.desk.clock.now(),
        name=name,
        description=wanted.get("description") or "",
        policy_id=wanted["escalation_policy"]["id"],
        routing_key=stable_id(call.desk.keys.desk_key, name, length=31).lower(),
    )
    call.desk.store.save(service)
    return Reply(201, {"service": render.service(call, service)})


@ROUTES.add("GET", "/services/{id}")
def read_service(call: Call) -> Reply:
    """One service."""
    call.args("include", one_of=_SERVICE_INCLUDES)
    return Reply(200, {"service": render.service(call, _get(call, Service))})


@ROUTES.add("GET", "/users")
def list_users(call: Call) -> Reply:
    """The holders of the matrix's roles, and the learner."""
    call.args("include", one_of=_USER_INCLUDES)
    wanted = call.arg("query").casefold()
    found = [
        person
        for person in call.desk.store.find(Person)
        if wanted in person.name.casefold() or wanted in person.email.casefold()
    ]
    page = render.paged(call, "users", found)
    page["users"] = [render.user(call, person) for person in page["users"]]
    return Reply(200, page)


@ROUTES.add("GET", "/users/me")
def read_me(call: Call) -> Reply:
    """The learner."""
    call.args("include", one_of=_USER_INCLUDES)
    return Reply(200, {"user": render.user(call, _person(call, LEARNER_EMAIL))})


@ROUTES.add("GET", "/users/{id}")
def read_user(call: Call) -> Reply:
    """One user."""
    call.args("include", one_of=_USER_INCLUDES)
    return Reply(200, {"user": render.user(call, _get(call, Person))})


@ROUTES.add("GET", "/oncalls")
def list_oncalls(call: Call) -> Reply:
    """Who is on call at which level of which policy."""
    call.args("include", one_of=("escalation_policies", "users", "schedules"))
    moment(call, "since"), moment(call, "until"), call.flag("earliest")
    policies, users = call.args("escalation_policy_ids"), call.args("user_ids")
    found: list[dict[str, Any]] = [
        {
            "escalation_policy": render.policy_reference(call, policy.id),
            "escalation_level": level,
            "schedule": None,
            "user": render.user_reference(call, person),
            "start": None,
            "end": None,
        }
        for policy in call.desk.store.find(Policy)
        if not policies or policy.id in policies
        for level, rule in enumerate(policy.rules, start=1)
        for person in rule.targets
        if not users or person in users
    ]
    if call.args("schedule_ids"):
        found = []  # nobody is on call by a schedule here
    return Reply(200, render.paged(call, "oncalls", found))


@ROUTES.add("GET", "/priorities")
def list_priorities(call: Call) -> Reply:
    """Orders of work, the first first."""
    return Reply(
        200, render.paged(call, "priorities", [render.priority(call, name) for name in render.PRIORITIES])
    )


@ROUTES.add("GET", "/change_events")
def list_changes(call: Call) -> Reply:
    """Change events, newest first."""
    since, until = moment(call, "since"), moment(call, "until")
    found = [
        change
        for change in call.desk.store.find(Change, newest_first=True)
        if (since is None or change.created_utc >= since) and (until is None or change.created_utc < until)
    ]
    page = render.paged(call, "change_events", found)
    page["change_events"] = [render.change_event(call, change) for change in page["change_events"]]
    return Reply(200, page)


def _named(call: Call, found: list[Any]) -> list[Any]:
    wanted = call.arg("query").casefold()
    order = (call.args("sort_by", one_of=_SORTS) or [""])[0]
    found = [item for item in found if wanted in item.name.casefold()]
    return sorted(found, key=lambda item: item.name, reverse=order.endswith("desc")) if order else found


def _get(call: Call, cls: type[Any]) -> Any:
    found = call.desk.store.get(cls, call.path["id"])
    if found is None:
        raise Refused(404, "Not Found")
    return found


def _person(call: Call, name: str) -> Person:
    person = call.desk.person_named(name)
    if person is None:
        raise Refused(400, "User Not Found", [("targets", f"{name} is not a user of this account")])
    return person
