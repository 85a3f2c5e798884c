"""The catalogue: the course's own datasets, loaded into records.

Importing it is light; pandas is loaded by the functions that return tables.
"""

from aiir_lab.catalog.atlas import atlas
from aiir_lab.catalog.briefing import board_questions
from aiir_lab.catalog.course_files import course_path
from aiir_lab.catalog.interview import (
    load_interview_question,
    load_interview_questions,
    shuffle_sentences,
)
from aiir_lab.catalog.playbooks import legal_clocks, load_legal_rules, load_playbook, playbook_ids
from aiir_lab.catalog.postmortems import load_postmortem, postmortem_ids, public_postmortems
from aiir_lab.catalog.practice import load_escalation_matrix, load_severity_matrix
from aiir_lab.catalog.quizzes import load_quiz
from aiir_lab.catalog.rmf import ai_rmf, ai_rmf_categories
from aiir_lab.catalog.rules import list_problems
from aiir_lab.catalog.vignettes import load_vignette, load_vignette_measures, load_vignettes

__all__ = [
    "ai_rmf",
    "ai_rmf_categories",
    "atlas",
    "board_questions",
    "course_path",
    "legal_clocks",
    "list_problems",
    "load_escalation_matrix",
    "load_interview_question",
    "load_interview_questions",
    "load_legal_rules",
    "load_playbook",
    "load_postmortem",
    "load_quiz",
    "load_severity_matrix",
    "load_vignette",
    "load_vignette_measures",
    "load_vignettes",
    "playbook_ids",
    "postmortem_ids",
    "public_postmortems",
    "shuffle_sentences",
]
