from __future__ import annotations

import pytest

from quantassay.records.cells import comparison_from_plain, stratum_label


def test_a_stratum_in_one_line():
    assert stratum_label({}) == "overall"
    assert stratum_label({"digit": "8", "split": "a"}) == "digit=8, split=a"


def test_a_document_that_lacks_something_is_refused():
    with pytest.raises(KeyError):
        comparison_from_plain({"reference": "fp32"})
