"""How long queries took, from issue or arrival to completion."""

from __future__ import annotations

from collections.abc import Sequence

from ..records.speed import Percentile, Speed
from .blocks import Column, Table, Value
from .figures import confidence, known, significant
from .names import short

UNDEFINED = "undefined: too few queries"


def latencies(speeds: Sequence[Speed]) -> Table:
    """Tabulate the percentiles of latency, each with its interval."""
    quantiles = sorted({each.q for speed in speeds for each in speed.latencies})
    rated = any(speed.rate is not None for speed in speeds)
    levels = " or ".join(dict.fromkeys(confidence(speed.confidence) for speed in speeds))
    return Table(
        caption="Latency of a query in milliseconds",
        columns=(
            Column("Variant"),
            Column("Queries", numeric=True),
            Column("Samples per query", numeric=True),
            *((Column("Queries arriving per second", numeric=True),) if rated else ()),
            *(Column(f"p{100 * q:g}", numeric=True) for q in quantiles),
        ),
        rows=tuple(_row(speed, quantiles, rated) for speed in speeds),
        note=f"p99 is the latency that 99 % of queries keep, and so on, from issue (or arrival) to "
        f"completion. Intervals are {levels} two-sided; "
        "none where queries are too few for one, or a log tells none.",
    )


def _row(speed: Speed, quantiles: Sequence[float], rated: bool) -> tuple[Value, ...]:
    by_q = {each.q: each for each in speed.latencies}
    rate = Value("–") if speed.rate is None else Value(significant(speed.rate), speed.rate)
    return (
        Value(short(speed.variant)),
        Value(f"{speed.queries:,}", speed.queries),
        Value(f"{speed.batch:,}", speed.batch),
        *((rate,) if rated else ()),
        *(_latency(by_q.get(q)) for q in quantiles),
    )


def _latency(found: Percentile | None) -> Value:
    if found is None or known(found.value) is None:
        return Value(UNDEFINED)
    text = significant(1e3 * found.value)
    if found.interval is None:
        return Value(f"{text}, no interval", found.value)
    low, high = (significant(1e3 * end) for end in found.interval)
    return Value(f"{text} [{low}, {high}]", found.value)
