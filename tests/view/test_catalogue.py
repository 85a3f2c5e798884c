from __future__ import annotations

import pandas as pd
import pytest

from aiir_lab.catalog.postmortems import public_postmortems
from aiir_lab.records import AiirError, Postmortem
from aiir_lab.view import alt_text, draw_catalogue
from aiir_lab.view.catalogue import durations_of


def words(fig):
    return " ".join(annotation.text or "" for annotation in fig.layout.annotations)


def incident(number: int, *, detected_min: int | None, precision: str = "minute", severity: str = "SEV2"):
    events = [{"at_utc": "2026-03-02T00:00Z", "precision": precision, "text": "a", "marks": ["onset"]}]
    if detected_min is not None:
        at = pd.Timestamp("2026-03-02T00:00Z") + pd.Timedelta(minutes=detected_min)
        events.append({"at_utc": at.isoformat(), "text": "b", "marks": ["detected"]})
    return Postmortem.from_dict(
        {
            "id": f"i-{number}",
            "title": "T",
            "date": "2026-03-02",
            "severity": severity,
            "timeline": {"events": events},
        }
    )


def test_the_median_is_drawn_and_the_silent_are_counted():
    fig = draw_catalogue([incident(n, detected_min=m) for n, m in enumerate([5, 10, 600, None])])
    (median,) = [trace for trace in fig.data if trace.name == "median"]
    assert list(median.x) == [10, 10]
    assert "median <b>10 min</b><br>1 of 4 silent" in words(fig)
    assert fig.layout.title.text == "<b>1 of 4 accounts does not say how long detection took</b>"
    assert fig.layout.xaxis2.type == "log"


def test_no_minutes_follow_from_a_time_known_to_the_day():
    fig = draw_catalogue([incident(1, detected_min=5, precision="day")])
    assert "all 1 silent" in words(fig)


def test_each_level_has_its_row_and_symbol():
    fig = draw_catalogue([incident(1, detected_min=5), incident(2, detected_min=5, severity="SEV1")])
    tops = {trace.name: trace for trace in fig.data if trace.xaxis == "x" and len(trace.x)}
    assert set(tops) == {"SEV1", "SEV2"}
    assert tops["SEV1"].marker.symbol != tops["SEV2"].marker.symbol
    assert "SEV1  (1)" in fig.layout.yaxis.ticktext


def test_the_table_and_the_records_give_the_same_durations():
    table = public_postmortems()
    durations = durations_of(table)
    assert len(durations) == len(table)
    fig = draw_catalogue(table)
    drawn = [
        value for trace in fig.data if trace.xaxis == "x2" and trace.mode == "markers" for value in trace.x
    ]
    assert len(drawn) == int(durations.notna().sum().sum())


def test_a_selection_of_rows_is_enough():
    table = public_postmortems()
    assert "Catalogue" in alt_text(draw_catalogue(table.head(1)))
    assert "Catalogue" in alt_text(draw_catalogue(table[["title", "date", "severity"]]))


@pytest.mark.parametrize("nothing", [[], pd.DataFrame(columns=["title", "date", "severity"])])
def test_nothing_to_draw_is_said(nothing):
    assert "No incident is in this selection" in words(draw_catalogue(nothing))


def test_an_incident_without_severity_or_date_is_no_problem():
    fig = draw_catalogue([Postmortem(id="a", title="b")])
    assert "1 of 1" in fig.layout.title.text


def test_a_table_without_the_columns_is_explained():
    with pytest.raises(AiirError, match="lacks date, severity"):
        draw_catalogue(pd.DataFrame({"title": ["x"]}))


def test_a_wrong_argument_is_explained():
    with pytest.raises(AiirError, match="list of Postmortem"):
        draw_catalogue(["x"])
