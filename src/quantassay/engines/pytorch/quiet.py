"""PyTorch without its noise: imported, and run, with logs and warnings held back."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import PluginError


@contextmanager
def quietly() -> Iterator[None]:
    """Hold back warnings and logs: what matters comes as an exception."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def require_torch(module: str = "torch") -> Any:
    """Import torch or what goes with it, or say how to get it."""
    try:
        with quietly():
            return import_module(module)
    except ModuleNotFoundError as error:
        msg = f"engine 'pytorch' needs the package {error.name!r}: pip install 'quantassay[torch]'"
        raise PluginError(msg) from error


@contextmanager
def no_native_logs() -> Iterator[None]:
    """Hold back what the native part of torch writes to the standard error, past Python's."""
    try:
        kept = os.dup(2)
    except OSError:  # closed: nothing can be written to it
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def one_line(error: Exception) -> str:
    """Return an exception's kind and words, in at most 300 characters."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
