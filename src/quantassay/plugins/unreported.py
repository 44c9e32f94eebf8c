"""Import packages that would report over the network, so that they do not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


def import_onnxruntime(module: str = "onnxruntime") -> Any:
    """Import ONNX Runtime, or a part of it, without the files that it leaves in the user's home.

    Raises
    ------
    ModuleNotFoundError
        If it, or something else that the part needs, is not installed.
    """
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    return import_module(module)


def import_without(module: str, *absent: str) -> Any:
    """Import a module that would use others if it found them, without those.

    OpenVINO and NNCF write into the user's home, and report over the network, as soon as they
    find a package for it. Whoever imports the others later finds them.

    Raises
    ------
    ModuleNotFoundError
        If the module, or something else that it needs, is not installed.
    """
    with _hidden(absent):
        return import_module(module)


@contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    there = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(names))  # None makes an import fail
    try:
        yield
    finally:
        for name in names:
            del modules[name]
        modules.update(there)
