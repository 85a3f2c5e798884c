"""The filter: hashed character n-grams of each word and a logistic regression, really trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.fitting import in_one_thread
from aiir_lab.simulate.moderation_failure.words import SPELLINGS, normalise, spell

BLOCK_AT = 0.5
FEATURES = 2**12
NGRAMS = (3, 4)


@dataclass(frozen=True)
class Lexicon:
    """Every written form of every word, as texts and as n-gram counts."""

    forms: list[str]  # word * len(SPELLINGS) + spelling
    grams: Any  # sparse (forms, FEATURES)
    normalised_grams: Any


def build_lexicon(words: list[str]) -> Lexicon:
    """Hash the n-grams of each written form once.

    ``char_wb`` n-grams never cross a space, so the counts of a text are the sum of the
    counts of its words: ``HashingVectorizer`` on whole texts gives the same matrix.
    """
    from sklearn.feature_extraction.text import HashingVectorizer

    forms = [spell(word, spelling) for word in words for spelling in SPELLINGS]
    hasher = HashingVectorizer(
        analyzer="char_wb", ngram_range=NGRAMS, n_features=FEATURES, alternate_sign=False, norm=None
    )
    plain = [normalise(form) for form in forms]
    return Lexicon(forms, hasher.transform(forms), hasher.transform(plain))


def count_grams(
    lexicon: Lexicon, word: NDArray[np.int64], spelling: NDArray[np.int64], *, normalised: bool
) -> Any:
    """Build the feature matrix of texts: log-damped n-gram counts with rows of length one."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    row, place = np.nonzero(word >= 0)
    form = word[row, place] * len(SPELLINGS) + spelling[row, place]
    shape = (len(word), len(lexicon.forms))
    documents = csr_matrix((np.ones(len(row)), (row, form)), shape=shape)
    grams = documents @ (lexicon.normalised_grams if normalised else lexicon.grams)
    grams.data = np.log1p(grams.data)
    return normalize(grams, copy=False)


def fit_filter(x: Any, is_harmful: NDArray[np.bool_], weight: NDArray[np.float64]) -> Any:
    """Train a filter; returns the fitted scikit-learn model."""
    from sklearn.linear_model import SGDClassifier

    # A fixed number of passes: no stopping rule that a last bit could tip on another machine.
    model = SGDClassifier(loss="log_loss", alpha=2e-5, max_iter=8, tol=None, random_state=0)
    return in_one_thread(lambda: model.fit(x, is_harmful, sample_weight=weight))


def score(model: Any, x: Any) -> NDArray[np.float64]:
    """Score outputs, 0 to 1. Rounded first: a last bit must not decide on another machine."""
    rounded: NDArray[np.float64] = np.round(in_one_thread(lambda: model.predict_proba(x))[:, 1], 4)
    return rounded
