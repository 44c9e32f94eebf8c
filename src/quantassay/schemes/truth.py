"""What a scheme really changed, and how much of the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ArtifactError
from ..records.artifacts import Truth
from .onnx_layers import count_layers
from .onnx_structure import structure
from .onnx_weights import Weight, nodes, weights

LOW_OPS = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul",
    "QLinearAdd", "QLinearMul", "QGemm", "MatMulInteger", "ConvInteger", "MatMulIntegerToFloat",
    "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulNBits", "GatherBlockQuantized",
    "QLinearGlobalAveragePool", "QLinearAveragePool", "QAttention",
}  # fmt: skip
HALF = (10, 16)
NAMES = {
    "FLOAT": "fp32", "DOUBLE": "fp64", "FLOAT16": "fp16", "BFLOAT16": "bf16",
    "INT8": "int8", "UINT8": "int8", "INT4": "int4", "UINT4": "int4",
}  # fmt: skip


def compare_onnx(reference: Path, variant: Path) -> Truth:
    """Say what differs between a model and one made from it.

    Names do not count: only what is computed, with which weights.

    Raises
    ------
    ArtifactError
        If a file is not an ONNX model.
    """
    before, after = _load(reference), _load(variant)
    old, new = weights(before), weights(after)
    ops, others = _operations(before), _operations(after)
    added, removed = others - ops, ops - others
    layers = Counter(weight.digest for weight in old if _is_layer(weight))
    kept = layers & Counter(weight.digest for weight in new)
    total, changed = layers.total(), layers.total() - kept.total()
    low = sum(weight.elements for weight in new if weight.low)
    lowered = _lowered(added, after) or low > sum(weight.elements for weight in old if weight.low)
    different = structure(before) != structure(after)
    return Truth(
        changed=different,
        summary=_summary(different, added, removed, (changed, total), count_layers(after), lowered),
        ops_added=dict(sorted(added.items())),
        ops_removed=dict(sorted(removed.items())),
        weights_changed=changed,
        weights_total=total,
        lowered=lowered,
        low_precision_share=_share(new, low),
        bits_per_weight=_bits(old, new),
    )


def stored_precision(path: Path) -> str:
    """Return the precision in which most weight elements are stored, such as ``fp32``."""
    elements: Counter[str] = Counter()
    for weight in weights(_load(path)):
        if not weight.parameter:
            elements[NAMES.get(weight.kind, weight.kind.lower())] += weight.elements
    return elements.most_common(1)[0][0] if elements else "no weights"


def _load(path: Path) -> Any:
    import onnx

    try:
        return onnx.load(path)
    except Exception as error:
        msg = f"{path}: not a readable ONNX model ({type(error).__name__})"
        raise ArtifactError(msg) from error


def _operations(model: Any) -> Counter[str]:
    return Counter(node.op_type for node in nodes(model.graph) if node.op_type != "Constant")


def _is_layer(weight: Weight) -> bool:
    return weight.dimensions >= 2 and not weight.parameter


def _lowered(added: Counter[str], model: Any) -> bool:
    if any(op in LOW_OPS for op in added):
        return True
    casts = [node for node in nodes(model.graph) if node.op_type == "Cast" and "Cast" in added]
    return any(a.i in HALF for node in casts for a in node.attribute if a.name == "to")


def _share(new: Sequence[Weight], low: int) -> float | None:
    total = sum(weight.elements for weight in new if not weight.parameter)
    return low / total if total else None


def _bits(old: Sequence[Weight], new: Sequence[Weight]) -> float | None:
    """Return bits, those of scales and zero points included, per weight of the reference."""
    elements = sum(weight.elements for weight in old)
    return sum(weight.bits for weight in new) / elements if elements else None


def _summary(
    different: bool,
    added: Counter[str],
    removed: Counter[str],
    weights_changed: tuple[int, int],
    layers: tuple[int, int],
    lowered: bool,
) -> str:
    if not different:
        return "changed nothing"
    parts = [f"{_of(*weights_changed)} weight tensors differ"]
    if not (added or removed or weights_changed[0]):
        parts = ["attributes, wiring or small constants differ"]
    parts += [
        f"{sign}{', '.join(f'{count} {op}' for op, count in sorted(ops.items()))}"
        for sign, ops in (("added ", added), ("removed ", removed))
        if ops
    ]
    parts.append(
        f"{_of(*layers)} layers in lower precision"
        if lowered
        else "nothing runs in lower precision"
    )
    return "; ".join(parts)


def _of(part: int, whole: int) -> str:
    return f"only {part} of {whole}" if 0 < part < whole else f"{part} of {whole}"
