from __future__ import annotations

import sys

import pytest

from quantassay.errors import PluginError
from quantassay.timing.drivers import driver_for

PROTOCOLS = ("offline", "single-stream", "multi-stream", "server")
OF_IT = {"multi-stream": {"streams": 3}, "server": {"latency": 0.05, "percentile": 0.9}}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("driver", ["own", "loadgen"])
def test_every_protocol_has_both_drivers_and_says_what_is_timed(protocol, driver):
    made = driver_for(protocol, driver, **OF_IT.get(protocol, {}))
    assert made.name.startswith("MLPerf LoadGen 6" if driver == "loadgen" else "own loop")
    assert "reading and preprocessing are not" in made.timed


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("driver", ["own", "loadgen"])
def test_every_driver_asks_the_chosen_queries(protocol, driver, load):
    made = driver_for(protocol, driver, **OF_IT.get(protocol, {}), rate=None)
    trial = made.trial("a", lambda feeds: feeds, load(1, 1, 1), [0, 2] * 10, seed=1)
    assert len(trial.latencies) >= 20
    assert trial.samples == len(trial.latencies)
    assert (trial.latencies > 0).all()
    assert (trial.rate is not None) == (protocol == "server")
    assert trial.throughput > 0


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_without_loadgen_it_is_named_and_the_own_loop_still_runs(protocol, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlperf_loadgen", None)
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[perf\]'"):
        driver_for(protocol, "loadgen", **OF_IT.get(protocol, {}))
    assert driver_for(protocol, "own", **OF_IT.get(protocol, {})).name == "own loop"


def test_a_server_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="latency bound"):
        driver_for("server", "own")
