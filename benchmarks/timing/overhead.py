"""What our own loop adds to a bare engine loop.

``python -m benchmarks.timing.overhead`` asks examples/digits/fp32.onnx the same batches through
``InferenceSession.run`` in a plain loop, and through a trial of protocol offline as every run does,
in turn and in random order, on one thread. The bars: the median of 30 ratios of throughput within
2 % at batch 64, and less than 20 microseconds more a query of one sample in single-stream.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from quantassay import plugins
from quantassay.timing.contract import Workload
from quantassay.timing.offline import Offline
from quantassay.timing.streams import Streams
from quantassay.timing.workload import workload

MODEL = Path(__file__).parents[2] / "examples" / "digits" / "fp32.onnx"
SAMPLES = 1792
#: each ratio is of so many turns of either side, of so many seconds
TURNS, SECONDS = 10, 0.02


def bare(native: Any, feeds: list[dict[str, Any]]) -> float:
    """Return the seconds of a plain loop."""
    start = perf_counter()
    for one in feeds:
        native.run(None, one)
    return perf_counter() - start


def compared(native: Any, session: Any, driver: Any, load: Workload, times: int) -> np.ndarray:
    """Return seconds a query (times, 2) of the plain loop and of our trial."""
    name = native.get_inputs()[0].name
    random, found = np.random.default_rng(0), np.zeros((times, 2))
    once = bare(native, [{name: one[""]} for one in load.queries]) / len(load.queries)
    chosen = [i % len(load.queries) for i in range(max(1, int(SECONDS / once)))]
    plain = [{name: load.queries[i][""]} for i in chosen]
    for row in found:
        for side in [side for _ in range(TURNS) for side in random.permutation(2)]:
            if side:
                row[1] += driver.trial("a", session.run, load, chosen, 0).span
            else:
                row[0] += bare(native, plain)
    return found / len(chosen) / TURNS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=30)
    times = parser.parse_args().times
    session = plugins.load("engines", "onnxruntime").open(MODEL, {})
    native = session._native  # the same loaded model: two of them differ by where they lie
    images = np.random.default_rng(0).random((SAMPLES, 1, 8, 8), np.float32)
    batches = [(at, {"": images[at : at + 64]}) for at in range(0, SAMPLES, 64)]
    seconds = compared(native, session, Offline(), workload(batches, 64, None), times)
    ratio = float(np.median(seconds[:, 0] / seconds[:, 1]))
    print(
        f"offline, batch 64: throughput of our trial over the bare loop's, median of {times}: "
        f"{ratio:.4f} (bar: 0.98 to 1.02)"
    )
    seconds = compared(native, session, Streams(1), workload(batches, 64, 1), times)
    more = 1e6 * float(np.median(seconds[:, 1] - seconds[:, 0]))
    print(
        f"single-stream: our trial takes {more:+.2f} microseconds more a query, median of {times} "
        f"(bar: 20); a query takes {1e6 * np.median(seconds[:, 0]):.1f}"
    )


if __name__ == "__main__":
    main()
