"""The keys made at start, and the announce file that tells them to their owner only."""

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiir_lab.desk.plan import LEARNER_EMAIL, PROJECT_KEY, policy_name, stable_id
from aiir_lab.records.errors import AiirError


@dataclass(frozen=True)
class Keys:
    """Every secret of one desk. They stay the same when a desk is restarted on its database."""

    pagerduty_token: str
    routing_key: str
    routing_key_2: str
    opsgenie_key: str
    statuspage_key: str
    page_id: str
    jira_token: str
    desk_key: str

    @classmethod
    def make(cls) -> Keys:
        """New ones, of the vendors' lengths."""
        return cls(
            pagerduty_token=secrets.token_urlsafe(15)[:20],
            routing_key=secrets.token_hex(16),
            routing_key_2=secrets.token_hex(16),
            opsgenie_key=secrets.token_hex(18),
            statuspage_key=secrets.token_hex(18),
            page_id=secrets.token_hex(6),
            jira_token="ATATT3x" + secrets.token_urlsafe(24),
            desk_key=secrets.token_urlsafe(24),
        )

    def to_dict(self) -> dict[str, str]:
        """For the desk's own database."""
        return asdict(self)


def announcement(keys: Keys, *, host: str, port: int) -> dict[str, Any]:
    """Every base URL and key of a desk that listens on ``host`` and ``port``."""
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return {
        "urls": {
            "pagerduty": f"{base}/pagerduty",
            "pagerduty_events": f"{base}/pagerduty-events",
            "opsgenie": f"{base}/opsgenie",
            "jsm": f"{base}/jsm/ops/integration",
            "statuspage": f"{base}/statuspage",
            "statuspage_public": f"{base}/status",
            "jira": f"{base}/jira",
            "board": f"{base}/board",
        },
        "pagerduty": {
            "token": keys.pagerduty_token,
            "routing_key": keys.routing_key,
            "routing_key_2": keys.routing_key_2,
            "from": LEARNER_EMAIL,
            "service_id": stable_id("service", "Model serving"),
        },
        "opsgenie": {"key": keys.opsgenie_key, "escalation": policy_name("SEV1")},
        "statuspage": {"key": keys.statuspage_key, "page_id": keys.page_id},
        "jira": {"email": LEARNER_EMAIL, "token": keys.jira_token, "project": PROJECT_KEY},
        "desk": {"key": keys.desk_key, "pid": os.getpid()},
    }


def default_announce_path() -> Path:
    """Where a desk announces itself to its own user's notebooks.

    ``AIIR_DESK`` names another file.
    """
    named = os.environ.get("AIIR_DESK")
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local"))
    elif sys.platform == "darwin":
        root = Path("~/Library/Application Support")
    else:
        root = Path(os.environ.get("XDG_STATE_HOME", "~/.local/state"))
    return root.expanduser() / "aiir-lab" / "desk.json"


def write_announcement(path: Path, content: dict[str, Any]) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes mode 0600; a reader sees the old file or the whole new one
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise AiirError(
            f"The desk cannot announce itself in {path}: {error.strerror}. Name another file."
        ) from None


def read_announcement(path: Path) -> dict[str, Any]:
    """What a desk announced in ``path``."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AiirError(
            f"No desk has announced itself in {path}. Start one: `aiir desk` in a terminal, or `aiir lab`."
        ) from None
    except (OSError, ValueError) as error:
        raise AiirError(f"{path} is not a desk's announcement ({error}). Start the desk again.") from None
    if not isinstance(content, dict) or "urls" not in content:
        raise AiirError(f"{path} is not a desk's announcement: it has no 'urls'. Start the desk again.")
    return content
