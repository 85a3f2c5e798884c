"""Judgements and mock interviews as Markdown and HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiir_lab.interview.speaking import say_duration

if TYPE_CHECKING:
    from aiir_lab.interview.judging import Judgement

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
        f"<tr><th scope='row' style='text-align:left'>{dimension.value}</th>"
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


def _found(judged: Judgement, dimension: str) -> list[str]:
    """Each sign with its first quotation, in the order of the table."""
    found: dict[str, str] = {}
    for title, quote in judged.quotes(dimension):
        words = " ".join(quote.split())
        found.setdefault(title, words if len(words) <= 60 else words[:57] + "...")
    return [f"{title} (“{quote}”)" for title, quote in found.items()]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
