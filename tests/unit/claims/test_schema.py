from __future__ import annotations

import jsonschema

from quantassay.claims.schema import claim_schema


def test_it_is_a_schema_and_refuses_unknown_fields():
    schema = claim_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert "missing" in schema["required"]
    assert not jsonschema.Draft202012Validator(schema).is_valid({"schema": "quantassay/claim/1"})
