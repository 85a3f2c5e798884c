"""Whole post-mortems: score, verdict, and what would help most."""

from aiir_lab.review.postmortem.reviewing import PostmortemReview, review_postmortem

__all__ = ["PostmortemReview", "review_postmortem"]
