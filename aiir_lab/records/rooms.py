"""Rooms that share their name with the function that learners call: ``lab.simulate(...)``, ``lab.desk()``.

Importing any module of such a room makes Python set ``aiir_lab.simulate`` to the room, whatever stood there
before. So the room itself can be called, and both uses of the name always work.
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any


class _CallableRoom(ModuleType):
    """A room that passes a call on to one of its functions."""

    _called: str

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self._function())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function()(*args, **kwargs)

    def _function(self) -> Any:
        return getattr(self, self._called)


def make_callable(room: str, *, function: str) -> None:
    """Let a room be called: its ``__init__`` says ``make_callable(__name__, function="simulate")``."""
    module = sys.modules[room]
    module.__class__ = _CallableRoom
    module._called = function  # type: ignore[attr-defined]
