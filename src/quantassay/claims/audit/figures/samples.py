"""How many samples a score rests on: as the text states it, or as a benchmark is known to have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from .figure import Figure, Pair


@dataclass(frozen=True, slots=True)
class Samples:
    """A number of samples and where it is from; ``figure`` where the text states it."""

    n: int
    source: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The customarily scored part of a benchmark."""

    n: int
    split: str
    source: str


@lru_cache(maxsize=1)
def splits() -> dict[str, Split]:
    """Return the known parts of benchmarks by name."""
    text = (files(__package__) / "splits.yaml").read_text(encoding="utf-8")
    return {name: Split(**facts) for name, facts in yaml.safe_load(text).items()}


def samples_of(pair: Pair) -> Samples | None:
    """Return the number of samples of a pair: the stated one, or that of its benchmark."""
    if pair.n is not None:
        return Samples(int(pair.n.value), "stated", pair.n)
    one = pair.candidate or pair.reference
    known = splits().get(one.dataset) if one is not None else None
    if known is None or one is None or one.average:
        return None
    return Samples(known.n, f"the {one.dataset} {known.split} split; not stated in the text")
