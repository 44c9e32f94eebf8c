import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.formats.grids import LARGEST, on_grid, unpacked, unread


@given(
    bits=st.integers(1, 8), rows=st.integers(1, 3), count=st.integers(1, 70), seed=st.integers(0, 9)
)
def test_what_is_packed_without_gaps_is_unpacked(bits, rows, count, seed):
    codes = np.random.default_rng(seed).integers(0, 1 << bits, size=(rows, count))
    length = -(-count * bits // 32)
    packed = [sum(int(code) << at * bits for at, code in enumerate(row)) for row in codes]
    words = [list(np.frombuffer(row.to_bytes(4 * length, "little"), "<u4")) for row in packed]
    np.testing.assert_array_equal(unpacked(np.array(words, np.uint32), bits, count), codes)


@pytest.mark.parametrize(("bits", "count"), [(4, 9), (0, 8), (9, 3), (3, 22)])
def test_rows_of_another_length_are_refused(bits, count):
    with pytest.raises(ValueError, match="another length"):
        unpacked(np.zeros((2, 1), np.uint32), bits, count)


def test_scales_hold_for_their_groups():
    scales = np.array([[1, 2], [3, 4]])
    ones = np.ones((2, 4))
    np.testing.assert_array_equal(on_grid(ones, scales).values, [[1, 1, 2, 2], [3, 3, 4, 4]])
    np.testing.assert_array_equal(on_grid(ones.T, scales).values, [[1, 2], [1, 2], [3, 4], [3, 4]])
    np.testing.assert_array_equal(on_grid(ones, np.array([5])).values, 5 * ones)
    assert on_grid(ones, scales, 3).low.shape == (2, 2)


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2,)])
def test_scales_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match=r"reshape|argument|shape"):
        on_grid(np.ones(shape), np.ones((2, 2)))


def test_a_grid_ends_with_the_codes_that_occur():
    found = on_grid(np.array([[1, 3], [0, 2]]), np.array([[2.0], [-1.0]]), 1)
    np.testing.assert_array_equal(found.values, [[0, 4], [1, -1]])
    np.testing.assert_array_equal(found.step, [[2], [1]])
    np.testing.assert_array_equal(found.low, [[-2], [-2]])
    np.testing.assert_array_equal(found.high, [[4], [1]])


def test_what_does_not_fit_or_is_too_large_gives_nothing():
    made = on_grid(np.ones((2, 2)), np.float32(1))
    assert unread("w", (2, 2), lambda: made, quantized=True).read() is made
    assert unread("w", (4, 1), lambda: made, quantized=True).read() is None
    assert unread("w", (2, LARGEST), lambda: made, quantized=True).read() is None
    assert unread("w", (2, 2), lambda: int("no"), quantized=True).read() is None
