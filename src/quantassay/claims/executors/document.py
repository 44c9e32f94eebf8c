"""The published shape of an executor: ``quantassay/executor/1``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from quantassay.records.executor import Criterion, ExecutorSpecification, Layer, LayerName
from quantassay.records.executor_comparison import ExecutorComparison
from quantassay.records.plain import plain

from .digests import executor_digest, layer_digest, variant_digest

SCHEMA = "quantassay/executor/1"
COMPARISON = "quantassay/executor-comparison/1"
STRICT = ConfigDict(extra="forbid")


def _printable(text: str) -> str:
    if not text.isprintable():
        msg = "holds a character that cannot be printed"
        raise ValueError(msg)
    return text


Text = Annotated[str, Field(max_length=1000), AfterValidator(_printable)]
Number = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
#: a name that a rubric gave, whatever it holds
Name = Annotated[str, Field(max_length=1000)]
Value = Text | Number | Annotated[list[Text], Field(max_length=10_000)]
Facts = Annotated[dict[Text, Value], Field(max_length=200)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


@with_config(STRICT)
class LayerDocument(TypedDict):
    """One layer: ``digest`` is of its facts alone; circumstances change by themselves."""

    digest: Digest
    facts: Facts
    circumstances: Facts


@with_config(STRICT)
class VariantDocument(TypedDict):
    """One variant: ``digest`` is of all that made its numbers but the model, ``artifact``."""

    digest: Digest
    precision: Name
    artifact: Name | None
    layers: dict[LayerName, LayerDocument]
    criterion: Criterion | None
    note: Name


@with_config(STRICT)
class ExecutorDocument(TypedDict):
    """Everything that made a number, by layer."""

    schema: Literal["quantassay/executor/1"]
    made: Text
    digest: Digest
    layers: dict[LayerName, LayerDocument]
    variants: Annotated[dict[Name, VariantDocument], Field(max_length=10_000)]


def executor_document(found: ExecutorSpecification) -> dict[str, Any]:
    """Return an executor as plain JSON values, with its digests."""
    return {
        "schema": SCHEMA,
        "made": found.made,
        "digest": executor_digest(found),
        "layers": {name: _layer(name, layer) for name, layer in found.layers.items()},
        "variants": {
            name: {
                "digest": variant_digest(found, name),
                "precision": one.precision,
                "artifact": one.artifact,
                "layers": {each: _layer(each, layer) for each, layer in one.layers.items()},
                "criterion": plain(one.criterion),
                "note": one.note,
            }
            for name, one in found.variants.items()
        },
    }


def _layer(name: LayerName, layer: Layer) -> dict[str, Any]:
    return {"digest": layer_digest(name, layer.facts), **plain(layer)}


def comparison_document(found: ExecutorComparison) -> dict[str, Any]:
    """Return a comparison as plain JSON values."""
    return {"schema": COMPARISON, "differs": found.differs, **plain(found)}


def executor_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an executor."""
    found = TypeAdapter(ExecutorDocument).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **found}
