"""Chains of whys: where they end, and where they break."""

from aiir_lab.review.whys.reviewing import VERDICTS, WhysReview, ends_at_person, review_whys

__all__ = ["VERDICTS", "WhysReview", "ends_at_person", "review_whys"]
