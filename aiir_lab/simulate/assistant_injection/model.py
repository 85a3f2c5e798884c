"""What the assistant does with words: a trained classifier picks the tool, another reads documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.assistant_injection.traffic import (
    COMMON,
    DOCUMENT_WORDS,
    PER_TOOL,
    REFUND,
    TOOLS,
    TRAINING,
    ChatStage,
    Texts,
    draw_texts,
    vocabulary,
)
from aiir_lab.simulate.fitting import in_one_thread, remember
from aiir_lab.simulate.randomness import draw_stream

WORDS = COMMON + PER_TOOL * len(TOOLS)


def count_words(*parts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count words of the parts of each conversation together: where they stood is lost."""
    counts = np.zeros((len(parts[0]), WORDS))
    rows = np.arange(len(counts))
    for part in parts:
        for column in part.T:
            here = column >= 0
            np.add.at(counts, (rows[here], column[here]), 1.0)
    return counts


def _former(stage: ChatStage) -> tuple[NDArray[np.int64], Texts]:
    rng = draw_stream(stage.setting.seed, stage.setting.world, "former conversations")
    intent = rng.choice(4, TRAINING, p=[0.44, 0.37, 0.13, 0.06])
    kind = np.where(rng.random(TRAINING) < 0.35, 1, 0)
    return intent, draw_texts(rng, intent, kind, 0.4)


def pick_tools(stage: ChatStage, texts: Texts, *, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Pick the tool of each conversation, and how sure the model is (4 decimals)."""

    def fit() -> Any:
        from sklearn.naive_bayes import MultinomialNB

        intent, former = _former(stage)
        return MultinomialNB(alpha=0.5).fit(count_words(former.message, former.document), intent)

    def run() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        model = remember(stage, ("tools",), lambda: in_one_thread(fit))
        parts = (texts.message,) if name == "message" else (texts.message, texts.document)
        sure = np.round(in_one_thread(lambda: model.predict_proba(count_words(*parts))), 4)
        return np.argmax(sure, axis=1), sure.max(axis=1)

    return remember(stage, ("picked", name), run)


def flag_documents(stage: ChatStage, texts: Texts, *, name: str) -> NDArray[np.bool_]:
    """Flag documents that read like orders, as a filter trained on a red team's documents sees it."""

    def run() -> NDArray[np.bool_]:
        from sklearn.linear_model import LogisticRegression

        _, former = _former(stage)
        rng = draw_stream(stage.setting.seed, stage.setting.world, "red team")
        honest = former.document[former.document[:, 0] >= 0]
        # The red team thought of half of the words.
        known = rng.permutation(PER_TOOL)[: PER_TOOL // 2]
        orders = vocabulary(REFUND, known[rng.integers(0, len(known), (300, DOCUMENT_WORDS))])
        mixed = np.where(rng.random(orders.shape) < 0.5, orders, honest[:300])
        x = np.concatenate([count_words(honest), count_words(mixed)])
        y = np.arange(len(x)) >= len(honest)
        model = in_one_thread(lambda: LogisticRegression(max_iter=300).fit(x, y))
        said = in_one_thread(lambda: model.predict_proba(count_words(texts.document))[:, 1])
        return np.asarray((np.round(said, 4) >= 0.5) & (texts.document[:, 0] >= 0), dtype=bool)

    return remember(stage, ("flagged", name), run)
