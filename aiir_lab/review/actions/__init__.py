"""Action items: SMART or not, how strong, and what would be stronger."""

from aiir_lab.review.actions.reviewing import PROBLEM_KINDS, ActionReview, review_action_item

__all__ = ["PROBLEM_KINDS", "ActionReview", "review_action_item"]
