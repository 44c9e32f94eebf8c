from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.frontier import Point
from quantassay.verdicts.cost import Tariff, with_cost

POINT = Point("int8", "int8", 2.0, (1.6, 2.5), 0.1, (0.05, 0.15), None, False)
TARIFF = Tariff(throughput=500.0, right=0.9)


def test_cost_of_a_thousand_right_answers():
    found = with_cost(POINT, TARIFF)
    # 1,000 samples/s, eight of ten right
    assert found.cost == pytest.approx(1.25)
    assert found.cost_interval == pytest.approx(
        (1000 / (500 * 2.5 * 0.85), 1000 / (500 * 1.6 * 0.75))
    )


def test_price_of_a_second():
    found = with_cost(POINT, replace(TARIFF, price=7.2 / 3600, unit="USD"))
    assert found.cost == pytest.approx(1.25 * 0.002)


def test_the_reference_has_no_interval_of_its_own():
    home = replace(POINT, speed=1.0, speed_interval=(1.0, 1.0), loss=0.0, loss_interval=(0.0, 0.0))
    found = with_cost(home, TARIFF)
    assert found.cost == pytest.approx(1000 / 450) and found.cost_interval is None


@pytest.mark.parametrize(
    "lacking", [{"speed": None}, {"loss": None}, {"loss": 0.95}, {"speed": None, "loss": None}]
)
def test_no_cost_without_both_halves_or_right_answers(lacking):
    assert with_cost(replace(POINT, **lacking), TARIFF).cost is None


def test_no_interval_where_none_might_be_right():
    found = with_cost(replace(POINT, loss_interval=(0.0, 0.95)), TARIFF)
    assert found.cost is not None and found.cost_interval is None
