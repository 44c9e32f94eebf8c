from pathlib import Path

import numpy as np
import pytest

from quantassay.claims.join.outside import outside_speed
from quantassay.errors import InputError

LOG, DIGEST = Path("log.json"), "sha256:" + "0" * 64


@pytest.fixture
def outside(half):
    return lambda found, samples=None: outside_speed(found, half, LOG, DIGEST, samples)


def test_queries_become_samples_as_declared(outside, recorded):
    found = outside(recorded(), 8)
    assert (found.throughput, found.unit, found.batch) == (4000, "samples", 8)
    assert found.source == f"trtexec, times.json, {DIGEST}"
    assert (found.ratio, found.ratio_interval, found.blocks, found.verdict) == (None, None, 0, None)
    assert found.throughput_interval is None


@pytest.mark.parametrize(
    ("unit", "per_query", "samples", "expected"),
    [
        ("samples", 16, None, (500, "samples", 16)),
        ("tokens", 128, None, (500, "tokens", 1)),
        ("requests", 1, None, (500, "requests", 1)),
        ("requests", 1, 1, (500, "samples", 1)),
    ],
)
def test_units_stay_what_they_are(outside, recorded, unit, per_query, samples, expected):
    found = outside(recorded(unit=unit, per_query=per_query), samples)
    assert (found.throughput, found.unit, found.batch) == expected


@pytest.mark.parametrize("unit", ["samples", "tokens"])
def test_samples_a_query_say_nothing_of_other_units(outside, recorded, unit):
    with pytest.raises(InputError, match=f"counts {unit}; leave --samples-per-query out"):
        outside(recorded(unit=unit), 8)


def test_what_queries_hold_must_be_said(outside, recorded):
    with pytest.raises(InputError, match="counts queries, and not what they held"):
        outside(recorded())


def test_single_latencies_give_intervals(outside, recorded):
    found = {one.q: one for one in outside(recorded(), 1).latencies}
    assert list(found) == [0.5, 0.9, 0.99]  # too few for the fourth
    low, high = found[0.5].interval
    assert low < found[0.5].value < high
    assert found[0.5].value == pytest.approx(np.median(recorded().latencies))


def test_neighbours_that_are_alike_widen_the_interval(outside, recorded):
    slow = np.repeat([0.001, 0.002], 500) * np.linspace(1, 1.01, 1000)
    steady = np.random.default_rng(1).permutation(slow)
    ends = [outside(recorded(latencies=each), 1).latencies[0].interval for each in (slow, steady)]
    # half the time slow, half fast: blocks tell nothing of the median, shuffled queries seem to
    assert ends[1] is not None
    assert ends[0] is None or ends[0][1] - ends[0][0] >= ends[1][1] - ends[1][0]


def test_told_percentiles_have_no_interval(outside, recorded):
    found = outside(recorded(latencies=np.empty(0), percentiles={0.99: 0.1, 0.5: 0.05}), 1)
    assert [(one.q, one.value, one.interval) for one in found.latencies] == [
        (0.5, 0.05, None),
        (0.99, 0.1, None),
    ]


@pytest.mark.parametrize(
    ("repeats", "known"),
    [((), False), ((1.0, 2.0), False), ((100.0,) * 5, False), ((99.0, 100.0, 101.0), True)],
)
def test_repetitions_give_an_interval_of_their_session(outside, recorded, repeats, known):
    found = outside(recorded(unit="tokens", throughput=100.0, repeats=repeats))
    assert (found.throughput_interval is not None) == known
    assert ("repetitions in one session" in found.method) == known
    if known:
        low, high = found.throughput_interval
        assert low < 100 < high
