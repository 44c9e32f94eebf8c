"""The options of PyTorch: read, checked, and applied around every batch."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...errors import PluginError, nearest
from .quiet import require_torch

MODES = ("eager", "compiled")
PRECISIONS = ("f32", "bf16")
DEVICES = ("cpu", "cuda")
LOOSE = ("ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_DEFAULT_FPMATH_MODE")


@dataclass(frozen=True)
class TorchOptions:
    """Builder of the module, where to look for it, and how to run."""

    module: str | None = None
    folder: Path = Path()
    threads: int = 1
    mode: str = "eager"
    precision: str = "f32"
    device: str = "cpu"

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Run what is inside with these threads and this precision, and without gradients."""
        torch = require_torch()
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)
        if torch.get_float32_matmul_precision() != "highest":
            torch.set_float32_matmul_precision("highest")
        half = torch.autocast(self.device, torch.bfloat16) if self.precision == "bf16" else None
        with torch.inference_mode(), half or nullcontext():
            yield


def read_options(options: Mapping[str, Any]) -> TorchOptions:
    """Read the options of a rubric.

    Raises
    ------
    PluginError
        If an option is unknown or wrong, or this machine cannot do what it asks for.
    """
    known = [field.name for field in fields(TorchOptions)]
    for key in options:
        if key not in known:
            shown = ", ".join(name for name in known if name != "folder")
            msg = f"engine 'pytorch' has no option {key!r}{nearest(key, known)}; there are: {shown}"
            raise PluginError(msg)
    for key, values in (("mode", MODES), ("precision", PRECISIONS), ("device", DEVICES)):
        if options.get(key, values[0]) not in values:
            one_of = ", ".join(values)
            msg = f"option {key!r} of engine 'pytorch' is one of {one_of}; got {options[key]!r}"
            raise PluginError(msg)
    threads = options.get("threads", 1)
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
        msg = f"option 'threads' of engine 'pytorch' is a whole number from 1, got {threads!r}"
        raise PluginError(msg)
    module = options.get("module")
    if module is not None and not isinstance(module, str):
        msg = f"option 'module' of engine 'pytorch' is 'my_package.models:build', got {module!r}"
        raise PluginError(msg)
    chosen = TorchOptions(**{**options, "folder": Path(options.get("folder", "."))})
    _check_machine(chosen)
    return chosen


def _check_machine(chosen: TorchOptions) -> None:
    torch = require_torch()
    if chosen.device == "cuda" and not torch.cuda.is_available():
        msg = f"engine 'pytorch': no CUDA device, or torch {torch.__version__} is built without it"
        raise PluginError(msg)
    for name in LOOSE:
        if os.environ.get(name, "STRICT").upper() not in ("", "STRICT"):
            msg = f"engine 'pytorch': {name}={os.environ[name]} lets float32 run in less; unset it"
            raise PluginError(msg)
    compiler = os.environ.get("CXX", "clang++" if sys.platform == "darwin" else "g++")
    if chosen.mode == "compiled" and chosen.device == "cpu" and shutil.which(compiler) is None:
        msg = (
            f"engine 'pytorch': 'mode: compiled' needs a C++ compiler and {compiler!r} is not "
            "there: install it, name another in CXX, or set 'mode: eager'"
        )
        raise PluginError(msg)
