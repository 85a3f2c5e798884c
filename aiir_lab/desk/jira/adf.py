"""Atlassian Document Format: rich text is kept as ADF, shown as ADF in version 3 and as text in version 2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiir_lab.desk.fields import Problem

LONGEST_TEXT = 32_767
_DEEPEST = 40
_LEAVES = {"text", "hardBreak", "rule", "mention", "emoji", "inlineCard", "date", "status", "media"}
_WRONG = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


def from_text(text: str) -> dict[str, Any]:
    """Plain text as a document: blank lines part paragraphs, line ends become hard breaks.

    Examples
    --------
    >>> to_text(from_text("Roll back.\\n\\nThen retrain."))
    'Roll back.\\n\\nThen retrain.'
    """
    content = []
    for paragraph in text.split("\n\n"):
        inline: list[dict[str, Any]] = []
        for number, line in enumerate(paragraph.split("\n")):
            if number:
                inline.append({"type": "hardBreak"})
            if line:
                inline.append({"type": "text", "text": line})
        content.append({"type": "paragraph", "content": inline})
    return {"type": "doc", "version": 1, "content": content}


def to_text(node: Any) -> str:
    """A document as plain text."""
    if not node:
        return ""
    return "\n\n".join(_block(child) for child in node.get("content", []))


def problems(value: Any, at: str) -> Iterator[Problem]:
    """What is wrong with a document."""
    if not isinstance(value, dict) or value.get("type") != "doc" or value.get("version") != 1:
        yield at, _WRONG
    elif not _is_sound(value, 0):
        yield at, "INVALID_INPUT: the document's content is not valid ADF"
    elif len(to_text(value)) > LONGEST_TEXT:
        yield at, f"The entered text is too long. It exceeds the allowed limit of {LONGEST_TEXT} characters."


def _is_sound(node: Any, depth: int) -> bool:
    if not isinstance(node, dict) or not isinstance(node.get("type"), str) or depth > _DEEPEST:
        return False
    if node["type"] == "text":
        return isinstance(node.get("text"), str) and node["text"] != ""
    content = node.get("content", [])
    if not isinstance(node.get("attrs", {}), dict):
        return False
    return isinstance(content, list) and all(_is_sound(child, depth + 1) for child in content)


def _block(node: dict[str, Any]) -> str:
    kind, children = node["type"], node.get("content", [])
    if kind in ("bulletList", "orderedList"):
        mark = "*" if kind == "bulletList" else "#"
        return "\n".join(f"{mark} {_block(child)}" for child in children)
    if kind == "heading":
        level = node.get("attrs", {}).get("level", 1)
        return f"h{level}. {_inline(children)}"
    if any(child["type"] not in _LEAVES for child in children):
        return "\n".join(_block(child) for child in children)
    return _inline([node] if kind in _LEAVES else children)


def _inline(children: list[dict[str, Any]]) -> str:
    parts = []
    for child in children:
        attrs = child.get("attrs", {})
        if child["type"] == "hardBreak":
            parts.append("\n")
        elif child["type"] == "text":
            parts.append(child["text"])
        else:
            parts.append(str(attrs.get("text") or attrs.get("url") or ""))
    return "".join(parts)
