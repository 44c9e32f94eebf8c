"""Our own loop beside MLPerf LoadGen, and what LoadGen does to the ratio of two fast variants.

``python -m benchmarks.timing.loadgen`` asks examples/digits/fp32.onnx and the file-type model of
magika the same queries through both, one thread, in turn and in random order: Offline and
SingleStream. The bar: the median ratio of throughput within 3 %. Beside it: the same ratio of the
own loop with itself, microseconds more a query of LoadGen, and seconds of a trial that are not
measuring. Last, one variant asks the model twice a query, so that the true ratio is 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import magika
import numpy as np

from quantassay import plugins
from quantassay.timing.contract import Driver, Run, Trial, Workload
from quantassay.timing.drivers import driver_for
from quantassay.timing.workload import workload

DIGITS = Path(__file__).parents[2] / "examples" / "digits" / "fp32.onnx"
FILETYPE = Path(magika.__file__).parent / "models" / "standard_v3_3" / "model.onnx"
#: seconds of one trial, and turns of both drivers in one ratio
SECONDS, TURNS = 0.06, 4


def digits(random: np.random.Generator, batch: int) -> dict[str, Any]:
    return {"": random.random((batch, 1, 8, 8), dtype=np.float32)}


def files(random: np.random.Generator, batch: int) -> dict[str, Any]:
    return {"": random.integers(0, 256, (batch, 2048), dtype=np.int32)}


CASES: list[tuple[str, str, int, Path, Callable[..., dict[str, Any]]]] = [
    ("digits", "offline", 64, DIGITS, digits),
    ("digits", "single-stream", 1, DIGITS, digits),
    ("filetype", "offline", 4, FILETYPE, files),
    ("filetype", "single-stream", 1, FILETYPE, files),
]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ratios", type=int, default=30)
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    random = np.random.default_rng(asked.seed)
    engine = plugins.load("engines", "onnxruntime")
    for name, protocol, batch, model, inputs in CASES:
        session = engine.open(model, {"threads": 1})
        load = workload([(batch * i, inputs(random, batch)) for i in range(64)], batch, batch)
        compared(f"{name}, {protocol}", session.run, load, protocol, asked.ratios, random)
        if protocol == "single-stream":
            doubled(f"{name}, {protocol}", session.run, load, asked.ratios, random)


def drivers(protocol: str) -> dict[str, Driver]:
    return {name: driver_for(protocol, name) for name in ("own", "loadgen")}


def queries_of(run: Run, load: Workload) -> list[int]:
    """Return as many queries as last for one trial."""
    trial = driver_for("offline", "own").trial("a", run, load, range(len(load.queries)), 0)
    count = max(4, int(SECONDS * len(load.queries) / trial.span))
    return [i % len(load.queries) for i in range(count)]


def compared(
    what: str, run: Run, load: Workload, protocol: str, ratios: int, random: np.random.Generator
) -> None:
    """Print ratios of throughput, own loop over LoadGen."""
    chosen, both = queries_of(run, load), drivers(protocol)
    arms: Mapping[str, Driver] = {
        "own": both["own"],
        "again": both["own"],
        "loadgen": both["loadgen"],
    }
    kinds = ("throughput", "typical", "same", "same typical", "more", "rest")
    said: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ratios):
        found = turned(arms, run, load, chosen, random)
        through = {name: of_all(trials) for name, (trials, _) in found.items()}
        middles = {name: middle(trials) for name, (trials, _) in found.items()}
        trials, wall = found["loadgen"]
        said["throughput"].append(through["own"] / through["loadgen"])
        said["same"].append(through["own"] / through["again"])
        said["typical"].append(middles["loadgen"] / middles["own"])
        said["same typical"].append(middles["again"] / middles["own"])
        said["more"].append(1e6 * (middles["loadgen"] - middles["own"]))
        said["rest"].append((wall - sum(trial.span for trial in trials)) / TURNS)
    print(f"{what}: {len(chosen)} queries a trial, {ratios} ratios of {TURNS} trials each")
    print(f"  throughput, own loop over LoadGen       {spread(said['throughput'])}")
    print(f"  throughput, own loop over own loop      {spread(said['same'])}")
    print(f"  median latency, LoadGen over own loop   {spread(said['typical'])}")
    print(f"  median latency, own loop over own loop  {spread(said['same typical'])}")
    print(f"  median latency, LoadGen minus own, us   {spread(said['more'])}")
    print(f"  LoadGen's seconds beside measuring      {spread(said['rest'])}", flush=True)


def doubled(what: str, run: Run, load: Workload, ratios: int, random: np.random.Generator) -> None:
    """Print by how much a variant that asks the model twice a query is said to be slower."""

    def twice(feeds: Any) -> Any:
        run(feeds)
        return run(feeds)

    chosen = queries_of(run, load)
    for name, driver in drivers("single-stream").items():
        said = []
        for _ in range(ratios):
            order = random.permutation(2)
            trials = [driver.trial("a", (run, twice)[i], load, chosen, 0) for i in order]
            once, both = (trials[int(np.flatnonzero(order == i)[0])] for i in (0, 1))
            said.append(once.throughput / both.throughput)
        print(f"  {what}, twice the work by {name:7}: {spread(said)}")


def turned(
    arms: Mapping[str, Driver],
    run: Run,
    load: Workload,
    chosen: list[int],
    random: np.random.Generator,
) -> dict[str, tuple[list[Trial], float]]:
    """Return trials of every arm in random order, and their seconds all in all."""
    found: dict[str, tuple[list[Trial], float]] = {name: ([], 0.0) for name in arms}
    for _ in range(TURNS):
        for name in random.permutation(list(arms)):
            run(load.queries[0])
            start = perf_counter()
            trial = arms[name].trial("a", run, load, chosen, int(random.integers(2**31)))
            trials, wall = found[name]
            found[name] = ([*trials, trial], wall + perf_counter() - start)
    return found


def of_all(trials: list[Trial]) -> float:
    return sum(trial.samples for trial in trials) / sum(trial.span for trial in trials)


def middle(trials: list[Trial]) -> float:
    return float(np.median(np.concatenate([trial.latencies for trial in trials])))


def spread(values: list[float]) -> str:
    low, quarter, half, more, high = np.quantile(values, [0, 0.25, 0.5, 0.75, 1])
    return f"median {half:.4g} (quartiles {quarter:.4g} to {more:.4g}, all {low:.4g} to {high:.4g})"


if __name__ == "__main__":
    main()
