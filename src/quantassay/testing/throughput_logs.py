"""Readers of throughput logs, on a log of theirs."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from shutil import copy2, copytree
from tempfile import TemporaryDirectory
from typing import get_args

import numpy as np

from quantassay.errors import DataError
from quantassay.readers.throughput.contract import ThroughputLog
from quantassay.records.recorded_speed import Protocol, RecordedSpeed, Unit

from .laws.contract import obeying, require

CUTS = 12


def check_throughput_log(reader: ThroughputLog, path: Path | str) -> None:
    """Check everything that every reader of throughput logs obeys, on a copy of a log.

    Raises
    ------
    AssertionError
        In one line: the reader, and what it does otherwise.
    """
    with TemporaryDirectory() as folder:
        copied = Path(folder) / Path(path).name
        (copytree if Path(path).is_dir() else copy2)(path, copied)
        for law in (_it_says_what_it_reads, _its_figures_can_be, _what_is_cut_short_is_refused):
            with obeying(reader, law.__name__.strip("_").replace("_", " "), f" ({copied.name})"):
                law(reader, copied)


def _it_says_what_it_reads(reader: ThroughputLog, path: Path) -> None:
    for key in ("name", "opens", "unit", "tells"):
        said = getattr(reader, key, None)
        require(isinstance(said, str) and bool(said), f"{key} is {said!r}")
    require(reader.recognizes(path) is True, "it does not recognize its own log")
    missing = path.with_name(f"no such {path.name}")
    require(reader.recognizes(missing) is False, "it recognizes a path that is not there")


def _its_figures_can_be(reader: ThroughputLog, path: Path) -> None:
    found = reader.read_speed(path)
    require(bool(found), "it finds no measurement")
    for one, again in zip(found, reader.read_speed(path), strict=True):
        _sound(one)
        require(one.throughput == again.throughput, f"two readings of {one.name!r} differ")


def _sound(one: RecordedSpeed) -> None:
    what = f"measurement {one.name!r}"
    require(bool(one.program and one.file), f"{what} does not say program and file")
    require(one.unit in get_args(Unit), f"{what} counts {one.unit!r}")
    require(one.protocol in get_args(Protocol), f"{what} has protocol {one.protocol!r}")
    require(isfinite(one.throughput) and one.throughput > 0, f"{what}: {one.throughput} a second")
    require(one.queries > 0, f"{what} has {one.queries} queries")
    times = np.asarray([*one.latencies, *one.percentiles.values(), *one.repeats], float)
    require(bool(np.isfinite(times).all() and (times >= 0).all()), f"{what} has a time that cannot")
    require(all(0 < share < 1 for share in one.percentiles), f"{what}: percentiles are shares")
    require(len(one.latencies) in (0, one.queries), f"{what} has other latencies than queries")


def _what_is_cut_short_is_refused(reader: ThroughputLog, path: Path) -> None:
    """Cut every file at several places: what is left is sound, or one line says why not."""
    for file in [path] if path.is_file() else sorted(path.iterdir()):
        whole = file.read_bytes()
        for part in range(CUTS):
            file.write_bytes(whole[: len(whole) * part // CUTS])
            try:
                for one in reader.read_speed(path):
                    _sound(one)
            except DataError as error:
                require("\n" not in str(error), f"its error has several lines: {error}")
        file.write_bytes(whole)
