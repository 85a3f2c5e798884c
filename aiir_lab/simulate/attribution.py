"""How much of the harm each contributing factor carries: exact Shapley shares over replays."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import factorial

import pandas as pd

from aiir_lab.records.errors import AiirError, NotFoundError
from aiir_lab.simulate.controls import Plan
from aiir_lab.simulate.harm import measure_harm
from aiir_lab.simulate.run import Run

MAX_FACTORS = 8  # 256 replays; more would be a matter of minutes


def attribute(run: Run, *, factors: Iterable[str] | None = None) -> pd.DataFrame:
    """Divide the harm among contributing factors by replaying every subset of them.

    A factor is a control that was not there, or the condition it would have
    removed; taking a factor away means replaying with its control. The Shapley
    share of a factor is its harm averaged over every order in which the factors
    could be taken away.

    Parameters
    ----------
    run : Run
        The run to explain, with whatever controls it has.
    factors : list of str, default the world's main factors
        Names from ``run.factors`` (a control's name is understood as the factor
        that it removes). At most 8.

    Returns
    -------
    DataFrame
        factor (str), control (str), shapley_harm (float64, unit of the harm),
        share (float64, sums to 1), harm_removed_alone (float64: what this control
        alone would have prevented), harm_removed_last (float64: what it prevents
        when all the other controls are there). Largest share first. ``attrs`` holds
        harm_with_all_factors, harm_with_no_factor and unit.

    Raises
    ------
    NotFoundError
        When a factor is unknown to this world.
    AiirError
        When there are no factors, a repeated one or more than 8.

    Notes
    -----
    Shapley (1953), A value for n-person games. All 2**n subsets are simulated: no
    sampling, no effect sizes by hand.

    Examples
    --------
    >>> from aiir_lab.simulate import simulate
    >>> shares = attribute(simulate("fraud_poisoning", seed=7), factors=["open_feedback_channel"])
    >>> shares["share"].tolist()
    [1.0]
    """
    names = read_factors(run, factors)
    harm = _harm_of_subsets(run, names)
    n, everything, nothing = len(names), frozenset(names), frozenset[str]()
    total = harm[everything] - harm[nothing]
    rows = []
    for name in names:
        others = [other for other in names if other != name]
        value = 0.0
        for k in range(n):
            weight = factorial(k) * factorial(n - k - 1) / factorial(n)
            value += weight * sum(
                harm[frozenset(s) | {name}] - harm[frozenset(s)] for s in combinations(others, k)
            )
        alone = harm[everything] - harm[everything - {name}]
        last = harm[frozenset({name})] - harm[nothing]
        rows.append((name, run.factors[name], value, value / total if total else 0.0, alone, last))
    columns = ["factor", "control", "shapley_harm", "share", "harm_removed_alone", "harm_removed_last"]
    frame = pd.DataFrame(rows, columns=columns)
    frame = frame.sort_values("shapley_harm", ascending=False, kind="stable", ignore_index=True)
    frame.attrs.update(
        harm_with_all_factors=harm[everything], harm_with_no_factor=harm[nothing], unit=run.harm.unit
    )
    return frame


def measure_subsets(run: Run, *, factors: Iterable[str] | None = None) -> pd.DataFrame:
    """List the harm of every subset of factors.

    Returns
    -------
    DataFrame
        One bool column for each factor (True: the factor is present) and harm (float64).
    """
    names = read_factors(run, factors)
    rows = [
        {**{name: name in present for name in names}, "harm": harm}
        for present, harm in _harm_of_subsets(run, names).items()
    ]
    return pd.DataFrame(rows)


def measure_interactions(run: Run, *, factors: Iterable[str] | None = None) -> pd.DataFrame:
    """Measure how two factors act together beyond what each does alone.

    Returns
    -------
    DataFrame
        factor_a, factor_b (str), interaction_harm (float64, unit of the harm). Above
        zero: each makes the other worse (either control breaks the chain). Below zero:
        either of them is enough for the harm (both controls are needed).

    Notes
    -----
    Shapley interaction index, Grabisch and Roubens (1999): the second difference
    ``v(S+ab) - v(S+a) - v(S+b) + v(S)``, averaged with Shapley weights.
    """
    names = read_factors(run, factors)
    harm = _harm_of_subsets(run, names)
    n = len(names)
    rows = []
    for a, b in combinations(names, 2):
        others = [other for other in names if other not in (a, b)]
        value = 0.0
        for k in range(n - 1):
            weight = factorial(k) * factorial(n - k - 2) / factorial(n - 1)
            for chosen in combinations(others, k):
                s = frozenset(chosen)
                value += weight * (harm[s | {a, b}] - harm[s | {a}] - harm[s | {b}] + harm[s])
        rows.append((a, b, value))
    frame = pd.DataFrame(rows, columns=["factor_a", "factor_b", "interaction_harm"])
    order = frame["interaction_harm"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def read_factors(run: Run, factors: Iterable[str] | None) -> list[str]:
    """Check the names of factors; None means the world's main ones."""
    if factors is None:
        return list(run.main_factors)
    if isinstance(factors, str):
        raise AiirError(f"factors={factors!r} is one text. Expected a list: factors=[{factors!r}].")
    by_control = {control: factor for factor, control in run.factors.items()}
    names = [by_control.get(name, name) for name in factors]
    for name in names:
        if name not in run.factors:
            raise NotFoundError("factor", name, [*run.factors, *by_control])
    if len(set(names)) != len(names) or not 1 <= len(names) <= MAX_FACTORS:
        raise AiirError(
            f"factors has {len(names)} names, {len(set(names))} of them different. "
            f"Range: 1 to {MAX_FACTORS} different factors of {', '.join(run.factors)}."
        )
    return names


def _harm_of_subsets(run: Run, names: list[str]) -> dict[frozenset[str], float]:
    """Replay with the controls of the *absent* factors, for every subset of present ones."""
    reference = run._play(Plan(), incident=False).loss_per_hour
    harm: dict[frozenset[str], float] = {}
    for k in range(len(names), -1, -1):
        for present in combinations(names, k):
            added = {run.factors[name]: None for name in names if name not in present}
            loss = run._play(run._plan.extended(added), incident=True).loss_per_hour
            harm[frozenset(present)] = measure_harm(loss, reference, run._world.unit).amount
    return harm
