from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.claims.audit.figures.numbers import numbers, span


def printed(text: str) -> list[tuple[float, int, str]]:
    return [(one.value, one.decimals, one.unit) for one in numbers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 76.1 to 75.42 %", [(76.1, 1, "none"), (75.42, 2, "percent")]),
        ("a drop of 0.25 pp", [(0.25, 2, "points")]),
        ("-1.17 and +0.3", [(-1.17, 2, "none"), (0.3, 1, "none")]),
        ("6,319 of 6,800", [(6319, 0, "none"), (6800, 0, "none")]),
        ("2.1x faster at 5.3 ms", [(2.1, 1, "times"), (5.3, 1, "time")]),
        ("half a point: 1.5 points", [(1.5, 1, "points")]),
    ],
)
def test_numbers_are_read_with_their_decimals_and_units(text: str, found: list) -> None:
    assert printed(text) == found


@pytest.mark.parametrize(
    "text",
    ["ResNet-50 v1.1", "Q4_K_M", "top-1", "224x224", "2024-04-26", "Llama-3.1-8B", "8b", "W4A16"],
)
def test_parts_of_names_versions_and_dates_are_no_numbers(text: str) -> None:
    assert printed(text) == []


@pytest.mark.parametrize(
    ("text", "bound"),
    [("less than 1 %", "below"), ("<1%", "below"), ("about 92 %", "about"), ("~92%", "about"),
     ("at least 99 %", "above"), ("92 %", "")],
)  # fmt: skip
def test_words_before_a_number_bound_it(text: str, bound: str) -> None:
    assert next(numbers(text)).bound == bound


@given(st.floats(0.01, 99.99), st.integers(0, 4))
def test_a_span_holds_every_value_that_rounds_or_is_cut_to_what_is_printed(
    value: float, decimals: int
) -> None:
    rounded = round(value, decimals)
    cut = int(value * 10**decimals) / 10**decimals
    for shown in (rounded, cut):
        low, high = span(shown, decimals)
        assert low <= value <= high


def test_a_span_of_a_negative_number_is_that_of_its_size_mirrored() -> None:
    low, high = span(1.2, 1)
    assert span(-1.2, 1) == (-high, -low)
