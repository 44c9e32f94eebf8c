"""What the ONNX Runtime schemes share: a quiet, atomic call of a quantizer, checked options."""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from ..errors import ArtifactError, PluginError, nearest


def require_quantizer() -> None:
    """Raise PluginError where onnx or onnxruntime is not installed."""
    try:
        import onnx  # noqa: F401
        import onnxruntime.quantization  # noqa: F401
    except ImportError as error:
        msg = (
            f"quantizing needs {error.name or 'onnxruntime'}: pip install 'quantassay[onnx]' "
            "(a GPU build of onnxruntime serves as well)"
        )
        raise PluginError(msg) from error


def check_options(scheme: str, options: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise PluginError for an option that the scheme does not know."""
    there = sorted(known)
    for name in options:
        if name not in there:
            msg = (
                f"scheme {scheme!r} has no option {name!r}{nearest(name, there)}; "
                f"it has {', '.join(there) or 'none'}"
            )
            raise PluginError(msg)


def choose(scheme: str, option: str, value: Any, choices: Mapping[str, Any]) -> Any:
    """Return what a word stands for; raise PluginError where it is none of the choices."""
    if value not in choices:
        msg = (
            f"scheme {scheme!r}: no {option} is called {value!r}{nearest(str(value), choices)}; "
            f"there are: {', '.join(choices)}"
        )
        raise PluginError(msg)
    return choices[value]


def write_quantized(reference: Path, out: Path, make: Callable[[Path, Path], object]) -> None:
    """Call ``make(folder, made)`` quietly, then rename what it made to ``out``.

    Raises
    ------
    ArtifactError
        If the quantizer raises, or makes nothing.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".quantizing-") as name:
        made = Path(name) / "made.onnx"
        try:
            with quiet():
                make(Path(name), made)
        except (ArtifactError, PluginError, OSError):
            raise
        except Exception as error:
            what = " ".join(str(error).split())[:300]
            msg = f"{reference}: the quantizer raised {type(error).__name__}: {what}"
            raise ArtifactError(msg) from error
        if not made.is_file():
            msg = f"{reference}: the quantizer made no file"
            raise ArtifactError(msg)
        made.replace(out)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what a quantizer prints, logs or warns away from the user's terminal."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            warnings.catch_warnings(),
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
