"""Judgements and mock interviews as Markdown and HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiir_lab.catalog.interview import Dimension
from aiir_lab.interview.speaking import say_duration
from aiir_lab.review.postmortem.report import page

if TYPE_CHECKING:
    from aiir_lab.interview.judging import Judgement
    from aiir_lab.interview.mock import Exchange, MockReport

_MOST_REMARKS = 6


def judgement_markdown(judged: Judgement) -> str:
    """Scores with what was found, what to mend, and what was not judged."""
    lines = [f"**{judged.question.question}**", ""]
    lines += [f"Spoken about {say_duration(judged.spoken_s)}.", ""]
    lines += ["| dimension | score | what was found | what earns 4 here |", "| --- | --- | --- | --- |"]
    for dimension, score in judged.scores.items():
        found = "; ".join(_found(judged, dimension)) or "nothing"
        cells = (dimension.value, str(score), found, judged.question.rubric[dimension]["4"])
        lines.append(f"| {' | '.join(_cell(text) for text in cells)} |")
    if judged.findings:
        lines += ["", "What would help most:", ""]
        lines += [f"- {finding.message} {finding.suggestion}" for finding in judged.findings[:_MOST_REMARKS]]
    lines += ["", "Not judged here:", ""]
    lines += [f"- {line}" for line in judged.cannot_judge]
    return "\n".join(lines) + "\n"


def judgement_html(judged: Judgement) -> str:
    """The same as a piece of HTML that follows the theme of the page."""
    rows = "".join(
        f"<tr style='vertical-align:top'><th scope='row' style='text-align:left'>{dimension.value}</th>"
        f"<td style='text-align:left'>{score}&nbsp;of&nbsp;4</td>"
        f"<td style='text-align:left'>{escape('; '.join(_found(judged, dimension)) or 'nothing')}</td>"
        f"<td style='text-align:left'>{escape(judged.question.rubric[dimension]['4'])}</td></tr>"
        for dimension, score in judged.scores.items()
    )
    remarks = "".join(
        f"<li>{escape(finding.message)} <em>{escape(finding.suggestion)}</em></li>"
        for finding in judged.findings[:_MOST_REMARKS]
    )
    unjudged = "".join(f"<li>{escape(line)}</li>" for line in judged.cannot_judge)
    mend = f"<p><strong>What would help most</strong></p><ol>{remarks}</ol>" if remarks else ""
    return (
        f"<p><strong>{escape(judged.question.question)}</strong><br>"
        f"Spoken about {say_duration(judged.spoken_s)}.</p>"
        "<table><thead><tr><th scope='col' style='text-align:left'>dimension</th>"
        "<th scope='col' style='text-align:left'>score</th>"
        "<th scope='col' style='text-align:left'>what was found</th>"
        "<th scope='col' style='text-align:left'>what earns 4 here</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{mend}"
        f"<details><summary>Not judged here</summary><ul>{unjudged}</ul></details>"
    )


def mock_markdown(report: MockReport) -> str:
    """A mock interview: the whole first, then each question."""
    lines = [f"# {_title(report)}", "", _headline(report), ""]
    if report.exchanges:
        lines += ["| dimension | mean score |", "| --- | --- |"]
        lines += [f"| {name.value} | {score:.1f} of 4 |" for name, score in report.dimension_means().items()]
        lines += ["", _advice(report), ""]
    for number, exchange in enumerate(report.exchanges, start=1):
        late = ", after the time was up" if exchange.is_late else ""
        lines += [f"## {number}. {_competency(exchange)}", ""]
        lines += [judgement_markdown(exchange.judgement)]
        lines += [f"Answered in {say_duration(exchange.seconds)}{late}.", ""]
        lines += ["Your answer:", "", *_quoted(exchange.judgement.answer.text), ""]
        if exchange.follow_up_text and exchange.follow_up_text.strip():
            lines += [f"Follow-up: **{exchange.follow_up}**", "", *_quoted(exchange.follow_up_text), ""]
            lines += [f"- {finding.message} {finding.suggestion}" for finding in exchange.follow_up_findings]
            lines += ["", "Whether it answers what was asked, a person has to judge.", ""]
    return "\n".join(lines)


def mock_page(report: MockReport) -> str:
    """The same as one page of HTML that stands alone."""
    title = _title(report)
    body = [f"<h1>{escape(title)}</h1><p>{escape(_headline(report))}</p>"]
    if report.exchanges:
        rows = "".join(
            f"<tr><th scope='row'>{name.value}</th><td>{score:.1f} of 4</td></tr>"
            for name, score in report.dimension_means().items()
        )
        body.append(f"<table><tbody>{rows}</tbody></table><p>{escape(_advice(report))}</p>")
    for number, exchange in enumerate(report.exchanges, start=1):
        late = ", after the time was up" if exchange.is_late else ""
        body.append(f"<h2>{number}. {escape(_competency(exchange))}</h2>")
        body.append(judgement_html(exchange.judgement))
        body.append(f"<p>Answered in {say_duration(exchange.seconds)}{late}.</p>")
        body.append(f"<blockquote>{escape(exchange.judgement.answer.text)}</blockquote>")
        if exchange.follow_up_text and exchange.follow_up_text.strip():
            body.append(f"<p>Follow-up: <strong>{escape(exchange.follow_up or '')}</strong></p>")
            body.append(f"<blockquote>{escape(exchange.follow_up_text)}</blockquote>")
    return page(title, "".join(body))


def _title(report: MockReport) -> str:
    return f"Mock interview of {report.started_utc:%Y-%m-%d %H:%M} UTC"


def _competency(exchange: Exchange) -> str:
    return str(exchange.question.competency).replace("_", " ")


def _headline(report: MockReport) -> str:
    asked = len(report.exchanges)
    return f"{asked} of {report.planned} questions answered in {report.minutes:.0f} minutes."


def _advice(report: MockReport) -> str:
    dimensions = report.dimension_means()
    weakest = min(dimensions, key=lambda name: dimensions[name])
    if dimensions[weakest] > 3.9:
        return "The rules see nothing to gain any more. Tell it to a person, and let them ask on."
    competency = next(iter(report.competency_means()))
    return (
        f"The most to gain: {weakest.value}, at {dimensions[weakest]:.1f} of 4, and questions on "
        f"{competency.replace('_', ' ')}."
    )


def _quoted(text: str) -> list[str]:
    return [f"> {line}" for line in text.split("\n")]


def _found(judged: Judgement, dimension: str) -> list[str]:
    """Each sign with its first quotation, in the order of the table."""
    found: dict[str, str] = {}
    for title, quote in judged.quotes(dimension):
        words = " ".join(quote.split())
        found.setdefault(title, words if len(words) <= 60 else words[:57] + "...")
    if dimension == Dimension.TONE and not any(
        point.sign.costs and point.is_found for point in judged.dimensions[Dimension.TONE].points
    ):
        return ["no blame language", *(f"{title} (“{quote}”)" for title, quote in found.items())]
    return [f"{title} (“{quote}”)" for title, quote in found.items()]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
