"""The examples in the docstrings run and give what they say."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["app", "clock", "plan", "jira.adf", "jira.jql"])
def test_examples(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"aiir_lab.desk.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
