"""What a reviewer of written work reports: one place in a text, why it matters, and what to write instead."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

_REPR_WIDTH = 72


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Finding:
    """One remark about one stretch of a text.

    Findings sort by position. Two findings are equal when all their fields are.

    Parameters
    ----------
    start, end : int
        Character offsets in the text given: ``text[start:end]`` is the stretch, ``0 <= start <= end``.
        A remark about something that is *missing* has ``start == end``.
    kind : str
        Stable identifier of the problem, for example ``"human_error"``.
    message : str
        What is wrong and why it matters, in one or two sentences.
    suggestion : str
        What to write or do instead.
    line : int or None, default None
        Line number, counted from 1, where the stretch begins; None where the text has no lines to speak of.
    rule : str, default ""
        The rule that fired, so that a reader can look up its source.
    field : str, default ""
        The field of a record the text came from, for example ``"action_items[2].due"``.

    Examples
    --------
    >>> text = "Root cause: human error."
    >>> remark = Finding(12, 23, "human_error", "It ends the search too early.", "Ask what made it likely.")
    >>> remark.of(text)
    'human error'
    >>> remark
    Finding(12:23 human_error: It ends the search too early.)
    """

    start: int
    end: int
    kind: str
    message: str
    suggestion: str
    line: int | None = None
    rule: str = ""
    field: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"A finding needs 0 <= start <= end; got start={self.start}, end={self.end}.")

    def of(self, text: str) -> str:
        """The stretch of `text` that the finding speaks about."""
        return text[self.start : self.end]

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, ready for JSON."""
        return asdict(self)

    def __repr__(self) -> str:
        place = f" line {self.line}" if self.line is not None else ""
        message = self.message if len(self.message) <= _REPR_WIDTH else self.message[: _REPR_WIDTH - 1] + "…"
        return f"Finding({self.start}:{self.end}{place} {self.kind}: {message})"
