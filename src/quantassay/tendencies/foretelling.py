"""How well tendencies went with a measured loss: rank correlations over triples, models whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isnan

import numpy as np

from ..records.foretelling import Foretold, Observed
from ..records.tendencies import Definition
from ..stats.multiplicity import holm
from ..stats.ranks import FEWEST_GROUPS, rank_correlation_interval, rank_correlation_p
from .definitions import definition

METHOD = "t on Fisher's scale, each model left out whole"


def foretold(triples: Sequence[Observed], confidence: float = 0.95) -> tuple[Foretold, ...]:
    """Tabulate how well each tendency went with the loss, the strongest first.

    Parameters
    ----------
    triples
        What was measured and seen.
    confidence
        Of each interval; and of the whole table where it says what is settled.

    Returns
    -------
    tuple of Foretold
        One of every known tendency that any triple has.
    """
    names = dict.fromkeys(name for one in triples for name in one.tendencies)
    found = [_one(each, list(triples), confidence) for each in _known(names)]
    adjusted = holm([np.nan if one.p is None else one.p for one in found])
    settled = (
        replace(one, p_adjusted=None if isnan(p) else float(p))
        for one, p in zip(found, adjusted, strict=True)
    )
    return tuple(sorted(settled, key=_strength))


def unknown(triples: Sequence[Observed]) -> tuple[str, ...]:
    """Return the names of tendencies that nothing here defines."""
    names = dict.fromkeys(name for one in triples for name in one.tendencies)
    known = {name for name, _ in _known(names)}
    return tuple(name for name in names if name not in known)


def _known(names: dict[str, None]) -> Iterator[tuple[str, Definition]]:
    for name in names:
        try:
            yield name, definition(name)
        except KeyError:
            continue


def _one(each: tuple[str, Definition], triples: list[Observed], confidence: float) -> Foretold:
    name, what = each
    seen = [one for one in triples if name in one.tendencies]
    sign = 1.0 if what.said == "higher" else -1.0
    x = [sign * one.tendencies[name] for one in seen]
    y, models = [one.loss for one in seen], [one.model for one in seen]
    found = rank_correlation_interval(x, y, models, confidence)
    ends, p = found.ends, rank_correlation_p(x, y, models)
    return Foretold(
        name=name,
        said=what.said,
        triples=len(seen),
        models=len(set(models)),
        correlation=None if isnan(found.estimate) else found.estimate,
        interval=ends,
        confidence=confidence,
        method=METHOD if ends else "described",
        reason="" if ends else _why(x, y, models),
        p=None if ends is None else p,
    )


def _why(x: list[float], y: list[float], models: list[str]) -> str:
    """Say why there is no interval."""
    if len(set(x)) < 2:
        return "it is the same in every triple"
    if len(set(y)) < 2:
        return "the loss is the same in every triple"
    if len(set(models)) < FEWEST_GROUPS:
        return f"fewer than {FEWEST_GROUPS} models: described only"
    return "it rests on one model"


def _strength(one: Foretold) -> float:
    return 2.0 if one.correlation is None else -one.correlation
