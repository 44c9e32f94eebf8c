"""The dataset and the metric that some words name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from quantassay.claims.lexicons.matches import Match, find

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Named:
    """Canonical names of a dataset and of a metric; empty where the words name none."""

    dataset: str = ""
    metric: str = ""


def _scores(match: Match) -> bool:
    """Return whether a metric is one of quality that a number can be a score on."""
    if match.kind != "metric":
        return False
    return match.facts.get("rule") != "speed" and match.name not in ("degradation", "recovery")


def _exact(match: Match, text: str) -> str:
    """Return the name of a metric with the k of a top-k: they are not to be compared."""
    digits = re.findall(r"\d+", text[match.start : match.end])
    return f"top-{digits[0]}" if match.name == "top-k" and digits else match.name


@lru_cache(maxsize=4096)
def named(text: str) -> Named:
    """Return the first dataset and the first metric that a label or a sentence names."""
    found = find(text[:_LONGEST])
    return Named(
        next((match.name for match in found if match.kind == "dataset"), ""),
        next((_exact(match, text) for match in found if _scores(match)), ""),
    )
