"""How soon the desk is ready and how fast it answers, each beside a named baseline of the same run.

Run ``python benchmarks/bench_desk.py``. Baselines: a bare Python process for the start, a bare Starlette
application on the same server for requests, SQLite without waiting for the disk for durable writes.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from aiir_lab.desk import DeskProcess
from aiir_lab.desk.desk import Desk

_BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def hello(request):
    await request.body()
    return JSONResponse({"hello": "there"}, status_code=202)
app = Starlette(routes=[Route("/", hello, methods=["POST", "GET"])])
config = uvicorn.Config(app, port=0, http="h11", log_level="warning", access_log=False)
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)
Server(config).run()
"""


def median_s(work: Callable[[], object], *, times: int) -> float:
    """The median time of a call, seconds."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def start_and_stop(folder: Path) -> None:
    """One desk, until it answers."""
    with DeskProcess(announce=folder / "desk.json", db=folder / "start.db") as desk:
        requests.get(desk.announcement["urls"]["statuspage_public"] + "/api/v2/status.json", timeout=10)


def measure_start(folder: Path) -> None:
    """Start until the first answer, against a Python process that does nothing."""
    desk_s = median_s(lambda: start_and_stop(folder), times=5)
    bare_s = median_s(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), times=5)
    ratio = desk_s / bare_s
    print(f"start, first answer, stop: {desk_s:.2f} s; bare Python {bare_s:.3f} s; ratio {ratio:.0f}")


def measure_requests(folder: Path) -> None:
    """Events by one client and by sixteen, against a bare application."""
    bare = subprocess.Popen([sys.executable, "-c", _BARE], stdout=subprocess.PIPE, text=True)
    assert bare.stdout is not None
    try:
        bare_url = f"http://127.0.0.1:{int(bare.stdout.readline())}/"
        with DeskProcess(announce=folder / "desk.json", db=folder / "desk.db") as desk:
            url = desk.announcement["urls"]["pagerduty_events"] + "/v2/enqueue"
            key = desk.announcement["pagerduty"]["routing_key"]
            for clients in (1, 16):
                desk_rate = rate_per_s(url, key, clients=clients)
                bare_rate = rate_per_s(bare_url, key, clients=clients)
                ratio = desk_rate / bare_rate
                print(
                    f"{clients:2} clients: desk {desk_rate:.0f}/s, bare {bare_rate:.0f}/s; ratio {ratio:.2f}"
                )
    finally:
        bare.terminate()
        bare.wait()
        bare.stdout.close()


def rate_per_s(url: str, routing_key: str, *, clients: int, calls: int = 320) -> float:
    """Durable triggers (or bare posts) per second."""

    def work(number: int) -> None:
        with requests.Session() as session:
            for call in range(calls // clients):
                event = {
                    "routing_key": routing_key,
                    "event_action": "trigger",
                    "dedup_key": f"{clients}-{number}-{call}",
                    "payload": {"summary": "Drift", "source": "bench", "severity": "error"},
                }
                assert session.post(url, json=event, timeout=30).status_code == 202

    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    return calls / (time.perf_counter() - start)


def measure_durability(folder: Path) -> None:
    """What waiting for the disk costs per page opened."""

    def opening(name: str, *, synchronous: str) -> float:
        desk = Desk(folder / name)
        desk.store._db.execute(f"PRAGMA synchronous={synchronous}")
        numbers = iter(range(10_000))

        def open_one() -> None:
            desk.paging.open(
                vendor="pagerduty",
                scope="bench",
                dedup_key=str(next(numbers)),
                title="Drift",
                severity="SEV2",
                service_id="P1",
                actor="bench",
                channel="api",
            )

        took_s = median_s(open_one, times=300)
        desk.store.close()
        return took_s

    full_s, off_s = opening("full.db", synchronous="FULL"), opening("off.db", synchronous="OFF")
    ratio = full_s / off_s
    print(f"open a page: {full_s * 1e3:.2f} ms on disk, {off_s * 1e3:.2f} ms not waiting; ratio {ratio:.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        measure_start(Path(name))
        measure_requests(Path(name))
        measure_durability(Path(name))
