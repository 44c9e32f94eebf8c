"""What a claim rests on, as names with text, for formats that hold such pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .figures import amendment_words, number
from .speeds import paired_speed

Claim = Mapping[str, Any]
Pair = tuple[str, str]


def of_claim(claim: Claim, dropped: Sequence[str]) -> Iterator[Pair]:
    """Yield what holds for every variant of a claim, and what an export leaves out of it."""
    task = claim["task"]
    yield from _known({
        "verdict": claim["verdict"] or "none",
        "confidence": number(claim["confidence"]),
        "rubric": f"{claim['rubric']['name']} {claim['rubric']['digest']}",
        "locked": claim["rubric"].get("locked"),
        "test set": f"{task['digest']}, n {task['n']}, {task['composition']}",
        "clusters": task["clusters"],
        "strata": task["strata"],
        "looks and amendments": amendment_words(claim),
        "stopping": claim.get("stopping"),
        "noise floor": claim["noise_floor"],
        "timed under": claim["conditions"],
        "frontier": "; ".join(_fastest(one) for one in claim["frontiers"]),
        "executor": claim["executor"],
        "software": claim.get("software"),
        "findings": claim["findings"],
        "reproduce": claim["reproduce"],
    })  # fmt: skip
    for metric in claim["metrics"]:
        yield f"metric {metric['name']}", f"{metric['definition']} ({metric['source']})"
    for item, words in claim["disclosures"].items():
        yield f"disclosure {item}", words or "not disclosed"
    yield "left out", "; ".join(dropped) or "nothing"


def _fastest(one: Mapping[str, Any]) -> str:
    found = one["fastest"]
    said = f"none: {one['reason']}" if found is None else f"{found} ({one['guarantee']})"
    return f"{one['metric']}: fastest that passes on every declared stratum: {said}"


def of_variant(variant: Mapping[str, Any]) -> Iterator[Pair]:
    """Yield what holds for one variant: how it was made, executed and timed, and its verdict."""
    artifact, decision = variant["artifact"], variant.get("decision")
    yield from _known({
        "origin": variant["origin"],
        "scheme": variant["scheme"],
        "precision": variant["precision"],
        "executed": variant.get("executed"),
        "engine": variant["engine"],
        "execution": variant["execution"],
        "digest": artifact and artifact["digest"],
        "calibration": variant["calibration"],
        "changed": variant["truth"],
        "failed": variant["failed_ids"],
        "timing": paired_speed(variant) if "throughput" in variant else None,
    })  # fmt: skip
    if decision is not None:
        yield "verdict", f"{decision['verdict'] or 'none'}: {decision['reason']}"
        yield "gates", str(decision["gate"]).lower()


def _known(values: Mapping[str, Any]) -> Iterator[Pair]:
    for name, value in values.items():
        if value not in (None, "", (), [], {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield name, text
