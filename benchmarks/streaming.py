"""Ten million scored pairs from ten Parquet shards, in one pass: rows a second, and memory.

The shards are written first; a fresh process then judges a right-or-wrong metric and a bounded
score on the whole and on 200 strata. Against it: pyarrow reading the same columns, nothing else.

    OMP_NUM_THREADS=1 python benchmarks/streaming.py [--rows 10000000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

SHARDS, STRATA = 10, 200
JUDGE = """
import resource, sys, time
from pathlib import Path
import pyarrow as pa
import quantassay as qa
from quantassay.readers.scores import score_batches
from quantassay.workflows.compare_scores import Scores
pa.set_cpu_count(1)
paths = sorted(Path(sys.argv[1]).glob("*.parquet"))
columns = ["stratum", "right_ref", "right_cand", "score_ref", "score_cand"]
scores = [
    Scores("right", "right_ref", "right_cand", margin=0.01),
    Scores("score", "score_ref", "score_cand", cap=1.0, margin=0.01),
]
best, bare = 9e9, 9e9
for _ in range(3):
    start = time.perf_counter()
    found = qa.compare_scores(paths, scores, strata="stratum")
    best = min(best, time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for _ in range(3):
    start = time.perf_counter()
    rows = sum(batch.num_rows for batch in score_batches(paths, columns))
    bare = min(bare, time.perf_counter() - start)
print(f"{rows:,} rows in {len(paths)} shards, {len(found.cells)} cells: {best:.2f} s")
print(f"{rows / best / 1e6:.1f} million rows a second; peak memory {peak:.0f} MiB")
print(f"reading alone: {bare:.2f} s, so judging takes {best / bare:.2f} times as long")
"""


def write(folder: Path, rows: int) -> None:
    """Write the shards."""
    rng = np.random.default_rng(2026)
    names = np.array([f"category {i:03d}" for i in range(STRATA)])
    for shard in range(SHARDS):
        n = rows // SHARDS
        right = rng.random(n) < 0.9
        score = rng.beta(8, 2, n)
        columns = {
            "stratum": names[rng.integers(0, STRATA, n)],
            "right_ref": right,
            "right_cand": right ^ (rng.random(n) < 0.03),
            "score_ref": score,
            "score_cand": np.clip(score + rng.normal(0, 0.03, n), 0, 1),
        }
        parquet.write_table(pa.table(columns), folder / f"shard-{shard:02d}.parquet")


def main() -> None:
    """Write, judge in a process of its own, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), rows)
        subprocess.run([sys.executable, "-c", JUDGE, folder], check=True)


if __name__ == "__main__":
    main()
