"""Requests to a server: bounded in time and size, repeated where that can help."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from ...errors import DataError, PluginError
from ...plugins.installed import installed
from .options import EndpointOptions

MOST_BYTES = 16 << 20
LONGEST_WAIT = 30.0
WORTH_REPEATING = {408, 409, 425, 429, 500, 502, 503, 504}


class Client:
    """One server, by its base address; safe to use from several threads.

    Raises
    ------
    PluginError
        If httpx2 is not installed, the address is none, or the key is not in the environment.
    """

    def __init__(self, options: EndpointOptions) -> None:
        self._library = _require_client()
        self._options = options
        _check_address(options.url)
        self._base = options.url.rstrip("/")
        limits = self._library.Limits(max_connections=options.concurrency)
        self._native = self._library.Client(
            timeout=options.timeout, limits=limits, headers=_headers(options.key_env)
        )

    def get(self, path: str) -> tuple[Any, str]:
        """Return a resource and what the server says it is."""
        return self._answered("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> tuple[Any, str]:
        """Return the answer to a request and what the server says it is.

        Raises
        ------
        DataError
            If the server refuses it, cannot be reached, or answers with anything but JSON.
        """
        return self._answered("POST", path, body)

    def close(self) -> None:
        """Close all connections."""
        self._native.close()

    def _answered(self, verb: str, path: str, body: Mapping[str, Any] | None) -> tuple[Any, str]:
        wait = 0.0
        for attempt in range(self._options.retries + 1):
            time.sleep(wait)
            status, headers, content = self._once(verb, path, body)
            if status == 200:
                return self._read(content, path), str(headers.get("server", ""))
            if status is not None and status not in WORTH_REPEATING:
                break
            wait = _wait(attempt, headers.get("retry-after", ""))
        told = "cannot be reached" if status is None else f"answers {status}"
        reason = " ".join(content.decode("utf-8", "replace").split())[:300]
        tries = f" after {attempt + 1} tries" if attempt else ""
        msg = f"{self._base}{path}: {told}{tries}: {reason}"
        raise DataError(msg)

    def _once(
        self, verb: str, path: str, body: Mapping[str, Any] | None
    ) -> tuple[int | None, Mapping[str, str], bytes]:
        """Return status, headers and content; no status where no answer came."""
        try:
            with self._native.stream(verb, self._base + path, json=body) as answer:
                content = bytearray()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MOST_BYTES:
                        return 413, {}, f"an answer of over {MOST_BYTES >> 20} MB".encode()
                return answer.status_code, answer.headers, bytes(content)
        except self._library.HTTPError as error:
            return None, {}, f"{type(error).__name__}: {error}".encode()

    def _read(self, content: bytes, path: str) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            msg = f"{self._base}{path}: the answer is no JSON: is this an OpenAI-compatible server?"
            raise DataError(msg) from error


def _require_client() -> Any:
    with installed("engine 'endpoint'", "endpoint"):
        return import_module("httpx2")


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname
        secret = parts.username or parts.password or parts.query
    except ValueError:
        wrong, secret = True, None
    if wrong:
        msg = f"option 'url' of engine 'endpoint' is {url!r}, not like 'http://localhost:8000/v1'"
        raise PluginError(msg)
    if secret:
        msg = "option 'url' of engine 'endpoint' holds a key or name: set 'key_env' instead"
        raise PluginError(msg)


def _headers(key_env: str | None) -> dict[str, str]:
    if key_env is None:
        return {}
    key = os.environ.get(key_env)
    if not key:
        msg = f"engine 'endpoint': the environment variable {key_env!r} ('key_env') is not set"
        raise PluginError(msg)
    return {"Authorization": f"Bearer {key}"}


def _wait(attempt: int, asked: str) -> float:
    """Return how long to wait: as the server asks, else twice as long each time."""
    own = float(asked) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", asked) else 0.5 * 2.0**attempt
    return min(own, LONGEST_WAIT)
