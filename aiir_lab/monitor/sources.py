"""Label sources: whose word does not agree with those we trust?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from aiir_lab.monitor.alarm import Alarm, Tables
from aiir_lab.monitor.reading import Rows, check_positive, read_rows


@dataclass(frozen=True)
class SourceDisagreement:
    """Counts, cumulatively for each source, how often it contradicts labels that we trust.

    Each batch of a slow poisoning looks right. The sum does not: a source that clears what
    analysts and chargebacks call fraud stands out against the median source.

    Parameters
    ----------
    trusted, questioned : list of str
        Channels whose labels are taken for true, and channels that are judged by them.
    positive : str
        The label whose contradiction counts, for instance ``"fraud"``.
    threshold : float, default 6
        Standard deviations above what the usual source would contradict. Sources differ in care, so
        that 4, which chance alone would hardly reach, still accuses careless honest ones.
    min_rows : int, default 10
        A source with fewer labels to compare is silent.
    rows : str or function of the tables, default "labels"
        One row for each label.
    key, source, channel, label : str
        Its columns: the thing that is labelled, who says so, by which way, and what.
    """

    trusted: Sequence[str] = ("analyst", "chargeback")
    questioned: Sequence[str] = ("partner_feedback",)
    positive: str = "fraud"
    threshold: float = 6.0
    min_rows: int = 10
    rows: Rows = "labels"
    key: str = "transaction_id"
    source: str = "source_id"
    channel: str = "channel"
    label: str = "label"
    name: str = "source_disagreement"

    def __post_init__(self) -> None:
        check_positive(self.name, threshold=self.threshold, min_rows=self.min_rows)

    def measure(self, tables: Tables, now: datetime) -> pd.DataFrame:
        """Return source (index), compared, contradicted (int64), expected and deviation (float64)."""
        columns = (self.key, self.source, self.channel, self.label)
        frame = read_rows(self.rows, tables, columns, who=self.name)
        is_positive = frame[self.label] == self.positive
        sure = frame.loc[frame[self.channel].isin(list(self.trusted)) & is_positive, self.key].unique()
        doubted = frame[self.channel].isin(list(self.questioned)) & frame[self.key].isin(sure)
        contradicts = (~is_positive[doubted]).astype("int64")
        seen = contradicts.groupby(frame.loc[doubted, self.source].astype(object)).agg(["size", "sum"])
        seen = seen.set_axis(["compared", "contradicted"], axis=1)
        if seen.empty:
            return seen.assign(expected=0.0, deviation=0.0)
        # The median source, so that a few bad ones do not set the standard they are judged by.
        usual = min(max(seen["contradicted"].median() / seen["compared"].median(), 0.01), 0.99)
        expected = seen["compared"] * usual
        deviation = (seen["contradicted"] - expected) / np.sqrt(expected * (1 - usual) + 1)
        return seen.assign(expected=expected, deviation=deviation)

    def __call__(self, tables: Tables, now: datetime, /) -> list[Alarm]:
        """Raise an alarm for each source that contradicts too often."""
        seen = self.measure(tables, now)
        out = seen[(seen["deviation"] >= self.threshold) & (seen["compared"] >= self.min_rows)]
        return [
            Alarm(
                f"{source} contradicts {row['contradicted']:.0f} of {row['compared']:.0f} trusted labels, "
                f"usual {row['expected']:.1f}",
                where=f"{self.source}={source}",
                value=float(row["deviation"]),
                threshold=self.threshold,
            )
            for source, row in out.sort_values("deviation", ascending=False).iterrows()
        ]
