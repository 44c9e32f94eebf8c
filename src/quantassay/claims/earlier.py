"""Claims of earlier versions, brought to the fields of this one; what they never said is null."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from quantassay.records.speed import Speed

#: of a throughput, by what they are called now
RENAMED = {"pairs": "blocks", "batches": "queries"}
#: of a throughput, which earlier versions did not record
ABSENT = {"protocol": "offline", "throughput_interval": None}


def brought_up(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a claim with the fields of this version, in place.

    Values of any shape are taken: what is no claim is left as it is.
    """
    raw.setdefault("conditions", None)
    raw.setdefault("frontiers", [])
    candidates = raw.get("candidates")
    named = candidates.values() if isinstance(candidates, dict) else ()
    held = [one for one in named if isinstance(one, dict)]
    for one in held:
        one.setdefault("triple", None)
    speeds = [raw.get("reference_throughput"), *(one.get("throughput") for one in held)]
    for speed in speeds:
        if isinstance(speed, dict):
            _bring_up(speed)
    return raw


def _bring_up(speed: dict[str, Any]) -> None:
    """Rename in place; pairs of batches were timed offline, one protocol for all."""
    for old, new in RENAMED.items():
        if old in speed and new not in speed:
            speed[new] = speed.pop(old)
            for field, value in ABSENT.items():
                speed.setdefault(field, value)
    for one in fields(Speed):
        if one.default is not MISSING:
            speed.setdefault(one.name, one.default)
