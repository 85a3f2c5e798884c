"""JQL, the part that action items need: read into a tree, tell what is wrong, sort and filter issues.

Fields: project, key, issuetype, status, statusCategory, resolution, labels, assignee, reporter, due, created,
updated, resolved, priority, summary, description, comment, text, parent. Operators: ``= != ~ !~ < <= > >=``,
``in``, ``not in``, ``is [not] EMPTY``, ``AND OR NOT ( )``, ``ORDER BY``. Functions: ``now()``,
``currentUser()``, ``startOfDay() endOfDay() startOfWeek() startOfMonth()``; offsets such as ``-1w 2d``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""\s*(?:
        (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign><=|>=|!=|!~|=|~|<|>|\(|\)|,)
      | (?P<word>[^\s"'=!~<>(),]+)
    )""",
    re.VERBOSE,
)
_RESERVED = {"and", "or", "not", "in", "is", "order", "by", "empty", "null", "asc", "desc"}
_SIGNS = {"=", "!=", "~", "!~", "<", "<=", ">", ">="}
_DEEPEST = 50

FIELD_NAMES = {
    **{name.casefold(): name for name in ("project", "status", "statusCategory", "resolution", "labels")},
    **{name: name for name in ("assignee", "reporter", "creator", "priority", "summary", "description")},
    **{name: name for name in ("comment", "text", "parent", "key", "created", "updated", "resolved")},
    **dict.fromkeys(("issuekey", "id", "issue"), "key"),
    **dict.fromkeys(("type", "issuetype"), "issuetype"),
    **dict.fromkeys(("due", "duedate"), "due"),
    **{
        "createddate": "created",
        "updateddate": "updated",
        "resolutiondate": "resolved",
        "watcher": "watcher",
    },
}
DATES = ("due", "created", "updated", "resolved")
TEXTS = ("summary", "description", "comment", "text")


class JqlError(ValueError):
    """A query that cannot be read; the message is for the person who wrote it."""


@dataclass(frozen=True)
class Value:
    """An operand: text, a keyword (EMPTY) or a function call."""

    text: str
    is_empty: bool = False
    is_function: bool = False
    arguments: tuple[str, ...] = ()
    is_quoted: bool = False


@dataclass(frozen=True)
class Clause:
    """``field operator operand``."""

    field: str
    written: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Clauses joined by and / or, or one negated."""

    operator: str
    clauses: tuple[Clause | Group, ...]


@dataclass(frozen=True)
class Query:
    """A whole query: a restriction (or none) and an order."""

    where: Clause | Group | None
    order: tuple[tuple[str, bool], ...] = field(default=())


def parse_jql(text: str) -> Query:
    """Read a query; raises :class:`JqlError`.

    Examples
    --------
    >>> parse_jql("project = AIR AND due < now() ORDER BY due").order
    (('due', False),)
    """
    return _Parser(text).query()


@dataclass(frozen=True)
class _Token:
    text: str
    is_quoted: bool
    place: int

    @property
    def word(self) -> str:
        return "" if self.is_quoted else self.text.casefold()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[_Token] = []
        place = 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            if not found:
                raise JqlError(
                    f"Error in the JQL Query: The character at position {place + 1} is not expected."
                )
            if found["quoted"]:
                self.tokens.append(
                    _Token(re.sub(r"\\(.)", r"\1", found["quoted"][1:-1]), True, found.start("quoted"))
                )
            else:
                name = "sign" if found["sign"] else "word"
                self.tokens.append(_Token(found[name], False, found.start(name)))
            place = found.end()
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def is_word(self, *words: str) -> bool:
        return self.next is not None and self.next.word in words

    def take(self, *words: str) -> bool:
        if self.is_word(*words):
            self.at += 1
            return True
        return False

    def fail(self, expected: str) -> JqlError:
        got = f"'{self.next.text}'" if self.next else "the end of the query"
        return JqlError(f"Error in the JQL Query: Expecting {expected} but got {got}.")

    def query(self) -> Query:
        where = None
        if self.next and not self.is_word("order"):
            where = self.either()
        order = self.order_by() if self.take("order") else ()
        if self.next:
            raise self.fail("either 'OR' or 'AND'")
        return Query(where, order)

    def either(self) -> Clause | Group:
        clauses = [self.both()]
        while self.take("or", "||"):
            clauses.append(self.both())
        return clauses[0] if len(clauses) == 1 else Group("or", tuple(clauses))

    def both(self) -> Clause | Group:
        clauses = [self.negated()]
        while self.take("and", "&&"):
            clauses.append(self.negated())
        return clauses[0] if len(clauses) == 1 else Group("and", tuple(clauses))

    def negated(self) -> Clause | Group:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise JqlError("Error in the JQL Query: The query is nested too deeply.")
        try:
            if self.take("not", "!"):
                return Group("not", (self.negated(),))
            if self.take("("):
                inside = self.either()
                if not self.take(")"):
                    raise self.fail("')'")
                return inside
            return self.clause()
        finally:
            self.depth -= 1

    def clause(self) -> Clause:
        token = self.next
        if token is None or token.word in _RESERVED or token.word in _SIGNS or token.text in "(),":
            raise self.fail("a field name")
        self.at += 1
        known = FIELD_NAMES.get(token.text.casefold())
        if known is None:
            raise JqlError(f"Field '{token.text}' does not exist or you do not have permission to view it.")
        return self.operand(known, token.text)

    def operand(self, known: str, written: str) -> Clause:
        if self.take("is"):
            operator = "is not" if self.take("not") else "is"
            value = self.value()
            if not value.is_empty:
                raise JqlError(f"The operator '{operator}' only takes EMPTY or NULL.")
            return Clause(known, written, operator, (value,))
        if self.take("in"):
            return Clause(known, written, "in", self.values())
        if self.is_word("not"):
            self.at += 1
            if not self.take("in"):
                raise self.fail("'in'")
            return Clause(known, written, "not in", self.values())
        if not self.is_word(*_SIGNS):
            raise self.fail("an operator: =, !=, ~, !~, <, <=, >, >=, IN, NOT IN, IS or IS NOT")
        operator = self.tokens[self.at].text
        self.at += 1
        is_text, is_order = operator in ("~", "!~"), operator in ("<", "<=", ">", ">=")
        fits = (
            known in TEXTS
            if is_text
            else (known in (*DATES, "priority", "key") if is_order else known != "text")
        )
        if not fits or (known in TEXTS and not is_text):
            raise JqlError(f"The operator '{operator}' is not supported by the '{written}' field.")
        return Clause(known, written, operator, (self.value(),))

    def values(self) -> tuple[Value, ...]:
        if not self.take("("):
            raise self.fail("'('")
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        if not self.take(")"):
            raise self.fail("')'")
        return tuple(values)

    def value(self) -> Value:
        token = self.next
        if token is None or (token.text in _SIGNS | {"(", ")", ","} and not token.is_quoted):
            raise self.fail("a value")
        self.at += 1
        if token.word in ("empty", "null"):
            return Value("EMPTY", is_empty=True)
        if token.word in _RESERVED:
            self.at -= 1
            raise self.fail("a value")
        if not token.is_quoted and self.take("("):
            arguments = []
            while self.next and not self.is_word(")"):
                if not self.is_word(","):
                    arguments.append(self.next.text)
                self.at += 1
            if not self.take(")"):
                raise self.fail("')'")
            return Value(token.text, is_function=True, arguments=tuple(arguments))
        return Value(token.text, is_quoted=token.is_quoted)

    def order_by(self) -> tuple[tuple[str, bool], ...]:
        if not self.take("by"):
            raise self.fail("'BY'")
        order = []
        while True:
            token = self.next
            known = FIELD_NAMES.get(token.text.casefold()) if token else None
            if token is None or known is None:
                raise self.fail("a field name to order by")
            self.at += 1
            is_down = self.is_word("desc")
            self.take("asc", "desc")
            order.append((known, is_down))
            if not self.take(","):
                return tuple(order)
