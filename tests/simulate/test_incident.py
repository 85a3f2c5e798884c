"""An incident as files: the tables come back as they were, and nothing of the truth is in them."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from aiir_lab.records import AiirError
from aiir_lab.simulate import Incident, Run, incident_files, open_incident, replay, simulate

SEED = 2**62 + 987_654_321
WHAT_IF = [
    {"option": "wait", "controls": "", "harm_left_share": 1.0, "cost": None},
    {"option": "act", "controls": "freeze_feedback", "harm_left_share": 0.5, "cost": 7.0},
]


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate("fraud_poisoning", seed=SEED, size="sample")


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("incident")
    for name, content in incident_files(run, lesson="i02", what_if=WHAT_IF).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def incident(folder: Path) -> Incident:
    return open_incident(folder)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns alike: pandas has two types for them."""
    texts = {name: object for name in frame if str(frame[name].dtype) == "str"}
    return frame.astype(texts)


def test_the_tables_come_back_as_they_were(run: Run, incident: Incident) -> None:
    half = run.started_utc + timedelta(days=49)
    for until in (None, half):
        expected, found = run.observe(until=until), incident.observe(until=until)
        assert list(expected) == list(found)
        for name in expected:
            pd.testing.assert_frame_equal(plain(expected[name]), plain(found[name]))
    assert (incident.company, incident.started_utc, incident.ended_utc) == (
        run.company,
        run.started_utc,
        run.ended_utc,
    )
    pd.testing.assert_frame_equal(incident.columns, run.columns)
    assert incident.what_if["harm_left_share"].tolist() == [1.0, 0.5]
    # a cell that nobody filled leaves the column one of numbers
    assert incident.what_if["cost"].sum() == 7.0


def test_the_same_run_gives_the_same_bytes(run: Run, folder: Path) -> None:
    files = incident_files(run, lesson="i02", what_if=WHAT_IF)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_neither_seed_nor_truth_is_in_the_files(run: Run, folder: Path) -> None:
    documented = set(run.columns["column"]) | set(WHAT_IF[0])
    for path in folder.iterdir():
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
        assert str(SEED) not in text
        assert f"{SEED:x}" not in text
        if path.suffix == ".gz":
            assert set(text.splitlines()[0].split(",")) <= documented
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest) == {"format", "lesson", "world", "company", "started_utc", "ended_utc"}


def test_truth_and_replays_are_not_to_be_had(incident: Incident) -> None:
    with pytest.raises(AiirError, match="Your instructor has it"):
        incident.reveal()
    with pytest.raises(AiirError, match="Expected a Run"):
        replay(incident, controls=["kill_switch"])  # type: ignore[arg-type]
    assert not hasattr(incident, "seed")
    assert not hasattr(incident, "harm")


def test_a_missing_or_damaged_incident_says_what_to_do(run: Run, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(AiirError, match="There is no incident"):
        open_incident(tmp_path)
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for damage in (b"", b"nothing packed", (folder / "labels.csv.gz").read_bytes()[:-200], b"\x1f\x8b\x08"):
        (tmp_path / "labels.csv.gz").write_bytes(damage)
        with pytest.raises(AiirError, match="damaged"):
            open_incident(tmp_path).observe()
    (tmp_path / "labels.csv.gz").unlink()
    with pytest.raises(AiirError, match="is missing"):
        open_incident(tmp_path).observe()
    (tmp_path / "manifest.json").write_text('{"format": 1}')
    with pytest.raises(AiirError, match="There is no incident"):
        open_incident(tmp_path)
