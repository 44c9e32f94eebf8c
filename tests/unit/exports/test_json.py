from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from quantassay.exports.json import SCHEMA, Json, comparison_schema
from quantassay.records.cells import Listed, comparison_from_plain
from quantassay.records.looks import Look, Stop, Stopping


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


def test_lists_and_labels_read_back(comparison):
    one = Listed("=int8", "top1", {"class": "a"}, 50, 0.01, (0.0, 0.02), 0.05, 0.01)
    bare = replace(one, interval=None, margin=None)
    full = replace(comparison, proven_fine=(one,), suspects=(bare,), labels_needed=("s1", "s2"))
    found = json.loads(Json.export(full))
    jsonschema.validate(found, comparison_schema())
    assert found["labels_needed"] == ["s1", "s2"]
    assert comparison_from_plain(found) == full


def test_what_was_written_before_there_were_lists_still_reads(comparison):
    found = json.loads(Json.export(comparison))
    for name in ("proven_fine", "suspects", "labels_needed"):
        del found[name]
    assert comparison_from_plain(found) == comparison


def test_a_figure_that_is_no_number_is_refused(comparison):
    odd = replace(comparison, cells=(replace(comparison.cells[0], loss=float("nan")),))
    with pytest.raises(ValueError, match="say None and why"):
        Json.export(odd)


def test_looks_read_back(comparison):
    cell = replace(comparison.cells[0], look=Look(1, 2, 800, 0.0015, True))
    stopping = Stopping("pocock", (400, 800), 900, 400, {"=int8": Stop(1, 400, "it failed")})
    full = replace(comparison, cells=(cell,), stopping=stopping)
    found = json.loads(Json.export(full))
    jsonschema.validate(found, comparison_schema())
    assert comparison_from_plain(found) == full
