"""What the reviewer of status updates says of one text, as a criterion wants it."""

from __future__ import annotations


def status_text_is_free(text: str, *kinds: str, stage: str) -> bool | str:
    """Whether a text of some length has no problem of these kinds; else what the reviewer says."""
    from aiir_lab.review.status import review_status_update

    if len(text.split()) < 8:
        return "The text is too short to judge."
    found = [finding for finding in review_status_update(text, stage=stage).problems if finding.kind in kinds]
    places = dict.fromkeys(text[finding.start : finding.end] for finding in found)
    quoted = ", ".join(repr(place) for place in places if place)
    return not found or " ".join([*([f"Look at {quoted}."] if quoted else []), found[0].message])
