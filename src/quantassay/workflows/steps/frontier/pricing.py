"""What right answers cost on this executor, as far as a metric counts them."""

from __future__ import annotations

import numpy as np

from quantassay import stats
from quantassay.evidence import Binary
from quantassay.verdicts.cost import Tariff

from ..question import Asked
from .basis import Basis

COST = (
    "from the rectangle's corners, at the reference's throughput and score as measured, whose own "
    "uncertainty is not in it"
)
NO_COST = "{} does not count right answers"


def tariff(basis: Basis, asked: Asked, right: float | None) -> Tariff | None:
    """Return the reference's throughput and score; None where right answers are not counted.

    ``right`` is the reference's score on the whole test set.
    """
    metric, timing = asked.metric, basis.exam.rubric.timing
    counts = isinstance(metric.evidence, Binary) and metric.direction == "higher"
    if not counts or right is None or basis.reference not in basis.trials:
        return None
    logs = [np.log(trial.throughput) for trial in basis.trials[basis.reference]]
    through = stats.throughput_interval(logs).estimate
    if timing is None or timing.price is None:
        return Tariff(through, right)
    return Tariff(through, right, timing.price.per_hour / 3600, timing.price.currency)
