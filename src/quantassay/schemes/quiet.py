"""Run somebody else's quantizer without its noise and without what it leaves behind."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from ..errors import ArtifactError, QuantassayError, one_line
from ..plugins.installed import installed
from ..plugins.quiet import quietly
from ..plugins.unreported import import_onnxruntime

ERRORS_ONLY, WARNINGS = 3, 2


@contextmanager
def quiet(reference: Path, scheme: str) -> Iterator[None]:
    """Keep prints, logs and warnings back; turn any failure into one line.

    onnxruntime's tools print to stdout and add a handler to the root logger: it is put back. The
    folder that they add to ``sys.path`` stays, since they import from it later.

    Raises
    ------
    ArtifactError
        If anything but an error of this package is raised inside.
    """
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    runtime = import_onnxruntime() if find_spec("onnxruntime") else None
    try:
        with one_line_errors(reference, scheme), redirect_stdout(StringIO()), quietly():
            if runtime:
                runtime.set_default_logger_severity(ERRORS_ONLY)
            yield
    finally:
        if runtime:
            runtime.set_default_logger_severity(WARNINGS)
        root.setLevel(level)
        root.handlers[:] = handlers


@contextmanager
def one_line_errors(reference: Path, scheme: str) -> Iterator[None]:
    """Turn whatever a quantizer raises into one line.

    Raises
    ------
    ArtifactError
        If anything but an error of this package is raised inside.
    """
    try:
        yield
    except QuantassayError:
        raise
    except Exception as error:
        msg = f"{reference}: scheme {scheme!r} failed on this model: {one_line(error)}"
        raise ArtifactError(msg) from error


def require(module: str) -> Any:
    """Import a module of the ``onnx`` extra, or say how to get it."""
    with installed("making this variant", "onnx"):
        return import_onnxruntime(module)
