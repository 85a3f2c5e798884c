"""Fit the weights of the signs to our own labelled answers; the test split is never looked at.

``python -m aiir_lab.interview.fitting`` writes ``weights.json`` beside this file. The same data gives the
same file. A ridge regression with weights of a fixed direction (a sign can only earn, or only cost) is as
much as a few hundred answers can carry, and each weight can be read: what this sign adds to the sum.
The cuts between the scores lie where they share the dev split out as our labels do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aiir_lab.catalog.interview import Dimension, interview_questions, labelled_answers
from aiir_lab.interview.answer import Answer, read_answer
from aiir_lab.interview.signs import find_signs, load_signs

TARGET = Path(__file__).with_name("weights.json")
ALPHA = 1.0
"""Strength of the ridge penalty; 0.3, 1 and 3 gave the same agreement in cross-validation."""


def training_answers() -> Iterator[tuple[Answer, dict[Dimension, int]]]:
    """The bank's worked answers, then the labelled ones of the dev split."""
    for question in interview_questions():
        for worked in (question.worked_strong, question.worked_weak):
            if worked is not None:
                yield read_answer(worked.text()), worked.scores
    for labelled in labelled_answers():
        if labelled.split == "dev":
            yield read_answer(labelled.text), labelled.scores


def fit(
    answers: list[tuple[Answer, dict[Dimension, int]]], *, shared: int = 0, alpha: float = ALPHA
) -> dict[str, Any]:
    """Weights for every dimension, as ``weights.json`` holds them.

    Parameters
    ----------
    answers : list of (Answer, dict)
        Readable answers with their scores.
    shared : int, default 0
        The cuts are laid by the last so many answers, which are like those to be judged; by all where 0.
    alpha : float, default 1.0
        Strength of the penalty on large weights.
    """
    import numpy as np
    from sklearn.linear_model import Ridge

    found = [find_signs(answer) for answer, _ in answers]
    dimensions = {}
    for dimension in Dimension:
        signs = [sign for sign in load_signs() if sign.dimension is dimension]
        # what costs is turned round, so that one constraint (no weight below zero) holds for all
        features = np.array(
            [[sign.strength(spans[sign.id]) * (-1 if sign.costs else 1) for sign in signs] for spans in found]
        )
        scores = np.array([labels[dimension] for _, labels in answers], dtype=float)
        model = Ridge(alpha=alpha, positive=True).fit(features, scores)
        weights = {
            sign.id: round(float(weight) * (-1 if sign.costs else 1), 3)
            for sign, weight in zip(signs, model.coef_, strict=True)
        }
        sums = model.predict(features)
        like = slice(-shared, None)  # all of them where it is 0
        cuts = [
            round(float(np.quantile(sums[like], np.mean(scores[like] <= score))), 3) for score in (1, 2, 3)
        ]
        dimensions[dimension.value] = {
            "base": round(float(model.intercept_), 3),
            "signs": weights,
            "cuts": cuts,
        }
    return {
        "made_by": "python -m aiir_lab.interview.fitting",
        "answers": len(answers),
        "alpha": alpha,
        "dimensions": dimensions,
    }


def main() -> None:
    answers = [(answer, scores) for answer, scores in training_answers() if answer.is_readable]
    dev = [read_answer(labelled.text) for labelled in labelled_answers() if labelled.split == "dev"]
    shared = sum(answer.is_readable for answer in dev)
    TARGET.write_text(json.dumps(fit(answers, shared=shared), indent=1) + "\n", encoding="utf-8")
    print(f"{len(answers)} answers, weights in {TARGET.name}")


if __name__ == "__main__":
    main()
