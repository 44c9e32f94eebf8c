from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from quantassay.errors import DataError
from quantassay.pairing.clusters import cluster_codes, merged_by_content


@pytest.mark.parametrize("writers", [["p", "q", "p"], [7, 3, 7], [7.0, 3.0, 7.0]])
def test_equal_values_are_one_cluster(writers):
    codes = cluster_codes(pa.table({"writer": writers}), "writer")
    assert codes[0] == codes[2] != codes[1]


def test_every_sample_names_its_cluster():
    with pytest.raises(DataError, match="empty for 1 samples"):
        cluster_codes(pa.table({"writer": ["p", None]}), "writer")


def test_the_column_must_be_there():
    with pytest.raises(DataError, match="did you mean 'writer'"):
        cluster_codes(pa.table({"writer": ["p"]}), "writr")


def test_repeated_content_joins_samples():
    units, repeats = merged_by_content(None, np.array(["x", "y", "x", "z"]))
    assert units[0] == units[2]
    assert len({*units.tolist()}) == 3
    assert repeats.tolist() == [False, False, True, False]


def test_repeated_content_joins_whole_clusters():
    units, repeats = merged_by_content(np.array([0, 0, 1, 2]), np.array(["x", "y", "y", "z"]))
    assert units[0] == units[1] == units[2] != units[3]
    assert repeats.tolist() == [False, False, True, False]


def test_a_repeat_within_a_cluster_changes_nothing():
    units, repeats = merged_by_content(np.array([4, 4, 9]), np.array(["x", "x", "z"]))
    assert units.tolist() == [0, 0, 1]
    assert not repeats.any()
