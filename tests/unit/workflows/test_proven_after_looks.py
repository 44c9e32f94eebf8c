from __future__ import annotations

from quantassay.records.cells import Comparison, Listed
from quantassay.workflows.steps.guarding import _without


def test_who_was_seen_more_than_once_leaves_the_list():
    one, other = (
        Listed(name, "top1", {"digit": "3"}, 500, 0.0, (-0.01, 0.01), 0.02, 0.001)
        for name in ("int8", "int4")
    )
    found = Comparison("fp32", 0.95, None, {}, (), proven_fine=(one, other))
    assert _without(found, "int8") == (other,)
    assert _without(Comparison("fp32", 0.95, None, {}, ()), "int8") is None
