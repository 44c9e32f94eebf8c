from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from quantassay.errors import DataError
from quantassay.records.artifacts import Coverage
from quantassay.rubrics.model import Stratum
from quantassay.workflows.steps.covering import same_strata, uncovered

TABLE = pa.table({"digit": [1, 1, 8, 3], "size": [0.5, 2.0, 7.0, None]})


def sizes(stratum):
    part = same_strata(TABLE, Stratum.model_validate(stratum))
    return None if part is None else part.sizes(np.arange(4))


def test_a_calibration_table_is_cut_as_the_test_set_is():
    assert sizes("digit") == {"1": 2, "3": 1, "8": 1}
    assert sizes({"column": "size", "bins": [1, 5]}) == {"<1": 1, "1 to <5": 1, ">=5": 1}
    assert sizes({"name": "rare", "where": {"digit": [8]}}) == {"yes": 1}


def test_a_stratum_that_no_sample_is_in():
    assert sizes({"name": "rare", "where": {"digit": [7]}}) is None


@pytest.mark.parametrize("stratum", ["domain", {"name": "x", "where": {"domain": "a", "digit": 1}}])
def test_a_column_that_is_not_there(stratum):
    with pytest.raises(DataError, match="the calibration data has no column 'domain'"):
        sizes(stratum)


def test_strata_without_samples_are_told():
    found = {
        "digit": Coverage({"1": 5, "3": 0}, {"1": 80, "3": 15, "8": 5}),
        "domain": Coverage({}, {"a": 100}, "the calibration data has no column 'domain'"),
        "part": Coverage({"x": 1}, {"x": 100}),
    }
    assert list(uncovered("train", found)) == [
        "calibration 'train': no calibration sample is of digit=3, digit=8; test set 20.0 %"
    ]


def test_a_stratum_that_the_test_set_lacks_is_not_told():
    assert Coverage({}, {"1": 0}).lacking == ()
