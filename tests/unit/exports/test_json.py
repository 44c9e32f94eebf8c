from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from quantassay.exports.json import SCHEMA, Json, comparison_schema
from quantassay.records.cells import comparison_from_plain


def test_the_contract(comparison):
    found = json.loads(Json.export(comparison))
    assert found["schema"] == SCHEMA == "quantassay/comparison/1"
    assert found["verdict"] == "pass"
    assert found["candidates"]["=int8"]["uncovered"] == ["class=a"]
    assert found["cells"][0]["interval"] == [-0.01, 0.02]
    assert found["cells"][0]["stratum"] == {}
    assert found["cells"][1]["verdict"] is None
    assert {"losses", "gains", "p_within", "p_beyond_adjusted", "smallest_detectable", "needed_n",
            "exploratory"} <= found["cells"][0].keys()  # fmt: skip


def test_it_fits_its_published_shape(comparison):
    jsonschema.validate(json.loads(Json.export(comparison)), comparison_schema())


def test_it_reads_back_as_it_was(comparison):
    assert comparison_from_plain(json.loads(Json.export(comparison))) == comparison


def test_a_figure_that_is_no_number_is_refused(comparison):
    odd = replace(comparison, cells=(replace(comparison.cells[0], loss=float("nan")),))
    with pytest.raises(ValueError, match="say None and why"):
        Json.export(odd)
