"""Layers of a TensorRT engine: the precision that each reads, and its share of the time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import as_object
from quantassay.readers.files.json_items import JsonItems
from quantassay.readers.throughput.fields import Fields

UNKNOWN, REFORMAT = "unknown", "reformat"
KINDS = {
    "fp32": "fp32", "float": "fp32", "fp16": "fp16", "half": "fp16", "bf16": "bf16",
    "bfloat16": "bf16", "fp8": "fp8", "fp4": "fp4", "int8": "int8", "int4": "int4",
    "int32": "int32", "int64": "int64", "uint8": "uint8", "bool": "bool",
}  # fmt: skip
KIND = re.compile(rf"\b({'|'.join(KINDS)})\b", re.IGNORECASE)
DETAIL = "export it with 'trtexec --profilingVerbosity=detailed'"


def exported(path: Path, key: str = "") -> Iterator[tuple[Any, str]]:
    """Yield the items of an export, under a key of its object or on their own, with their place.

    Raises
    ------
    DataError
        If it is damaged, or another export.
    """
    found = JsonItems(path, (key,) if key else ())
    for at, item in found:
        if at != key:
            msg = f"{path}: not what trtexec exports here; look at which file is which"
            raise DataError(msg)
        yield item, found.where


def layer_kinds(path: Path) -> dict[str, str]:
    """Return the precision of every layer's first input, by the layer's name.

    Raises
    ------
    DataError
        If it is damaged, or tells names only.
    """
    found: dict[str, str] = {}
    for item, where in exported(path, "Layers"):
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


def seconds_by_kind(path: Path, kinds: dict[str, str]) -> dict[str, float]:
    """Add the times of layers up by precision; the first item only counts iterations.

    Raises
    ------
    DataError
        If it is damaged, or of another engine.
    """
    totals: dict[str, float] = defaultdict(float)
    for item, where in exported(path):
        if isinstance(item, dict) and set(item) == {"count"}:
            continue
        seconds = Fields(as_object(item, where), where).number("timeMs") / 1000
        totals[kinds.get(str(item.get("name")), UNKNOWN)] += seconds
    if not totals.keys() - {UNKNOWN}:
        msg = f"{path}: names no layer that the layer information has; export both from one engine"
        raise DataError(msg)
    return dict(sorted(totals.items()))
