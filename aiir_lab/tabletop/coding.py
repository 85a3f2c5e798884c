"""A session as Python: the calls that play it again, for a cell that goes wherever its notebook goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiir_lab.tabletop.sight import Sight

# action -> the parameters that are given by place; all others by name
_BY_PLACE = {
    "acknowledge": ("message",),
    "declare_severity": ("severity",),
    "escalate": ("role", "text"),
    "message": ("to", "text"),
    "query": ("name",),
    "keep_evidence": ("name",),
    "note": ("text",),
    "decide": ("name",),
    "post_update": ("text",),
    "decide_legal": ("name", "answer"),
    "take_role": ("role",),
    "hand_over": ("role",),
}


def write_code(session: Sight) -> str:
    """The calls of a session in order; run in a fresh kernel, they lead to the same log."""
    start = session.entries[0].data
    given = [
        repr(str(start["exercise"])),
        f"seed={start['seed']}",
        f"difficulty={str(start['difficulty'])!r}",
    ]
    if start["mode"] != "solo":
        given += [f"mode={str(start['mode'])!r}", f"players={dict(start['players'])!r}"]
    lines = [f"session = lab.start_exercise({', '.join(given)})"]
    lines += [_call(entry.action, entry.data) for entry in session.entries[1:]]
    return "\n".join(lines)


def _call(action: str, data: Mapping[str, Any]) -> str:
    values = {key: value for key, value in data.items() if not (action == "advance" and key == "by")}
    if action == "note":
        action = "hypothesis" if values.pop("is_hypothesis", False) else "note"
    by_place = _BY_PLACE.get("note" if action == "hypothesis" else action, ())
    arguments = [repr(values.pop(name)) for name in by_place if name in values]
    arguments += [f"{key}={value!r}" for key, value in values.items()]
    return f"session.{action}({', '.join(arguments)})"
