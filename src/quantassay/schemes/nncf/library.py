"""NNCF without its reports to its makers, its progress bars and its logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...errors import PluginError, nearest
from ...plugins.installed import installed
from ...plugins.unreported import import_without
from ..quiet import quiet
from .openvino_files import TELEMETRY


@contextmanager
def nncf_at_work(reference: Path, scheme: str) -> Iterator[Any]:
    """Yield NNCF; its output is kept back, and any failure is turned into one line.

    Raises
    ------
    PluginError
        If NNCF is not installed.
    ArtifactError
        If anything but an error of this package is raised inside.
    """
    with quiet(reference, scheme):
        yield require_nncf()


def require_nncf() -> Any:
    """Import nncf, or say how to get it; the class of loggers is left as it was."""
    loggers = logging.getLoggerClass()
    try:
        with installed("making this variant", "quant"):
            return import_without("nncf", TELEMETRY)
    finally:
        logging.setLoggerClass(loggers)


def ignored_scope(
    nncf: Any,
    there: Mapping[str, str],
    names: tuple[str, ...] | None,
    kinds: tuple[str, ...] | None,
    scheme: str,
) -> Any:
    """Return what NNCF leaves alone.

    Parameters
    ----------
    nncf : module
    there : mapping of str to str
        Kind of each operation of the model, by name.
    names, kinds : tuple of str or None
        Operations, and kinds of operation, to leave alone.
    scheme : str
        Whose options these are.

    Raises
    ------
    PluginError
        If one is not in the model.
    """
    for option, wanted, known in (
        ("ignored", names or (), there.keys()),
        ("ignored_ops", kinds or (), there.values()),
    ):
        for name in wanted:
            if name not in known:
                msg = f"option {option!r} of scheme {scheme!r}: the model has no {name!r}"
                raise PluginError(msg + nearest(name, set(known)))
    return nncf.IgnoredScope(names=list(names or ()), types=list(kinds or ()))
