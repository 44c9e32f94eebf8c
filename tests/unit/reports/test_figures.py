from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.cells import Cell
from quantassay.reports import figures

PP = figures.scale("fraction")
PLAIN = figures.scale("nats")


@pytest.fixture
def cell(factory: ModuleType) -> Cell:
    made: Cell = factory.binary("int8", {}, 898, 24, 5, 0.02)
    return replace(made, loss=0.0123, interval=(0.0031, 0.0220), margin=0.03)


def test_fractions_are_percentage_points(cell: Cell) -> None:
    assert figures.estimate(cell, PP) == "1.23 pp [0.31, 2.20]"
    assert figures.value(0.976, PP) == "97.60 %"
    assert figures.margin(cell, PP) == "3 pp"


def test_other_metrics_keep_their_unit(cell: Cell) -> None:
    assert figures.estimate(cell, PLAIN) == "0.0123 nats [0.0031, 0.0220]"
    assert figures.value(0.0841, figures.scale("")) == "0.0841"


def test_a_negative_loss_says_that_it_is_better(cell: Cell) -> None:
    text = figures.estimate(replace(cell, loss=-0.004, interval=(-0.01, 0.002)), PP)
    assert text == "−0.40 pp (better) [−1.00, 0.20]"


@pytest.mark.parametrize("loss", [None, float("nan"), float("inf")])
def test_an_undefined_loss_gives_its_reason(cell: Cell, loss: float | None) -> None:
    text = figures.estimate(replace(cell, loss=loss, reason="the reference is 0"), PP)
    assert text == "undefined: the reference is 0"


@pytest.mark.parametrize("interval", [None, (float("nan"), 1.0), (0.0, float("inf"))])
def test_no_interval_is_said(cell: Cell, interval: tuple[float, float] | None) -> None:
    assert figures.estimate(replace(cell, interval=interval), PP) == "1.23 pp, no interval"
    assert figures.interval(replace(cell, interval=interval), PP) == "undefined"


def test_rounding_never_moves_an_end_onto_the_margin(cell: Cell) -> None:
    below = replace(cell, interval=(0.001, 0.0199996), margin=0.02)
    above = replace(cell, interval=(0.001, 0.0200004), margin=0.02)
    assert figures.interval(below, PP) == "[0.10000, 1.99996]"
    assert figures.interval(above, PP) == "[0.10000, 2.00004]"
    assert figures.interval(replace(below, interval=(0.001, 0.02)), PP) == "[0.10, 2.00]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-1e-17, "0.00"),
        (0.0004, "0.0004"),
        (-0.004, "−0.004"),
        (0.00002, "0.00002"),
        (3e-11, "3e−11"),
        (1234.5, "1,234.50"),
    ],
)
def test_a_small_number_is_not_zero(value: float, text: str) -> None:
    assert figures.number(value) == text


def test_alpha_is_that_of_one_side() -> None:
    assert figures.alpha(0.95) == ".025"
    assert figures.alpha(0.9) == ".05"
    assert figures.confidence(0.95) == "95 %"
    assert figures.confidence(0.999) == "99.9 %"


def test_p_values() -> None:
    assert figures.probability(None) == "–"
    assert figures.probability(3e-9) == "< .0001"
    assert figures.probability(0.0123) == "0.0123"


def test_sizes_and_ratios() -> None:
    assert figures.bytes_text(None) == "unknown"
    assert [figures.bytes_text(n) for n in (12, 2_500, 3_100_000)] == [
        "12 bytes",
        "2.50 kB",
        "3.10 MB",
    ]
    assert figures.ratio(1.83, (1.79, 1.88)) == "1.83× [1.79, 1.88]"
    assert figures.ratio(None, None) == "not measured"
    assert figures.ratio(1.83, None) == "1.83×, no interval"


def test_clusters_stand_beside_n(cell: Cell) -> None:
    assert figures.size(replace(cell, clusters=13)) == "n 898 in 13 clusters"
