"""The options of PyTorch: read, checked, and applied around every batch."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import PluginError
from ...plugins.options import SET_BY_RUN, read_options
from .library import require_torch

LOOSE = ("ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_DEFAULT_FPMATH_MODE")


@dataclass(frozen=True)
class TorchOptions:
    """Options of the engine ``pytorch``.

    Parameters
    ----------
    module
        ``module:function`` that builds the module of a state dict, looked up beside the rubric.
    folder
        Where to look for it: the folder of the rubric.
    threads
        Processor threads.
    mode
        ``compiled`` needs a C++ compiler.
    precision
        ``f32`` leaves types as they are and float32 exact; ``bf16`` lets products run in bfloat16.
    device
        Where it runs.
    """

    module: str | None = None
    folder: Path = field(default=Path(), metadata=SET_BY_RUN)
    threads: int = field(default=1, metadata={"least": 1, "most": 1024})
    mode: str = field(default="eager", metadata={"choices": ("eager", "compiled")})
    precision: str = field(default="f32", metadata={"choices": ("f32", "bf16")})
    device: str = field(default="cpu", metadata={"choices": ("cpu", "cuda")})

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


def resolved(options: Mapping[str, Any]) -> TorchOptions:
    """Check an engine's options.

    Raises
    ------
    PluginError
        If an option is unknown or wrong, or this machine cannot do what it asks for.
    """
    chosen = read_options(TorchOptions, options, "engine 'pytorch'")
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
