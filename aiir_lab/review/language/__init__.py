"""Blame language: sentences that put the cause on a person, and what to write instead."""

from aiir_lab.review.language.reviewing import KINDS, review_language

__all__ = ["KINDS", "review_language"]
