"""Magika, a published model of file types, and what it is fed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MAGIKA = "magika standard_v3_3, file types"
LENGTH, READ, PADDING = 1024, 4096, 256


def magika() -> Path:
    """Return where the wheel keeps the model."""
    package = find_spec("magika")
    assert package is not None and package.origin is not None
    return next(Path(package.origin).parent.glob("models/*/model.onnx"))


@cache
def features(count: int) -> NDArray[np.int32]:
    """Return the first and last bytes of files of numpy, of many kinds in turn, (count, 2048)."""
    package = find_spec("numpy")
    assert package is not None and package.origin is not None
    kinds: dict[str, list[Path]] = {}
    for path in sorted(Path(package.origin).parent.rglob("*.*")):
        if path.is_file() and path.stat().st_size > 300 and "__pycache__" not in path.parts:
            kinds.setdefault(path.suffix, []).append(path)
    longest = max(map(len, kinds.values()))
    turns = [files[at] for at in range(longest) for files in kinds.values() if at < len(files)]
    return np.stack([_bytes(path.read_bytes()) for path in turns[:count]])


def _bytes(content: bytes) -> NDArray[np.int32]:
    found = np.full(2 * LENGTH, PADDING, np.int32)
    first, last = content[:READ].strip()[:LENGTH], content[-READ:].strip()[-LENGTH:]
    found[: len(first)] = list(first)
    found[2 * LENGTH - len(last) :] = list(last)
    return found
