"""Packages that only some leaves need: there, or what to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import PluginError


@contextmanager
def installed(purpose: str, extra: str) -> Iterator[None]:
    """Import inside; where a package is missing, name it and the extra that brings it.

    Parameters
    ----------
    purpose
        What needs it, such as ``engine 'litert'``.
    extra
        Of this package, as in ``pip install 'quantassay[litert]'``.

    Raises
    ------
    PluginError
        If a package is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        msg = f"{purpose} needs the package {error.name!r}: pip install 'quantassay[{extra}]'"
        raise PluginError(msg) from error
