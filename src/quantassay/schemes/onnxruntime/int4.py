"""4-bit weights in blocks, float activations, by ONNX Runtime's ``MatMulNBitsQuantizer``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, PluginError, some
from ...plugins.installed import installed
from ...plugins.options import read_options
from ..contract import Batches
from ..files import load, workplace, write
from ..quiet import quiet, require
from .gemm import drop_unused, lift_constants, split_gemms
from .nodes import excluded, require_change, require_kinds, require_supported

SCHEME = "onnxruntime-int4"
ALGORITHMS = ("default", "rtn", "k_quant", "hqq")
BLOCKS = (16, 32, 64, 128, 256)
LEVELS = (0, 1, 2, 3, 4)
MADE = ("MatMulNBits", "GatherBlockQuantized")
FLOATS = (1, 10, 16)
GATHER_OPSET = 21


@dataclass(frozen=True)
class Int4Options:
    """Options of ``onnxruntime-int4``.

    Parameters
    ----------
    algorithm
        ``default`` and ``rtn`` round to nearest; ``k_quant`` and ``hqq`` search for scales, and
        ``hqq`` needs torch. There is no GPTQ: ONNX Runtime's gives the codes of round-to-nearest.
    block_size
        How many weights share a scale.
    symmetric
        Whether there are no zero points; without effect, and refused, where scales are searched.
    accuracy_level
        Of ``MatMulNBits``; 4 lets the kernel compute in int8.
    ops
        Kinds of operation that are quantized: MatMul and Gemm by default; Gather with ``default``.
    exclude
        Nodes, by name, that stay as they are.
    """

    algorithm: str = field(default="default", metadata={"choices": ALGORITHMS})
    block_size: int = field(default=32, metadata={"choices": BLOCKS})
    symmetric: bool = False
    accuracy_level: int = field(default=0, metadata={"choices": LEVELS})
    ops: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None


class OnnxRuntimeInt4:
    """4-bit weights of matrix products; convolutions, and all activations, stay in float.

    A Gemm, which ONNX Runtime's quantizer leaves alone, is first written as MatMul and Add; the
    numbers are the same.
    """

    name = SCHEME
    options = Int4Options
    precision = "int4 weights"
    needs_calibration = False
    reads = ("onnx",)
    writes = "onnx"
    engine = "onnxruntime"
    packages = ("onnx", "onnxruntime", "torch")

    @staticmethod
    def quantize(
        reference: Path, calibration: Batches | None, options: Mapping[str, Any], out: Path
    ) -> None:
        """Write the INT4 variant. ``calibration`` is not used.

        Raises
        ------
        PluginError
            If an option is unknown or wrong, or HQQ's torch is not installed.
        ArtifactError
            If the model cannot be quantized, or no layer of it would be.
        """
        chosen = _read(options)
        model = load(reference)
        with quiet(reference, SCHEME), workplace(out) as folder:
            left = _prepare(reference, model, chosen)
            _require_even_blocks(reference, model, chosen, left)
            made = _quantized(model, chosen, left)
            require_change(reference, made, MADE, SCHEME)
            drop_unused(made.graph)
            write(made, folder, out)


def _read(options: Mapping[str, Any]) -> Int4Options:
    if options.get("algorithm") == "gptq":
        msg = (
            f"scheme {SCHEME!r} has no algorithm 'gptq': ONNX Runtime's spreads no rounding error "
            "over the other weights, so that it gives the codes of round-to-nearest; use 'hqq', "
            "or scheme 'nncf-gptq' or 'llmcompressor-gptq'"
        )
        raise PluginError(msg)
    chosen = read_options(Int4Options, options, f"scheme {SCHEME!r}")
    searching = chosen.algorithm in ("k_quant", "hqq")
    wrong = {
        "symmetric": chosen.symmetric and searching,
        "accuracy_level": chosen.accuracy_level and chosen.algorithm == "hqq",
    }
    for name, unheeded in wrong.items():
        if unheeded:
            msg = f"option {name!r} of scheme {SCHEME!r} has no effect with {chosen.algorithm!r}"
            raise PluginError(msg)
    known = ("MatMul", "Gemm", "Gather") if chosen.algorithm == "default" else ("MatMul", "Gemm")
    require_supported(chosen.ops, known, f"option 'ops' of scheme {SCHEME!r}")
    if chosen.algorithm == "hqq":
        _require_torch()
    return chosen


def _require_torch() -> None:
    with installed("algorithm 'hqq'", "torch"):
        import torch  # noqa: F401


def _prepare(reference: Path, model: Any, chosen: Int4Options) -> set[str]:
    """Name nodes, move weights to where they are looked for; return who is left out."""
    require_kinds(reference, model, chosen.ops, f"option 'ops' of scheme {SCHEME!r}")
    if "Gather" in (chosen.ops or ()):
        _require_opset(reference, model)
    option = f"option 'exclude' of scheme {SCHEME!r}"
    left = set(excluded(reference, model, model, chosen.exclude, option))
    kinds = set(chosen.ops or ("MatMul", "Gemm"))
    for at, node in enumerate(model.graph.node):
        node.name = node.name or f"unnamed {node.op_type} {at}"
        if node.op_type not in kinds:
            left.add(node.name)
    lift_constants(model.graph)
    split_gemms(model, keep=left)
    return left


def _require_opset(reference: Path, model: Any) -> None:
    opset = next((item.version for item in model.opset_import if item.domain in ("", "ai.onnx")), 0)
    if opset < GATHER_OPSET:
        msg = (
            f"{reference}: 4-bit Gather needs opset {GATHER_OPSET}, the model has {opset}; "
            "export it again, or leave 'Gather' out of 'ops'"
        )
        raise ArtifactError(msg)


def _require_even_blocks(reference: Path, model: Any, chosen: Int4Options, left: set[str]) -> None:
    """Refuse what ONNX Runtime cannot pack: zero points of an odd number of blocks."""
    if chosen.algorithm in ("default", "hqq") or chosen.symmetric:
        return
    rows = {node.name: k for node, k, n in _layers(model) if node.name not in left and n > 1}
    odd = [name for name, k in rows.items() if _is_odd(k, chosen.block_size)]
    if odd:
        fit = [size for size in BLOCKS if not any(_is_odd(k, size) for k in rows.values())]
        close = min(fit, key=lambda size: abs(size - chosen.block_size), default=None)
        sizes = f"set 'block_size: {close}', " if close else ""
        msg = (
            f"{reference}: {chosen.algorithm!r} cannot pack layers with an odd number of blocks of "
            f"{chosen.block_size} ({some(odd)}); {sizes}use 'algorithm: default', or exclude them"
        )
        raise ArtifactError(msg)


def _is_odd(rows: int, block: int) -> bool:
    return -(-rows // block) % 2 == 1


def _layers(model: Any) -> Sequence[tuple[Any, int, int]]:
    shapes = {
        item.name: tuple(item.dims)
        for item in model.graph.initializer
        if item.data_type in FLOATS and len(item.dims) == 2
    }
    found = [node for node in model.graph.node if node.op_type == "MatMul"]
    return [(node, *shapes[node.input[1]]) for node in found if node.input[1] in shapes]


def _quantized(model: Any, chosen: Int4Options, left: set[str]) -> Any:
    tools = require("onnxruntime.quantization.matmul_nbits_quantizer")
    kinds = ("MatMul", "Gather") if "Gather" in (chosen.ops or ()) else ("MatMul",)
    quantizer = tools.MatMulNBitsQuantizer(
        model,
        block_size=chosen.block_size,
        is_symmetric=chosen.symmetric,
        accuracy_level=chosen.accuracy_level or None,
        nodes_to_exclude=sorted(left),
        algo_config=_algorithm(tools, chosen, kinds),
    )
    quantizer.process()
    return quantizer.model.model


def _algorithm(tools: Any, chosen: Int4Options, kinds: tuple[str, ...]) -> Any:
    if chosen.algorithm == "rtn":
        return tools.RTNWeightOnlyQuantConfig()
    if chosen.algorithm == "k_quant":
        return tools.KQuantWeightOnlyQuantConfig()
    if chosen.algorithm == "hqq":
        return tools.HQQWeightOnlyQuantConfig(block_size=chosen.block_size)
    return tools.DefaultWeightOnlyQuantConfig(
        block_size=chosen.block_size,
        is_symmetric=chosen.symmetric,
        accuracy_level=chosen.accuracy_level or None,
        op_types_to_quantize=kinds,
    )
