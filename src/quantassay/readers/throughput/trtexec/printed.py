"""What trtexec prints: versions, options, and its performance summary."""

from __future__ import annotations

import re
from pathlib import Path

from quantassay.errors import DataError
from quantassay.readers.files.listing import head
from quantassay.readers.throughput.fields import AGAIN, Fields, printable, written
from quantassay.records.recorded_speed import RecordedSpeed

LONGEST = 16 << 20
SUMMARY = "=== Performance summary ==="
PRECISE = 5e-3
NUMBER = r"([\d.eE+-]{1,40})"
FIGURES = {
    "Throughput": rf"Throughput: {NUMBER} qps",
    "Total Host Walltime": rf"Total Host Walltime: {NUMBER} s",
    "queries": r"Timing trace has (\d{1,18}) queries",
    "median latency": rf"\] Latency: [^\n]*?median = {NUMBER} ms",
}
PERCENTILE = re.compile(rf"percentile\({NUMBER}%\) = {NUMBER} ms")
LATENCY = re.compile(r"\] Latency: ([^\n]*)")
FACTS = {
    "version": r"(?:TensorRT v|TensorRT version: )([\w.]{1,40})",
    "precision": r"\] Precision: ([^\n]{1,200})",
    "batch": r"\] Batch: ([^\n]{1,200})",
    "input shapes": r"\] Input inference shapes?(?: : |: )([^\n]{1,200})",
}
MODEL = re.compile(r"\] (?:Model|Engine): ([^\n*]{1,400})")
DEVICE = re.compile(r"\] Selected Device: ([^\n]{1,200})")


def is_printed(text: str) -> bool:
    """Return whether a text holds trtexec's summary."""
    return SUMMARY in text and "Total Host Walltime" in text


def text_of(path: Path) -> str:
    """Return the text of a file, at most 16 MiB of it; '' of what is no file."""
    return head(path, LONGEST).decode(errors="replace")


def read_printed(path: Path) -> RecordedSpeed:
    """Read what trtexec printed.

    Raises
    ------
    DataError
        If a figure of the summary is missing, there twice, or contradicts the others.
    """
    text = text_of(path)
    if "&&&& FAILED" in text:
        msg = f"{path}: trtexec says that it FAILED; {AGAIN}"
        raise DataError(msg)
    fields = Fields(_figures(text, path), str(path))
    queries, span = fields.count("queries"), fields.positive("Total Host Walltime")
    speed = fields.positive("Throughput")
    fields.agree("Throughput", speed, queries / span, "queries over walltime", PRECISE)
    # an engine with an implicit batch counts every sample of it as a query
    batch = _fact(text, "batch")
    held = int(batch) if batch.isascii() and batch.isdigit() and 0 < len(batch) < 7 else 0
    return RecordedSpeed(
        program=f"trtexec {_fact(text, 'version')}".strip(),
        file=path.name,
        protocol="offline",
        unit="samples" if held else "queries",
        throughput=speed,
        queries=max(1, queries // held) if held else queries,
        per_query=held or 1,
        span=span,
        percentiles=_percentiles(text, fields),
        runtime="TensorRT",
        model=_first(MODEL, text),
        device=_first(DEVICE, text),
        facts={key: found for key in FACTS if (found := _fact(text, key))},
    )


def _figures(text: str, path: Path) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for name, pattern in FIGURES.items():
        values = sorted(set(re.findall(pattern, text)))
        if len(values) > 1:
            msg = f"{path}: {name!r} is there twice, with two values; keep the output of one run"
            raise DataError(msg)
        if values:
            found[name] = written(values[0])
    return found


def _percentiles(text: str, fields: Fields) -> dict[float, float]:
    line = LATENCY.search(text)
    pairs = PERCENTILE.findall(line[1]) if line else []
    found = {}
    for share, value in pairs:
        key = f"percentile({share}%)"
        one = Fields({"percentile": written(share), key: written(value)}, fields.where)
        place = one.positive("percentile") / 100
        if place < 1:
            found[place] = one.positive(key) / 1000
    if "median latency" in fields:
        found[0.5] = fields.positive("median latency") / 1000
    ordered = dict(sorted(found.items()))
    fields.rising({f"percentile({share:.6g})": value for share, value in ordered.items()})
    return ordered


def _fact(text: str, key: str) -> str:
    return _first(re.compile(FACTS[key]), text)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return printable(found[1]) if found else ""
