"""Padding is left out of a layer's noise: no output depends on it."""

import numpy as np

from quantassay.workflows.steps.diagnosing.padding import unpadded

MASK = np.array([[1, 1, 0], [1, 0, 0]], np.int64)


def test_positions_that_the_mask_leaves_out_are_dropped():
    values = np.arange(12).reshape(2, 3, 2)
    found = unpadded(values, {"attention_mask": MASK, "ids": MASK})
    np.testing.assert_array_equal(found, [[0, 1], [2, 3], [6, 7]])


def test_what_has_no_such_positions_is_whole():
    values = np.ones((2, 4, 3))
    assert unpadded(values, {"attention_mask": MASK}) is values
    assert unpadded(values[:, :3], {"mask": MASK}).shape == (2, 3, 3)
    assert unpadded(values, {"attention_mask": np.ones(2)}) is values
