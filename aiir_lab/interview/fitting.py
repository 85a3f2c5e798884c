"""Fit the weights of the signs to our own labelled answers; the test split is never looked at.

``python -m aiir_lab.interview.fitting`` writes ``weights.json`` beside this file. The same data gives the
same file. A ridge regression with weights of a fixed direction (a sign can only earn, or only cost) is as
much as a few hundred answers can carry, and each weight can be read: what this sign adds to the sum.
The cuts between the scores lie where they share the dev split out as our labels do.
"""

from __future__ import annotations

import argparse
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


WORKED_COUNT = 0.5
"""How much a worked answer counts beside a labelled one: it is longer than what learners say."""

ROUNDING = 0.002
"""Two machines may differ by so much in the last digit that is kept."""


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
        The last so many answers are like those to be judged: they lay the cuts and count in full in the
        weights, the others by half. All of them where 0.
    alpha : float, default 1.0
        Strength of the penalty on large weights.
    """
    import numpy as np
    from sklearn.linear_model import Ridge

    found = [(find_signs(answer), answer.word_count) for answer, _ in answers]
    like = slice(-shared, None)  # all of them where it is 0
    counts = np.full(len(answers), WORKED_COUNT)
    counts[like] = 1.0
    dimensions = {}
    for dimension in Dimension:
        signs = [sign for sign in load_signs() if sign.counts_in(dimension)]
        # what costs is turned round, so that one constraint (no weight below zero) holds for all
        features = np.array(
            [
                [sign.strength(spans[sign.id], word_count=n) * (-1 if sign.costs else 1) for sign in signs]
                for spans, n in found
            ]
        )
        scores = np.array([labels[dimension] for _, labels in answers], dtype=float)
        model = Ridge(alpha=alpha, positive=True).fit(features, scores, sample_weight=counts)
        weights = {
            sign.id: round(float(weight) * (-1 if sign.costs else 1), 3)
            for sign, weight in zip(signs, model.coef_, strict=True)
        }
        sums = model.predict(features)
        base = round(float(model.intercept_), 3)
        cuts = [
            round(float(np.quantile(sums[like], np.mean(scores[like] <= score))), 3) for score in (1, 2, 3)
        ]
        if dimension is Dimension.TONE:
            cuts = [min(cut, base) for cut in cuts]  # a tone without any sign is blameless
        dimensions[dimension.value] = {"base": base, "signs": weights, "cuts": cuts}
    return {
        "made_by": "python -m aiir_lab.interview.fitting",
        "answers": len(answers),
        "alpha": alpha,
        "dimensions": dimensions,
    }


def fitted_text() -> str:
    """What ``weights.json`` holds when it is made from the data as they are."""
    answers = [(answer, scores) for answer, scores in training_answers() if answer.is_readable]
    dev = [read_answer(labelled.text) for labelled in labelled_answers() if labelled.split == "dev"]
    shared = sum(answer.is_readable for answer in dev)
    return json.dumps(fit(answers, shared=shared), indent=1) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Write the weights; with ``--check`` only say whether they are what the data give."""
    parser = argparse.ArgumentParser(prog="python -m aiir_lab.interview.fitting", description=main.__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args(argv).check
    text = fitted_text()
    if not check:
        TARGET.write_text(text, encoding="utf-8")
        print(f"Weights of {json.loads(text)['answers']} answers in {TARGET.name}")
        return 0
    if problem := differs(json.loads(TARGET.read_text(encoding="utf-8")), json.loads(text)):
        print(
            f"{TARGET.name} is not what the data give: {problem}. Run python -m aiir_lab.interview.fitting."
        )
        return 1
    return 0


def differs(stored: Any, fitted: Any, *, at: str = "") -> str:
    """The first place where two sets of weights differ by more than rounding; the empty string if none."""
    if isinstance(stored, dict) and isinstance(fitted, dict) and stored.keys() == fitted.keys():
        found = (differs(stored[key], fitted[key], at=f"{at} {key}".strip()) for key in stored)
        return next((place for place in found if place), "")
    if isinstance(stored, list) and isinstance(fitted, list) and len(stored) == len(fitted):
        found = (
            differs(a, b, at=f"{at} {place}") for place, (a, b) in enumerate(zip(stored, fitted, strict=True))
        )
        return next((place for place in found if place), "")
    if isinstance(stored, float) and isinstance(fitted, float):
        return "" if abs(stored - fitted) <= ROUNDING else f"{at} is {stored}, should be {fitted}"
    return "" if stored == fitted else f"{at or 'the file'} differs"


if __name__ == "__main__":
    raise SystemExit(main())
