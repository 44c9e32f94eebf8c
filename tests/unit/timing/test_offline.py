from __future__ import annotations

import numpy as np
import pytest

from quantassay.timing import offline
from quantassay.timing.offline import Offline
from quantassay.timing.streams import Streams


@pytest.fixture
def timed(monkeypatch, clock):
    monkeypatch.setattr(offline, "perf_counter", clock)


@pytest.mark.parametrize("driver", [Offline(), Streams(1), Streams(8)])
def test_latencies_span_and_samples_of_the_chosen_queries(timed, load, worker, driver):
    work = worker(lambda rows: rows / 8)
    trial = driver.trial("a", work, load(4, 4, 2), [2, 0, 2], seed=0)
    assert work.asked == [2, 4, 2]
    assert trial.latencies.tolist() == [0.25, 0.5, 0.25]
    assert (trial.span, trial.samples, trial.rate) == (1.0, 8, None)
    assert trial.throughput == 8.0


def test_latencies_add_up_to_the_span(load):
    trial = Offline().trial("a", lambda feeds: feeds, load(4, 4, 2), [0, 1, 2] * 5, seed=0)
    assert (trial.latencies >= 0).all()
    assert trial.latencies.sum() == pytest.approx(trial.span)
    assert trial.latencies.dtype == np.float64


def test_what_is_timed_says_how_much_is_asked():
    assert "a batch in memory" in Offline().timed
    assert "one sample in memory" in Streams(1).timed
    assert "8 samples in memory" in Streams(8).timed
