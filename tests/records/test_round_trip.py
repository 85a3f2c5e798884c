"""Every record survives YAML, JSON and Markdown, whatever text it holds."""

from __future__ import annotations

import datetime as dt
import types
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aiir_lab import records
from aiir_lab.records import Record
from aiir_lab.records.atlas import AtlasId
from aiir_lab.records.base import _clean_line, _clean_text
from aiir_lab.records.postmortem import Url
from aiir_lab.records.rmf import SUBCATEGORY_IDS, RmfId, _check_in_record

# Text that is hard on Markdown, YAML and JSON at once, mixed with whatever hypothesis thinks of.
_NASTY = st.sampled_from(
    [
        *(
            "# heading",
            "\\# x",
            "- item",
            "| a | b |",
            "a\\",
            "<br>",
            "\\<br>",
            "```yaml",
            "---",
            "null",
            "true",
        ),
        *(
            "1",
            "2026-03-02",
            "a, b",
            "a\\, b",
            "key: value",
            "## Timeline",
            "~",
            "'",
            '"',
            "[x]",
            "{y}",
            "\tx",
        ),
        *("é\u00a0ü", "🚨", "\\", "\\|", "  indented", "1. first", "> quoted"),
    ]
)
_RAW = st.lists(st.one_of(_NASTY, st.text(max_size=12)), min_size=1, max_size=4).map("\n".join)


def _cleaned(clean: Any) -> st.SearchStrategy[str]:
    def attempt(text: str) -> str | None:
        try:
            return clean(text)
        except ValueError:
            return None

    return _RAW.map(attempt).filter(lambda text: text is not None)


_TEXT, _LINE = _cleaned(_clean_text), _cleaned(_clean_line)
_SLUG = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,10}", fullmatch=True)
_UTC = st.timedeltas(dt.timedelta(0), dt.timedelta(days=40_000)).map(
    lambda span: dt.datetime(1990, 1, 1, tzinfo=dt.UTC) + span
)
_BY_ANNOTATION = {
    Url: _SLUG.map("https://example.org/{}".format),
    AtlasId: st.sampled_from(["AML.T0020", "AML.T0018.000", "AML.CS0009"]),
    RmfId: st.sampled_from(SUBCATEGORY_IDS),
}


def _strategy(annotation: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    if get_origin(annotation) is Annotated:
        if annotation in _BY_ANNOTATION:
            return _BY_ANNOTATION[annotation]
        base, *more = get_args(annotation)
        return _strategy(base, [*metadata, *more])
    if get_origin(annotation) in (Union, types.UnionType):
        return st.one_of([_strategy(part, metadata) for part in get_args(annotation)])
    if get_origin(annotation) is tuple:
        return st.lists(_strategy(get_args(annotation)[0], []), max_size=3).map(tuple)
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return st.dictionaries(_LINE if key is str else _strategy(key, []), _strategy(value, []), max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return records_of(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    if annotation is str:
        if any(getattr(mark, "pattern", None) for mark in metadata):
            return _SLUG
        if any(getattr(mark, "func", None) is _check_in_record for mark in metadata):
            return st.sampled_from(SUBCATEGORY_IDS)
        is_prose = any(getattr(mark, "func", None) is _clean_text for mark in metadata)
        return _TEXT if is_prose else _LINE
    return {
        type(None): st.none(),
        bool: st.booleans(),
        int: st.integers(1, 9),
        float: st.floats(0.1, 1e6),
        dt.datetime: _UTC,
        dt.date: st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    }[annotation]


@st.composite
def records_of(draw: st.DrawFn, model: type[Record]) -> Record:
    """Draw field values by type; combinations that the model refuses are thinned out to fewer fields."""
    values = {}
    for name, field in model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            values[name] = draw(_strategy(field.annotation, field.metadata))
    if model is records.Timeline:
        values = {
            "events": tuple(event.model_copy(update={"marks": ()}) for event in values.get("events", ()))
        }
    if model is records.TimelineEvent:
        known = values.get("at_utc") is not None
        values["precision"] = draw(st.sampled_from(list(records.Precision)[:-1])) if known else "unknown"
        values.pop("marks", None)
    if model is records.Postmortem:
        values.pop("sources", None)
    if model is records.CauseGraph:
        causes = [
            cause.model_copy(
                update={"id": f"c{number}", "leads_to": ("problem",) if number == 0 else ("c0",)}
            )
            for number, cause in enumerate(values.get("causes", ()))
        ]
        values["causes"] = tuple(causes)
    if model is records.Playbook:
        tasks = [
            task.model_copy(
                update={"id": f"t{number}", "decision": None, "depends_on": ("t0",) if number else ()}
            )
            for number, task in enumerate(values["tasks"])
        ]
        values["tasks"] = tuple(tasks)
    if model is records.PlaybookTask:
        values["from_min"] = 0
    if model is records.SeverityCriterion:
        bounds = sorted(draw(st.sets(st.floats(0.1, 1e6), min_size=3, max_size=3)), reverse=True)
        values |= dict(zip(("sev1", "sev2", "sev3"), bounds, strict=True))
    if model is records.EscalationMatrix:
        values["steps"] = tuple(
            records.EscalationStep(
                severity=level, level=1, role="on_call", within_min=0, fallback="legal", leads=True
            )
            for level in records.Severity
        )
    try:
        return model(**values)
    except ValidationError:
        assume(False)
        raise


MODELS = [
    getattr(records, name)
    for name in records.__all__
    if isinstance(getattr(records, name), type)
    and issubclass(getattr(records, name), Record)
    and name != "Record"
]


@pytest.mark.parametrize("format", ["json", "yaml", "markdown"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_round_trip(model: type[Record], format: str, data: st.DataObject) -> None:
    record = data.draw(records_of(model))
    text = getattr(record, f"to_{format}")()
    assert getattr(model, f"from_{format}")(text) == record
    assert getattr(getattr(model, f"from_{format}")(text), f"to_{format}")() == text
