"""How well `judge_answer` agrees with our labels, beside two judges that read nothing.

Run ``python benchmarks/bench_interview_judge.py``. The first baseline always gives the score that the
labels of the dev split give most often; the second scores by the length of the answer alone, cut where the
dev labels cut. Weights and word lists were made with the worked answers and the dev split; the test split is
only measured.
The data are described in datasets/interview/README.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from time import perf_counter

import numpy as np
from sklearn.metrics import cohen_kappa_score

from aiir_lab.catalog.interview import Dimension, LabelledAnswer, labelled_answers
from aiir_lab.interview import judge_answer

SCORES = (1, 2, 3, 4)
Judged = dict[str, dict[Dimension, int]]
"""Id of an answer -> its scores."""


def by_length(dev: list[LabelledAnswer], chosen: list[LabelledAnswer], dimension: Dimension) -> list[int]:
    """Scores by the number of words alone, shared out as the dev labels are."""
    words = np.array([len(answer.text.split()) for answer in dev])
    labels = np.array([answer.scores[dimension] for answer in dev])
    cuts = [np.quantile(words, np.mean(labels <= score)) for score in SCORES[:-1]]
    return [1 + int(sum(len(answer.text.split()) > cut for cut in cuts)) for answer in chosen]


def agreement(gold: list[int], got: list[int]) -> str:
    """Exact, within one point, quadratic-weighted kappa."""
    gaps = np.abs(np.array(gold) - np.array(got))
    # a judge that always says the same has no kappa; it counts as 0
    kappa = cohen_kappa_score(gold, got, weights="quadratic", labels=SCORES) if len(set(got)) > 1 else 0.0
    return f"{np.mean(gaps == 0):.3f} {np.mean(gaps <= 1):.3f} {kappa:6.3f}"


def show(label: str, judged: Judged, dev: list[LabelledAnswer], chosen: list[LabelledAnswer]) -> None:
    """A line for each dimension and one for all; the baselines know the dev labels of the same part."""
    columns: list[list[int]] = [[], [], [], []]
    for dimension in Dimension:
        gold = [answer.scores[dimension] for answer in chosen]
        most = Counter(answer.scores[dimension] for answer in dev).most_common(1)[0][0]
        got = (
            [judged[answer.id][dimension] for answer in chosen],
            [most] * len(chosen),
            by_length(dev, chosen, dimension),
        )
        for column, values in zip(columns, (gold, *got), strict=True):
            column += values
        told = " | ".join(f"{agreement(gold, values):>20}" for values in got)
        print(f"{label:11} {dimension:10} {len(gold):4} {told}")
    told = " | ".join(f"{agreement(columns[0], values):>20}" for values in columns[1:])
    print(f"{label:11} {'all':10} {len(columns[0]):4} {told}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="How well the judge of answers agrees with our labels.")
    parser.add_argument("--split", choices=["dev", "test", "both"], default="both")
    split = parser.parse_args().split
    answers = [answer for answer in labelled_answers() if split == "both" or answer.split == split]
    start = perf_counter()
    judged = {answer.id: judge_answer(answer.question, answer.text).scores for answer in answers}
    seconds = perf_counter() - start
    print(f"{'':27} {'judge':>20} | {'most frequent':>20} | {'length':>20}")
    print(f"{'part dimension':22} {'n':>4} " + " | ".join([f"{'exact ±1    kappa':>20}"] * 3))
    for name in ("dev", "test") if split == "both" else (split,):
        for authors in (("first",), ("second",), ("first", "second")):
            part = [answer for answer in labelled_answers() if answer.author in authors]
            dev = [answer for answer in part if answer.split == "dev"]
            chosen = [answer for answer in part if answer.split == name]
            show(f"{name} {authors[0] if len(authors) == 1 else 'both'}", judged, dev, chosen)
    print(f"{len(answers)} answers in {seconds:.2f} s, {1000 * seconds / len(answers):.1f} ms each")


if __name__ == "__main__":
    main()
