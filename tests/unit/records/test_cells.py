from __future__ import annotations

import pytest

from quantassay.records.cells import comparison_from_plain, stratum_label


def test_a_stratum_in_one_line():
    assert stratum_label({}) == "overall"
    assert stratum_label({"digit": "8", "split": "a"}) == "digit=8, split=a"


def test_a_document_that_lacks_something_is_refused():
    with pytest.raises(KeyError):
        comparison_from_plain({"reference": "fp32"})


def test_bounds_are_strict_only_where_a_document_says_so():
    given = {"reference": "fp32", "confidence": 0.95, "verdict": None, "candidates": {}}
    given |= dict.fromkeys(("cells", "agreements", "findings", "metrics"), ())
    assert not comparison_from_plain(given).strict
    assert comparison_from_plain({**given, "strict": True}).strict
