"""What MLPerf LoadGen writes of one test: whether it ran as asked, and when samples completed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import InputError

DETAIL, TRACE = "mlperf_log_detail.txt", "mlperf_log_trace.json"
LINE = ":::MLLOG "
#: what must hold of a test. Early stopping need not: it asks for more queries than a short test
#: has. Nor need the latency bound of a server: whether it is kept is told from all tests together.
MET = ("result_min_duration_met", "result_min_queries_met")
SAMPLE = re.compile(
    r'"name":"Sample","cat":"default","ph":"b".*"ts":(-?\d+)\.(\d{3}),.*'
    r'"query_seq":(\d+),.*"complete_ns":(\d+)\}'
)


@dataclass(frozen=True)
class Samples:
    """Samples of a test in the order of issue: nanoseconds, and the query that held each.

    ``scheduled`` is when it was due, since LoadGen's own start; ``latency`` how long from then on
    until LoadGen was told of its completion.
    """

    query: NDArray[np.int64]
    scheduled: NDArray[np.int64]
    latency: NDArray[np.int64]


def samples(folder: Path, expected: int) -> Samples:
    """Return the samples of a test.

    Parameters
    ----------
    folder
        Where LoadGen wrote its log, the trace too.
    expected
        Samples that were to be issued.

    Raises
    ------
    InputError
        If LoadGen says that the test did not run as asked, or its files do not agree.
    """
    said, errors = _said(folder / DETAIL)
    wrong = [f"{key} is {said.get(key)}" for key in MET if said.get(key) is not True]
    if errors or wrong:
        raise InputError(_refused("; ".join([*errors, *wrong])))
    rows = np.array(list(_rows(folder / TRACE)), np.int64).reshape(-1, 3)
    if len(rows) != expected:
        raise InputError(
            _refused(f"{expected} samples were to be issued, its trace has {len(rows)}")
        )
    found = Samples(*rows[np.argsort(rows[:, 1], kind="stable")].T)
    longest = said.get("result_max_latency_ns")
    if int(found.latency.max()) != longest:
        why = f"the longest latency of its trace is {found.latency.max()} ns, of its log {longest}"
        raise InputError(_refused(why))
    return found


def _refused(why: str) -> str:
    return f"MLPerf LoadGen did not run the test as asked: {why}; set 'timing: {{driver: own}}'"


def _said(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what the detail log says by key, and its errors in words."""
    text = path.read_text(errors="replace").splitlines()
    lines = [json.loads(line[len(LINE) :]) for line in text if line.startswith(LINE)]
    errors = [str(line["value"]) for line in lines if line["metadata"]["is_error"]]
    return {line["key"]: line["value"] for line in lines}, errors


def _rows(path: Path) -> Iterator[tuple[int, int, int]]:
    """Yield query, schedule and latency of each sample in the order of completion."""
    with path.open(errors="replace") as lines:
        for line in lines:
            if found := SAMPLE.search(line):
                whole, part, query, latency = found.groups()
                yield int(query), int(whole + part), int(latency)
