"""The desk's own controls, for whoever holds the desk's key: clock, faults, limits, matrix."""

from __future__ import annotations

import hmac
from datetime import UTC, date
from typing import Any

from aiir_lab.desk.clock import DeskClock
from aiir_lab.desk.faults import KINDS, VENDORS
from aiir_lab.desk.fields import Flag, Moment, Obj, Shape, Text, Whole, parse_moment
from aiir_lab.desk.wire import Call, Refused, Reply, Routes, Vendor
from aiir_lab.records.errors import AiirError

ROUTES = Routes()


class DeskManners(Vendor):
    """``Authorization: Bearer`` with the desk's key."""

    name = "desk"
    largest_body = 16 * 1024
    calls_per_minute = 6000

    def authorize(self, call: Call) -> None:
        """Check the desk's key."""
        given = call.request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {call.desk.keys.desk_key}".encode()):
            raise Refused(401, "The desk's own key is needed; it stands in the announce file.")

    def refusal(self, error: Refused, call: Call) -> Reply:
        """``{"error": {"message", "problems"}}``."""
        problems = [f"{at} {what}" for at, what in error.problems]
        return Reply(error.status, {"error": {"message": error.message, "problems": problems}})


class _Number(Shape):
    def problems(self, value: Any, at: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield at, "must be a number"


@ROUTES.add("GET", "/clock")
def read_clock(call: Call) -> Reply:
    """The desk's time and rate."""
    return Reply(200, clock_state(call.desk.clock))


@ROUTES.add("POST", "/clock")
def change_clock(call: Call) -> Reply:
    """``set_utc``, then ``advance_min``, then ``rate``; pages climb at once as the new time asks."""
    fields = {"set_utc": Moment(), "advance_min": _Number(), "rate": _Number()}
    wanted = call.json(Obj(may=fields, closed=True))
    clock = call.desk.clock
    if not isinstance(clock, DeskClock):
        raise Refused(409, "This desk runs on another clock; set that one.")
    try:
        if "set_utc" in wanted:
            moment = parse_moment(wanted["set_utc"])
            assert moment is not None
            clock.set(moment)
        if "advance_min" in wanted:
            clock.advance(minutes=wanted["advance_min"])
        if "rate" in wanted:
            clock.run(rate=wanted["rate"])
    except (AiirError, OverflowError) as error:
        raise Refused(400, str(error)) from None
    call.desk.keep_clock()
    call.desk.paging.climb()
    return Reply(200, clock_state(clock))


@ROUTES.add("GET", "/faults")
def list_faults(call: Call) -> Reply:
    """What trouble is on."""
    return Reply(200, {"faults": call.desk.faults.to_list(), "limits_enforced": call.desk.limits.is_enforced})


@ROUTES.add("POST", "/faults")
def switch_fault_on(call: Call) -> Reply:
    """Let the next calls to a vendor be struck."""
    fields = {"times": Whole(least=1), "delay_s": _Number()}
    shape = Obj(needs={"vendor": Text(one_of=VENDORS), "kind": Text(one_of=KINDS)}, may=fields, closed=True)
    wanted = call.json(shape)
    try:
        call.desk.faults.switch_on(
            wanted["vendor"], wanted["kind"], times=wanted.get("times", 1), delay_s=wanted.get("delay_s", 0.5)
        )
    except AiirError as error:
        raise Refused(400, str(error)) from None
    return list_faults(call)


@ROUTES.add("DELETE", "/faults")
def switch_faults_off(call: Call) -> Reply:
    """End all trouble."""
    call.desk.faults.switch_off()
    return list_faults(call)


@ROUTES.add("POST", "/limits")
def enforce_limits(call: Call) -> Reply:
    """Enforce the vendors' rate limits, or only tell them."""
    call.desk.limits.is_enforced = call.json(Obj(needs={"enforced": Flag()}, closed=True))["enforced"]
    return list_faults(call)


@ROUTES.add("GET", "/matrix")
def read_matrix(call: Call) -> Reply:
    """The escalation matrix and the due dates that everything follows."""
    plan = call.desk.plan
    today = call.desk.clock.now().astimezone(UTC).date()
    due = {severity: _due(plan, severity, today) for severity in plan.due_days}
    return Reply(200, {"matrix": plan.to_dict(), "due_days": plan.due_days, "due_if_closed_today": due})


def _due(plan: Any, severity: str, closed: date) -> str:
    return str(plan.due_date(severity, closed=closed).isoformat())


def clock_state(clock: Any) -> dict[str, Any]:
    """What a clock shows."""
    rate = clock.rate if isinstance(clock, DeskClock) else None
    return {"now_utc": clock.now().astimezone(UTC).isoformat(), "rate": rate}
