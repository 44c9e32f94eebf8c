"""The published shape of a transfer: ``quantassay/transfer/1``."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from quantassay.records.plain import plain
from quantassay.records.transfer import Transfer

SCHEMA = "quantassay/transfer/1"


def transfer_document(found: Transfer) -> dict[str, Any]:
    """Return a transfer as plain JSON values, under the name of its schema."""
    return {"schema": SCHEMA, **plain(found)}


def transfer_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a transfer."""
    found = TypeAdapter(Transfer).json_schema()
    found["properties"] = {"schema": {"const": SCHEMA}, **found["properties"]}
    found["required"] = ["schema", *found["required"]]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **found}
