"""An executor as a file tells of it: one written by itself, or that of a claim."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import NotRequired, TypedDict

from quantassay.errors import DataError
from quantassay.records.artifacts import Artifact, VariantFacts
from quantassay.records.executor import (
    UNKNOWN,
    EngineUse,
    ExecutorSpecification,
    Layer,
    LayerName,
    Machine,
    VariantExecutor,
)

from ..build import SCHEMA as CLAIM
from ..untrusted_json import parsed
from .digests import executor_digest, layer_digest, variant_digest
from .document import SCHEMA, ExecutorDocument, LayerDocument, VariantDocument
from .machine import machine_layers
from .printable import printable
from .variants import variant_executor

#: as many as 64 bits take: limits of a machine are whole numbers that large
DIGITS = 20
# a claim that says more than this reads on: only what tells of its executor counts
LOOSE = ConfigDict(extra="ignore")


@with_config(LOOSE)
class _Variant(TypedDict):
    name: str
    precision: NotRequired[str]
    artifact: NotRequired[Artifact | None]
    execution: NotRequired[EngineUse | None]


@with_config(LOOSE)
class _Claim(TypedDict):
    made: NotRequired[str]
    quantassay: NotRequired[str]
    executor: NotRequired[Machine | None]
    executor_specification: NotRequired[ExecutorDocument | None]
    reference: _Variant
    candidates: dict[str, _Variant]


def read_executor(path: Path) -> ExecutorSpecification:
    """Read the executor that a file tells of.

    Parameters
    ----------
    path
        An executor file or a claim; a claim without a specification is read as far as it tells.

    Raises
    ------
    DataError
        If it cannot be read, is neither, or is not as it was written.
    """
    value = parsed(path, "an executor or a claim", DIGITS)
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema == SCHEMA:
        return _specified(path, _valid(path, value, ExecutorDocument))
    if schema != CLAIM:
        what = f"its schema is {str(schema)[:60]!r}" if schema else "it names no schema"
        msg = f"{path}: neither an executor nor a claim: {what}; name {SCHEMA} or {CLAIM}"
        raise DataError(msg)
    claim: _Claim = _valid(path, value, _Claim)
    told = claim.get("executor_specification")
    return _older(claim) if told is None else _specified(path, told)


def specified(told: ExecutorDocument) -> ExecutorSpecification:
    """Return the executor that plain values tell of."""
    return ExecutorSpecification(
        made=told["made"],
        layers=_layers(told["layers"]),
        variants={name: _variant(one) for name, one in told["variants"].items()},
    )


def wrong_digests(told: ExecutorDocument) -> Iterator[tuple[str, str, str]]:
    """Yield (place, digest as told, digest of what stands there) of all that was changed."""
    found = specified(told)
    yield from _wrong("", told["digest"], executor_digest(found))
    for layer, one in told["layers"].items():
        yield from _wrong(layer, one["digest"], layer_digest(layer, found.layers[layer].facts))
    for name, variant in told["variants"].items():
        yield from _wrong(f"variants.{name}", variant["digest"], variant_digest(found, name))
        for layer, one in variant["layers"].items():
            facts = found.variants[name].layers[layer].facts
            place = f"variants.{name}.{layer}"
            yield from _wrong(place, one["digest"], layer_digest(layer, facts))


def _wrong(place: str, told: str, found: str) -> Iterator[tuple[str, str, str]]:
    if told != found:
        yield place, told, found


def _specified(path: Path, told: ExecutorDocument) -> ExecutorSpecification:
    changed = [place or "the whole" for place, _, _ in wrong_digests(told)]
    if changed:
        where = printable(changed[-1], 200)
        msg = f"{path}: not as it was written: the digest of {where} is not that of its facts"
        raise DataError(msg)
    return specified(told)


def _layers(told: Mapping[LayerName, LayerDocument]) -> dict[LayerName, Layer]:
    return {
        name: Layer(_facts(layer["facts"]), _facts(layer["circumstances"]))
        for name, layer in told.items()
    }


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}


def _variant(told: VariantDocument) -> VariantExecutor:
    return VariantExecutor(
        precision=told["precision"],
        artifact=told["artifact"],
        layers=_layers(told["layers"]),
        criterion=told["criterion"],
        note=told["note"],
    )


def _older(claim: _Claim) -> ExecutorSpecification:
    variants = [claim["reference"], *claim["candidates"].values()]
    return ExecutorSpecification(
        made=claim.get("made", UNKNOWN),
        layers=machine_layers(claim.get("executor"), claim.get("quantassay", UNKNOWN)),
        variants={one["name"]: _older_variant(one) for one in variants},
    )


def _older_variant(one: _Variant) -> VariantExecutor:
    facts = VariantFacts(
        name=one["name"],
        origin="",
        scheme=None,
        precision=one.get("precision", "undisclosed"),
        gate=True,
        artifact=one.get("artifact"),
    )
    return variant_executor(facts, one.get("execution"))


def _valid(path: Path, value: Any, shape: Any) -> Any:
    try:
        return _adapter(shape).validate_json(json.dumps(value), strict=True)
    except (ValidationError, RecursionError) as error:
        where, what = "", "nested too deep"
        if isinstance(error, ValidationError):
            first = error.errors(include_url=False, include_input=False)[0]
            where, what = ".".join(map(str, first["loc"])), first["msg"]
        msg = f"{path}: {printable(where, 200)}: {what[:200]}: is it whole, and as it was written?"
        raise DataError(msg) from None


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)
