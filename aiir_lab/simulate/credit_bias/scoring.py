"""The credit score: a logistic regression on what the bureau says, really trained."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aiir_lab.simulate.credit_bias.applicants import CreditStage
from aiir_lab.simulate.fitting import in_one_thread, remember

OLDER_ROWS = 4_000  # what the model before the present one had learned from


def prepare_fields(fields: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the fields into the model's inputs."""
    income, debt, late, months, accounts = fields.T
    return np.column_stack([np.log(income), debt, np.minimum(late, 6), np.log1p(months / 12), accounts])


def score(stage: CreditStage, version: int, feed: str, fields: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score applications: chance of repayment, 4 decimals. Version 0 is the older model."""

    def make() -> NDArray[np.float64]:
        model = remember(stage, ("model", version), lambda: in_one_thread(lambda: _fit(stage, version)))
        said = in_one_thread(lambda: model.predict_proba(prepare_fields(fields))[:, 1])
        return np.asarray(np.round(said, 4), dtype=np.float64)

    return remember(stage, ("score", version, feed), make)


def _fit(stage: CreditStage, version: int) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = slice(0, OLDER_ROWS) if version == 0 else slice(OLDER_ROWS // 2, None)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    return model.fit(prepare_fields(stage.old.fields[rows]), stage.old.is_good[rows])
