"""HTML from a submission without anything that acts: for feedback pages, which a browser opens.

An allow list, not a list of what is known to be bad: tables, text and plain styles stay; scripts, handlers,
frames, forms, style sheets and links to anything but the web go.
"""

from __future__ import annotations

import re
import threading
from typing import Any

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt",
    "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": ["class", "style", "title", "role", "aria-label", "dir", "lang"],
    "a": ["href"],
    "details": ["open"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}
_STYLES = [
    "background-color", "border", "border-bottom", "border-collapse", "border-left", "border-top", "color",
    "font-family", "font-size", "font-style", "font-weight", "list-style", "margin", "padding",
    "padding-left", "text-align", "vertical-align", "white-space", "width",
]  # fmt: skip
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_PICTURES = ("image/png", "image/jpeg")
_ACTIVE = ("text/html", "image/svg+xml", "application/javascript", "text/markdown", "text/latex")


_of_thread = threading.local()


def _cleaner() -> Any:
    """The cleaner of this thread: one keeps its parser's state, so two threads would mix their documents."""
    if not hasattr(_of_thread, "cleaner"):
        _of_thread.cleaner = _new_cleaner()
    return _of_thread.cleaner


def _new_cleaner() -> Any:
    from bleach.css_sanitizer import CSSSanitizer
    from bleach.sanitizer import Cleaner

    return Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        protocols={"http", "https", "mailto"},
        css_sanitizer=CSSSanitizer(allowed_css_properties=_STYLES),
        strip=True,
        strip_comments=True,
    )


def clean_html(text: str) -> str:
    """The HTML with nothing in it that acts.

    Examples
    --------
    >>> clean_html('<b onclick="x()">a</b><img src=x onerror="x()">')
    '<b>a</b>'
    """
    return str(_cleaner().clean(_without_code(text)))


def _without_code(text: str) -> str:
    """Without style sheets and scripts: the cleaner would take the tags away and show what stands in them."""
    for tag in ("style", "script"):
        kept, place, low = [], 0, text.lower()  # by place: a search by pattern takes long for hostile text
        if len(low) != len(text):
            continue  # a letter whose lower case is longer would shift the places; it is then shown
        while (start := low.find(f"<{tag}", place)) >= 0 and (end := low.find(f"</{tag}>", start)) >= 0:
            kept.append(text[place:start])
            place = end + len(tag) + 3
        text = "".join([*kept, text[place:]])
    return text


def clean_outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs of a cell with HTML cleaned and forms that a page would run left out; figures stay.

    Of their metadata only sizes of pictures stay: nbconvert writes those into a tag without quotes.
    """
    cleaned = []
    for output in outputs:
        data = output.get("data")
        if isinstance(data, dict):
            kept = {mime: value for mime, value in data.items() if _is_still(mime, value)}
            if isinstance(data.get("text/html"), str):
                kept["text/html"] = clean_html(data["text/html"])
            output = {**output, "data": kept, "metadata": _sizes(output.get("metadata"))}
        cleaned.append(output)
    return cleaned


def _is_still(mime: str, value: Any) -> bool:
    if mime.startswith("image/") and not (isinstance(value, str) and _BASE64.fullmatch(value)):
        return False
    return mime not in _ACTIVE


def _sizes(metadata: Any) -> dict[str, Any]:
    if not isinstance(metadata, dict):
        return {}
    pictures = {
        mime: {
            name: value[name]
            for name in ("width", "height")
            if type(value.get(name)) in (int, float) and 0 < value[name] < 10_000
        }
        for mime, value in metadata.items()
        if mime in _PICTURES and isinstance(value, dict)
    }
    return {mime: sizes for mime, sizes in pictures.items() if sizes}
