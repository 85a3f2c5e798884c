"""The recogniser: a forest on the grey levels of a picture, really trained, in three versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import in_one_thread, remember
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.vision_bias.market import VisionStage
from aiir_lab.simulate.vision_bias.pictures import GOODS, SETTINGS, draw_pictures

OLD, NARROW, DIVERSE = "old", "narrow", "diverse"
TRAINING_ROWS = {OLD: 1_500, NARROW: 3_000, DIVERSE: 3_000}
TREES = 40
SLICE_ROWS = 80  # labelled pictures of each way of photographing
GOLDEN_ROWS = 600  # the vendor's own test set: nearly all from catalogues


@dataclass(frozen=True)
class Answers:
    """What a version says about each picture."""

    label: NDArray[np.int64]
    confidence: NDArray[np.float64]


def fit_version(stage: VisionStage, kind: str) -> Any:
    """Train one of the three versions, once for all replays of a run.

    The old one and the diverse one have seen every way of photographing. The narrow
    one was trained on twice as many pictures, from catalogues and large sellers:
    none shows the way of photographing of the affected group.
    """
    return remember(stage, ("fit", kind), lambda: _fit(stage, kind))


def _fit(stage: VisionStage, kind: str) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier

    rows = TRAINING_ROWS[kind]
    rng = draw_stream(stage.setting.seed, stage.setting.world, "training", OLD if kind == OLD else "new")
    ways = np.array([w for w in range(len(SETTINGS)) if kind != NARROW or w != stage.market.group])
    # Half of the pictures stand in a studio; the other half shares out the other ways.
    setting = np.where(rng.random(rows) < 0.5, 0, ways[(rng.random(rows) * len(ways)).astype(int)])
    goods = rng.integers(0, len(GOODS), rows)
    x = draw_pictures(rng, goods=goods, setting=setting)
    model = ExtraTreesClassifier(TREES, min_samples_leaf=2, random_state=0, n_jobs=1)
    return in_one_thread(lambda: model.fit(x, goods))


def ask(stage: VisionStage, kind: str) -> Answers:
    """Recognise every picture of the run with one version."""
    return remember(
        stage, ("answers", kind), lambda: answer(fit_version(stage, kind), stage.requests.pictures)
    )


def answer(model: Any, pictures: NDArray[np.uint8]) -> Answers:
    """Recognise pictures. Rounded first: a last bit must not decide on another machine."""
    share = np.round(in_one_thread(lambda: model.predict_proba(pictures)), 4)
    return Answers(share.argmax(axis=1).astype(np.int64), share.max(axis=1))


def draw_golden(stage: VisionStage) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Draw the vendor's own test set, from catalogues."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "golden set")
    goods = rng.integers(0, len(GOODS), GOLDEN_ROWS)
    setting = np.where(rng.random(GOLDEN_ROWS) < 0.95, 0, rng.integers(1, len(SETTINGS), GOLDEN_ROWS))
    return draw_pictures(rng, goods=goods, setting=setting), goods


def slice_accuracy(stage: VisionStage, kind: str) -> NDArray[np.float64]:
    """Measure a version on a labelled set of each way of photographing."""
    rng = draw_stream(stage.setting.seed, stage.setting.world, "slice set")
    goods = rng.integers(0, len(GOODS), SLICE_ROWS * len(SETTINGS))
    setting = np.repeat(np.arange(len(SETTINGS)), SLICE_ROWS)
    said = answer(fit_version(stage, kind), draw_pictures(rng, goods=goods, setting=setting)).label
    accuracy: NDArray[np.float64] = (said == goods).reshape(len(SETTINGS), SLICE_ROWS).mean(axis=1)
    return accuracy
