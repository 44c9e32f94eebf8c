"""An executor, and how two of them differ, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quantassay.records.executor import (
    LAYERS,
    Criterion,
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

from .digests import executor_digest, layer_digest, variant_digest
from .printable import printable

#: what is known of a difference: for the loss, and for the throughput
MEANS: Mapping[LayerName, str] = {
    "application": "other code may have run: neither loss nor throughput is known to carry over",
    "engine": "kernels may be others: the loss may differ, and throughputs cannot be compared",
    "kernels": "another precision ran: neither loss nor throughput carries over",
    "framework": "the loss may move in its last digits; the throughput may differ",
    "os": "the loss is not known to depend on it; the throughput may",
    "driver": "what ran on an accelerator may differ, in the last digits of the loss and in "
    "throughput; what ran on the processor does not",
    "processor": "kernels are chosen by instructions: the loss may differ; the throughput is of "
    "another processor",
    "limits": "the loss depends on it by no more than the order of sums; the throughput does",
}
#: instructions by the precision that they compute in
NATIVE = {
    "int8": ("avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"),
    "bf16": ("avx512_bf16", "amx_bf16", "bf16"),
    "fp16": ("avx512_fp16", "asimdhp"),
}
WIDTH = max(map(len, LAYERS)) + 2
#: facts of a layer that one line has room for
MOST = 3
Names = tuple[str, str]


def described(found: ExecutorSpecification) -> Iterator[str]:
    """Yield an executor line by line."""
    yield f"executor {executor_digest(found)}, written {printable(found.made)}"
    yield from _layers(found.layers)
    shown: dict[str, str] = {}
    for name, one in found.variants.items():
        yield ""
        yield f"{printable(name)}: stored as {printable(one.precision)}"
        yield f"  executor {variant_digest(found, name)}"
        yield f"  model file {printable(one.artifact or 'none')}"
        yield f"  criterion: {criterion_words(one.criterion)}"
        if one.note:
            yield f"  {printable(one.note)}"
        yield from (f"  {line}" for line in _layers(one.layers, shown, name))


def _layers(
    found: Mapping[LayerName, Layer], shown: dict[str, str] | None = None, name: str = ""
) -> Iterator[str]:
    """Yield layers in their order; ``shown`` says of which variant one was shown before."""
    for layer in LAYERS:
        if layer not in found:
            continue
        digest = layer_digest(layer, found[layer].facts)
        before = None if shown is None else shown.setdefault(digest, name)
        head = f"{layer:<{WIDTH}}{digest.removeprefix('sha256:')[:12]}"
        if before not in (None, name):
            yield f"{head}, as {printable(before or '')}"
        else:
            yield head
            yield from _facts(found[layer])


def _facts(found: Layer) -> Iterator[str]:
    for name, value in found.facts.items():
        yield f"  {printable(name)}: {value_words(value)}"
    for name, value in found.circumstances.items():
        yield f"  {printable(name)}: {value_words(value)} (at the moment)"


def value_words(value: Fact) -> str:
    """Return a fact in words."""
    return printable(", ".join(value) if isinstance(value, tuple) else str(value), 2000)


def criterion_words(found: Criterion | None) -> str:
    """Say what was declared of a variant."""
    if found is None:
        return "none declared"
    margins = [
        f"{metric} @ {stratum} at most {value:g}"
        for metric, by in found.margins.items()
        for stratum, value in by.items()
    ]
    loss = f"loss of {', '.join(margins)}" if margins else "no margin"
    speed = "" if found.speedup is None else f"; speed-up over {found.speedup:g}"
    gate = "" if found.gate else "; it never decides"
    return printable(f"{loss}; confidence {found.confidence:g}{speed}{gate}", 2000)


def comparison_words(found: ExecutorComparison, names: Names) -> Iterator[str]:
    """Yield how two executors differ, line by line; ``names`` is what they are called."""
    names = printable(names[0]), printable(names[1])
    for layer in found.layers:
        if layer.standing == "differs":
            yield f"{layer.layer}: {layer_words(layer, names)}"
            yield f"  so: {MEANS[layer.layer]}"
    for one in found.criteria:
        yield f"criterion: {_difference(one, names)}"
    for only, name in zip(found.alone, names, strict=True):
        if only:
            yield f"variants of {name} alone: {printable(', '.join(only))}"
    for standing, words in (("same", "same"), ("not recorded", "not recorded on both sides")):
        layers = [each.layer for each in found.layers if each.standing == standing]
        if layers:
            yield f"{words}: {', '.join(layers)}"
    yield from _untold(found)


def layer_words(found: LayerComparison, names: Names, most: int | None = None) -> str:
    """Say in one line how a layer differs, by its first ``most`` facts."""
    told = found.differences[:most]
    words = [text for each in told for text in (_difference(each, names), *_lacking(each, names))]
    rest = len(found.differences) - len(told)
    return "; ".join([*words, f"and {rest} more"] if rest else words)


def differing_words(found: ExecutorComparison, names: Names) -> str:
    """Say in one line which layers differ, with the first facts that do; '' where none does."""
    parts = [
        f"{each.layer} ({layer_words(each, names, MOST)})"
        for each in found.layers
        if each.standing == "differs"
    ]
    return "; ".join(parts)


def _difference(found: FactDifference, names: Names) -> str:
    of = f" of {', '.join(found.variants)}" if found.variants else ""
    what = f"{found.fact}{of}"
    if isinstance(found.one, tuple) and isinstance(found.other, tuple):
        sides = (set(found.one) - set(found.other), set(found.other) - set(found.one))
        settings = _settings(found.one), _settings(found.other)
        if settings[0] and settings[1]:
            return printable(f"{what}: {', '.join(_of_settings(*settings))}")
        own = [
            f"{_some(sorted(only))} in {name} alone"
            for only, name in zip(sides, names, strict=True)
            if only
        ]
        return printable(f"{what}: {', '.join(own) or 'the same, counted otherwise'}")
    return printable(f"{what} {value_words(found.one)} against {value_words(found.other)}")


def _settings(items: tuple[str, ...]) -> dict[str, str]:
    """Return ``NAME=value`` by name; {} where one is none."""
    parts = [item.partition("=") for item in items]
    return {name: value for name, _, value in parts} if all(sign for _, sign, _ in parts) else {}


def _of_settings(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*one, *other}):
        if one.get(name) != other.get(name):
            yield f"{name} {one.get(name, 'not set')} against {other.get(name, 'not set')}"


def _some(items: list[str], most: int = 12) -> str:
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")


def _lacking(found: FactDifference, names: Names) -> Iterator[str]:
    """Say which precision one side has instructions for and the other has none."""
    if found.fact != "instructions":
        return
    sides = [set(_precisions(value)) for value in (found.one, found.other)]
    for mine, others, name in ((sides[0], sides[1], names[1]), (sides[1], sides[0], names[0])):
        for precision in sorted(mine - others):
            yield f"{precision} may run emulated in {name}"


def _precisions(value: Fact) -> Iterator[str]:
    there = value if isinstance(value, tuple) else ()
    return (name for name, needs in NATIVE.items() if set(needs) & set(there))


def _untold(found: ExecutorComparison) -> Iterator[str]:
    """Name the facts that one side does not tell, of layers that both have something of."""
    parts = [
        f"{each.layer} ({_some(list(each.unrecorded), 6)})"
        for each in found.layers
        if each.unrecorded and each.standing != "not recorded"
    ]
    if parts:
        yield printable(f"not told on both sides: {', '.join(parts)}")
