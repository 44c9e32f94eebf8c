"""The levels of GGUF, by llama.cpp's own quantizer."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from ctypes import byref
from dataclasses import dataclass, field
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import ArtifactError, PluginError
from ..plugins.installed import installed
from ..plugins.options import read_options
from .contract import Batches

SCHEME = "gguf"
#: the type that most tensors are meant to take, by level; none of these needs an importance matrix
LEVELS = {
    "F16": "F16", "BF16": "BF16", "Q8_0": "Q8_0", "Q6_K": "Q6_K", "Q5_K_M": "Q5_K",
    "Q5_K_S": "Q5_K", "Q5_1": "Q5_1", "Q5_0": "Q5_0", "Q4_K_M": "Q4_K", "Q4_K_S": "Q4_K",
    "Q4_1": "Q4_1", "Q4_0": "Q4_0", "IQ4_NL": "IQ4_NL", "IQ4_XS": "IQ4_XS", "Q3_K_L": "Q3_K",
    "Q3_K_M": "Q3_K", "Q3_K_S": "Q3_K", "Q2_K": "Q2_K",
}  # fmt: skip
FULL = ("F32", "F16", "BF16")
EMBEDDING = "token_embd.weight"


@dataclass(frozen=True)
class LevelOptions:
    """Options of ``gguf``.

    Parameters
    ----------
    level
        As llama.cpp's ``llama-quantize`` calls it: those that need no importance matrix.
    """

    level: str = field(default="Q4_K_M", metadata={"choices": tuple(LEVELS)})


class GgufLevels:
    """Weights in blocks of GGUF's own types.

    llama.cpp takes another type for tensors whose rows do not fit; the name of a level stands
    only where at least one matrix has its type.
    """

    name = SCHEME
    options = LevelOptions
    precision = "GGUF level"
    needs_calibration = False
    reads = ("gguf",)
    writes = "gguf"
    engine = "llama-cpp"
    packages = ("llama-cpp-python",)

    @staticmethod
    def precision_of(options: Mapping[str, Any]) -> str:
        """Return the level, which is what the scheme claims."""
        return str(options.get("level", LevelOptions.level))

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the model at a level. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or llama-cpp-python is not installed.
        ArtifactError
            If the model is not GGUF in full precision, llama.cpp fails on it, or no matrix of it
            can have the level's type.
        """
        chosen = read_options(LevelOptions, options, f"scheme {SCHEME!r}")
        library = _require("llama_cpp")
        _require_full(reference)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as folder:
                made = Path(folder) / "variant.gguf"
                _run(library, reference, chosen.level, made)
                _require_level(reference, chosen.level, made)
                made.replace(out)
        except OSError as error:
            msg = f"{out}: cannot be written: {error.strerror}"
            raise ArtifactError(msg) from error


def _run(library: Any, reference: Path, level: str, out: Path) -> None:
    chosen = library.llama_model_quantize_default_params()
    chosen.ftype = getattr(library, f"LLAMA_FTYPE_MOSTLY_{level}")
    chosen.nthread = 1
    with _quietly() as printed:
        failed = library.llama_model_quantize(
            str(reference).encode(), str(out).encode(), byref(chosen)
        )
    if failed or not out.is_file():
        told = [
            line for line in printed.getvalue().splitlines() if "error" in line or "fail" in line
        ]
        reason = " ".join(" ".join(told or ["it does not say why"]).split())[:300]
        msg = f"{reference}: llama.cpp failed to quantize it to {level}: {reason}"
        raise ArtifactError(msg)


@contextmanager
def _quietly() -> Iterator[StringIO]:
    """Keep what llama.cpp prints; its log goes to stderr through a logger's level."""
    printed = StringIO()
    logger = logging.getLogger("llama-cpp-python")
    before = logger.level
    logger.setLevel(logging.INFO)
    try:
        with redirect_stderr(printed):
            yield printed
    finally:
        logger.setLevel(before)


def _require_full(reference: Path) -> None:
    """Refuse a file whose weights were rounded before."""
    stored = _types(reference)
    rounded = {kind: count for kind, count in stored.items() if kind not in FULL}
    if rounded:
        msg = (
            f"{reference}: {_listed(rounded)} matrices are quantized already; scheme {SCHEME!r} "
            f"starts from {', '.join(FULL)}"
        )
        raise ArtifactError(msg)


def _require_level(reference: Path, level: str, made: Path) -> None:
    """Refuse a level's name where no matrix has its type."""
    stored = _types(made)
    if LEVELS[level] not in stored:
        msg = (
            f"{reference}: cannot be {level}: no matrix fits {LEVELS[level]}, whose rows come in "
            f"whole blocks; llama.cpp stored {_listed(stored)} instead"
        )
        raise ArtifactError(msg)


def _listed(stored: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(stored.items()))


def _types(path: Path) -> Counter[str]:
    """Count matrices by type; the table of tokens is none."""
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    try:
        tensors = _require("gguf").GGUFReader(path).tensors
        return Counter(
            tensor.tensor_type.name
            for tensor in tensors
            if len(tensor.shape) > 1 and tensor.name != EMBEDDING
        )
    except PluginError:
        raise
    except Exception as error:
        msg = f"{path}: no whole GGUF file ({type(error).__name__}); copy or convert it again"
        raise ArtifactError(msg) from error


def _require(module: str) -> Any:
    """Import a package of the ``gguf`` extra, or say how to get it."""
    with installed(f"scheme {SCHEME!r}", "gguf"):
        return import_module(module)
