"""The ops desk: PagerDuty, Opsgenie, Statuspage and Jira, spoken for real, on this machine's loopback.

Names load when they are first used: a notebook that only calls :func:`desk_clients` never imports a server.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from aiir_lab.records.rooms import make_callable

_WHERE = {
    "create_app": "app",
    "DeskClock": "clock",
    "DeskClients": "clients",
    "desk_clients": "clients",
    "REAL_SERVICES": "clients",
    "DeskControl": "control",
    "Fault": "faults",
    "default_announce_path": "keys",
    "read_announcement": "keys",
    "Plan": "plan",
    "default_matrix": "plan",
    "DeskProcess": "server",
    "run_desk": "server",
    "file_actions": "tracking",
    "read_actions": "tracking",
}

__all__ = [  # noqa: RUF022
    "create_app",
    "DeskClock",
    "DeskClients",
    "desk_clients",
    "REAL_SERVICES",
    "DeskControl",
    "Fault",
    "default_announce_path",
    "read_announcement",
    "Plan",
    "default_matrix",
    "DeskProcess",
    "run_desk",
    "file_actions",
    "read_actions",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)


# lab.desk() gives ready clients
make_callable(__name__, function="desk_clients")
