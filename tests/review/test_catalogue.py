"""The published incidents go through our own reviewers: what they find is fixed, or explained here."""

from __future__ import annotations

import pytest

from aiir_lab.catalog import load_postmortem
from aiir_lab.catalog.postmortems import postmortem_ids
from aiir_lab.review import read_postmortem, review_postmortem
from aiir_lab.review.language import KINDS

# What publishers leave out, and what a record of a published account therefore cannot hold. Each kind is a
# finding about the published account, which lesson 2 teaches; none is a slip of ours.
PUBLISHED_GAPS = {
    # publishers name neither owners nor dates nor measures of their actions
    *("no_owner", "no_due_date", "no_metric", "circular_metric", "not_bounded", "several_actions"),
    *("weak_action", "no_strong_action", "due_before_incident"),
    # times that no source gives
    *("no_onset", "no_detected", "no_mitigated", "no_resolved"),
    # fields that no source speaks about
    *("missing_lessons", "missing_owner", "missing_resolution", "missing_detection", "missing_trigger"),
    *("impact_without_figures", "impact_without_affected", "impact_without_duration"),
    *("no_tooling_factor", "no_process_factor", "no_technical_factor", "few_factors"),
}


@pytest.mark.parametrize("id", postmortem_ids())
def test_a_record_passes_its_own_review(id: str) -> None:
    review = review_postmortem(load_postmortem(id))
    assert review.verdict in ("adequate", "excellent"), review.to_markdown()
    surprising = [finding for finding in review.findings if finding.kind not in PUBLISHED_GAPS]
    assert [(finding.kind, finding.field, finding.message) for finding in surprising] == []


@pytest.mark.parametrize("id", postmortem_ids())
def test_no_record_blames(id: str) -> None:
    kinds = {finding.kind for finding in review_postmortem(load_postmortem(id)).findings}
    assert not kinds & set(KINDS)


@pytest.mark.parametrize("id", postmortem_ids())
def test_a_record_written_as_markdown_comes_back_whole(id: str) -> None:
    record = load_postmortem(id)
    document = read_postmortem(record.to_markdown())
    assert {name: getattr(document, name) for name in type(record).model_fields} == dict(record)
