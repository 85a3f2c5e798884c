"""Whole post-mortems: an excellent, an adequate and a poor one, and what each is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aiir_lab.records import AiirError, Postmortem
from aiir_lab.review import PostmortemReview, read_postmortem, review_postmortem

DOCUMENTS = Path(__file__).parent / "documents"
EXCELLENT = (DOCUMENTS / "excellent.md").read_text(encoding="utf-8")
POOR = (DOCUMENTS / "poor.md").read_text(encoding="utf-8")


def change(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def weak_actions(text: str) -> str:
    head = text.split("## Action items")[0]
    return (
        head + "## Action items\n\n"
        "- Remind everybody to look at slices\n- Train the team on releases\n- Write a wiki page about it\n"
    )


def review(text: str) -> PostmortemReview:
    return review_postmortem(read_postmortem(text))


def kinds(found: PostmortemReview) -> set[str]:
    return {finding.kind for finding in found.findings}


def test_an_excellent_one() -> None:
    found = review(EXCELLENT)
    assert found.verdict == "excellent", found.to_markdown()


def test_a_poor_one() -> None:
    found = review(POOR)
    assert found.verdict == "poor"
    assert {"no_date", "human_error", "missing_impact", "no_strong_action", "few_factors"} & kinds(found)


LOSSES: dict[str, Callable[[str], str]] = {
    "no_time_zone": lambda text: change(text, "## Timeline (UTC)", "## Timeline").replace(" UTC", ""),
    "missing_action_items": lambda text: text.split("## Action items")[0],
    "no_strong_action": weak_actions,
    "judgement": lambda text: change(text, "Release 4.2 replaced", "Tom was careless and replaced"),
    "no_tooling_factor": lambda text: change(text, "- Tooling: the accuracy alert", "- Process: the review"),
    "missing_impact": lambda text: change(text, "## Impact", "## Notes"),
    "no_mitigated": lambda text: change(
        text, "- 11:22 Rollback to 4.1 complete, error rate back to normal\n", ""
    ),
    "missing_severity": lambda text: change(text, "| Severity | SEV2 |\n", ""),
    "due_before_incident": lambda text: change(text, "2026-03-16", "2026-02-16"),
}


@pytest.mark.parametrize("kind", LOSSES)
def test_each_loss_is_found_and_costs(kind: str) -> None:
    found = review(LOSSES[kind](EXCELLENT))
    assert kind in kinds(found), found.to_markdown()
    assert found.score < review(EXCELLENT).score


def test_a_full_document_that_blames_is_not_excellent() -> None:
    blaming = change(
        EXCELLENT, "## Trigger\n", "## Trigger\nThe on-call engineer failed to test it. Tom was careless. "
    )
    blaming = change(
        blaming, "- Nothing told us for 58 minutes.", "- Ada should have noticed. She ignored the alert."
    )
    assert review(blaming).verdict != "excellent"


def test_findings_stand_in_order_of_what_helps_most_with_line_and_next_step() -> None:
    found = review(POOR)
    rows = POOR.count("\n") + 1
    assert all(finding.suggestion for finding in found.findings)
    assert all(finding.line is None or 1 <= finding.line <= rows for finding in found.findings)
    assert found.findings[0].kind not in {"short_timeline", "carried_zone"}


def test_a_record_is_judged_by_its_fields() -> None:
    pm = Postmortem(id="x", title="X", trigger="The engineer failed to check the release.")
    blame = [finding for finding in review_postmortem(pm).findings if finding.field == "trigger"]
    assert blame
    assert "failed" in blame[0].of(pm.trigger or "")


def test_other_things_are_refused() -> None:
    with pytest.raises(AiirError, match="read_postmortem"):
        review_postmortem("INC-7.md")  # type: ignore[arg-type]


def test_markdown_and_html_escape_what_they_show() -> None:
    found = review(change(EXCELLENT, "Dark pictures were", "`<script>` pictures were"))
    assert "<script>" not in found.to_html()
    assert "&lt;script&gt;" in found.to_html()
    assert found.to_markdown().startswith("# Review: ")


def test_sarif_has_rules_results_and_lines() -> None:
    found = review(POOR)
    log = json.loads(json.dumps(found.to_sarif()))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert len(run["results"]) == len(found.findings)
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
