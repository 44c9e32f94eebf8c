"""What the prediction pass of ``run`` costs beyond the model itself.

``python benchmarks/prediction_pass.py`` answers 10,000 inputs of the file-type example (collect
them first with ``examples/filetype/collect.py``) in two ways on one thread: as ``run`` does (read
the Parquet file, preprocess, check, run, cache), and as a bare loop of ``InferenceSession.run``
over the same batches, ready in memory. Both go through the inputs in 30 blocks that alternate in
the order AB, BA; a ratio is product over bare for one block. The bar is a median of 1.05.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq

from quantassay.engines.executor import machine
from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.readers.data.table.reader import Table
from quantassay.readers.inputs.preprocessing import build_preprocess
from quantassay.readers.inputs.stream import InputStream
from quantassay.runs.cache import OutputCache
from quantassay.runs.inference import predict

DATA = Path(__file__).parent.parent / "examples" / "filetype" / "data"
BAR = 1.05


def enough(source: Path, rows: int, target: Path) -> int:
    """Write a copy with exactly ``rows`` rows, repeated where there are fewer; count them."""
    table = pq.read_table(source)
    repeated = pa.concat_tables([table] * -(-rows // len(table))).slice(0, rows)
    pq.write_table(repeated, target, compression="zstd")
    return len(table)


def stream(path: Path, batch: int) -> InputStream:
    declared = build_preprocess({"tensor": {"dtype": "int32"}}, path.parent)
    return InputStream(Table(), path, batch, input="tokens", preprocess=declared)


class Bare:
    """The loop without anything around it."""

    def __init__(self, model: Path, batches: Sequence[np.ndarray]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._name, self._batches = self._session.get_inputs()[0].name, batches

    def run(self, first: int, last: int) -> tuple[float, np.ndarray]:
        """Answer batches; return the seconds that took, and the answers."""
        started = perf_counter()
        found = [self._session.run(None, {self._name: b})[0] for b in self._batches[first:last]]
        outputs = np.concatenate(found)
        return perf_counter() - started, outputs


@dataclass
class Turns:
    """Told of each batch that ``predict`` has done; lets the bare loop have its turns.

    Block i is AB for even i (product, then bare) and BA for odd i: at the end of an even block
    the bare loop does this block and the next.
    """

    bare: Bare
    edges: Sequence[int]  # in batches
    batch: int
    product: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    outputs: list[np.ndarray] = field(default_factory=list)
    since: float = 0.0

    def start(self) -> None:
        """Begin the product's first turn."""
        self.since = perf_counter()

    def done(self, samples: int) -> None:
        """At the end of a block, note its time and let the bare loop have what it is due."""
        block = len(self.product)
        if -(-samples // self.batch) < self.edges[block + 1]:
            return
        self.product.append(perf_counter() - self.since)
        for turn in (block, block + 1) if block % 2 == 0 else ():
            if turn + 1 < len(self.edges):
                seconds, answers = self.bare.run(self.edges[turn], self.edges[turn + 1])
                self.plain.append(seconds)
                self.outputs.append(answers)
        self.since = perf_counter()

    def finish(self) -> None:
        """Count what ``predict`` did after its last batch to the last block."""
        self.product[-1] += perf_counter() - self.since


def measure(model: Path, data: Path, chosen: argparse.Namespace, folder: Path) -> np.ndarray:
    """Return seconds (blocks, 2): product, bare."""
    inputs = stream(data, chosen.batch)
    batches = [feeds[""] for _, feeds in inputs]
    edges = np.linspace(0, len(batches), chosen.blocks + 1).round().astype(int).tolist()
    turns = Turns(Bare(model, batches), edges, chosen.batch)
    session = OnnxRuntime.open(model, {"threads": 1})
    for warm in (session.run, partial(_bare_batch, turns.bare)):
        for array in batches[:20]:
            warm({"": array})
    cache = OutputCache(folder, {"benchmark": "prediction pass"})
    turns.start()
    outputs = predict(
        session.run, lambda at: iter(inputs.resumed(at)), chosen.rows, None, cache, turns.done
    )
    turns.finish()
    if not np.array_equal(outputs, np.concatenate(turns.outputs)):
        sys.exit("the two ways gave different answers: no ratio means anything")
    return np.column_stack([turns.product, turns.plain])


def _bare_batch(bare: Bare, feeds: dict[str, Any]) -> None:
    bare._session.run(None, {bare._name: feeds[""]})


def report(seconds: np.ndarray, rows: int) -> float:
    ratios = np.sort(seconds[:, 0] / seconds[:, 1])
    product, bare = seconds.sum(axis=0)
    here = machine()
    print(f"machine: {here.processor}, {here.usable_cores} of {here.cores} cores usable")
    print(f"system: {here.system}, Python {here.python}, onnxruntime {onnxruntime.__version__}")
    print(f"whole pass: run {product:.1f} s, bare {bare:.1f} s, ratio {product / bare:.4f}")
    print(f"per sample: run {product / rows * 1e3:.3f} ms, bare {bare / rows * 1e3:.3f} ms")
    print(f"{len(ratios)} interleaved ratios: least {ratios[0]:.4f}, greatest {ratios[-1]:.4f}")
    print(f"median ratio: {np.median(ratios):.4f} (bar {BAR})")
    return float(np.median(ratios))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=8, help="as in the example's rubric")
    parser.add_argument("--blocks", type=int, default=30)
    parser.add_argument("--model", type=Path, default=DATA / "model.onnx")
    parser.add_argument("--data", type=Path, default=DATA / "test.parquet")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    if not (chosen.model.is_file() and chosen.data.is_file()):
        sys.exit("no data yet: python examples/filetype/collect.py")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "inputs.parquet")
        held = enough(chosen.data, chosen.rows, data)
        print(f"{chosen.rows} inputs ({min(held, chosen.rows)} different), batch {chosen.batch}")
        seconds = measure(chosen.model, data, chosen, Path(folder))
    sys.exit(report(seconds, chosen.rows) > BAR)


if __name__ == "__main__":
    main()
