"""A review as a few sentences, a table and a list of what to mend: the shape that several reviews share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from aiir_lab.review.finding import Finding

_LEFT = "style='text-align:left;vertical-align:top'"


@dataclass(frozen=True, slots=True)
class TabledReview:
    """What is written, whichever way.

    Parameters
    ----------
    title : str
        The heading of the Markdown; a piece of HTML has none.
    told : sequence of str
        Sentences before the table, a paragraph each.
    columns : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        A cell for each column.
    heading : str
        What the list of findings is called.
    findings : sequence of Finding
        In the order to write them.
    all_well : str
        What stands there where nothing was found.
    """

    title: str
    told: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    heading: str
    findings: Sequence[Finding]
    all_well: str

    def to_markdown(self) -> str:
        """The whole as Markdown."""
        lines = [f"# {self.title}", "", *self.told, ""]
        lines += ["| " + " | ".join(self.columns) + " |", "|" + " --- |" * len(self.columns)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows]
        lines += ["", f"## {self.heading}", ""]
        for number, finding in enumerate(self.findings, start=1):
            lines += [f"{number}. {_placed(finding)}", f"   *{finding.suggestion}*"]
        if not self.findings:
            lines.append(self.all_well)
        return "\n".join(lines) + "\n"

    def to_fragment(self) -> str:
        """The whole but the title as HTML that follows the theme of the page."""
        head = "".join(f"<th {_LEFT} scope='col'>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td {_LEFT}>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        items = "".join(
            f"<li>{escape(_placed(finding))}<br><em>{escape(finding.suggestion)}</em></li>"
            for finding in self.findings
        )
        told = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.told)
        mend = f"<ol>{items}</ol>" if items else f"<p>{escape(self.all_well)}</p>"
        return (
            f"{told}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<p><strong>{escape(self.heading)}</strong></p>{mend}"
        )


def _placed(finding: Finding) -> str:
    return f"{finding.field}: {finding.message}" if finding.field else finding.message
