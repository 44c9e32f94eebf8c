"""INT8 weights with ranges of activations taken from each batch, by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .contract import Batches
from .files import load, operations, workplace, write
from .onnxruntime_static import prepare
from .options import read_options
from .quiet import quiet, require

SCHEME = "onnxruntime-dynamic"
MADE = {"DynamicQuantizeLinear", "DequantizeLinear", "DynamicQuantizeLSTM"}


@dataclass(frozen=True)
class DynamicOptions:
    """Options of ``onnxruntime-dynamic``; ``ops`` and ``exclude`` limit what is quantized."""

    per_channel: bool = False
    reduce_range: bool = False
    weight: str = field(default="QInt8", metadata={"choices": ("QUInt8", "QInt8")})
    ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeDynamic:
    """INT8 weights; activations are scaled by each batch, so answers depend on who shares it."""

    name = SCHEME
    precision = "int8 dynamic"
    needs_calibration = False

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the dynamic INT8 variant; a copy of the model where nothing could be quantized.

        ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong.
        ArtifactError
            If the model cannot be quantized.
        """
        chosen = read_options(DynamicOptions, options, SCHEME)
        model = load(reference)
        with quiet(reference, SCHEME), workplace(out) as folder:
            tools = require("onnxruntime.quantization")
            tools.quantize_dynamic(
                str(prepare(model, folder)),
                str(folder / "quantized.onnx"),
                op_types_to_quantize=list(chosen.ops) if chosen.ops else None,
                per_channel=chosen.per_channel,
                reduce_range=chosen.reduce_range,
                weight_type=tools.QuantType[chosen.weight],
                nodes_to_exclude=list(chosen.exclude or ()),
            )
            made = load(folder / "quantized.onnx")
            write(made if operations(made) & MADE else model, folder, out)
