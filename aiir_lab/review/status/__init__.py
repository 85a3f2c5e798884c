"""Public status updates: what they should not say, and what they leave out."""

from aiir_lab.review.status.reviewing import PROBLEM_KINDS, STAGES, StatusReview, review_status_update

__all__ = ["PROBLEM_KINDS", "STAGES", "StatusReview", "review_status_update"]
