"""Loading public post-mortems, one and all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aiir_lab.catalog import course_path, load_postmortem, postmortem_ids, public_postmortems
from aiir_lab.catalog.postmortems import read_record
from aiir_lab.records import ClockMark, NotFoundError, RecordError


def test_a_post_mortem_is_loaded_once() -> None:
    assert load_postmortem("microsoft-tay-2016") is load_postmortem("microsoft-tay-2016")


@pytest.mark.parametrize("id", ["gitlab-2018", "gitlab", "../../pyproject"])
def test_an_unknown_id_is_answered_with_known_ones(id: str) -> None:
    with pytest.raises(NotFoundError, match=id) as caught:
        load_postmortem(id)
    assert any(known in str(caught.value) for known in postmortem_ids())
    if id.startswith("gitlab"):
        assert "Did you mean 'gitlab-2017'" in str(caught.value)


def test_the_table_has_one_row_per_record_the_oldest_first() -> None:
    table = public_postmortems()
    assert sorted(table["id"]) == list(postmortem_ids())
    assert table["date"].is_monotonic_increasing
    assert set(table["severity"]) <= {"SEV1", "SEV2", "SEV3", "SEV4"}
    assert (table["n_events"] >= table["n_clock_events"]).all()
    assert str(table["onset_utc"].dtype).endswith("UTC]")


def test_the_table_says_what_the_records_say() -> None:
    row = public_postmortems().set_index("id").loc["cloudflare-2025-11-18"]
    assert row["detected_utc"] == pd.Timestamp("2025-11-18T11:32Z")
    assert row["precise_marks"] == "onset, alerted, detected, acknowledged, mitigated, resolved"
    assert row["n_actions"] == 6
    assert "https://blog.cloudflare.com/18-november-2025-outage/" in row["sources"]


def test_a_mark_known_to_the_day_is_there_but_not_called_precise() -> None:
    row = public_postmortems().set_index("id").loc["openai-gpt4o-sycophancy-2025"]
    assert row["onset_utc"] == pd.Timestamp("2025-04-24T00:00Z")
    assert row["precise_marks"] == ""
    assert pd.isna(row["resolved_utc"])


def test_the_table_is_a_fresh_copy() -> None:
    table = public_postmortems()
    table["title"] = "changed"
    assert "changed" not in set(public_postmortems()["title"])


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("severity: SEV1", "severity: SEV9", "severity", "SEV1"),
        ("precision: minute", "precision: hourish", "timeline.events.0.precision", "minute"),
        ("organisation:", "organization:", "organization", "no such field"),
        ("id: cloudflare-2025-11-18", "id: another-name", "id", "cloudflare-2025-11-18"),
    ],
)
def test_an_error_names_file_line_and_field(
    tmp_path: Path, old: str, new: str, field: str, expected: str
) -> None:
    text = course_path("datasets", "post_mortems", "cloudflare-2025-11-18.yaml").read_text(encoding="utf-8")
    broken = text.replace(old, new, 1)
    line = 1 + next(
        number
        for number, (before, after) in enumerate(zip(text.splitlines(), broken.splitlines(), strict=True))
        if before != after
    )
    path = tmp_path / "cloudflare-2025-11-18.yaml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_record(path)
    message = str(caught.value)
    assert str(path) in message
    assert f"{field}: " in message
    assert expected in message
    if field != "id":  # the only rule that is not about the text of the file itself
        assert f"line {line}, {field}" in message


def test_text_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "torn.yaml"
    path.write_text("id: torn\ntitle: [half a list\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"torn\.yaml") as caught:
        read_record(path)
    assert "line 3" in str(caught.value)


def test_every_clock_mark_has_its_column() -> None:
    assert {f"{mark.value}_utc" for mark in ClockMark} <= set(public_postmortems().columns)
