"""Executors that are quickly made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from quantassay.records.executor import (
    Criterion,
    ExecutorSpecification,
    Layer,
    VariantExecutor,
)

CRITERION = Criterion({"top1": {"overall": 0.02, "digit": 0.1}}, 0.95, 1.2, gate=True)


@pytest.fixture
def spec() -> ExecutorSpecification:
    """One machine with two variants on it."""
    engine = {"engine": "ort", "version": "1.31", "threads": 1}
    return ExecutorSpecification(
        "2026-01-01T00:00:00+00:00",
        {
            "framework": Layer({"packages": ("numpy 2.4", "torch 2.13")}),
            "processor": Layer(
                {"model": "Some CPU", "instructions": ("avx2", "avx512_vnni"), "boost": "unknown"},
                {"MHz now": "2100"},
            ),
        },
        {
            "fp32": VariantExecutor("fp32", "sha256:1", {"engine": Layer(engine)}),
            "int8": VariantExecutor(
                "int8",
                "sha256:2",
                {
                    "engine": Layer({**engine, "threads": 2}),
                    "kernels": Layer({"below float32": ("3 MatMul int8 native",)}),
                },
                CRITERION,
            ),
        },
    )


@pytest.fixture
def changed(spec: ExecutorSpecification) -> Callable[..., ExecutorSpecification]:
    """The same with other facts in one layer, of the machine or of a variant."""

    def change(
        layer: Any, facts: Mapping[str, Any], variant: str | None = None
    ) -> ExecutorSpecification:
        if variant is None:
            layers = {**spec.layers, layer: Layer({**spec.facts(layer), **facts})}
            return replace(spec, layers=layers)
        one = spec.variants[variant]
        own = Layer({**one.layers.get(layer, Layer()).facts, **facts})
        made = replace(one, layers={**one.layers, layer: own})
        return replace(spec, variants={**spec.variants, variant: made})

    return change
