from __future__ import annotations

import pytest

from quantassay.claims.differences import differences, said


@pytest.mark.parametrize(
    ("claimed", "found"),
    [
        (1.0, 1.0 + 1e-8),
        (0.0, 1e-10),
        (1, 1.0),
        ("a", "a"),
        (None, None),
        ([1, {"a": 2}], [1, {"a": 2}]),
    ],
)
def test_what_is_the_same_within_rounding(claimed, found):
    assert list(differences(claimed, found)) == []


@pytest.mark.parametrize(
    ("claimed", "found", "where"),
    [
        ({"a": {"b": 0.1}}, {"a": {"b": 0.2}}, "a.b"),
        ({"a": 1}, {}, "a"),
        ({}, {"a": 1}, "a"),
        ([1, 2], [1, 3], "[1]"),
        ([1, 2], [1], ""),
        (True, 1, ""),
        (None, 0.0, ""),
        ("1", 1, ""),
        (1.0, 1.00001, ""),
    ],
)
def test_what_differs_is_placed(claimed, found, where):
    assert [place for place, _, _ in differences(claimed, found)] == [where]


def test_a_long_value_is_cut():
    assert len(said("x" * 1000)) == 120
    assert said({"a": None}) == '{"a": null}'
