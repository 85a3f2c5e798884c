"""How long ``import aiir_lab`` takes, against an empty interpreter in the same run.

Run: ``uv run python benchmarks/bench_import.py``. The aim is under 0.3 s on top of the interpreter.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15


def seconds(code: str) -> float:
    """Median wall time of a fresh interpreter that runs ``code``."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the cost of the import, and of the first name that needs pydantic and pandas."""
    seconds("pass")  # warms the file cache
    empty = seconds("pass")
    for label, code in (
        ("import aiir_lab", "import aiir_lab"),
        ("... and lab.Severity", "import aiir_lab; aiir_lab.Severity"),
        ("import pandas", "import pandas"),
    ):
        taken = seconds(code)
        print(f"{label:22} {taken:.3f} s, {taken / empty:.1f} x an empty interpreter ({empty:.3f} s)")


if __name__ == "__main__":
    main()
