"""Reason and rewrite for a finding, in system terms and with the sentence's own words."""

from __future__ import annotations

from aiir_lab.review.language_parse import Parse
from aiir_lab.review.language_rules import Rule


def advise(rule: Rule, items: Parse, first: int, last: int) -> tuple[str, str]:
    """Message and suggestion for a rule that held on the items `first` to `last`."""
    return rule.kind, rule.id
