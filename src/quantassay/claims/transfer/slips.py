"""Names in a deployment that are a slip of the pen: nearly one of the claim's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from quantassay.errors import some
from quantassay.records.deployment import Deployment

from .claimed import Claimed

Key = tuple[str | int, ...]
NEAR = 0.8


def slips(claim: Claimed, there: Deployment) -> Iterator[tuple[Key, str]]:
    """Yield the key path of each metric, dimension or stratum that is a slip, and what it may be.

    A name that is like none of the claim's is no slip: what it names was not measured, which is
    an answer of its own.
    """
    strata = _strata(claim)
    metrics = [facts.name for facts in claim.metrics]
    yield from _slip(("metric",), "metric", there.metric, metrics)
    for dimension, shares in there.mix.items():
        yield from _slip(("mix", dimension), "dimension", dimension, strata)
        for value in shares:
            key = ("mix", dimension, value)
            yield from _slip(key, f"stratum by {dimension!r}", value, strata.get(dimension, ()))
    for at, one in enumerate(there.critical):
        yield from _slip(("critical", at, "metric"), "metric", one.metric, metrics)
        for dimension, value in one.stratum.items():
            known = strata.get(dimension, ())
            yield from _slip(("critical", at), "dimension", dimension, strata)
            yield from _slip(("critical", at), f"stratum by {dimension!r}", value, known)


def _strata(claim: Claimed) -> dict[str, list[str]]:
    """Return the strata of every dimension that the claim counts or has cells of."""
    found = {dimension: list(sizes) for dimension, sizes in claim.task.strata.items()}
    for candidate in claim.candidates:
        for cell in candidate.cells:
            for dimension, value in cell.stratum.items():
                found.setdefault(dimension, []).append(value)
    return {dimension: list(dict.fromkeys(values)) for dimension, values in found.items()}


def _slip(
    key: Key, what: str, name: str | None, known: Collection[str]
) -> Iterator[tuple[Key, str]]:
    if name is None or name in known:
        return
    near = next((one for one in known if _near(name, one)), None)
    if near is not None:
        there = f"(did you mean {near!r}?): it has {some([*known])}"
        yield key, f"the claim has no {what} called {name!r} {there}"


def _near(name: str, known: str) -> bool:
    """Return whether a name is a letter or two off another; other numbers are other names."""
    one, other = name.casefold(), known.casefold()
    if re.findall("[0-9]+", one) != re.findall("[0-9]+", other) or abs(len(one) - len(other)) > 1:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEAR
