"""How much an action can change: the rules' verdict, weighed against the words of labelled actions.

Rules judge by mechanism and cannot know every word; a small linear model knows more words and no mechanism.
On lists that neither had seen the two together were right clearly more often than either alone
(``datasets/review/README.md``), so the rules' verdict enters as one more weight.
"""

from __future__ import annotations

from aiir_lab.review.actions.rules import judge_by_rules
from aiir_lab.review.actions.rungs import Rung
from aiir_lab.review.actions.weights import STRENGTHS, model, terms
from aiir_lab.review.linear import Linear

RULE_WEIGHT = 1.3
"""What the rules' verdict adds to the log odds of its rung; chosen by cross-validation on unseen lists."""

UNSURE_WEIGHT = 0.4
"""The same where the rule that fired only guesses."""


def judge_strength(description: str, words: Linear | None = None) -> Rung:
    """The rung of an action, and what put it there.

    Parameters
    ----------
    description : str
        The action as written.
    words : Linear, optional
        Other weights of the words than those that are kept; cross-validation asks with such.

    Examples
    --------
    >>> judge_strength("Block promotion when the golden set regresses").strength
    'stronger'
    >>> judge_strength("Implement a reminder email").strength
    'weaker'
    """
    weights = words or model()
    rung, seen = judge_by_rules(description), terms(description)
    scores = weights.scores(seen)
    scores[rung.strength] += RULE_WEIGHT if rung.sure else UNSURE_WEIGHT
    best = max(STRENGTHS, key=scores.__getitem__)
    if best == rung.strength:
        return rung
    named = ", ".join(repr(word) for word in weights.weightiest(seen, best))
    return Rung(best, f"labelled actions with such words ({named}) are {best}", sure=False)
