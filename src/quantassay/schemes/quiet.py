"""Run somebody else's quantizer without its noise and without what it leaves behind."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from ..errors import ArtifactError, PluginError, QuantassayError
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
    handlers, level, disabled = list(root.handlers), root.level, root.manager.disable
    runtime = import_onnxruntime() if find_spec("onnxruntime") else None
    try:
        with redirect_stdout(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            logging.disable(logging.CRITICAL)
            if runtime:
                runtime.set_default_logger_severity(ERRORS_ONLY)
            yield
    except QuantassayError:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        msg = f"{reference}: scheme {scheme!r} failed on this model: {reason}"
        raise ArtifactError(msg) from error
    finally:
        if runtime:
            runtime.set_default_logger_severity(WARNINGS)
        logging.disable(disabled)
        root.setLevel(level)
        root.handlers[:] = handlers


def require(module: str) -> Any:
    """Import a module of the ``onnx`` extra, or say how to get it."""
    try:
        return import_onnxruntime(module)
    except ModuleNotFoundError as error:
        msg = f"making a variant needs the package {error.name!r}: pip install 'quantassay[onnx]'"
        raise PluginError(msg) from error
