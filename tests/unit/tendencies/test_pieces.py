from __future__ import annotations

import numpy as np

from quantassay.tendencies.pieces import pieces


def test_stretches_of_all_arrays_are_copies_side_by_side(monkeypatch):
    monkeypatch.setattr("quantassay.tendencies.pieces.PIECE", 4)
    first, second = np.arange(6, dtype=np.float16).reshape(2, 3), np.arange(6)
    found = list(pieces(first, second.reshape(3, 2)))
    assert [one.tolist() for one, _ in found] == [[0, 1, 2, 3], [4, 5]]
    assert all(np.array_equal(*pair) and pair[0].dtype == np.float64 for pair in found)
    found[0][0][:] = -1
    assert first[0, 0] == 0


def test_nothing_is_no_stretch():
    assert list(pieces(np.zeros((0, 3)))) == []
