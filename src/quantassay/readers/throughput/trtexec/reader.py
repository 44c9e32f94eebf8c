"""Logs of trtexec: times of queries, layers of the engine, or what was printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from quantassay.errors import DataError
from quantassay.readers.files.listing import entries, head
from quantassay.records.recorded_speed import RecordedSpeed

from .printed import is_printed, read_printed, text_of
from .times import read_times

HEAD = 1 << 12
SAME = 0.05


class TrtExec:
    """Reads what trtexec exported (``--exportTimes``), what it printed, or a folder of both.

    A folder may hold its layers (``--exportLayerInfo --profilingVerbosity=detailed``) and its
    profile (``--exportProfile``) too: then the precision that each layer runs in is held against
    that of the accuracy half.
    """

    name = "trtexec"
    opens = "exported times (JSON), its output as text, or a folder with these, layers and profile"
    unit = "queries: say with `--samples-per-query` how many samples each held"
    tells = "model file, device, version and options, where printed; precision of layers"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether it holds times or the summary of trtexec, or is a folder with one."""
        files = entries(path) if path.is_dir() else [path]
        return any(_kind(file) in ("times", "printed") for file in files)

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return the one measurement.

        Raises
        ------
        DataError
            If a file is damaged, contradicts itself, or does not fit the others.
        """
        found: dict[str, Path] = {}
        for file in entries(path) if path.is_dir() else [path]:
            kind = _kind(file)
            if kind and kind in found:
                msg = f"{path}: {found[kind].name} and {file.name} both hold {kind}; keep one run"
                raise DataError(msg)
            found |= {kind: file} if kind else {}
        return [replace(_whole(path, found), files=tuple(found.values()))]


def _whole(path: Path, found: dict[str, Path]) -> RecordedSpeed:
    """Join what one run exported and printed; exported times go before printed percentiles."""
    printed = read_printed(found["printed"]) if "printed" in found else None
    if "times" not in found:
        if printed is None:
            msg = f"{path}: neither times that trtexec exported nor what it printed"
            raise DataError(msg)
        return replace(printed, file=path.name)
    timed = read_times(found["times"], found.get("layers"), _profile(found))
    if printed is None:
        return replace(timed, file=path.name)
    if abs(timed.throughput - printed.throughput) > SAME * printed.throughput:
        msg = (
            f"{path}: {found['times'].name} gives {timed.throughput:g} queries/s, and "
            f"{found['printed'].name} says {printed.throughput:g}; keep one run"
        )
        raise DataError(msg)
    exported = {
        name: getattr(timed, name) for name in ("latencies", "compute", "layers", "layer_seconds")
    }
    if printed.queries != timed.queries:  # the warm-up is among those exported
        exported["latencies"] = exported["compute"] = timed.latencies[:0]
    return replace(printed, file=path.name, **exported)


def _profile(found: dict[str, Path]) -> Path | None:
    return found.get("profile") if "layers" in found else None


def _kind(file: Path) -> str:
    """Tell the files of trtexec apart by their first bytes; '' of any other."""
    start = head(file, HEAD)
    if start.lstrip()[:1] == b"[" and b'"latencyMs"' in start and b'"computeMs"' in start:
        return "times"
    if start.lstrip()[:1] == b"{" and b'"Layers"' in start:
        return "layers"
    if start.lstrip()[:1] == b"[" and b'"timeMs"' in start:
        return "profile"
    return "printed" if start and b"trtexec" in start and is_printed(text_of(file)) else ""
