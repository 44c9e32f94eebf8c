"""One variant as part of an executor: its engine as used, and the precision that really ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quantassay.records.artifacts import VariantFacts
from quantassay.records.executor import (
    UNKNOWN,
    Criterion,
    EngineUse,
    Fact,
    Layer,
    LayerName,
    VariantExecutor,
)

from .printable import plain_facts

ELSEWHERE = "its answers were recorded elsewhere"
#: options that identify the user's own code
CODE = "sha256"
Told = Mapping[LayerName, Mapping[str, Fact]]


def variant_executor(
    facts: VariantFacts,
    use: EngineUse | None,
    told: Told | None = None,
    criterion: Criterion | None = None,
    note: str = ELSEWHERE,
) -> VariantExecutor:
    """Return what made the numbers of a variant.

    Parameters
    ----------
    facts
        What identifies the variant.
    use
        Its engine as used; None where it did not run here, with the reason in ``note``.
    told
        What the engine tells of its libraries, by layer.
    criterion
        What was declared of it beforehand.
    """
    return VariantExecutor(
        precision=facts.precision,
        artifact=facts.artifact.digest if facts.artifact else None,
        layers={} if use is None else variant_layers(use, told),
        criterion=criterion,
        note=note if use is None else "",
    )


def variant_layers(use: EngineUse, told: Told | None = None) -> dict[LayerName, Layer]:
    """Return an engine as it was used, with what it tells of its libraries."""
    own: dict[LayerName, dict[str, Fact]] = {
        "application": {"own code": _options(use, code=True)},
        "engine": _engine(use),
        "kernels": _kernels(use),
    }
    for layer, facts in (told or {}).items():
        own[layer] = {**own.get(layer, {}), **facts}
    return {layer: Layer(plain_facts(facts)) for layer, facts in own.items()}


def _engine(use: EngineUse) -> dict[str, Fact]:
    return {
        "engine": use.engine,
        "version": use.version,
        "provider": use.provider,
        "threads": UNKNOWN if use.threads is None else use.threads,
        "graph level": use.graph_level or UNKNOWN,
        "precision asked": use.asked or "none",
        "batch": UNKNOWN if use.batch is None else use.batch,
        "options": _options(use, code=False),
    }


def _options(use: EngineUse, code: bool) -> Fact:
    found = [f"{k}={v}" for k, v in sorted(use.options.items()) if k.endswith(CODE) == code]
    return tuple(found) or "none"


def _kernels(use: EngineUse) -> dict[str, Fact]:
    """Count operations by kind, precision, and whether they really ran so."""
    if not use.tells:
        return {"below float32": UNKNOWN, "in float32": UNKNOWN}
    full = (f"{n} {op}" for op, n in sorted(use.full_precision.items()))
    return {
        "below float32": tuple(sorted(_ran(use))) or "none",
        "in float32": tuple(full) or "none",
    }


def _ran(use: EngineUse) -> Iterator[str]:
    counts: dict[tuple[str, str, str], int] = {}
    for one in use.precisions:
        kind = one.op, one.precision, one.execution
        counts[kind] = counts.get(kind, 0) + one.count
    for (op, precision, execution), count in counts.items():
        yield f"{count} {op} {precision} {execution}"
