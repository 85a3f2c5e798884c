from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path


def test_desk_announces_itself_and_ends_on_sigterm(tmp_path: Path) -> None:
    announce = tmp_path / "desk.json"
    code = "from aiir_lab.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "desk", "--announce", str(announce)], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            if announce.exists():
                break
            assert process.poll() is None
            time.sleep(0.1)
        content = json.loads(announce.read_text())
        assert {"pagerduty", "opsgenie", "jsm", "statuspage", "jira", "board"} <= set(content["urls"])
        assert announce.stat().st_mode & 0o077 == 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
