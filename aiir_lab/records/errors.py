"""The errors that aiir_lab raises on purpose."""

from __future__ import annotations


class AiirError(Exception):
    """Base of every error that aiir_lab raises on purpose.

    The message says what is wrong, with which item, what was expected against
    what was found, and what to do next. It is meant to be read by a learner
    without the traceback; IPython shows only the message.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class RecordError(AiirError):
    """A record (file, text or call) does not have the shape it should have.

    Parameters
    ----------
    problems : list of str
        One line per problem: place, field, expected, got.
    where : str
        The file or the thing that was read, for the headline.
    """

    def __init__(self, problems: list[str], *, where: str) -> None:
        self.problems = problems
        self.where = where
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        listing = "\n".join(f"  - {line}" for line in problems)
        super().__init__(f"{where}: {count} found.\n{listing}\nMend what is named, then load it again.")


class NotFoundError(AiirError, LookupError):
    """Something was asked for by a name that does not exist; the message names the nearest ones."""

    def __init__(self, kind: str, name: object, known: list[str]) -> None:
        from difflib import get_close_matches

        near = get_close_matches(str(name), known, n=3, cutoff=0.4)
        hint = f"Did you mean {', '.join(map(repr, near))}?" if near else f"Known: {', '.join(known[:12])}."
        super().__init__(f"There is no {kind} named {str(name)!r}. {hint}")
