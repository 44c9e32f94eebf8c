from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from quantassay.claims.executors.compare import compared
from quantassay.claims.executors.document import (
    comparison_document,
    executor_document,
    executor_schema,
)


def test_a_document_has_the_shape_that_is_published(spec):
    document = executor_document(spec)
    json.dumps(document, allow_nan=False)
    jsonschema.validate(document, executor_schema())
    assert list(document) == ["schema", "made", "digest", "layers", "variants"]
    assert document["layers"]["processor"]["circumstances"] == {"MHz now": "2100"}
    assert document["variants"]["fp32"]["criterion"] is None


def test_another_key_has_not_the_shape(spec):
    document = {**executor_document(spec), "host": "me"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, executor_schema())


def test_a_comparison_says_whether_anything_differs(spec):
    found = comparison_document(compared(spec, replace(spec, variants={})))
    assert found["schema"] == "quantassay/executor-comparison/1"
    assert found["differs"] is False
    json.dumps(found)
