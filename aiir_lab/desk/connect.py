"""How each vendor's library is made ready: address, key, and retries that do not hang a notebook."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from aiir_lab.desk.guard import is_loopback
from aiir_lab.records.errors import AiirError

_RETRIES = 3
_TIMEOUT_S = 15


def vendor_library(name: str, package: str) -> Any:
    """A vendor's library, or an error that says how to get it."""
    try:
        return import_module(name)
    except ImportError:
        raise AiirError(
            f"The {package} library is not installed here. The desk's clients come with the extra 'ops': "
            "pip install 'aiir-lab[ops]' (or uv sync --extra ops)."
        ) from None


@cache
def pagerduty_clients() -> SimpleNamespace:
    """PagerDuty's two clients, which here also take ``http://`` on loopback.

    Since version 6 the library refuses any address that is not https. The desk on this machine needs none,
    so the subclass lets loopback through; every other address keeps the library's own check.
    """
    library = vendor_library("pagerduty", "pagerduty")

    def on_loopback(base: Any) -> Any:
        class Client(base):  # type: ignore[misc]
            @property
            def url(self) -> str:
                return str(self._url)

            @url.setter
            def url(self, address: str) -> None:
                parts = urlsplit(address)
                if parts.scheme == "http" and is_loopback(parts.hostname or ""):
                    self._url = address.rstrip("/")
                else:
                    base.url.fset(self, address)

        Client.__name__ = Client.__qualname__ = base.__name__
        return Client

    def limited(base: Any) -> Any:
        client = on_loopback(base)

        def make(*values: Any, **named: Any) -> Any:
            made = client(*values, **named)
            # by itself it would repeat a 429 for ever
            made.retry.update({429: _RETRIES, 503: _RETRIES})
            made.max_network_attempts = 2
            return made

        return make

    return SimpleNamespace(
        RestApiV2Client=limited(library.RestApiV2Client), EventsApiV2Client=limited(library.EventsApiV2Client)
    )


def opsgenie_client(url: str, key: str) -> Any:
    """Opsgenie's alert client, for Opsgenie or Jira Service Management."""
    library = vendor_library("opsgenie_sdk", "opsgenie-sdk")
    configuration = library.Configuration()
    configuration.host = url
    configuration.api_key = {"Authorization": key}
    configuration.retry_count = _RETRIES
    configuration.retry_delay = 1
    configuration.retry_max_delay = 2
    return library.AlertApi(library.ApiClient(configuration=configuration))


def statuspage_client(url: str, key: str) -> Any:
    """Statuspage's client."""
    library = vendor_library("atlassian.statuspage", "atlassian-python-api")
    return library.StatusPage(url=url, header={"Authorization": f"OAuth {key}"}, timeout=_TIMEOUT_S)


def jira_client(url: str, email: str, token: str, *, version: str = "2") -> Any:
    """Jira's client; without retries, for by itself it would sleep a minute or more."""
    library = vendor_library("jira", "jira")
    options = {"rest_api_version": version}
    return library.JIRA(
        server=url, basic_auth=(email, token), options=options, max_retries=0, timeout=_TIMEOUT_S
    )
