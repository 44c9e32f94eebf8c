"""INT8 weights with ranges of activations taken from each batch, by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...plugins.options import read_options
from ..contract import Batches
from ..files import load, workplace, write
from ..quiet import quiet, require
from .gemm import split_gemms
from .nodes import excluded, nodes, require_change, require_kinds, require_supported
from .static import prepare

SCHEME = "onnxruntime-dynamic"
MADE = ("DynamicQuantizeLinear", "DequantizeLinear", "DynamicQuantizeLSTM", "QAttention")
QUANTIZED = ("Attention", "Conv", "EmbedLayerNormalization", "Gather", "Gemm", "LSTM", "MatMul")


@dataclass(frozen=True)
class DynamicOptions:
    """Options of ``onnxruntime-dynamic``.

    Parameters
    ----------
    per_channel
        Whether each output channel has its own scale; else each tensor has one.
    reduce_range
        Whether weights take 7 bits, for processors whose sums overflow.
    weight
        Whether the weights' codes are signed.
    ops
        Kinds of operation that are quantized: Attention, Conv, EmbedLayerNormalization, Gather,
        Gemm, LSTM, MatMul; all by default.
    exclude
        Nodes, by name, that stay as they are.
    """

    per_channel: bool = False
    reduce_range: bool = False
    weight: str = field(default="QInt8", metadata={"choices": ("QUInt8", "QInt8")})
    ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeDynamic:
    """INT8 weights; activations are scaled by each batch, so answers depend on who shares it."""

    name = SCHEME
    options = DynamicOptions
    precision = "int8 dynamic"
    needs_calibration = False
    reads = ("onnx",)
    writes = "onnx"
    engine = "onnxruntime"
    packages = ("onnx", "onnxruntime")

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the dynamic INT8 variant. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong.
        ArtifactError
            If the model cannot be quantized, or nothing of it would be.
        """
        chosen = read_options(DynamicOptions, options, f"scheme {SCHEME!r}")
        model = load(reference)
        with quiet(reference, SCHEME), workplace(out) as folder:
            prepared = prepare(model, folder)
            left = _split(reference, model, prepared, chosen)
            tools = require("onnxruntime.quantization")
            tools.quantize_dynamic(
                str(prepared),
                str(folder / "quantized.onnx"),
                op_types_to_quantize=_kinds(chosen),
                per_channel=chosen.per_channel,
                reduce_range=chosen.reduce_range,
                weight_type=tools.QuantType[chosen.weight],
                nodes_to_exclude=left,
            )
            made = load(folder / "quantized.onnx")
            require_change(reference, made, MADE, SCHEME)
            write(made, folder, out)


def _split(reference: Path, model: Any, prepared: Path, chosen: DynamicOptions) -> list[str]:
    """Write each Gemm as MatMul, which ONNX Runtime does under another name; return who stays."""
    option = f"option 'ops' of scheme {SCHEME!r}"
    require_supported(chosen.ops, QUANTIZED, option)
    ready = load(prepared)
    require_kinds(reference, ready, chosen.ops, option)
    option = f"option 'exclude' of scheme {SCHEME!r}"
    left = set(excluded(reference, model, ready, chosen.exclude, option))
    for at, node in enumerate(nodes(ready.graph)):
        node.name = node.name or f"unnamed {node.op_type} {at}"
        if chosen.ops and node.op_type not in chosen.ops:
            left |= {node.name, f"{node.name}_MatMul"}
    split_gemms(ready)
    prepared.write_bytes(ready.SerializeToString())
    return sorted(left)


def _kinds(chosen: DynamicOptions) -> list[str] | None:
    kinds = {"MatMul" if kind == "Gemm" else kind for kind in chosen.ops or ()}
    return sorted(kinds) or None
