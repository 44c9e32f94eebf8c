"""Times of single queries, from ``trtexec --exportTimes``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import as_object
from quantassay.readers.throughput.fields import AGAIN, Fields
from quantassay.records.recorded_speed import RecordedSpeed

from .layers import exported, layer_kinds, seconds_by_kind

TIMES = ("startH2dMs", "endD2hMs", "h2dMs", "computeMs", "d2hMs", "latencyMs")
PARTS = ("h2dMs", "computeMs", "d2hMs")
PRECISE = 1e-3  # trtexec prints six digits
WARM = "older versions of trtexec export the queries of the warm-up too, which slow the figure"


def read_times(
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
    rows = np.array([_times(item, where) for item, where in exported(times)])
    if not len(rows):
        msg = f"{times}: holds no query; run trtexec with '--exportTimes'"
        raise DataError(msg)
    columns = dict(zip(TIMES, rows.T / 1000, strict=True))
    span = float(columns["endD2hMs"].max() - columns["startH2dMs"].min())
    if not span > 0:
        msg = f"{times}: all queries together took no time; {AGAIN}"
        raise DataError(msg)
    kinds = layer_kinds(layers) if layers else {}
    return RecordedSpeed(
        program="trtexec",
        file=times.name,
        protocol="offline",
        unit="queries",
        throughput=len(rows) / span,
        queries=len(rows),
        per_query=1,
        span=span,
        latencies=columns["latencyMs"],
        compute=columns["computeMs"],
        runtime="TensorRT",
        layers=dict(sorted(Counter(kinds.values()).items())),
        layer_seconds=seconds_by_kind(profile, kinds) if profile else {},
        notes=(WARM,),
    )


def _times(item: Any, where: str) -> list[float]:
    fields = Fields(as_object(item, where), where)
    values = {name: fields.number(name) for name in TIMES}
    whole = sum(values[name] for name in PARTS)
    fields.agree("latencyMs", values["latencyMs"], whole, "the sum of its parts", PRECISE)
    if values["endD2hMs"] < values["startH2dMs"]:
        msg = f"{where}: the query ends before it starts; {AGAIN}"
        raise DataError(msg)
    return list(values.values())
