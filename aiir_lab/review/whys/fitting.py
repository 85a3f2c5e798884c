"""Fit the weights of :mod:`aiir_lab.review.whys.weighing` to the labelled chains.

Run ``python -m aiir_lab.review.whys.fitting`` after any change of ``datasets/review/whys.yaml``, of the
thesaurus or of the cues; with ``--check`` nothing is written, and the command fails where the kept weights
differ.
``--cross-validate`` prints how right each list is judged with weights that were fitted without it; but
the network beside them (:mod:`aiir_lab.review.whys.network`) has seen every list but :data:`HELD_OUT`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aiir_lab.records.base import parse_yaml
from aiir_lab.review import fitting
from aiir_lab.review.whys import links
from aiir_lab.review.whys.reviewing import judge
from aiir_lab.review.whys.weighing import LEAVES, REPEATS, likeness

KEPT = Path(__file__).with_name("weights.json")
INVERSE_PENALTY = 1.0
"""scikit-learn's ``C``; other values made little difference."""

Chain = Mapping[str, Any]


HELD_OUT = frozenset({"challenge_17", "challenge_18", "challenge_19"})
"""Lists that nothing is learned from: what is measured on them holds for new text."""


def read_chains(folder: Path) -> list[Chain]:
    """The labelled chains."""
    path = folder / "whys.yaml"
    data, _ = parse_yaml(path.read_text(encoding="utf-8"), where=str(path))
    return list(data)


def learned(chains: Sequence[Chain]) -> list[Chain]:
    """Those that may be learned from."""
    return [chain for chain in chains if chain["split"] not in HELD_OUT]


def _is_beyond_words(chain: Chain) -> bool:
    """Lists written for the network: with their circles the weights take sound chains for circles."""
    return str(chain["split"]).startswith(("train_", "catalogue"))


def fit(chains: Sequence[Chain]) -> dict[str, dict[str, float]]:
    """Weights by question and measure, fitted on every answer up to the one that decides."""
    seen: dict[str, list[tuple[dict[str, float], bool]]] = {REPEATS: [], LEAVES: []}
    for chain in chains:
        verdict, whole = chain["verdict"], len(chain["whys"])
        told = [chain["problem"], *chain["whys"]]
        own = [links.own_words(text) for text in told]
        for step in range(1, (chain["step"] if verdict in {"circular", "non_sequitur"} else whole) + 1):
            decides = step == chain["step"]
            if alike := likeness(own[step], own[:step], links.THIN):
                seen[REPEATS].append((alike[1], decides and verdict == "circular"))
            if not (decides and verdict == "circular"):
                away = links.distance(told[step], told[:step], is_last=step == whole)
                seen[LEAVES].append((away, decides and verdict == "non_sequitur"))
    return {question: _regression(pairs) for question, pairs in seen.items()}


def _regression(pairs: Sequence[tuple[dict[str, float], bool]]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(pairs[0][0])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=INVERSE_PENALTY, max_iter=5000, tol=1e-8))
    model.fit([[found[name] for name in names] for found, _ in pairs], [is_so for _, is_so in pairs])
    scaler, regression = model[0], model[1]
    # as weights of the measures themselves
    weights = regression.coef_[0] / scaler.scale_
    bias = regression.intercept_[0] - float(weights @ scaler.mean_)
    by_measure = dict(zip(names, weights, strict=True)) | {"bias": bias}
    return {name: round(float(weight), 3) for name, weight in by_measure.items()}


def cross_validate(chains: Sequence[Chain]) -> dict[str, tuple[int, int]]:
    """Per list: chains judged rightly with weights fitted without it, and all of its chains."""
    found = {}
    for name in dict.fromkeys(chain["split"] for chain in chains):
        weights = fit([chain for chain in chains if chain["split"] != name])
        mine = [chain for chain in chains if chain["split"] == name]
        right = [judge(one["problem"], one["whys"], weights).verdict == one["verdict"] for one in mine]
        found[name] = (sum(right), len(right))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as ``python -m aiir_lab.review.whys.fitting [--check | --cross-validate]``; 0: all is well."""
    command = "python -m aiir_lab.review.whys.fitting"
    options = fitting.read_options(command, __doc__, arguments)
    chains = [chain for chain in learned(read_chains(options.data)) if not _is_beyond_words(chain)]
    if options.cross_validate:
        for name, (right, count) in cross_validate(chains).items():
            print(f"{name:13} {count:4} chains: {right / count:.2f} right")
        return 0
    fitted = fit(chains)
    if options.check:
        before = json.loads(KEPT.read_text(encoding="utf-8"))
        differ = [
            f"{question} {name}"
            for question, weights in fitted.items()
            for name, weight in weights.items()
            if abs(weight - before.get(question, {}).get(name, 99)) > 0.01
        ]
        if differ:
            print(f"{KEPT.name} is not up to date ({', '.join(differ)}): run {command}")
            return 1
        return 0
    KEPT.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    print(f"Weights of {sum(map(len, fitted.values()))} measures in {KEPT.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
