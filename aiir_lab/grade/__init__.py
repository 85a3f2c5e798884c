"""Graded questions and their criteria, answers as data, and verdicts on them."""

from aiir_lab.grade.checking import check
from aiir_lab.grade.course_map import course_map
from aiir_lab.grade.judging import ANSWER_MIME

__all__ = ["ANSWER_MIME", "check", "course_map"]
