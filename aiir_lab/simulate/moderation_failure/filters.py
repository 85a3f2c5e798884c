"""What filters are trained on: the old snapshot, recent samples, red-team texts and reviewed outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import fingerprint, remember
from aiir_lab.simulate.moderation_failure import model
from aiir_lab.simulate.moderation_failure.traffic import TOPICS, Scene, Traffic, draw_texts
from aiir_lab.simulate.randomness import draw_stream
from aiir_lab.simulate.world import Setting, Stage

SNAPSHOT_ROWS = 3_500
RECENT_ROWS = 2_500
RED_TEAM_ROWS = 1_200
OLD_ROWS = 1_500
HARMFUL_WEIGHT, INNOCENT_WEIGHT = 8.0, 3.0  # a reviewed output counts as much as so many old rows
LABEL_ERROR = 0.015


@dataclass(frozen=True)
class Sample:
    """Labelled texts that exist before the run."""

    word: NDArray[np.int64]
    spelling: NDArray[np.int64]
    label: NDArray[np.bool_]


@dataclass
class ModerationStage(Stage):
    """All that is drawn before any control plays a part."""

    scene: Scene = field(default=None, repr=False)  # type: ignore[assignment]  # set by prepare
    traffic: Traffic = field(default=None, repr=False)  # type: ignore[assignment]
    is_trending: NDArray[np.bool_] = field(default=None, repr=False)  # type: ignore[arg-type]
    day_rank: NDArray[np.int64] = field(default=None, repr=False)  # type: ignore[arg-type]
    snapshot_age_days: float = 0.0
    samples: dict[str, Sample] = field(default_factory=dict, repr=False)

    @property
    def scale(self) -> float:
        """Size against the lesson size: capacity and alert thresholds grow with the traffic."""
        return self.setting.rows / 24_000.0


def draw_samples(setting: Setting, scene: Scene, snapshot_age_days: float) -> dict[str, Sample]:
    """Draw the labelled texts: what each could know depends on its age."""
    known = scene.terms[scene.term_age_days > snapshot_age_days]
    older = known[: len(known) * 2 // 3]
    none: tuple[int, ...] = ()
    wanted = {
        "snapshot": (SNAPSHOT_ROWS, known, none),
        "recent": (RECENT_ROWS, scene.terms, none),
        "red_team": (RED_TEAM_ROWS, scene.terms, scene.red_team_tricks),
        "older": (OLD_ROWS, older, none),
    }
    samples = {}
    for name, (rows, terms, tricks) in wanted.items():
        rng = draw_stream(setting.seed, setting.world, "sample", name)
        is_harmful = rng.random(rows) < 0.3
        word, spelling = draw_texts(
            rng,
            scene,
            topic=rng.integers(0, TOPICS, rows),
            is_harmful=is_harmful,
            is_news=np.zeros(rows, dtype=bool),
            terms=terms,
        )
        if tricks:
            turned = np.asarray(tricks)[rng.integers(0, len(tricks), word.shape)]
            spelling = np.where(np.isin(word, scene.terms) & is_harmful[:, None], turned, spelling)
        label = is_harmful ^ (rng.random(rows) < LABEL_ERROR)
        samples[name] = Sample(word, spelling, label)
    return samples


@dataclass(frozen=True)
class Recipe:
    """What one filter version is trained on; equal recipes share their fit."""

    parts: tuple[str, ...]  # names of samples
    rows: NDArray[np.int64]  # reviewed outputs of the run
    labels: NDArray[np.bool_]


class Filters:
    """Trains and applies filters for one play; fits and matrices are shared by all replays."""

    def __init__(self, stage: ModerationStage, *, incident: bool) -> None:
        self.stage = stage
        self.incident = incident

    def live_grams(self, *, normalised: bool) -> Any:
        """Features of all outputs of the run."""
        traffic = self.stage.traffic
        spelling = traffic.respelled if self.incident else traffic.spelling
        return remember(
            self.stage,
            ("grams", self.incident, normalised),
            lambda: model.count_grams(self._lexicon(), traffic.word, spelling, normalised=normalised),
        )

    def scores(self, recipe: Recipe, *, normalised: bool) -> NDArray[np.float64]:
        """Score every output of the run with the filter of a recipe."""
        key = ("scores", self.incident, *self._key(recipe, normalised))
        return remember(
            self.stage,
            key,
            lambda: model.score(
                self.fitted(recipe, normalised=normalised), self.live_grams(normalised=normalised)
            ),
        )

    def fitted(self, recipe: Recipe, *, normalised: bool = False) -> Any:
        """Train the filter of a recipe, or take it from an earlier replay."""
        return remember(
            self.stage,
            ("fit", *self._key(recipe, normalised)),
            lambda: self._fit(recipe, normalised),
        )

    def sample_grams(self, name: str, *, normalised: bool) -> Any:
        """Features of a sample that exists before the run."""
        sample = self.stage.samples[name]
        return remember(
            self.stage,
            ("sample grams", name, normalised),
            lambda: model.count_grams(self._lexicon(), sample.word, sample.spelling, normalised=normalised),
        )

    def grams(self, word: NDArray[np.int64], spelling: NDArray[np.int64]) -> Any:
        """Features of any texts."""
        return model.count_grams(self._lexicon(), word, spelling, normalised=False)

    def _lexicon(self) -> model.Lexicon:
        return remember(self.stage, ("lexicon",), lambda: model.build_lexicon(self.stage.scene.words))

    def _key(self, recipe: Recipe, normalised: bool) -> tuple[Any, ...]:
        # Reviewed rows hold the respelled texts only where the incident is there.
        live = self.incident and len(recipe.rows) > 0
        return (recipe.parts, fingerprint(recipe.rows, recipe.labels), live, normalised)

    def _fit(self, recipe: Recipe, normalised: bool) -> Any:
        from scipy.sparse import vstack

        x = [self.sample_grams(name, normalised=normalised) for name in recipe.parts]
        y = [self.stage.samples[name].label for name in recipe.parts]
        before = sum(len(part) for part in y)
        if len(recipe.rows):
            x.append(self.live_grams(normalised=normalised)[recipe.rows])
            y.append(recipe.labels)
        live = np.where(recipe.labels, HARMFUL_WEIGHT, INNOCENT_WEIGHT)
        weight = np.concatenate([np.ones(before), live])
        return model.fit_filter(vstack(x, format="csr"), np.concatenate(y), weight)
