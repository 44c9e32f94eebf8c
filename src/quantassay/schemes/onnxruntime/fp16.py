"""FP16 weights and activations, by ONNX Runtime's converter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...plugins.options import read_options
from ..contract import Batches
from ..files import load, workplace, write
from ..quiet import quiet, require
from .nodes import excluded, require_kinds

SCHEME = "onnxruntime-fp16"
FLOAT16 = 10


@dataclass(frozen=True)
class Fp16Options:
    """Options of ``onnxruntime-fp16``.

    Parameters
    ----------
    keep_io
        Whether the model's own inputs and outputs stay in float32.
    exclude_ops
        Kinds of operation that stay in float32.
    exclude
        Nodes, by name, that stay in float32.
    """

    keep_io: bool = True
    exclude_ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeFp16:
    """Half precision. On a CPU, ONNX Runtime computes most of it in float32 all the same."""

    name = SCHEME
    options = Fp16Options
    precision = "fp16"
    needs_calibration = False
    reads = ("onnx",)
    writes = "onnx"
    engine = "onnxruntime"
    packages = ("onnx", "onnxruntime")

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
            If the model cannot be converted, or has nothing in float32 to convert.
        """
        chosen = read_options(Fp16Options, options, f"scheme {SCHEME!r}")
        model = load(reference)
        with quiet(reference, SCHEME), workplace(out) as folder:
            tools = require("onnxruntime.transformers.float16")
            option = f"option 'exclude_ops' of scheme {SCHEME!r}"
            require_kinds(reference, model, chosen.exclude_ops, option)
            option = f"option 'exclude' of scheme {SCHEME!r}"
            names = excluded(reference, model, model, chosen.exclude, option)
            before = _halves(model)
            blocked = [*tools.DEFAULT_OP_BLOCK_LIST, *(chosen.exclude_ops or ())]
            made = tools.convert_float_to_float16(
                model,
                keep_io_types=chosen.keep_io,
                op_block_list=blocked,
                node_block_list=names,
            )
            _require_halves(reference, before, made)
            write(made, folder, out)


def _halves(model: Any) -> int:
    """Count stored tensors and values in float16; the ends of the graph are not counted."""
    kinds = [tensor.data_type for tensor in model.graph.initializer]
    kinds += [value.type.tensor_type.elem_type for value in model.graph.value_info]
    return kinds.count(FLOAT16)


def _require_halves(reference: Path, before: int, made: Any) -> None:
    if _halves(made) <= before:
        msg = (
            f"{reference}: scheme {SCHEME!r} changed nothing: the model has nothing in float32, or "
            "'exclude' and 'exclude_ops' leave nothing of it; leave the variant out"
        )
        raise ArtifactError(msg)
