"""Judge a plan of action items against the causes it answers, and measure it by replay."""

from aiir_lab.review.plan.reviewing import PlanReview, review_plan

__all__ = ["PlanReview", "review_plan"]
