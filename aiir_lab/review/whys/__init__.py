"""Chains of whys: where they end, and where they break."""

from aiir_lab.review.whys.reviewing import VERDICTS, WhysReview, review_whys

__all__ = ["VERDICTS", "WhysReview", "review_whys"]
