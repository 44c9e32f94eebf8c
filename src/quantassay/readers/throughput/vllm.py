"""JSON that ``vllm bench serve``, ``throughput`` and ``latency`` write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import LARGEST, as_object, parsed
from quantassay.readers.files.listing import head
from quantassay.readers.files.reading import reading
from quantassay.records.recorded_speed import RecordedSpeed, Unit

from .fields import AGAIN, Fields

HEAD = 1 << 12
SHARES = (10, 25, 50, 75, 90, 95, 99, 99.9)
SAID = ("ttft", "tpot", "itl", "e2el")
FACTS = (
    "backend", "endpoint_type", "date", "label", "tokenizer_id", "num_prompts", "request_rate",
    "burstiness", "max_concurrency", "total_input_tokens", "total_output_tokens",
)  # fmt: skip
SERVED = ("request_throughput", "duration", "completed")
OFFLINE = ("requests_per_second", "elapsed_time", "num_requests")
BATCHES = ("avg_latency", "latencies", "percentiles")


class Vllm:
    """Reads what ``vllm bench serve``, ``vllm bench throughput`` and ``vllm bench latency`` save.

    Requests and tokens are measurements of their own (``requests``, ``output tokens``, ``total
    tokens``), and so is every result of a file that results were appended to. Of ``latency`` each
    iteration is a query: its file does not say how many prompts that held.
    """

    name = "vllm"
    opens = "JSON of `vllm bench serve`, `throughput` and `latency`"
    unit = "requests, output tokens, total tokens; of `latency` queries"
    tells = "of `serve` the model's name; arrival rate, concurrency, time to first token"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether its first keys are those of a vLLM benchmark."""
        start = head(path, HEAD)
        served = b'"request_rate"' in start and b'"model_id"' in start
        offline = b'"elapsed_time"' in start and b'"num_requests"' in start
        batches = b'"avg_latency"' in start and b'"latencies"' in start
        return start.lstrip()[:1] == b"{" and (served or offline or batches)

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return every measurement.

        Raises
        ------
        DataError
            If it is damaged, or throughput, counts and duration contradict each other.
        """
        results = _results(path)
        found = []
        for at, (result, where) in enumerate(results, 1):
            run = f", result {at}" if len(results) > 1 else ""
            found += [
                replace(one, name=one.name + run) for one in _one(Fields(result, where), path.name)
            ]
        return found


def _results(path: Path) -> list[tuple[dict[str, Any], str]]:
    """Return the results of a file; several were appended a line each."""
    with reading(path), path.open("rb") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        msg = f"{path}: over {LARGEST >> 20} MB; run it without --save-detailed"
        raise DataError(msg)
    lines = [line for line in text.split(b"\n") if line.strip()]
    whole = len(lines) < 2 or not all(line.lstrip()[:1] == b"{" for line in lines)
    parts = [(text, str(path))] if whole else [
        (line, f"{path}, result {at}") for at, line in enumerate(lines, 1)
    ]  # fmt: skip
    return [(as_object(parsed(part, where), where), where) for part, where in parts]


def _one(fields: Fields, file: str) -> Iterator[RecordedSpeed]:
    for keys, read in ((SERVED, _served), (OFFLINE, _offline), (BATCHES, _batches)):
        if keys[0] in fields:
            yield from read(fields, file)
            return
    msg = f"{fields.where}: tells none of {SERVED[0]}, {OFFLINE[0]}, {BATCHES[0]}; {AGAIN}"
    raise DataError(msg)


def _served(fields: Fields, file: str) -> Iterator[RecordedSpeed]:
    seconds, completed = fields.positive("duration"), fields.count("completed")
    failed = int(fields.number("failed")) if "failed" in fields else 0
    if "num_prompts" in fields and completed + failed > fields.count("num_prompts"):
        of = fields.count("num_prompts")
        msg = f"{fields.where}: {completed} completed and {failed} failed of {of} prompts; {AGAIN}"
        raise DataError(msg)
    rate = None if fields.text("request_rate") in ("inf", "") else fields.positive("request_rate")
    raw = fields.numbers("latencies") if "latencies" in fields and not failed else []
    made = RecordedSpeed(
        program="vllm bench serve",
        file=file,
        protocol="offline" if rate is None else "server",
        unit="requests",
        throughput=0.0,
        queries=completed,
        span=seconds,
        latencies=np.array(raw if len(raw) == completed else []),
        percentiles=_percentiles(fields),
        rate=rate,
        runtime="vLLM",
        model=fields.text("model_id"),
        facts={**_facts(fields), **_times(fields)},
        notes=(f"{failed} requests failed: the figure is of the others",) if failed else (),
    )
    yield from _counted(fields, made, [
        ("requests", "requests", "request_throughput", "completed"),
        ("output tokens", "tokens", "output_throughput", "total_output_tokens"),
        ("total tokens", "tokens", "total_token_throughput", ""),
    ])  # fmt: skip


def _offline(fields: Fields, file: str) -> Iterator[RecordedSpeed]:
    made = RecordedSpeed(
        program="vllm bench throughput",
        file=file,
        protocol="offline",
        unit="requests",
        throughput=0.0,
        queries=fields.count("num_requests"),
        span=fields.positive("elapsed_time"),
        runtime="vLLM",
        facts=_facts(fields),
    )
    yield from _counted(fields, made, [
        ("requests", "requests", "requests_per_second", "num_requests"),
        ("total tokens", "tokens", "tokens_per_second", "total_num_tokens"),
    ])  # fmt: skip


def _counted(
    fields: Fields, made: RecordedSpeed, wanted: list[tuple[str, Unit, str, str]]
) -> Iterator[RecordedSpeed]:
    """Yield a measurement for every throughput that is there, held to its count over the time."""
    assert made.span
    for name, unit, key, count in wanted:
        if key in fields and fields.number(key):
            speed = fields.positive(key)
            total = fields.positive(count) if count in fields else _tokens(fields)
            if total is not None:
                fields.agree(
                    key, speed, total / made.span, f"{count or 'tokens'} over the duration"
                )
            per_query = 1 if unit == "requests" else None
            yield replace(made, name=name, unit=unit, throughput=speed, per_query=per_query)


def _tokens(fields: Fields) -> float | None:
    both = ("total_input_tokens", "total_output_tokens")
    return sum(fields.number(key) for key in both) if all(key in fields for key in both) else None


def _batches(fields: Fields, file: str) -> Iterator[RecordedSpeed]:
    times = np.array(fields.numbers("latencies"))
    if not len(times):
        msg = f"{fields.where}: 'latencies' holds no iteration; {AGAIN}"
        raise DataError(msg)
    mean = float(times.mean())
    fields.agree("avg_latency", fields.positive("avg_latency"), mean, "the mean of 'latencies'")
    yield RecordedSpeed(
        program="vllm bench latency",
        file=file,
        protocol="offline",
        unit="queries",
        throughput=1 / mean,
        queries=len(times),
        per_query=1,
        span=float(times.sum()),
        latencies=times,
        runtime="vLLM",
        notes=("one batch after the other; the file does not say how many prompts a batch held",),
    )


def _percentiles(fields: Fields) -> Mapping[float, float]:
    """Return the percentiles of a request's whole time, where they were asked for."""
    keys = {round(share / 100, 4): f"p{share:g}_e2el_ms" for share in SHARES}
    if "median_e2el_ms" in fields:
        keys[0.5] = "median_e2el_ms"
    found = {share: fields.positive(keys[share]) for share in sorted(keys) if keys[share] in fields}
    fields.rising({keys[share]: value for share, value in found.items()})
    return {share: value / 1000 for share, value in found.items()}


def _facts(fields: Fields) -> dict[str, str]:
    return {key: text for key in FACTS if (text := fields.text(key))}


def _times(fields: Fields) -> dict[str, str]:
    """Return means, medians and percentiles of the parts of a request, in milliseconds."""
    ends = tuple(f"_{part}_ms" for part in SAID)
    return {key: f"{fields.number(key):g}" for key in fields if key.endswith(ends)}
