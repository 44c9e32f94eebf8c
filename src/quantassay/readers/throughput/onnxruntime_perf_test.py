"""What ``onnxruntime_perf_test`` prints, and the file of single times that it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quantassay.errors import DataError
from quantassay.readers.files.listing import head
from quantassay.readers.files.reading import reading
from quantassay.records.recorded_speed import RecordedSpeed

from .fields import AGAIN, Fields, printable, written

PROGRAM = "onnxruntime_perf_test"
HEAD = 1 << 12
LARGEST = 256 << 20
MOST_RUNS = 1000
PRINTED = 1 << 20
SIX_DIGITS = 1e-3
ROW = re.compile(
    r"(?P<model>[^\n]*),(?P<time>[\d.e+-]+),(?P<memory>\d+),(?P<cpu>-?\d+),(?P<at>\d+)"
)
LINE = re.compile(r"^\s*([A-Za-z][\w ]*?)\s*:\s*([\d.eE+-]+)\s*(s|ms|%|bytes)?\s*$", re.MULTILINE)
THREADS = re.compile(r"^Setting intra_op_num_threads to (\d{1,6})\s*$", re.MULTILINE)
PROVIDER = re.compile(r"^using (\w+ExecutionProvider)\s*$", re.MULTILINE)
PERCENTILES = {"P50": 0.5, "P90": 0.9, "P95": 0.95, "P99": 0.99, "P999": 0.999}
STATISTICS = ("Min Latency", *(f"{name} Latency" for name in PERCENTILES), "Max Latency")
ALONE = "the file does not say how many queries ran at a time: one is taken"


class OnnxRuntimePerfTest:
    """Reads what onnxruntime_perf_test printed, or the result file that it appends to.

    The result file has a row a query: model, seconds, peak bytes, processor use, number of the run.
    Every run that was appended is a measurement; what else stands in it (``-s``) is left out.
    """

    name = PROGRAM
    opens = "its output as text, or its result file"
    unit = "queries: say with `--samples-per-query` how many samples each held"
    tells = "threads, where they were set; peak memory; the folder of the model"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether its first lines are rows of times, or it holds the lines printed last."""
        start = head(path, HEAD).decode(errors="replace")
        first = start.partition("\n")[0].strip()
        return _is_printed(start) or bool(ROW.fullmatch(first) and first.endswith(",0"))

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return a measurement for every run in the file.

        Raises
        ------
        DataError
            If it is damaged, or its figures contradict each other.
        """
        start = head(path, PRINTED).decode(errors="replace")
        if _is_printed(start):
            return [_printed(start, path)]
        return [*_runs(path)]


def _is_printed(text: str) -> bool:
    return "Number of inferences per second:" in text and "Total inference requests:" in text


def _printed(text: str, path: Path) -> RecordedSpeed:
    fields = Fields(_lines(text, path), str(path))
    queries, span = fields.count("Total inference requests"), fields.positive(RUN_TIME)
    speed = fields.positive(PER_SECOND)
    fields.agree(PER_SECOND, speed, queries / span, "requests over run time", SIX_DIGITS)
    average = next((key for key in AVERAGES if key in fields), None)
    if average and SUM in fields:
        mean = fields.positive(SUM) / queries * 1000
        fields.agree(average, fields.positive(average), mean, "time over requests", SIX_DIGITS)
    fields.rising({key: fields.number(key) for key in STATISTICS if key in fields})
    threads, provider = THREADS.search(text), PROVIDER.search(text)
    busy = fields.number(SUM) / span if SUM in fields else 1.0
    return RecordedSpeed(
        program=PROGRAM,
        file=path.name,
        protocol="offline",
        unit="queries",
        throughput=speed,
        queries=queries,
        per_query=1,
        span=span,
        percentiles={
            share: fields.positive(f"{name} Latency")
            for name, share in PERCENTILES.items()
            if f"{name} Latency" in fields
        },
        runtime="onnxruntime",
        threads=int(threads[1]) if threads else None,
        load_seconds=fields.number(LOAD) if LOAD in fields else None,
        peak_memory=fields.count(MEMORY) if MEMORY in fields else None,
        facts={"provider": provider[1]} if provider else {},
        notes=(f"about {busy:.2g} queries ran at a time",) if busy > 1.1 else (),
    )


RUN_TIME, PER_SECOND = "Total inference run time", "Number of inferences per second"
SUM, LOAD, MEMORY = (
    "Total inference time cost",
    "Session creation time cost",
    "Peak working set size",
)
AVERAGES = ("Average inference time cost", "Average inference time cost total")


def _lines(text: str, path: Path) -> dict[str, float | str]:
    """Return every named figure; one that is there twice must be the same."""
    found: dict[str, float | str] = {}
    for name, value, _ in LINE.findall(text):
        figure = written(value)
        if found.setdefault(name, figure) != figure:
            msg = f"{path}: {name!r} is there twice, with two values; keep the output of one run"
            raise DataError(msg)
    return found


def _runs(path: Path) -> Iterator[RecordedSpeed]:
    """Yield the runs of a result file; the number of a query starts anew with each."""
    runs: list[list[float]] = []
    model, memory = "", 0
    for row, where in _rows(path):
        if int(row["at"]) == 0:
            runs.append([])
        if not runs or int(row["at"]) != len(runs[-1]):
            msg = f"{where}: query {row['at']} does not follow the one before; {AGAIN}"
            raise DataError(msg)
        runs[-1].append(Fields({"seconds": written(row["time"])}, where).positive("seconds"))
        model, memory = row["model"], max(memory, int(row["memory"]))
    if not runs or len(runs) > MOST_RUNS:
        msg = f"{path}: {len(runs)} runs of queries; {AGAIN}"
        raise DataError(msg)
    for at, times in enumerate(runs, 1):
        yield _timed(times, f"run {at}" if len(runs) > 1 else "", path, model, memory)


def _timed(times: list[float], name: str, path: Path, model: str, memory: int) -> RecordedSpeed:
    latencies = np.array(times)
    return RecordedSpeed(
        program=PROGRAM,
        file=path.name,
        name=name,
        protocol="offline",
        unit="queries",
        throughput=len(times) / float(latencies.sum()),
        queries=len(times),
        per_query=1,
        span=float(latencies.sum()),
        latencies=latencies,
        runtime="onnxruntime",
        peak_memory=memory or None,
        facts={"model folder": printable(model)} if model.strip() else {},
        notes=(ALONE,),
    )


def _rows(path: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the rows of times; what ``-s`` adds below a run holds no comma."""
    with reading(path), path.open("rb") as file:
        if path.stat().st_size > LARGEST:
            msg = f"{path}: over {LARGEST >> 20} MB; time fewer queries"
            raise DataError(msg)
        for at, line in enumerate(file, 1):
            text = line.decode(errors="replace").strip()
            if "," not in text:
                continue
            found = ROW.fullmatch(text)
            if found is None or max(map(len, found.groupdict().values())) > 4096:
                msg = f"{path}, line {at}: no row of model, seconds, bytes, use and number; {AGAIN}"
                raise DataError(msg)
            yield found.groupdict(), f"{path}, line {at}"
