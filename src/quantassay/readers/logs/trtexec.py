"""What trtexec exported: times of queries, and the layers of a TensorRT engine."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import number
from quantassay.readers.files.json_items import JsonItems
from quantassay.records.recorded_speed import RecordedSpeed

TIMES = ("startH2dMs", "endD2hMs", "h2dMs", "computeMs", "d2hMs", "latencyMs")
PARTS = ("h2dMs", "computeMs", "d2hMs")
UNKNOWN, REFORMAT = "unknown", "reformat"
PRECISE = 1e-3  # trtexec prints six digits
KINDS = {
    "fp32": "fp32", "float": "fp32", "fp16": "fp16", "half": "fp16", "bf16": "bf16",
    "bfloat16": "bf16", "fp8": "fp8", "fp4": "fp4", "int8": "int8", "int4": "int4",
    "int32": "int32", "int64": "int64", "uint8": "uint8", "bool": "bool",
}  # fmt: skip
KIND = re.compile(rf"\b({'|'.join(KINDS)})\b", re.IGNORECASE)
DETAIL = "export it with 'trtexec --profilingVerbosity=detailed'"


def read_trtexec(
    times: Path, layers: Path | None = None, profile: Path | None = None
) -> RecordedSpeed:
    """Read what one run of trtexec exported.

    Parameters
    ----------
    times : Path
        From ``--exportTimes``.
    layers : Path, optional
        From ``--exportLayerInfo``, with ``--profilingVerbosity=detailed``.
    profile : Path, optional
        From ``--exportProfile``; it says something only beside ``layers``.

    Raises
    ------
    DataError
        If a file is damaged, contradicts itself, or does not fit the others.

    Notes
    -----
    Fields as in ``sampleReporting.cpp`` of TensorRT's samples: ``latencyMs`` is the sum of
    ``h2dMs``, ``computeMs`` and ``d2hMs``.
    """
    rows = np.array([_times(item, where) for item, where in _items(times)])
    if not len(rows):
        msg = f"{times}: holds no query; run trtexec with '--exportTimes'"
        raise DataError(msg)
    columns = dict(zip(TIMES, rows.T / 1000, strict=True))
    kinds = _layers(layers) if layers else {}
    return RecordedSpeed(
        source=f"trtexec, {times.name}",
        latencies=columns["latencyMs"],
        compute=columns["computeMs"],
        span=float(columns["endD2hMs"].max() - columns["startH2dMs"].min()),
        layers=dict(sorted(Counter(kinds.values()).items())),
        layer_seconds=_seconds(profile, kinds) if profile else {},
    )


def _items(path: Path, key: str = "") -> Iterator[tuple[Any, str]]:
    found = JsonItems(path, (key,) if key else ())
    for at, item in found:
        if at != key:
            msg = f"{path}: not what trtexec exports here; look at which file is which"
            raise DataError(msg)
        yield item, found.where


def _number(item: Any, name: str, where: str) -> float:
    given = item.get(name) if isinstance(item, dict) else None
    value = None if isinstance(given, bool) else number(given)
    if value is None or not isfinite(value) or value < 0:
        msg = (
            f"{where}: {name!r} is {str(given)[:40]!r}, not a time in milliseconds; export it again"
        )
        raise DataError(msg)
    return value


def _times(item: Any, where: str) -> list[float]:
    values = {name: _number(item, name, where) for name in TIMES}
    whole = sum(values[name] for name in PARTS)
    if abs(whole - values["latencyMs"]) > PRECISE * max(whole, values["latencyMs"]):
        msg = (
            f"{where}: 'latencyMs' is {values['latencyMs']:g}, but h2dMs, computeMs and d2hMs are "
            f"{whole:g} together; export it again"
        )
        raise DataError(msg)
    if values["endD2hMs"] < values["startH2dMs"]:
        msg = f"{where}: the query ends before it starts; export it again"
        raise DataError(msg)
    return list(values.values())


def _layers(path: Path) -> dict[str, str]:
    """Return the precision of every layer's first input, by the layer's name."""
    found: dict[str, str] = {}
    for item, where in _items(path, "Layers"):
        if not isinstance(item, dict) or not isinstance(item.get("Name"), str):
            msg = f"{where}: the layer is only a name, and does not tell its precision; {DETAIL}"
            raise DataError(msg)
        if item["Name"] in found:
            msg = f"{where}: layer {item['Name']!r} is there twice; export it again"
            raise DataError(msg)
        inputs = item.get("Inputs")
        if inputs:
            moves = item.get("LayerType") == "Reformat"
            found[item["Name"]] = REFORMAT if moves else _kind(inputs, where)
    if not found:
        msg = f"{path}: tells of no layer with inputs under 'Layers'; {DETAIL}"
        raise DataError(msg)
    return found


def _kind(inputs: Any, where: str) -> str:
    first = inputs[0] if isinstance(inputs, list) else None
    written = first.get("Format/Datatype") if isinstance(first, dict) else None
    named = KIND.search(written) if isinstance(written, str) else None
    if named is None:
        msg = (
            f"{where}: 'Format/Datatype' of its first input is {written!r}, no precision; {DETAIL}"
        )
        raise DataError(msg)
    return KINDS[named[1].lower()]


def _seconds(path: Path, kinds: dict[str, str]) -> dict[str, float]:
    """Add the times of layers up by precision; the first item only counts iterations."""
    totals: dict[str, float] = defaultdict(float)
    for item, where in _items(path):
        if isinstance(item, dict) and set(item) == {"count"}:
            continue
        seconds = _number(item, "timeMs", where) / 1000
        totals[kinds.get(str(item.get("name")), UNKNOWN)] += seconds
    if not totals.keys() - {UNKNOWN}:
        msg = f"{path}: names no layer that the layer information has; export both from one engine"
        raise DataError(msg)
    return dict(sorted(totals.items()))
