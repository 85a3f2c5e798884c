"""How long an exact attribution of fraud_poisoning takes, against 32 plays that share nothing.

Run: ``python benchmarks/bench_attribution.py [--seed 7]``. Prints seconds and the ratio
of the two in the same run. Aim: 32 subsets at lesson size under 30 s on 2 cores.
"""

from __future__ import annotations

import argparse
import time

import sklearn.ensemble  # noqa: F401  # its import is not what is measured

from aiir_lab.simulate import attribute, simulate


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    seed = parser.parse_args().seed

    wall, cpu = time.perf_counter(), time.process_time()
    alone = simulate("fraud_poisoning", seed=seed)
    amount = alone.harm.amount  # the run and its reference: two plays, nothing shared before
    two_plays = time.perf_counter() - wall
    print(
        f"two plays that share only the stream: {two_plays:.2f} s wall, {time.process_time() - cpu:.2f} s CPU"
    )

    run = simulate("fraud_poisoning", seed=seed)
    wall, cpu = time.perf_counter(), time.process_time()
    shares = attribute(run)
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    plays = 2 ** len(run.main_factors)
    print(f"attribution, {plays} subsets: {seconds:.2f} s wall, {cpu_seconds:.2f} s CPU (aim: under 30 s)")
    print(f"ratio to {plays} plays that share nothing: {seconds / (plays * two_plays / 2):.2f}")
    print(f"models fitted: {sum(key[0] == 'model' for key in run._stage.memo)} of {plays * 14} trainings")
    print(f"harm {amount:,.0f} {run.harm.unit}")
    print(shares.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
