"""`quantassay compare` on two logs of 14,042 rows in 57 strata, as a whole process.

The size is that of a well-known exam in 57 subjects. Against it: a bare Python process, and one
that imports scipy.stats alone.

    OMP_NUM_THREADS=1 python benchmarks/compare_speed.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

ROWS, SUBJECTS, RUNS = 14_042, 57, 7
INSIDE = """
import sys, time
import pyarrow as pa
import quantassay as qa
few = pa.table({"id": ["a", "b"], "target": [0, 1], "prediction": [0, 1], "subject": ["x", "y"]})
qa.compare(few, few.slice(0), margin=0.02, strata="subject")
start = time.perf_counter()
found = qa.compare(sys.argv[1], sys.argv[2], margin=0.02, strata="subject")
print(len(found.cells), time.perf_counter() - start, "scipy.stats" in sys.modules)
"""


def write(folder: Path) -> tuple[str, str]:
    """Write two logs that differ on three samples in a hundred."""
    rng = np.random.default_rng(2026)
    target, answer = rng.integers(0, 4, ROWS), rng.integers(0, 4, ROWS)
    answer = np.where(rng.random(ROWS) < 0.7, target, answer)
    changed = np.where(rng.random(ROWS) < 0.03, rng.integers(0, 4, ROWS), answer)
    subject = np.sort(rng.integers(0, SUBJECTS, ROWS))
    paths = []
    for name, column in (("bf16", answer), ("int4", changed)):
        table = pa.table(
            {
                "id": [f"exam/{i:05d}" for i in range(ROWS)],
                "subject": [f"subject {i:02d}" for i in subject],
                "target": np.array(list("ABCD"))[target],
                "prediction": np.array(list("ABCD"))[column],
            }
        )
        csv.write_csv(table, folder / f"{name}.csv")
        paths.append(str(folder / f"{name}.csv"))
    return paths[0], paths[1]


def process(*arguments: str) -> float:
    """Return the best wall time of a few whole processes."""
    best = np.inf
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False)
        best = min(best, time.perf_counter() - start)
    return float(best)


def main() -> None:
    """Print seconds."""
    with tempfile.TemporaryDirectory() as folder:
        logs = write(Path(folder))
        whole = process("-m", "quantassay", "compare", *logs, "--margin", "0.02", "--by", "subject")
        inside = [
            subprocess.run(
                [sys.executable, "-c", INSIDE, *logs], capture_output=True, text=True, check=True
            ).stdout.split()
            for _ in range(RUNS)
        ]
        bare, scipy_stats = process("-c", ""), process("-c", "import scipy.stats")
    cells, loaded = inside[0][0], inside[0][2]
    took = min(float(line[1]) for line in inside)
    print(f"{ROWS:,} rows, {SUBJECTS} strata, {cells} cells; best of {RUNS}")
    print(f"whole process {whole:.2f} s; bare Python {bare:.2f} s, scipy.stats {scipy_stats:.2f} s")
    print(f"inside, modules loaded: {took:.2f} s; scipy.stats loaded: {loaded}")


if __name__ == "__main__":
    main()
