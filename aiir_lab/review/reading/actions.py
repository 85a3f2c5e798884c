"""Action items of a document: tables, check lists and bullets with an owner and a date in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date

from aiir_lab.records import ActionItem, ActionKind, ActionStatus
from aiir_lab.review.reading.blocks import Block
from aiir_lab.review.reading.times import find_stamps

SECTION = re.compile(
    r"(?i)\b(action items?|actions?|follow[- ]?ups?|remediation|corrective|next steps|to[- ]?dos?"
    r"|improvement plan|preventi(?:ve|on) (?:measures|actions|items)"
    r"|what (?:we(?:['\u2019]ll|['\u2019]re| will| are)|will|is|are) (?:\w+ ){0,2}?"
    r"(?:do|doing|chang(?:e|es|ed|ing)|fix(?:ing)?)"
    r"|what (?:comes|happens) next|preventing (?:\w+ )?(?:recurrence|this|it|a repeat))\b"
)
_COLUMNS = {
    "description": re.compile(r"(?i)\b(action|description|task|item|what|todo|follow|step|summary|title)"),
    "owner": re.compile(r"(?i)\b(owner|assignee|assigned|responsible|who|dri|lead|person|team)"),
    "due": re.compile(r"(?i)\b(due|deadline|target|by when|eta|date|when|until|complet)"),
    "success_metric": re.compile(r"(?i)\b(success|metric|measure|verif|done when|acceptance|how we)"),
    "kind": re.compile(r"(?i)\b(type|kind|category|class)"),
    "ticket": re.compile(r"(?i)\b(ticket|bug|issue|jira|tracking|link|ref|id)\b|^#$"),
    "status": re.compile(r"(?i)\b(status|state|done)\b"),
}
_OWNER = re.compile(
    r"(?i)(?:\b(?:owner|assignee|assigned to|responsible|dri)\s*[:=-]\s*@?"
    r"(?P<named>(?:(?-i:[A-Z])\.\s?)*[^,;|()\[\]\n.]+)"
    r"|(?:->|=>|[→⇒])\s*@?(?P<arrow>(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+)?)"
    r"|[,;(\[–—-]\s*owner (?P<said>(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+)?)"
    r"|(?:^|[\s(\[])@(?P<at>[\w.-]*\w)|\(\s*(?P<paren>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+)?)\s*[,;)])"
)
_PAREN_IS_CASED = re.compile(r"\(\s*[A-Z]")
_DUE = re.compile(
    r"(?i)\b(?:due(?: date)?|deadline|by|before|until|eta|target(?: date)?)\b\s*[:=-]?\s*(?:on |end of )?"
)
_DUE_LABEL = re.compile(
    r"(?i)\b(?:due(?: date)?|deadline|eta|target date)\b\s*[:=-]\s*(?P<words>[^,;|()\[\]\n]+)"
)
_METRIC = re.compile(
    r"(?i)(?:\b(?:success(?: (?:metric|criteri(?:on|a)))?|metric|acceptance)\s*[:=-]\s*"
    r"|\b(?:measured by|done when|verified by)\b\s*[:=-]?\s*)(?P<words>[^|\n;]+)"
)
_TICKET = re.compile(r"\b(?P<id>[A-Z][A-Z0-9]+-\d+)\b|(?<!\w)(?P<hash>#\d+)\b")
# a date in brackets or after a dash at the end of an item is when it is due
_TRAILING = re.compile(r"(?:[(\[][^()\[\]]*\d[^()\[\]]*[)\]]|[-–—|,]\s*\S*\d[\w\s,./-]{0,20})\s*\.?$")
# ", 19/03" at the end of an item
_DAY_AND_MONTH = re.compile(r"[,;(\s](\d{1,2})/(\d{1,2})\)?\s*\.?$")
_LAST_BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*\.?$")
_BOX = re.compile(r"^(?:\[(?P<mark>[ xX])\]|(?P<tick>[✅✔☑]\ufe0f?))\s*")
# "Action item: page earlier" as a line of its own among the actions
_LABELLED = re.compile(r"(?i)^action(?: item)?s?\s*:\s*(?=\S)")
_KINDS = {
    ActionKind.PREVENT: r"prevent",
    ActionKind.DETECT: r"detect|monitor|alert",
    ActionKind.MITIGATE: r"mitigat|respon|recover",
    ActionKind.PROCESS: r"process|communicat|train|document",
}
_STATES = {
    ActionStatus.DONE: r"done|complete|closed|fixed|merged|shipped|resolved|✅|✔",
    ActionStatus.REJECTED: r"reject|won'?t|declin|cancel",
    ActionStatus.OPEN: r"open|todo|to do|progress|started|doing|planned|assigned",
    ActionStatus.PROPOSED: r"propos|idea|draft",
}


def is_action_section(block: Block) -> bool:
    """Whether a block stands under a heading for action items."""
    return any(SECTION.search(section) for section in block.sections)


def read_actions(blocks: Iterable[Block], *, year: int | None) -> list[ActionItem]:
    """The action items of a document, each with its line."""
    items = []
    for block in blocks:
        if block.kind == "row":
            item = _from_row(block, year=year)
        elif block.kind == "item" and block.depth == 1:
            item = _from_text(block, year=year)
        elif block.kind == "text" and (label := _LABELLED.match(block.text)):
            item = _from_text(replace(block, text=block.text[label.end() :]), year=year)
        else:
            item = None
        if item is not None:
            items.append(item)
    return items


def _from_row(block: Block, *, year: int | None) -> ActionItem | None:
    cells: dict[str, str] = {}
    for name, pattern in _COLUMNS.items():
        for number, title in enumerate(block.header):
            is_free = number < len(block.cells) and block.header[number] not in cells.get("_used", "").split(
                "\0"
            )
            if is_free and pattern.search(title):
                cells[name] = " ".join(block.cells[number].split())
                cells["_used"] = cells.get("_used", "") + "\0" + title
                break
    description = cells.get("description", "")
    if not description or _is_empty(description):
        return None
    found = _from_text(Block("item", description, block.line), year=year)
    if found is None:
        return None
    update: dict[str, object] = {}
    if not _is_empty(cells.get("owner", "")):
        update["owner"] = cells["owner"].lstrip("@")
    if not _is_empty(cells.get("due", "")):
        update["due"] = _date(cells["due"], year=year) or cells["due"]
    if not _is_empty(cells.get("success_metric", "")):
        update["success_metric"] = cells["success_metric"]
    if not _is_empty(cells.get("ticket", "")):
        update["ticket"] = cells["ticket"]
    if state := re.search(r"\b(DONE|TODO|OPEN|WIP)\b", cells.get("ticket", "")):
        cells.setdefault("status", state[0])
        update["ticket"] = cells["ticket"].replace(state[0], "").strip(" *-")
    if _is_empty(str(update.get("ticket", ""))):
        update.pop("ticket", None)
    update["kind"] = _match(_KINDS, cells.get("kind", ""))
    update["status"] = _match(_STATES, cells.get("status", ""))
    return found.model_copy(update={name: value for name, value in update.items() if value is not None})


def _from_text(block: Block, *, year: int | None) -> ActionItem | None:
    text = block.text
    status = None
    if box := _BOX.match(text):
        is_done = box["tick"] or box["mark"].lower() == "x"
        status = ActionStatus.DONE if is_done else ActionStatus.OPEN
        text = text[box.end() :]
    if not text.strip():
        return None
    owner = _owner(text)
    metric = _METRIC.search(text)
    ticket = _TICKET.search(text)
    return ActionItem(
        description=_description(text) or text,
        owner=owner,
        due=_due(text, year=year),
        success_metric=metric["words"].strip(" .") or None if metric else None,
        ticket=(ticket["id"] or ticket["hash"]) if ticket else None,
        status=status,
        line=block.line,
    )


def _owner(text: str) -> str | None:
    for found in _OWNER.finditer(text):
        if found["paren"] and not _PAREN_IS_CASED.match(found[0]):
            continue
        if found["paren"] and (
            find_stamps(found["paren"]) or _TICKET.search(found["paren"]) or found["paren"].isupper()
        ):
            continue
        words = next(filter(None, found.groups())).strip(" *_`-–—:")
        words = _DUE.split(words)[0].strip(" ,;-–—")
        if words:
            return words
    return None


def _due(text: str, *, year: int | None) -> date | str | None:
    for found in _DUE.finditer(text):
        stamps = [stamp for stamp in find_stamps(text[found.end() : found.end() + 40]) if stamp.has_date]
        if stamps and stamps[0].start <= 6 and (day := stamps[0].date(year)):
            return day
    if label := _DUE_LABEL.search(text):
        return _date(label["words"], year=year) or label["words"].strip(" .*_") or None
    days = [day for stamp in find_stamps(text) if (day := stamp.date(year))]
    if days and _TRAILING.search(text):
        return days[-1]
    short = _DAY_AND_MONTH.search(text)
    return _day_first_or_last(int(short[1]), int(short[2]), year) if short else None


def _day_first_or_last(one: int, other: int, year: int | None) -> date | None:
    """19/03 and 03/19 are the same day; which one 05/03 is cannot be told."""
    if year is None or (one <= 12 and other <= 12 and one != other):
        return None
    with suppress(ValueError):
        return date(year, min(one, other), max(one, other))
    return None


def _date(text: str, *, year: int | None) -> date | None:
    return next((day for stamp in find_stamps(text) if (day := stamp.date(year))), None)


def _description(text: str) -> str:
    """What is to be done, without the trailing owner, date and ticket."""
    cut = re.split(
        r"(?i)\s*[-–—,;.(\[|]*\s*\b(?:owner|assignee|assigned to|responsible|dri|due(?: date)?|deadline"
        r"|success(?: (?:metric|criteri(?:on|a)))?)\b\s*[:=-]|\s*[,;(\[–—-]\s*owner (?-i:[A-Z])|;\s*due\s",
        text,
    )[0]
    cut = re.sub(r"\s*[(\[][^()\[\]]*(?:@\w|\d{4}-\d{2}-\d{2}|\b[A-Z]+-\d+)[^()\[\]]*[)\]]", "", cut)
    cut = re.sub(r"[\s,;]*(?:[-–—]\s*)?@[\w.-]+", "", cut)
    cut = re.split(r"\s*(?:->|=>|[→⇒])\s*@?(?=[A-Z])", cut)[0]
    cut = re.sub(r"\s*[-–—,]\s*[A-Z][A-Z0-9]+-\d+\s*\.?$", "", cut)
    if (bracket := _LAST_BRACKET.search(cut)) and any(s.has_date for s in find_stamps(bracket[0])):
        cut = cut[: bracket.start()]
    for found in reversed(list(_DUE.finditer(cut))):
        stamps = find_stamps(cut[found.end() :])
        if (
            stamps
            and stamps[0].has_date
            and stamps[0].start <= 6
            and not cut[found.end() + stamps[0].end :].strip(" .;,")
        ):
            cut = cut[: found.start()]
    dates = find_stamps(cut)
    if dates and dates[-1].has_date and dates[-1].end == len(cut.rstrip(" .")) and _TRAILING.search(cut):
        cut = cut[: dates[-1].start]
    return cut.strip(" -–—,;:*_|")


def _is_empty(cell: str) -> bool:
    return cell.strip(" -–—?*_.").lower() in {"", "n/a", "na", "none", "tbd", "tba", "unassigned", "todo"}


def _match(
    table: dict[ActionKind, str] | dict[ActionStatus, str], text: str
) -> ActionKind | ActionStatus | None:
    for value, pattern in table.items():
        if text and re.search(pattern, text, re.IGNORECASE):
            return value
    return None
