"""Texts with figures in braces, filled from the world as it stands on the exercise clock."""

from __future__ import annotations

import re
from collections.abc import Callable

# What every text may use besides the figures of its exercise.
BUILT_IN = ("company", "clock", "today", "weekday", "severity", "minutes_since_update")
_BRACES = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def placeholders(text: str) -> tuple[str, ...]:
    """Names in braces, in order."""
    return tuple(_BRACES.findall(text))


def fill(text: str, value_of: Callable[[str], object]) -> str:
    """The text with every name in braces replaced by its value."""
    return _BRACES.sub(lambda found: str(value_of(found[1])), text)
