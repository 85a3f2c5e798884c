"""The after-action report as people read it: the same blocks as Markdown and as one self-contained page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from aiir_lab.records.exercise import AfterAction

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}
body{{color:#1b1b1b;background:#fff}}
table{{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}}
td,th{{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}}
td,th{{border-bottom:1px solid #ccc;overflow-wrap:break-word}}
h2{{margin-top:2rem}}li{{margin:.4rem 0}}
@media (prefers-color-scheme:dark){{body{{color:#e8e8e8;background:#151515}}td,th{{border-color:#444}}}}
@media print{{body{{font-size:11pt;margin:0;max-width:none}}h2{{break-after:avoid}}}}
@media print{{tr,li{{break-inside:avoid}}}}
</style></head><body>{body}</body></html>
"""


@dataclass(frozen=True)
class _Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class _List:
    items: Sequence[str]


_Block = str | _List | _Table


def write_markdown(report: AfterAction) -> str:
    """The report as Markdown; whatever players wrote is shown as it stands."""
    lines = [f"# After-action report: {_md(report.title)}", ""]
    for heading, blocks in _sections(report):
        lines += [f"## {heading}", ""]
        for block in blocks:
            lines += [*_markdown_block(block), ""]
    return "\n".join(lines)


def write_html(report: AfterAction) -> str:
    """One page that asks nothing of any network, readable in light and dark and on paper."""
    return _PAGE.format(title=escape(f"After-action report: {report.title}"), body=write_fragment(report))


def write_fragment(report: AfterAction) -> str:
    """The report as a piece of HTML."""
    parts = [f"<h1>After-action report: {escape(report.title)}</h1>"]
    for heading, blocks in _sections(report):
        parts.append(f"<h2>{escape(heading)}</h2>")
        parts += [_html_block(block) for block in blocks]
    return "\n".join(parts)


def _sections(report: AfterAction) -> Iterator[tuple[str, list[_Block]]]:
    harm = report.harm
    share = harm.share_avoided
    yield (
        "Overview",
        [
            f"{report.company}, {report.start_utc:%Y-%m-%d %H:%M} to {report.end_utc:%Y-%m-%d %H:%M} UTC on "
            f"the exercise clock. World {report.world}, seed {report.seed}, difficulty {report.difficulty}, "
            f"mode {report.mode}.",
            f"Score {report.points:.1f} of {report.possible:g}. Harm as played {harm.amount:,.0f} "
            f"{harm.unit}; without a response {harm.no_response:,.0f}; under the best plan found "
            f"{harm.best:,.0f}"
            + (f". {share:.0%} of what could be avoided was avoided." if share is not None else "."),
        ],
    )
    yield (
        "Score",
        [
            _Table(
                ("Side", "Points", "Why"),
                [(s.title, f"{s.points:g} of {s.possible:g}", s.reason) for s in report.scores],
            )
        ],
    )
    yield (
        "Objectives",
        [
            "P: performed without challenges. S: with some challenges. M: with major challenges. U: unable "
            "to be performed.",
            _Table(
                ("Objective", "Rating", "Why"),
                [(o.text, f"{o.rating}, {o.rating.words}", o.reason) for o in report.objectives],
            ),
        ],
    )
    yield "Strengths", [_List(report.strengths or ("None was recorded.",))]
    yield "Areas for improvement", [_List(report.areas_for_improvement or ("None was recorded.",))]
    yield (
        "Improvement plan",
        [
            _Table(
                ("Action", "Owner", "Due", "Success metric"),
                [
                    (a.description, a.owner or "", str(a.due or ""), a.success_metric or "")
                    for a in report.improvement_plan
                ],
            )
        ],
    )
    yield from _what_happened(report)


def _what_happened(report: AfterAction) -> Iterator[tuple[str, list[_Block]]]:
    yield (
        "Times",
        [
            _Table(
                ("Time", "Minutes", "Counted"),
                [
                    (
                        m.name.replace("_", " "),
                        "did not happen" if m.minutes is None else f"{m.minutes:g}",
                        m.pair,
                    )
                    for m in report.metrics
                ],
            )
        ],
    )
    yield (
        "Decisions",
        [
            _Table(
                ("Minute", "Decision", "By", "Reason", "In effect", f"Harm avoided ({report.harm.unit})"),
                [
                    (
                        f"{d.at_min:g}",
                        d.title,
                        d.role.value.replace("_", " "),
                        d.rationale or "none given",
                        f"{d.effective_utc:%Y-%m-%d %H:%M}" if d.effective_utc else "",
                        "" if d.harm_avoided is None else f"{d.harm_avoided:,.0f}",
                    )
                    for d in report.decisions
                ],
            ),
            "Harm avoided by a decision is measured by leaving it out and replaying; decisions overlap, so "
            "the figures need not add up.",
            _best_plan(report),
        ],
    )
    yield (
        "Escalation",
        [
            _Table(
                ("Role", "Due at minute", "Told at minute", "Who was told"),
                [
                    (
                        e.role.value.replace("_", " "),
                        "not asked for" if e.due_min is None else f"{e.due_min:g}",
                        "never"
                        if e.done_min is None
                        else f"{e.done_min:g}" + (", late" if e.is_late else ""),
                        e.told.value.replace("_", " ") if e.told else "",
                    )
                    for e in report.escalations
                ],
            )
        ],
    )
    remarks = [
        (
            f"{u.at_min:g}" + (f", {u.late_min:g} late" if u.late_min else ""),
            u.stage.value,
            u.text,
            "; ".join(f"{p.kind.replace('_', ' ')}: {p.suggestion}" for p in u.problems) or "none",
        )
        for u in report.updates
    ]
    yield "Status updates", [_Table(("Minute", "Stage", "Text", "Remarks"), remarks)]
    if report.legal_clocks:
        yield (
            "Legal clocks",
            [_Table(("Rule", "Decided"), [(c.rule, c.note or "") for c in report.legal_clocks])],
        )
    yield (
        "Timeline",
        [
            _Table(
                ("UTC", "Kind", "What", "Clock mark"),
                [
                    (
                        f"{e.at_utc:%Y-%m-%d %H:%M}" if e.at_utc else "",
                        e.kind.value,
                        e.text,
                        ", ".join(mark.value for mark in e.marks),
                    )
                    for e in report.timeline.events
                ],
            )
        ],
    )
    yield (
        "What was going on",
        [report.truth or "Not told.", _List([factor.text for factor in report.factors])],
    )


def _best_plan(report: AfterAction) -> str:
    steps = ", ".join(
        f"{step.name.replace('_', ' ')} (in effect from minute {step.at_min:g})"
        for step in report.harm.best_plan
    )
    found = f"Best plan found in {report.harm.plans_tried} replays: {steps or 'to do nothing'}."
    return f"{found} It is the best of those tried, not proven to be the best there is."


def _markdown_block(block: _Block) -> list[str]:
    if isinstance(block, _List):
        return [f"- {_md(item)}" for item in block.items]
    if isinstance(block, _Table):
        if not block.rows:
            return ["None."]
        cells = [[_md(cell).replace("|", r"\|") for cell in row] for row in (block.head, *block.rows)]
        rule = "| " + " | ".join("---" for _ in block.head) + " |"
        lines = ["| " + " | ".join(row) + " |" for row in cells]
        return [lines[0], rule, *lines[1:]]
    return [_md(block)]


def _html_block(block: _Block) -> str:
    if isinstance(block, _List):
        return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, _Table):
        if not block.rows:
            return "<p>None.</p>"
        head = "".join(f"<th>{escape(cell)}</th>" for cell in block.head)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f"<p>{escape(block)}</p>"


_MARKS = re.compile(r"([\\`*_<\[\]])")


def _md(text: str) -> str:
    """Text on one line that Markdown shows as it stands."""
    return re.sub(r"^(\d*)([#>+\-=~.)])", r"\1\\\2", _MARKS.sub(r"\\\1", " ".join(text.split())))
