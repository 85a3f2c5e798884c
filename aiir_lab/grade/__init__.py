"""Graded questions and their criteria, answers as data, and verdicts on them."""

from aiir_lab.grade.checking import ANSWER_MIME, check

__all__ = ["ANSWER_MIME", "check"]
