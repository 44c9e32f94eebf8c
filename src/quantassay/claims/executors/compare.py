"""Two executors set beside each other, fact by fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from quantassay.records.executor import (
    LAYERS,
    UNKNOWN,
    ExecutorSpecification,
    Fact,
    Layer,
    LayerName,
)
from quantassay.records.executor_comparison import (
    ExecutorComparison,
    FactDifference,
    LayerComparison,
)
from quantassay.records.plain import plain

from .digests import executor_digest, variant_digest

Facts = Mapping[str, Fact]


def compared(one: ExecutorSpecification, other: ExecutorSpecification) -> ExecutorComparison:
    """Compare two executors: what holds for all variants, and those that both have by name."""
    shared = [name for name in one.variants if name in other.variants]
    alone: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    if one.variants and other.variants:
        alone = _without(one, other), _without(other, one)
    return ExecutorComparison(
        executor_digest(one),
        executor_digest(other),
        tuple(
            _layer(
                layer,
                {
                    "": (one.facts(layer), other.facts(layer)),
                    **{name: (_own(one, name, layer), _own(other, name, layer)) for name in shared},
                },
            )
            for layer in LAYERS
        ),
        tuple(_criteria(one, other, shared)),
        alone,
    )


def compared_variants(
    one: ExecutorSpecification, variant: str, other: ExecutorSpecification, other_variant: str
) -> ExecutorComparison:
    """Compare what made the numbers of one variant with what made those of another.

    Raises
    ------
    KeyError
        If there is no such variant.
    """
    return ExecutorComparison(
        variant_digest(one, variant),
        variant_digest(other, other_variant),
        tuple(
            _layer(layer, {"": (one.facts(layer, variant), other.facts(layer, other_variant))})
            for layer in LAYERS
        ),
    )


def _without(one: ExecutorSpecification, other: ExecutorSpecification) -> tuple[str, ...]:
    return tuple(name for name in one.variants if name not in other.variants)


def _own(found: ExecutorSpecification, variant: str, layer: LayerName) -> Facts:
    return found.variants[variant].layers.get(layer, Layer()).facts


def _layer(layer: LayerName, sides: Mapping[str, tuple[Facts, Facts]]) -> LayerComparison:
    """Compare one layer; ``sides`` are the facts of both, by variant, '' for all of them."""
    found = [each for name, pair in sides.items() for each in _facts(name, *pair)]
    differences = tuple(_merged([each for each in found if _told(each) and _differs(each)]))
    unrecorded = tuple(dict.fromkeys(each.fact for each in found if not _told(each)))
    if differences:
        return LayerComparison(layer, "differs", differences, unrecorded)
    told = any(_told(each) for each in found)
    return LayerComparison(layer, "same" if told else "not recorded", (), unrecorded)


def _facts(variant: str, one: Facts, other: Facts) -> Iterator[FactDifference]:
    """Yield both sides of every fact, whether they differ or not."""
    for fact in dict.fromkeys([*one, *other]):
        of = (variant,) if variant else ()
        yield FactDifference(fact, one.get(fact, UNKNOWN), other.get(fact, UNKNOWN), of)


def _told(found: FactDifference) -> bool:
    return UNKNOWN not in (found.one, found.other)


def _differs(found: FactDifference) -> bool:
    one, other = found.one, found.other
    if isinstance(one, tuple) and isinstance(other, tuple):
        return sorted(one) != sorted(other)  # what is listed has no order
    return type(one) is not type(other) or one != other


def _merged(found: list[FactDifference]) -> Iterator[FactDifference]:
    """Say once what is so of several variants."""
    ordered = sorted(found, key=_what)
    for _, same in groupby(ordered, _what):
        alike = list(same)
        names = sorted({name for each in alike for name in each.variants})
        first = alike[0]
        yield FactDifference(first.fact, first.one, first.other, tuple(names))


def _what(found: FactDifference) -> tuple[str, str, str]:
    return found.fact, repr(found.one), repr(found.other)


def _criteria(
    one: ExecutorSpecification, other: ExecutorSpecification, shared: list[str]
) -> Iterator[FactDifference]:
    """Yield what was declared otherwise of the variants that both have."""
    for name in shared:
        sides = [_declared(found.variants[name].criterion) for found in (one, other)]
        for fact in dict.fromkeys([*sides[0], *sides[1]]):
            pair = [side.get(fact, "none") for side in sides]
            if pair[0] != pair[1]:
                yield FactDifference(fact, pair[0], pair[1], (name,))


def _declared(criterion: Any) -> dict[str, Fact]:
    """Return a criterion as facts; {} where nothing was declared."""
    if criterion is None:
        return {}
    margins = {
        f"margin of {metric} @ {stratum}": f"{value:g}"
        for metric, by in criterion.margins.items()
        for stratum, value in by.items()
    }
    told = {key: str(plain(getattr(criterion, key))) for key in ("confidence", "speedup", "gate")}
    return {**margins, **told}
