"""How long a monitor takes on one run, against playing the world again for each look.

Run: ``python benchmarks/bench_monitor.py [--seed 7] [--size sample] [--looks 3]``. Prints seconds for
each look and the ratios in the same run: tables built once and cut by what was visible (what
``evaluate_monitor`` does), ``run.observe(until=...)`` at each look, and a new simulation at each look.
The two slower ways are measured on a few looks spread over the run. With ``--reference`` it tries the
reference policy of each world instead, on seeds that no threshold was chosen on (100 ...).
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta

import sklearn.ensemble  # noqa: F401  # its import is not what is measured

from aiir_lab.monitor import SourceDisagreement, evaluate_monitor, reference_policy
from aiir_lab.monitor.watching import list_steps
from aiir_lab.simulate import Looks, simulate
from aiir_lab.simulate.world import WORLDS

EVERY_HOURS = 24.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", default="sample")
    parser.add_argument("--looks", type=int, default=3)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--seeds", type=int, default=12, help="how many, with --reference")
    given = parser.parse_args()
    if given.reference:
        try_references(range(100, 100 + given.seeds))
        return

    def play():
        return simulate("fraud_poisoning", seed=given.seed, size=given.size)

    monitor, run = SourceDisagreement(), play()
    steps = list_steps(run, EVERY_HOURS)
    few = [steps[len(steps) * (place + 1) // (given.looks + 1)] for place in range(given.looks)]

    began = time.perf_counter()
    looks = Looks(run)  # playing and building the tables is part of what is measured
    found = {now: monitor(looks.at(now), now) for now in steps}
    once = (time.perf_counter() - began) / len(steps)

    began = time.perf_counter()
    cut = {now: monitor(run.observe(until=now), now) for now in few}
    observed = (time.perf_counter() - began) / len(few)

    began = time.perf_counter()
    played = {now: monitor(play().observe(until=now), now) for now in few}
    again = (time.perf_counter() - began) / len(few)

    same = all(found[now] == cut[now] == played[now] for now in few)
    print(f"fraud_poisoning seed {given.seed}, {run.rows:,} payments, {len(steps)} looks, one each day")
    print(f"tables built once, cut by visibility: {once * 1000:.1f} ms a look (the one play shared out)")
    print(f"observe(until=...) at each look:      {observed * 1000:.1f} ms a look, {observed / once:.1f} x")
    print(f"a new simulation at each look:        {again * 1000:.1f} ms a look, {again / once:.1f} x")
    print(f"the same alarms in all three: {same}")
    first = next((now for now in steps if found[now]), None)
    if first is not None:
        print(f"first alarm {(first - run.reveal().onset_utc) / timedelta(days=1):.1f} days after the onset")


def try_references(seeds: range) -> None:
    """Print how each world's reference policy does on fresh seeds."""
    for world in WORLDS:
        policy = reference_policy(world)
        row = evaluate_monitor({policy.name: policy.monitor}, scenario=world, seeds=seeds).summary.iloc[0]
        print(
            f"{world:20s} {policy.name:22s} found {row['detected']:.0f} of {row['seeds']:.0f}, "
            f"{row['coincidences']:.0f} by luck, {row['delay_hours_median']:.0f} h after the onset, "
            f"{row['false_alarms_per_week_median']:.1f} false alarms a week (worst "
            f"{row['false_alarms_per_week_worst']:.1f}), {row['harm_avoided_share_median']:.0%} avoided",
            flush=True,
        )


if __name__ == "__main__":
    main()
