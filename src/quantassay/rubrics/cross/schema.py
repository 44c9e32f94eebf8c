"""The JSON Schema of a study file."""

from __future__ import annotations

import json
from typing import Any

from ..schema import DIALECT, Untitled
from .model import Study

ID = "urn:quantassay:study:1"


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a study file."""
    text = json.dumps(Study.model_json_schema(schema_generator=Untitled))
    schema = json.loads(text.replace("``", "`"))
    return {
        "$schema": DIALECT,
        "$id": ID,
        "title": "quantassay study",
        **{key: value for key, value in schema.items() if key != "title"},
    }
