"""How the tests look for leaks of the truth in a single column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_recall_curve
from sklearn.tree import DecisionTreeClassifier


def recover_from_one_column(values: pd.Series, is_affected: np.ndarray) -> float:
    """Learn the affected flag from one column on half of the rows; return the best F1 on the other half."""
    half = np.arange(len(values)) % 2 == 0
    if is_affected[half].sum() < 3 or is_affected[~half].sum() < 3:
        return 0.0  # too few to learn anything from
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        x = values.astype("int64").to_numpy(dtype=float)
    elif values.dtype == bool or pd.api.types.is_numeric_dtype(values.dtype):
        x = values.to_numpy(dtype=float)
    else:  # text: the share of affected rows among equal texts, learned on the one half
        text = values.astype("object").map(lambda v: v if isinstance(v, str) else repr(v)[:200])
        share = pd.Series(is_affected[half], index=text[half].to_numpy()).groupby(level=0).mean()
        x = text.map(share).fillna(is_affected[half].mean()).to_numpy(dtype=float)
    x = np.nan_to_num(x, nan=-1e18).reshape(-1, 1)
    tree = DecisionTreeClassifier(max_depth=4, random_state=0).fit(x[half], is_affected[half])
    score = tree.predict_proba(x[~half])[:, list(tree.classes_).index(True)]
    precision, recall, _ = precision_recall_curve(is_affected[~half], score)
    return float(np.max(2 * precision * recall / np.maximum(precision + recall, 1e-12)))


def list_leaks(run, *, limit: float = 0.8) -> list[str]:
    """Name the columns that give the affected rows away. Ids stand in the first column of a table."""
    tables, leaks = run.observe(), []
    for table, ids in run.reveal().affected.items():
        frame = tables[table]
        flag = frame.iloc[:, 0].isin(set(ids)).to_numpy()
        assert flag.any(), f"{table}: none of the affected ids is in its first column"
        for column in frame.columns:
            f1 = recover_from_one_column(frame[column], flag)
            if f1 >= limit:
                leaks.append(f"{table}.{column}: F1 {f1:.2f}")
    return leaks


@pytest.fixture
def find_leaks():
    """The function that names the columns of a run from which the affected rows can be told."""
    return list_leaks
