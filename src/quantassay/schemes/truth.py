"""What a scheme really changed, and how much of the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..records.artifacts import Truth
from ..records.contents import Contents, Weight

CHANGED_NOTHING = "changed nothing"
NARROWER = 0.99  # a few small tensors that were folded away are no lower precision


def compare(reference: Contents, variant: Contents) -> Truth:
    """Say what differs between a model and one made from it.

    Names do not count: only what is computed, with which weights. Operations of two formats are
    not compared.
    """
    same_format = reference.format == variant.format
    ops = Counter(reference.ops), Counter(variant.ops)
    added, removed = (ops[1] - ops[0], ops[0] - ops[1]) if same_format else (Counter(), Counter())
    layers = Counter(weight.digest for weight in reference.weights if _is_layer(weight))
    kept = layers & Counter(weight.digest for weight in variant.weights)
    total, changed = layers.total(), layers.total() - kept.total()
    if not (same_format or kept):
        total, changed = 0, 0  # stored in another way: all would seem to differ
    low = _low(variant)
    lowered = bool(Counter(variant.low_ops) - Counter(reference.low_ops)) or low > _low(reference)
    lowered = lowered or _width(variant) < NARROWER * _width(reference)
    different = not same_format or reference.structure != variant.structure
    return Truth(
        changed=different,
        summary=_summary(different, added, removed, (changed, total), variant, lowered),
        ops_added=dict(sorted(added.items())),
        ops_removed=dict(sorted(removed.items())),
        weights_changed=changed,
        weights_total=total,
        lowered=lowered,
        stored=variant.stored,
        layers_low=variant.layers[0],
        layers=variant.layers[1],
        low_macs_share=_low_macs(variant),
        low_precision_share=_share(variant.weights, low),
        bits_per_weight=_bits(reference.weights, variant.weights),
    )


def _is_layer(weight: Weight) -> bool:
    return weight.dimensions >= 2 and not weight.parameter


def _low(contents: Contents) -> int:
    return sum(weight.elements for weight in contents.weights if weight.low)


def _width(contents: Contents) -> float:
    """Return the mean bits of a weight, scales left aside."""
    found = [weight for weight in contents.weights if not weight.parameter]
    elements = sum(weight.elements for weight in found)
    return sum(weight.bits for weight in found) / elements if elements else 0.0


def _low_macs(variant: Contents) -> float | None:
    low, total = variant.macs or (0, 0)
    return low / total if total else None


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
    weights: tuple[int, int],
    variant: Contents,
    lowered: bool,
) -> str:
    if not different:
        return CHANGED_NOTHING
    parts = [f"{_of(*weights)} weight tensors differ"]
    if not (added or removed or weights[0]):
        parts = ["attributes, wiring or small constants differ"]
    if not weights[1]:
        parts = [f"stored as {variant.format}, so operations and tensors are not compared"]
    parts += [
        f"{sign}{', '.join(f'{count} {op}' for op, count in sorted(ops.items()))}"
        for sign, ops in (("added ", added), ("removed ", removed))
        if ops
    ]
    parts.append(
        f"{_of(*variant.layers)} layers in lower precision"
        if lowered
        else "nothing runs in lower precision"
    )
    return "; ".join(parts)


def _of(part: int, whole: int) -> str:
    return f"only {part} of {whole}" if 0 < part < whole else f"{part} of {whole}"
