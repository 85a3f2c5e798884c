from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiir_lab.grade.answers import MAX_BYTES, AnswerError, is_untouched, to_data
from aiir_lab.records import Severity, TimelineEvent

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(_JSON)
def test_json_passes_unchanged(data: object) -> None:
    assert to_data(data) == data


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (np.float64(2.5), 2.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1, 2]), [1, 2]),
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series({"a": 1}), {"a": 1}),
        (pd.DataFrame({"a": [1, 2]}), [{"a": 1}, {"a": 2}]),
        (pd.Timestamp("2026-03-02T09:00Z"), "2026-03-02T09:00:00+00:00"),
        (pd.NaT, None),
        (pd.NA, None),
        (dt.date(2026, 3, 2), "2026-03-02"),
        (float("nan"), "nan"),
        ({Severity.SEV1: {"b", "a"}}, {"SEV1": ["a", "b"]}),
        ({1: "x"}, {"1": "x"}),
        ((1, (2,)), [1, [2]]),
        (TimelineEvent(text="x", precision="unknown"), {"precision": "unknown", "text": "x"}),
    ],
)
def test_what_learners_hand_in_becomes_plain_data(answer: object, expected: object) -> None:
    data = to_data(answer)
    assert data == expected
    assert type(data) is type(expected)
    json.dumps(data, allow_nan=False)


def test_another_type_is_named() -> None:
    with pytest.raises(AnswerError, match="type Timedelta"):
        to_data(pd.Timedelta("3min"))


def test_an_answer_that_contains_itself_is_refused() -> None:
    answer: list[object] = []
    answer.append(answer)
    with pytest.raises(AnswerError, match="contains itself"):
        to_data(answer)


def test_a_huge_answer_is_refused() -> None:
    with pytest.raises(AnswerError, match="not the table"):
        to_data("x" * (MAX_BYTES + 1))


@pytest.mark.parametrize("data", [None, "", "  ", [], {}, {"a": None}, [None, {"b": ""}]])
def test_untouched(data: object) -> None:
    assert is_untouched(data)


@pytest.mark.parametrize("data", [0, False, "x", [0], {"a": None, "b": 1}])
def test_touched(data: object) -> None:
    assert not is_untouched(data)
