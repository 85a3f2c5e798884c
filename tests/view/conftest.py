"""Post-mortems to draw, and a headless Chromium that can reach nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from aiir_lab.records import Postmortem

DATASETS = Path(__file__).parents[2] / "datasets" / "post_mortems"
HOSTILE = '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">'


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``public_record_path`` runs on each public post-mortem."""
    if "public_record_path" in metafunc.fixturenames:
        paths = sorted(path for path in DATASETS.glob("*.yaml") if path.name != "schema.yaml")
        metafunc.parametrize("public_record_path", paths, ids=[path.stem for path in paths])


@pytest.fixture(scope="session")
def pm() -> Postmortem:
    """A post-mortem with something in every part that is drawn or printed."""
    return Postmortem.from_yaml(
        """
        id: inc-7
        title: Labels of an image API turn wrong for dark goods
        organisation: Example Vision
        date: 2026-03-02
        severity: SEV2
        severity_reason: A tenth of all labels was wrong for four hours.
        summary: A new model met pictures unlike its training set.
        impact: [About 10% of labels were wrong.]
        trigger: A model was promoted without a test on dark goods.
        timeline:
          events:
            - {at_utc: 2026-03-01T00:00Z, precision: day, text: The model is trained, kind: decision}
            - {at_utc: 2026-03-02T09:00Z, text: The first wrong label, kind: trigger, marks: [onset]}
            - {at_utc: 2026-03-02T09:10Z, text: A rule fires, kind: alert, marks: [alerted]}
            - at_utc: 2026-03-02T09:12Z
              text: On-call sees it
              kind: detection
              marks: [detected, acknowledged]
              sources: [S1]
            - {at_utc: 2026-03-02T13:00Z, text: Rollback, kind: mitigation, marks: [mitigated]}
            - {precision: unknown, text: Clients are told, kind: communication, when_text: later that day}
        contributing_factors:
          - {text: No slice was tested on its own, strand: process}
          - {text: The training set held few dark goods, strand: technical}
          - {text: The dashboard showed one average, strand: tooling}
        messages:
          - {sender: client, to: support, channel: mail, text: Labels look wrong., at_utc: 2026-03-02T09:40Z}
          - {sender: support, to: on-call, channel: chat, text: Complaint., at_utc: 2026-03-02T09:05Z}
          - {sender: on-call, to: on-call, channel: log, text: Rolling back.}
        action_items:
          - {description: Write a wiki page, strength: weaker}
          - {description: Block promotion on a slice that regresses, strength: stronger, owner: ML platform}
          - {description: Alert on each slice, strength: intermediate, due: 2026-04-01}
        went_well: [The rollback worked at once.]
        ai: {models: [labels-9], rmf_functions: [MEASURE], rmf_ids: [MEASURE 2.11]}
        gaps: [How many clients were harmed.]
        contradictions: [Two sources give two times.]
        glossary: {slice: A part of the data looked at on its own.}
        sources:
          - {key: S1, title: Post-mortem, publisher: Example Vision, url: 'https://example.org/pm'}
        """
    )


@pytest.fixture(scope="session")
def hostile() -> Postmortem:
    """A post-mortem that tries to run a script from every text that can hold one."""
    return Postmortem.from_dict(
        {
            "id": "inc-8",
            "title": HOSTILE,
            "organisation": HOSTILE,
            "severity": "SEV1",
            "summary": f"{HOSTILE}\n\n</style></title>{HOSTILE}",
            "impact": [HOSTILE],
            "trigger": HOSTILE,
            "authors": [HOSTILE],
            "timeline": {
                "events": [
                    {"at_utc": "2026-03-02T09:00Z", "text": f"</script>{HOSTILE}", "actor": HOSTILE},
                    {"precision": "unknown", "text": '<a href="javascript:window.pwned=1">x</a>'},
                ]
            },
            "messages": [
                {"sender": HOSTILE, "to": '"><b>', "channel": HOSTILE, "text": f"</script>{HOSTILE}"}
            ],
            "contributing_factors": [{"text": f"</script>{HOSTILE}", "strand": "process"}],
            "action_items": [{"description": HOSTILE, "owner": HOSTILE}],
            "gaps": [HOSTILE],
            "glossary": {HOSTILE: HOSTILE},
            "sources": [
                {
                    "key": HOSTILE,
                    "title": HOSTILE,
                    "publisher": HOSTILE,
                    "url": 'https://x.org/"onclick="pwn()',
                }
            ],
        }
    )


@dataclass
class Seen:
    """A page in a browser, and what it tried to reach or complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Seen]]:
    """Open a file in headless Chromium."""
    contexts = []

    def open_file(path: Path, *, scheme: str = "light") -> Seen:
        context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("pageerror", lambda error: seen.problems.append(str(error)))
        seen.page.goto(path.as_uri())
        return seen

    yield open_file
    for context in contexts:
        context.close()
