from __future__ import annotations

from quantassay.records.looks import Stop, Stopping, stopping_from_plain
from quantassay.records.plain import plain


def test_it_comes_back_from_json():
    stops = {"int8": Stop(1, 500, "the last one")}
    found = Stopping("pocock", (500, 1000), 1000, 500, stops)
    assert stopping_from_plain(plain(found)) == found
    assert found.n_max == 1000
    assert stopping_from_plain(None) is None
