"""The claim of both halves: the accuracy as it was, the throughput that was measured elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from quantassay.records.joined import Joined
from quantassay.records.plain import plain
from quantassay.records.speed import Speed

from ..build import decision_grade, trade_off
from ..disclosures import absent, disclosures
from .halves import AccuracyHalf

UNSIGNED = (
    "throughput was joined to the claim {origin}: a signature of that one does not hold for this; "
    "sign it again"
)


def joined_claim(half: AccuracyHalf, speed: Speed, joined: Joined, notes: list[str]) -> str:
    """Return the text of a claim with the throughput of one variant more.

    Parameters
    ----------
    half
        The variant of a claim that the throughput is joined to.
    speed
        Its throughput.
    joined
        What was joined.
    notes
        What a reader must know of it: findings of the claim.
    """
    result = replace(half.result, speeds=(*half.result.speeds, speed))
    disclosed = disclosures(result)
    missing = absent(disclosed)
    raw: dict[str, Any] = json.loads(json.dumps(half.file.raw))
    if half.is_reference:
        raw["reference_throughput"] = plain(speed)
    else:
        raw["candidates"][half.variant]["throughput"] = plain(speed)
    raw |= {
        "trade_off": trade_off(result.comparison, result.speeds),
        "findings": [*raw["findings"], *_findings(half, speed, joined, notes)],
        "disclosures": disclosed,
        "missing": missing,
        "decision_grade": decision_grade(result, missing),
        "joined": [*raw.get("joined", []), plain(joined)],
    }
    return json.dumps(raw, indent=1, allow_nan=False, ensure_ascii=False)


def _findings(half: AccuracyHalf, speed: Speed, joined: Joined, notes: list[str]) -> Iterator[str]:
    """Yield what was measured where, what it says nothing of, and every note."""
    yield (
        f"throughput of {half.variant}: {speed.throughput:.6g} {speed.unit}/s, measured elsewhere "
        f"by {joined.program} ({joined.file}), not beside the reference: no speed-up is claimed"
    )
    declared = (half.result.rubric_declared or {}).get("timing")
    speedup = declared.get("speedup") if isinstance(declared, dict) else None
    if speedup is not None:
        yield f"the declared speed-up of {speedup:g} is not judged by it: it was not timed here"
    quotient = _quotient(half, speed)
    if quotient:
        yield quotient
    other = f"; {joined.application}" if joined.application else ""
    yield f"another program issued the queries than in the accuracy half: {joined.program}{other}"
    for note in notes:
        yield f"throughput of {half.variant}: {note}"
    yield UNSIGNED.format(origin=joined.origin)


def _quotient(half: AccuracyHalf, speed: Speed) -> str:
    """Describe the plain quotient of two logs, where both were made alike; '' where not."""
    reference = half.claim["reference"]["name"]
    for other in half.result.speeds:
        alike = all(
            getattr(speed, key) == getattr(other, key) for key in ("unit", "protocol", "batch")
        )
        if not other.source or reference not in (speed.variant, other.variant) or not alike:
            continue
        own, base = (other, speed) if speed.variant == reference else (speed, other)
        return (
            f"throughput of {own.variant} over that of {base.variant}, from two logs that were not "
            f"interleaved: {own.throughput / base.throughput:.3g}, no interval: description only"
        )
    return ""
