"""How each question worked in a class, from the kept results: how hard, how telling, what went wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from aiir_lab.classroom.results import Kept
from aiir_lab.grade.question import Verdict

FEWEST = 10
"""With fewer submissions no discrimination is given: its interval would span nearly everything."""

_LONGEST = 160


def scores_of(results: Sequence[Kept]) -> pd.DataFrame:
    """The points of each student: ``student``, ``score``, ``points``, ``state``."""
    rows = [
        {
            "student": kept.student,
            "score": kept.graded.score,
            "points": kept.graded.points,
            "state": kept.graded.state,
        }
        for kept in results
    ]
    return pd.DataFrame(rows, columns=["student", "score", "points", "state"])


def item_statistics(results: Sequence[Kept]) -> pd.DataFrame:
    """Difficulty and discrimination of each question.

    Refused submissions are left out: nothing of them was run. A question that was not attempted earned 0.

    Returns
    -------
    DataFrame
        ``question``, ``title``, ``points``, ``n``; ``attempted_share``; ``mean_share``: points earned of
        those that could be, 0 to 1, the classical difficulty index (high is easy);
        ``mean_share_attempted``; ``discrimination``: Pearson correlation of the question's score with the
        sum of the others (corrected item-rest correlation), with its 95 % interval by Fisher's z in
        ``discrimination_low`` and ``discrimination_high``; ``note`` says why it is missing, or that it
        cannot be told from 0.
    """
    judged = [kept.graded for kept in results if kept.graded.state != "refused"]
    questions = [verdict.question_id for verdict in judged[0].verdicts] if judged else []
    table = {id: [_verdict(graded.verdicts, id) for graded in judged] for id in questions}
    shares = pd.DataFrame({id: [_share(one) for one in column] for id, column in table.items()})
    points = {id: next((one.points for one in column if one), 0.0) for id, column in table.items()}
    totals = sum((shares[id] * points[id] for id in questions), start=pd.Series(0.0, index=shares.index))
    rows = []
    for id, column in table.items():
        attempted = [one is not None and one.is_attempted for one in column]
        value, low, high, note = _discrimination(shares[id], totals - shares[id] * points[id])
        rows.append(
            {
                "question": id,
                "title": next((one.title for one in column if one), ""),
                "points": points[id],
                "n": len(column),
                "attempted_share": float(np.mean(attempted)),
                "mean_share": float(shares[id].mean()),
                "mean_share_attempted": float(shares[id][attempted].mean()) if any(attempted) else np.nan,
                "discrimination": value,
                "discrimination_low": low,
                "discrimination_high": high,
                "note": note,
            }
        )
    columns = [
        "question", "title", "points", "n", "attempted_share", "mean_share", "mean_share_attempted",
        "discrimination", "discrimination_low", "discrimination_high", "note",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def common_mistakes(results: Sequence[Kept], *, fewest: int = 2) -> pd.DataFrame:
    """What several students got wrong in the same way.

    Parameters
    ----------
    results : sequence of Kept
    fewest : int, default 2
        Mistakes of fewer students are left out.

    Returns
    -------
    DataFrame
        ``question``; ``kind``: ``criterion`` (not met), ``value`` (stands in answers that fell short and in
        no full one; letters' case, blanks and the last digits of numbers aside) or ``problem`` (the answer
        could not be judged); ``what``; ``students``: how many; ``share`` of those who attempted it.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    right: set[tuple[str, str]] = set()
    attempts: Counter[str] = Counter()
    for kept in results:
        answers = {answer.question_id: answer.data for answer in kept.graded.answers}
        for verdict in kept.graded.verdicts:
            if not verdict.is_attempted or kept.graded.state == "refused":
                continue
            id = verdict.question_id
            attempts[id] += 1
            values = set() if verdict.problem else set(_values(answers.get(id)))
            if verdict.is_full:
                right |= {(id, value) for value in values}
                continue
            counts.update({(id, "value", value) for value in values})
            failed = {result.text for result in verdict.results if not result.is_held}
            counts.update({(id, "criterion", text) for text in failed})
            if verdict.problem:
                counts[id, "problem", _cut(verdict.problem)] += 1
    rows = [
        {"question": id, "kind": kind, "what": what, "students": count, "share": count / attempts[id]}
        for (id, kind, what), count in counts.items()
        if count >= fewest and not (kind == "value" and (id, what) in right)
    ]
    table = pd.DataFrame(rows, columns=["question", "kind", "what", "students", "share"])
    order = {id: place for place, id in enumerate(attempts)}
    return table.sort_values(
        ["question", "students", "kind", "what"],
        ascending=[True, False, True, True],
        key=lambda column: column.map(order) if column.name == "question" else column,
        ignore_index=True,
    )


def _verdict(verdicts: Sequence[Verdict], id: str) -> Verdict | None:
    return next((verdict for verdict in verdicts if verdict.question_id == id), None)


def _share(verdict: Verdict | None) -> float:
    return verdict.score / verdict.points if verdict and verdict.points else 0.0


def _discrimination(item: pd.Series[float], rest: pd.Series[float]) -> tuple[float, float, float, str]:
    nothing, n = (float("nan"),) * 3, len(item)
    if n < FEWEST:
        return *nothing, f"n = {n} is too small to tell (at least {FEWEST})"
    if item.nunique() < 2:
        return *nothing, "everybody has the same score here"
    if rest.nunique() < 2:
        return *nothing, "everybody has the same score in the rest"
    value = float(np.corrcoef(item, rest)[0, 1])
    z, half = np.arctanh(np.clip(value, -0.999999, 0.999999)), 1.96 / np.sqrt(n - 3)
    low, high = float(np.tanh(z - half)), float(np.tanh(z + half))
    note = "cannot be told from 0 with so few" if low <= 0 <= high else ""
    return value, low, high, "weak work does better here: look at the question" if high < 0 else note


def _values(data: Any, path: str = "") -> Iterator[str]:
    """The parts of an answer, each with its place, so that the same mistake reads the same."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _values(value, f"{path}.{key}" if path else str(key))
    elif data is not None and data != "":
        shown = _cut(json.dumps(_normal(data), ensure_ascii=False, sort_keys=True))
        yield f"{path}: {shown}" if path else shown


def _normal(data: Any) -> Any:
    if isinstance(data, str):
        return " ".join(data.casefold().split())
    if isinstance(data, float | int) and not isinstance(data, bool):
        return float(f"{data:.6g}") if abs(data) < 1e300 else str(data)
    if isinstance(data, list):
        return [_normal(item) for item in data]
    return {str(key): _normal(value) for key, value in data.items()} if isinstance(data, dict) else data


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
