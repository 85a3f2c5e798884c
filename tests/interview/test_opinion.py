"""A second opinion from a small server of our own on loopback: consent, notice, limits, errors."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from aiir_lab.interview import second_opinion
from aiir_lab.interview.opinion import OpinionError, OpinionNotice

KEY = "sk-very-secret-123"
ANSWER = "I froze the queue, although I did not know whether the labels were wrong."
GOOD = {"context": {"score": 2, "why": "Short."}, "tone": {"score": 4, "why": "Blameless."}}


class Endpoint(HTTPServer):
    """Says what it was told to say and remembers what it was asked."""

    asked: list[tuple[str, dict[str, str], dict[str, Any]]]
    status = 200
    reply: bytes = b""
    wait_s = 0.0
    location = ""


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        time.sleep(self.server.wait_s)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.reply)))
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint(("127.0.0.1", 0), Handler)
    server.asked = []
    server.reply = chat(json.dumps(GOOD))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def chat(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


def notice(endpoint: Endpoint, *, key: str = KEY, timeout_s: float = 5) -> OpinionNotice:
    settings = {
        "AIIR_OPINION_URL": f"http://127.0.0.1:{endpoint.server_port}/v1",
        "AIIR_OPINION_MODEL": "small",
        "AIIR_OPINION_KEY": key,
    }
    return second_opinion("missed-signal", ANSWER, settings=settings, timeout_s=timeout_s)


def test_nothing_is_sent_before_consent_and_the_notice_shows_all_of_it(endpoint: Endpoint) -> None:
    shown = repr(notice(endpoint))
    assert endpoint.asked == []
    assert "NOTHING HAS BEEN SENT YET" in shown
    assert ANSWER in shown
    assert f"127.0.0.1:{endpoint.server_port}/v1/chat/completions" in shown
    assert KEY not in shown


def test_what_is_sent_is_what_was_shown(endpoint: Endpoint) -> None:
    prepared = notice(endpoint)
    opinion = prepared.send()
    ((path, headers, body),) = endpoint.asked
    assert path == "/v1/chat/completions"
    assert body == json.loads(prepared.body)
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert KEY not in prepared.body
    assert opinion.scores == {"context": 2, "tone": 4}
    assert repr(opinion).startswith("SECOND OPINION of a language model (small at 127.0.0.1")


def test_without_a_key_none_is_sent(endpoint: Endpoint) -> None:
    notice(endpoint, key="").send()
    assert "Authorization" not in endpoint.asked[0][1]


@pytest.mark.parametrize(
    "content",
    [
        "```json\n" + json.dumps(GOOD) + "\n```",
        "Sure! " + json.dumps({"context": 2, "tone": {"score": 4}, "style": 9}) + " Anything else?",
        json.dumps(
            GOOD | {"learning": {"score": 11}, "result": {"score": "4"}, "ownership": {"score": True}}
        ),
    ],
)
def test_loose_forms_are_read_and_wrong_scores_left_out(endpoint: Endpoint, content: str) -> None:
    endpoint.reply = chat(content)
    assert notice(endpoint).send().scores == {"context": 2, "tone": 4}


@pytest.mark.parametrize(
    ("status", "reply", "said"),
    [
        (200, b"<html>hello</html>", "not as chat completions"),
        (200, b'{"choices": []}', "not as chat completions"),
        (200, chat("I like it."), "no score that can be read"),
        (200, b"x" * (2**20 + 10), "more than 1 MiB"),
        (401, f"wrong key {KEY}".encode(), "401"),
        (500, b"", "500"),
    ],
)
def test_errors_are_plain_and_never_show_the_key(
    endpoint: Endpoint, status: int, reply: bytes, said: str
) -> None:
    endpoint.status, endpoint.reply = status, reply
    with pytest.raises(OpinionError, match=said) as raised:
        notice(endpoint).send()
    assert KEY not in str(raised.value)


def test_a_redirect_is_not_followed(endpoint: Endpoint) -> None:
    endpoint.status, endpoint.location = 307, f"http://127.0.0.1:{endpoint.server_port}/elsewhere"
    with pytest.raises(OpinionError, match="307"):
        notice(endpoint).send()
    assert len(endpoint.asked) == 1


def test_it_does_not_wait_for_ever(endpoint: Endpoint) -> None:
    endpoint.wait_s = 1.0
    with pytest.raises(OpinionError, match="no answer within"):
        notice(endpoint, timeout_s=0.2).send()


def test_nobody_there(endpoint: Endpoint) -> None:
    settings = {"AIIR_OPINION_URL": "http://127.0.0.1:9", "AIIR_OPINION_MODEL": "small"}
    with pytest.raises(OpinionError, match="could not be asked"):
        second_opinion("missed-signal", ANSWER, settings=settings).send()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AIIR_OPINION_URL": ""}, "none is needed"),
        ({"AIIR_OPINION_MODEL": ""}, "none is needed"),
        ({"AIIR_OPINION_URL": "http://example.org/v1"}, "https"),
        ({"AIIR_OPINION_URL": "file:///etc/passwd"}, "https"),
        ({"AIIR_OPINION_URL": "https://me:word@example.org/v1"}, "name or password"),
        ({"AIIR_OPINION_KEY": "two\nlines"}, "no header can carry"),
    ],
)
def test_settings_that_are_not_safe(change: dict[str, str], said: str) -> None:
    settings = {"AIIR_OPINION_URL": "https://example.org/v1", "AIIR_OPINION_MODEL": "m"} | change
    with pytest.raises(OpinionError, match=said):
        second_opinion("missed-signal", ANSWER, settings=settings)


def test_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIIR_OPINION_URL", raising=False)
    with pytest.raises(OpinionError, match="none is needed"):
        second_opinion("missed-signal", ANSWER)
