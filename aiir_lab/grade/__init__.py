"""Graded questions and their criteria, answers as data, and verdicts on them."""

from aiir_lab.grade.checking import ANSWER_MIME, check
from aiir_lab.grade.course_map import course_map

__all__ = ["ANSWER_MIME", "check", "course_map"]
