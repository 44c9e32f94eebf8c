"""What a thousand right answers cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quantassay.records.frontier import Interval, Point

ANSWERS = 1000
SECONDS = "seconds of this executor"


@dataclass(frozen=True)
class Tariff:
    """The reference as measured: samples per second, share of right answers; and the price.

    ``price`` is that of a second, in ``unit``: 1 where costs are in seconds.
    """

    throughput: float
    right: float
    price: float = 1.0
    unit: str = SECONDS


def with_cost(point: Point, tariff: Tariff) -> Point:
    """Add what a thousand right answers cost, with the interval that the rectangle gives.

    The two ends are those of the fastest corner with the least loss, and of the slowest with the
    most: both coordinates hold at once, and so does the cost. What is not known of the reference's
    own throughput and score is not in it.
    """
    if point.speed is None or point.loss is None:
        return point
    cost = _cost(point.speed, point.loss, tariff)
    return replace(point, cost=cost, cost_interval=_ends(point, tariff))


def _ends(point: Point, tariff: Tariff) -> Interval | None:
    if point.speed_interval is None or point.loss_interval is None:
        return None
    if point.speed_interval[0] == point.speed_interval[1]:
        return None  # the reference, which has no uncertainty of its own here
    low = _cost(point.speed_interval[1], point.loss_interval[0], tariff)
    high = _cost(point.speed_interval[0], point.loss_interval[1], tariff)
    return None if low is None or high is None else (low, high)


def _cost(speed: float, loss: float, tariff: Tariff) -> float | None:
    right = min(tariff.right - loss, 1.0)
    if right <= 0 or speed <= 0:
        return None
    return ANSWERS * tariff.price / (tariff.throughput * speed * right)
