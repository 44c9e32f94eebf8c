from __future__ import annotations

import pytest

from quantassay.claims.audit.arithmetic.ratios import ratios
from quantassay.claims.audit.arithmetic.speed import speed


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("The size is reduced 4x, from 90 MB to 31 MB.", "size-ratio"),
        ("It is 3x faster: 20 ms vs 10 ms.", "speed-up"),
        ("The 4x smaller model (98 MB to 25 MB) runs 2x faster (30 ms to 22 ms).", "speed-up"),
        ("The 5x smaller model (98 MB to 25 MB) is 1.4x faster (30 ms to 22 ms).", "size-ratio"),
    ],
)
def test_a_factor_that_its_two_costs_do_not_give(read, text: str, rule: str) -> None:
    assert [one.rule for one in ratios(*read(text))] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "INT8 is ~4x smaller (43MB vs 164MB).",
        "The 4x smaller model (98 MB to 25 MB) runs 1.4x faster (30 ms to 22 ms).",
        "The size falls from 90 MB to 31 MB, 2.9x.",
        "The size falls from 9 GB to 450 MB, 20x.",
        "Latency falls from 20 ms to 10 ms, and the model is 4x smaller at 9 MB.",
        "Up to 4x faster: 20 ms vs 10 ms.",
        "20 ms on a phone; it is 3x faster on a desk, 10 ms.",
        "Throughput rises from 10 fps to 25 fps, 2.5x.",
    ],
)
def test_factors_that_follow_or_are_of_something_else(read, text: str) -> None:
    assert ratios(*read(text)) == []


TABLE = (
    "| Net | FP32 latency | INT8 latency | Speed-up |\n|---|---|---|---|\n"
    "| a | 20.0 ms | 10.0 ms | 2.00x |\n| b | 30.0 ms | 10.0 ms | {} |\n"
    "| c | 9.0 ms | 6.0 ms | 1.50x |\n"
)


def test_a_factor_of_a_row_among_several(read) -> None:
    (found,) = speed(*read(TABLE.format("2.50x")))
    assert "30.0 ms" in found.finding
    assert speed(*read(TABLE.format("3.00x"))) == []
