"""The JSON Schema of a study file."""

from __future__ import annotations

from typing import Any

from ..schema import schema_of
from .model import Study

ID = "urn:quantassay:study:1"


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a study file."""
    return schema_of(Study, ID, "quantassay study")
