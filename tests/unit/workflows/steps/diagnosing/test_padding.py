"""Padding is left out of a layer's noise: no output depends on it."""

import numpy as np

from quantassay.workflows.steps.diagnosing.padding import owned, unpadded

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
    # two dimensions alone: channels may be as many as positions
    pooled = np.ones((2, 3))
    assert unpadded(pooled, {"attention_mask": MASK}) is pooled


def test_each_row_is_of_its_sample():
    values = np.arange(12).reshape(2, 3, 2)
    for shown in (values, values.reshape(6, 2)):
        rows, owner = owned(shown, {"ids": MASK, "attention_mask": MASK})
        np.testing.assert_array_equal(rows, [[0, 1], [2, 3], [6, 7]])
        np.testing.assert_array_equal(owner, [0, 0, 1])
    rows, owner = owned(values, {"x": values})
    assert rows is values
    np.testing.assert_array_equal(owner, [0, 1])


def test_samples_that_do_not_stand_first_are_not_told_apart():
    turned = np.ones((4, 2, 3))
    assert owned(turned, {"x": np.ones((2, 4, 3))})[1] is None
    assert owned(np.ones((6, 3)), {"x": np.ones((2, 3, 3))})[1] is None


def test_no_row_is_cut_across_channels():
    values = np.ones((2, 3, 2))
    rows, owner = owned(values, {"attention_mask": MASK}, axis=1)
    assert rows is values
    np.testing.assert_array_equal(owner, [0, 1])
