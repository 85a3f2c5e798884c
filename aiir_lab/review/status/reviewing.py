"""Judge a public status update: what would mislead, alarm or expose somebody, and what is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiir_lab.records.errors import AiirError
from aiir_lab.review.finding import Finding
from aiir_lab.review.phrasing import checked_text
from aiir_lab.review.status.rules import FINDERS, lacks_impact, lacks_next_update

STAGES = ("investigating", "identified", "monitoring", "resolved")
PROBLEM_KINDS = (
    "speculation",
    "blame",
    "no_impact",
    "no_next_update",
    "jargon",
    "overpromise",
    "leaks_internal",
    "minimises",
)
_ADVICE = {
    "speculation": (
        "It guesses at the cause; a wrong guess has to be taken back in public.",
        (
            "Say what is known: what people notice, since when, what is being done. Name a "
            "cause once it is confirmed."
        ),
    ),
    "blame": (
        (
            "It puts the fault on a person, a team or a partner, which helps no reader and is "
            "rarely the whole story."
        ),
        (
            "Say what happened to the service in neutral words ('a change', 'a certificate "
            "expired'), and own it."
        ),
    ),
    "no_impact": (
        "It does not say what people notice, or who.",
        (
            "Begin with the symptom in their words: 'Some customers in Spain cannot pay by "
            "card since 09:10 UTC'."
        ),
    ),
    "no_next_update": (
        "It does not say when the next update comes, so readers have to ask.",
        "End with a time: 'Next update by 09:40 UTC'. Keep to it even when there is no news.",
    ),
    "jargon": (
        "Customers do not know this word.",
        (
            "Say what it means for them: 'pages load slowly' instead of a percentile, 'our "
            "systems' instead of a product."
        ),
    ),
    "overpromise": (
        "It promises something nobody can know yet.",
        "Promise the next update, not the repair; say what is being done, and at most what is expected.",
    ),
    "leaks_internal": (
        (
            "It shows something that belongs inside: a system, a person, a customer, a "
            "ticket, a secret or a weakness."
        ),
        (
            "Take it out, or name the part of the product that customers know. A secret that "
            "was posted must be replaced at once."
        ),
    ),
    "minimises": (
        "It makes the trouble small; to whoever is affected it is not.",
        (
            "Give the measured number and leave the judgement to the reader: 'about 4 % of "
            "requests', not 'just a blip'."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class StatusReview:
    """What an experienced communications lead would say about one update.

    Parameters
    ----------
    problems : tuple of Finding
        In order of place; `kind` is one of :data:`PROBLEM_KINDS`. What is *missing* has
        ``start == end`` at the end of the text. One kind may occur several times.
    """

    problems: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether it could go out as it is."""
        return not self.problems


def review_status_update(text: str, *, stage: str = "investigating") -> StatusReview:
    """Judge one public status update.

    Parameters
    ----------
    text : str
        The update, as customers would read it. Only the first 4,000 characters are judged.
    stage : {"investigating", "identified", "monitoring", "resolved"}, default "investigating"
        State of the incident; a resolved one needs no next update.

    Returns
    -------
    StatusReview

    Raises
    ------
    AiirError
        Where `text` is no text, or the stage is unknown.

    Notes
    -----
    Sources: PagerDuty's incident-response and business-response guides (customer symptoms, no speculation,
    always the time of the next post, close only on confirmed recovery) and the four states of public
    status pages. "Some customers may see errors" is uncertainty about impact and welcome;
    "may be caused by" is speculation.

    Examples
    --------
    >>> review = review_status_update("We think a bad deploy broke checkout.")
    >>> sorted({problem.kind for problem in review.problems})
    ['no_next_update', 'speculation']
    >>> review_status_update(
    ...     "Since 09:10 UTC some customers cannot pay by card. Next update by 09:40 UTC.").ok
    True
    """
    text = checked_text(text, what="the update", function="review_status_update")
    stage = getattr(stage, "value", stage)
    if stage not in STAGES:
        raise AiirError(f"review_status_update: there is no stage {stage!r}. Use one of {', '.join(STAGES)}.")
    found: list[Finding] = []
    for kind, finder in FINDERS.items():
        end_of_last = -1
        for start, end in sorted(set(finder(text))):
            if start < end_of_last:
                continue  # two rules saw the same words
            end_of_last = end
            found.append(Finding(start, end, kind, *_ADVICE[kind]))
    shown = [finding for finding in found if finding.kind == "leaks_internal"]
    # a host name that holds a product's name is one problem, not two
    found = [
        finding
        for finding in found
        if finding.kind != "jargon"
        or not any(leak.start <= finding.start and finding.end <= leak.end for leak in shown)
    ]
    missing = []
    if lacks_impact(text, stage=stage):
        missing.append("no_impact")
    if stage != "resolved" and lacks_next_update(text):
        missing.append("no_next_update")
    end = len(text.rstrip()) if re.search(r"\S", text) else 0
    found += [Finding(end, end, kind, *_ADVICE[kind]) for kind in missing]
    return StatusReview(tuple(sorted(found)))
