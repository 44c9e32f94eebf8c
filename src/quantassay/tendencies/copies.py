"""Models that bear several digests and are one: counted as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..records.foretelling import Observed

#: figures of the stored weights alone, with all their digits
WEIGHTS = ("weight-outliers", "weight-concentration", "weight-kurtosis")
FEWEST = 2


def as_one_model(triples: Sequence[Observed]) -> tuple[list[Observed], int]:
    """Return triples in which models of the same weights are one, and how many names that took.

    A copy of a model whose file differs in what it does not compute, such as its metadata, has
    another digest. Those whose figures of weights are the same to the last bit are taken for one:
    too few models make an interval wider, too many make it false.
    """
    first: dict[tuple[tuple[str, float], ...], str] = {}
    named: dict[str, str] = {}
    for one in triples:
        weights = _weights(one.tendencies)
        named.setdefault(
            one.model,
            first.setdefault(weights, one.model) if len(weights) >= FEWEST else one.model,
        )
    kept = [replace(one, model=named[one.model]) for one in triples]
    return kept, len(named) - len(set(named.values()))


def _weights(seen: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((name, seen[name]) for name in WEIGHTS if name in seen)
