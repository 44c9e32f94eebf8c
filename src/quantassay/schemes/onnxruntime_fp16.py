"""FP16 weights and activations, by ONNX Runtime's converter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .contract import Batches
from .files import load, workplace, write
from .options import read_options
from .quiet import quiet, require

SCHEME = "onnxruntime-fp16"


@dataclass(frozen=True)
class Fp16Options:
    """Options of ``onnxruntime-fp16``.

    ``keep_io`` leaves the model's own inputs and outputs in float32; ``exclude_ops`` and
    ``exclude`` name kinds of operation and nodes that stay in float32.
    """

    keep_io: bool = True
    exclude_ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeFp16:
    """Half precision. On a CPU, ONNX Runtime computes most of it in float32 all the same."""

    name = SCHEME
    precision = "fp16"
    needs_calibration = False

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the FP16 variant of a model. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong.
        ArtifactError
            If the model cannot be converted.
        """
        chosen = read_options(Fp16Options, options, SCHEME)
        model = load(reference)
        with quiet(reference, SCHEME), workplace(out) as folder:
            tools = require("onnxruntime.transformers.float16")
            blocked = [*tools.DEFAULT_OP_BLOCK_LIST, *(chosen.exclude_ops or ())]
            made = tools.convert_float_to_float16(
                model,
                keep_io_types=chosen.keep_io,
                op_block_list=blocked,
                node_block_list=list(chosen.exclude or ()),
            )
            write(made, folder, out)
