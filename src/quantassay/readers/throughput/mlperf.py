"""Performance runs of MLPerf's LoadGen: its summary, held against its detailed log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import as_object, parsed
from quantassay.readers.files.listing import head
from quantassay.readers.files.reading import reading
from quantassay.readers.logs.mlperf.summaries import lines
from quantassay.records.recorded_speed import Protocol, RecordedSpeed

from .fields import AGAIN, Fields, printable, written

SUMMARY, DETAIL = "mlperf_log_summary.txt", "mlperf_log_detail.txt"
MARK = b":::MLLOG "
LARGEST, LONGEST = 256 << 20, 4 << 20
SCENARIOS: dict[str, Protocol] = {
    "Offline": "offline",
    "SingleStream": "single-stream",
    "MultiStream": "multi-stream",
    "Server": "server",
}
SHARES = (50, 90, 95, 97, 99, 99.9)
KEPT = ("result_", "effective_", "early_stopping", "loadgen_version", "num_errors", "sut_name")
FACTS = (
    "sut_name", "effective_target_qps", "effective_target_latency_ns",
    "effective_target_latency_percentile", "effective_min_duration_ms",
    "effective_min_query_count", "effective_samples_per_query",
    "effective_performance_sample_count",
)  # fmt: skip


class MlPerfPerformance:
    """Reads ``mlperf_log_summary.txt`` with ``mlperf_log_detail.txt`` beside it, or their folder.

    Only a run in PerformanceOnly mode that LoadGen calls VALID is read. MultiStream tells no
    throughput: it is samples a query over the mean latency of a query.
    """

    name = "mlperf"
    opens = "the folder of a performance run: summary and detailed log"
    unit = "samples"
    tells = "scenario and settings; of the system under test its own name only"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether it is LoadGen's summary or detailed log, or a folder that holds them."""
        if path.is_dir():
            return (path / SUMMARY).is_file() and (path / DETAIL).is_file()
        return path.name in (SUMMARY, DETAIL) and bool(head(path, 1))

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return the one measurement.

        Raises
        ------
        DataError
            If a file is missing or damaged, the two contradict each other, or the run is INVALID.
        """
        folder = path if path.is_dir() else path.parent
        said = _summary(folder / SUMMARY)
        fields = Fields(_detail(folder / DETAIL), str(folder / DETAIL))
        scenario = _scenario(said, fields, folder / SUMMARY)
        _require_valid(said, fields, folder / SUMMARY)
        found = _measured(scenario, said, fields, path.name)
        return [replace(found, files=(folder / SUMMARY, folder / DETAIL))]


def _summary(path: Path) -> Fields:
    found: dict[str, Any] = {}
    for key, value in lines(path):
        if found.setdefault(key, written(value)) != written(value):
            msg = f"{path}: {key!r} is there twice, with two values; keep the log of one run"
            raise DataError(msg)
    if "Scenario" not in found:
        msg = f"{path}: missing, or no summary of LoadGen: it tells no 'Scenario'"
        raise DataError(msg)
    return Fields(found, str(path))


def _detail(path: Path) -> dict[str, Any]:
    """Return what the detailed log tells of settings and result; a key has one value."""
    found: dict[str, Any] = {}
    with reading(path), path.open("rb") as file:
        if path.stat().st_size > LARGEST:
            msg = f"{path}: over {LARGEST >> 20} MB; run it without a trace"
            raise DataError(msg)
        at = 0
        while line := file.readline(LONGEST):
            at += 1
            if not line.startswith(MARK):
                continue
            where = f"{path}, line {at}"
            entry = as_object(parsed(line[len(MARK) :], where), where)
            key = entry.get("key")
            if not isinstance(key, str) or not key.startswith(KEPT):
                continue
            if found.setdefault(key, entry.get("value")) != entry.get("value"):
                msg = f"{where}: {key!r} is told twice, with two values; keep the log of one run"
                raise DataError(msg)
    return found


def _scenario(said: Fields, fields: Fields, path: Path) -> str:
    scenario, mode = said.text("Scenario"), said.text("Mode")
    if scenario not in SCENARIOS:
        msg = f"{path}: 'Scenario' is {scenario!r}; known are {', '.join(SCENARIOS)}"
        raise DataError(msg)
    if mode != "PerformanceOnly":
        msg = (
            f"{path}: 'Mode' is {mode!r}, which times nothing; run LoadGen in PerformanceOnly mode"
        )
        raise DataError(msg)
    pairs = (("effective_scenario", scenario), ("effective_test_mode", mode))
    for key, summary in pairs:
        if fields.text(key) != summary:
            both = f"{key!r} is {fields.text(key)!r}, in the summary {summary!r}"
            msg = f"{fields.where}: {both}; keep the two logs of one run"
            raise DataError(msg)
    return scenario


def _require_valid(said: Fields, fields: Fields, path: Path) -> None:
    """Refuse a run that LoadGen calls invalid, or had errors in, with what it says."""
    states = {said.text("Result is"), fields.text("result_validity")}
    if states == {"VALID"} and not fields.number("num_errors"):
        return
    unmet = [key for key in said if key.endswith("satisfied") and said.text(key).upper() == "NO"]
    why = fields.text("result_invalid_reason") or ", ".join(f"{key}: NO" for key in unmet)
    errors = "" if states != {"VALID"} else f", with {fields.text('num_errors')} errors"
    told = f"LoadGen says {' and '.join(sorted(states))}{errors}: {printable(why) or '?'}"
    msg = f"{path}: {told}; no throughput is taken from it: run it again as LoadGen asks"
    raise DataError(msg)


def _measured(scenario: str, said: Fields, fields: Fields, file: str) -> RecordedSpeed:
    queries = fields.count("result_query_count")
    samples = fields.count("effective_samples_per_query")
    speed, notes = _throughput(scenario, said, fields, samples)
    _check(scenario, fields, speed, queries * samples)
    return RecordedSpeed(
        program=f"MLPerf LoadGen {fields.text('loadgen_version').partition(' ')[0]}".strip(),
        file=file,
        protocol=SCENARIOS[scenario],
        unit="samples",
        throughput=speed,
        queries=queries,
        per_query=samples,
        span=queries * samples / speed,
        percentiles=_percentiles(scenario, said, fields),
        rate=fields.positive("effective_target_qps") if scenario == "Server" else None,
        facts={key: text for key in FACTS if (text := fields.text(key))},
        notes=notes,
    )


def _throughput(
    scenario: str, said: Fields, fields: Fields, samples: int
) -> tuple[float, tuple[str, ...]]:
    """Return samples per second, the same in both logs, and how they came about."""
    if scenario == "MultiStream":
        mean = fields.positive("result_mean_query_latency_ns") / 1e9
        return samples / mean, ("samples a query over the mean latency of a query",)
    short, long = {
        "Offline": ("Samples per second", "result_samples_per_second"),
        "SingleStream": ("QPS w/ loadgen overhead", "result_qps_with_loadgen_overhead"),
        "Server": ("Completed samples per second", "result_completed_samples_per_sec"),
    }[scenario]
    speed = fields.positive(long)
    # the summary rounds to two digits after the point
    within = max(0.001, 0.006 / speed)
    said.agree(short, said.positive(short), speed, f"{long!r} of {DETAIL}", within)
    return speed, ()


def _check(scenario: str, fields: Fields, speed: float, samples: int) -> None:
    """Refuse a throughput that counts and times of the same log contradict."""
    if scenario == "Offline":
        last = fields.positive("result_max_latency_ns") / 1e9
        fields.agree(
            "result_samples_per_second", speed, samples / last, "samples over the last end"
        )
    if scenario == "SingleStream":
        mean = 1e9 / fields.positive("result_mean_latency_ns")
        bare = fields.positive("result_qps_without_loadgen_overhead")
        fields.agree("result_qps_without_loadgen_overhead", bare, mean, "one over the mean latency")
        fields.rising({"result_qps_with_loadgen_overhead": speed, "result_qps_without": bare})
    seconds, least = samples / speed, fields.number("effective_min_duration_ms") / 1000
    if scenario != "MultiStream" and seconds < 0.9 * least:
        took = f"{samples} samples at {speed:g} a second are {seconds:.3g} s"
        asked = f"'effective_min_duration_ms' is {1000 * least:g}"
        msg = f"{fields.where}: {took}, and {asked}; {AGAIN}"
        raise DataError(msg)


def _percentiles(scenario: str, said: Fields, fields: Fields) -> Mapping[float, float]:
    """Return percentiles of a query's latency; Offline has one query."""
    if scenario == "Offline":
        return {}
    part = "per_query_" if scenario == "MultiStream" else ""
    keys = {share: f"result_{share:.2f}_percentile_{part}latency_ns" for share in SHARES}
    found = {share: fields.positive(keys[share]) for share in SHARES if keys[share] in fields}
    fields.rising({keys[share]: value for share, value in found.items()})
    for share, value in found.items():
        short = f"{share:.2f} percentile latency (ns)"
        said.agree(short, said.positive(short), value, f"{keys[share]!r} of {DETAIL}", 1e-3)
    return {round(share / 100, 4): value / 1e9 for share, value in found.items()}
