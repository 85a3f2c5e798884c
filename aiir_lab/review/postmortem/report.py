"""A review of a post-mortem as Markdown, HTML and SARIF."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiir_lab.review.finding import Finding
    from aiir_lab.review.postmortem import PostmortemReview

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}
body{{color:#1b1b1b;background:#fff}}
table{{border-collapse:collapse}}td,th{{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}}
li{{margin:.6rem 0}}em{{color:#555}}
@media (prefers-color-scheme:dark){{body{{color:#e8e8e8;background:#151515}}em{{color:#aaa}}}}
</style></head><body>{body}</body></html>
"""


def write_markdown(review: PostmortemReview) -> str:
    """Heading, table of dimensions, numbered findings."""
    lines = [f"# Review: {review.title}", "", f"**{review.verdict}**, {review.score:.2f} of 1", ""]
    lines += ["| dimension | score | weight |", "| --- | --- | --- |"]
    lines += [f"| {item.name} | {item.score:.2f} | {item.weight:.0%} |" for item in review.dimensions]
    lines += ["", "## What would help most", ""]
    for number, finding in enumerate(review.findings, start=1):
        lines.append(f"{number}. {_place(finding)}{finding.message}")
        lines.append(f"   *{finding.suggestion}*")
    if not review.findings:
        lines.append("Nothing to mend was found.")
    return "\n".join(lines) + "\n"


def write_html(review: PostmortemReview) -> str:
    """One self-contained page, readable in light and dark."""
    return page(f"Review: {review.title}", write_fragment(review))


def page(title: str, body: str) -> str:
    """A page of HTML that stands alone; ``body`` is HTML already."""
    return _PAGE.format(title=escape(title), body=body)


def write_fragment(review: PostmortemReview) -> str:
    """The review as a piece of HTML."""
    rows = "".join(
        f"<tr><td>{item.name}</td><td>{item.score:.2f}</td><td>{item.weight:.0%}</td></tr>"
        for item in review.dimensions
    )
    items = "".join(
        f"<li>{escape(_place(finding))}{escape(finding.message)}<br><em>{escape(finding.suggestion)}</em></li>"
        for finding in review.findings
    )
    return (
        f"<h1>Review: {escape(review.title)}</h1>"
        f"<p><strong>{review.verdict}</strong>, {review.score:.2f} of 1</p>"
        "<table><thead><tr><th>dimension</th><th>score</th><th>weight</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        f"<h2>What would help most</h2><ol>{items or '<li>Nothing to mend was found.</li>'}</ol>"
    )


def write_sarif(review: PostmortemReview) -> dict[str, Any]:
    """SARIF 2.1.0: one rule per kind of finding, one result per finding."""
    return sarif({review.path or "postmortem.md": review.findings})


def sarif(findings: dict[str, tuple[Finding, ...]]) -> dict[str, Any]:
    """SARIF 2.1.0 of findings by file."""
    everything = [finding for found in findings.values() for finding in found]
    kinds = sorted({finding.kind for finding in everything})
    rules = [{"id": kind, "shortDescription": {"text": kind.replace("_", " ")}} for kind in kinds]
    results = [
        {
            "ruleId": finding.kind,
            "level": "warning",
            "message": {"text": f"{finding.message} {finding.suggestion}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": path},
                        "region": {"startLine": finding.line or 1},
                    }
                }
            ],
        }
        for path, found in findings.items()
        for finding in found
    ]
    driver = {"name": "aiir", "rules": rules}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


def _place(finding: Finding) -> str:
    if finding.line:
        return f"Line {finding.line}: "
    return f"{finding.field}: " if finding.field else ""
