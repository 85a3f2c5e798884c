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
    """A room that passes a call on to its function of the same name."""

    @property
    def __signature__(self) -> inspect.Signature:
        return inspect.signature(self._function())

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._function()(*args, **kwargs)

    def _function(self) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])


def make_callable(room: str) -> None:
    """Let a room be called; its ``__init__`` says ``make_callable(__name__)``."""
    sys.modules[room].__class__ = _CallableRoom
