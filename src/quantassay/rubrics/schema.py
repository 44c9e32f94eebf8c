"""The JSON Schema of a rubric, from which editors complete and explain keys."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from .model import Rubric

ID = "urn:quantassay:rubric:1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE = "rubric.schema.json"


class Untitled(GenerateJsonSchema):
    """Leaves out the titles that only repeat a key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Return that no field has a title."""
        return False


def rubric_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a rubric file."""
    return schema_of(Rubric, ID, "quantassay rubric")


def schema_of(model: type[BaseModel], own: str, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file, under an identifier of its own."""
    text = json.dumps(model.model_json_schema(schema_generator=Untitled))
    schema = json.loads(text.replace("``", "`"))
    return {
        "$schema": DIALECT,
        "$id": own,
        "title": title,
        **{key: value for key, value in schema.items() if key != "title"},
    }


def schema_text() -> str:
    """Return the JSON Schema as it is published."""
    return json.dumps(rubric_schema(), indent=2, ensure_ascii=False) + "\n"
