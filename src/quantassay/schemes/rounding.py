"""How a scheme rounded: weights beside those of the model it was made from, or of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..records.contents import Dequantized, StoredWeight, in_blocks

HALF_STEP = 0.51  # one part in a hundred for scales that are stored in half precision
SAME = 0.01  # steps that two equal weights may lie apart, for the same reason
NEAR = 0.01  # share of weights in which two variants that are in effect one may differ
MOST = 0.9  # share of weights that lie where they are expected
FAR = 0.9  # relative distance; two unrelated weights of one size have about 1.4
SAMPLE = 4096


@dataclass(frozen=True)
class Rounded:
    """How many weights are the source's rounded to the nearest number of the variant's grid.

    ``compared`` of the ``total`` weights on a grid: those of which the source's were found. A
    scheme that chooses scales or zero points well and then rounds to nearest has all of them; one
    that rounds so that errors cancel, as GPTQ does, has not. Neither has one that first rescales or
    corrects weights.
    """

    nearest: int
    compared: int
    total: int


@np.errstate(all="ignore")  # a damaged scale may be no number
def rounded(source: Sequence[StoredWeight], variant: Sequence[StoredWeight]) -> Rounded:
    """Count the weights that are just rounded; weights are read one at a time."""
    pool, nearest, compared = _Pool(source), 0, 0
    for weight in variant:
        made = weight.read() if weight.quantized else None
        before = None if made is None else pool.partner(weight, made)
        if made is None or made.step is None or before is None:
            continue
        nearest, compared = nearest + _nearest(before.values, made), compared + made.values.size
    return Rounded(nearest, compared, _size([one for one in variant if one.quantized]))


def _nearest(before: NDArray[np.float32], made: Dequantized) -> int:
    """Count the numbers that lie on the nearest point of their grid, or on its end."""
    grid = [np.asarray(one) for one in (made.step, made.low, made.high)]
    values, (step, low, high) = in_blocks(made.values, *grid)
    away = np.clip(before.reshape(values.shape), low, high)
    away -= values
    np.abs(away, out=away)
    if made.error:
        away -= np.float32(made.error) * np.abs(values)
    return int(np.count_nonzero(away <= HALF_STEP * np.abs(step)))


@np.errstate(all="ignore")
def differing(first: Sequence[StoredWeight], second: Sequence[StoredWeight]) -> float | None:
    """Return the share of quantized weights in which two variants differ, where it is small.

    None where it is over 1 %, or they quantize different weights.
    """
    own, others = ([w for w in side if w.quantized] for side in (first, second))
    total = _size(own)
    if not total or _size(others) != total:
        return None
    pool, differ = _Pool(others), 0
    for weight in own:
        made = weight.read()
        other = None if made is None else pool.partner(weight, made)
        if made is None or made.step is None or other is None:
            return None
        values, (step,) = in_blocks(made.values, made.step)
        apart = ~(np.abs(values - other.values.reshape(values.shape)) <= SAME * np.abs(step))
        differ += int(np.count_nonzero(apart))
        if differ > NEAR * total:
            return None
    return differ / total


@np.errstate(all="ignore")
def as_stored(
    name: str, values: NDArray[Any], variant: Sequence[StoredWeight]
) -> NDArray[Any] | None:
    """Return a source's weight as a variant stores it, in the type and layout of the source.

    None where the variant stores the same numbers, or none that are these rounded: what was
    rescaled first is no longer the same layer's weight.
    """
    own = StoredWeight(
        name, values.shape, False, lambda: Dequantized(values.astype(np.float32, copy=False))
    )
    for weight in sorted(variant, key=lambda one: name not in one.name):
        if weight.shape not in (own.shape, own.shape[::-1]):
            continue
        made = weight.read()
        before = None if made is None else _Pool([own]).partner(weight, made)
        if made is None or before is None or not _is_rounded(before.values, made):
            continue
        turned = made.values.shape != values.shape or not np.array_equal(before.values, values)
        found = np.ascontiguousarray(made.values.T if turned else made.values)
        return None if np.array_equal(found, values) else found.astype(values.dtype)
    return None


def _is_rounded(before: NDArray[np.float32], made: Dequantized) -> bool:
    """Return whether most numbers lie within a step, or a hundredth of themselves, of the old."""
    if made.step is None:
        near = np.abs(made.values - before) <= NEAR * np.abs(before)
    else:
        values, (step,) = in_blocks(made.values, np.asarray(made.step))
        near = np.abs(values - before.reshape(values.shape)) <= np.abs(step)
    return bool(np.mean(near) >= MOST)


def _size(weights: Sequence[StoredWeight]) -> int:
    return sum(int(np.prod(weight.shape)) for weight in weights)


@dataclass
class _Pool:
    """Weights among which the one that another was made from is looked up."""

    weights: Sequence[StoredWeight]
    samples: dict[str, NDArray[np.float32] | None] = field(default_factory=dict)

    def partner(self, weight: StoredWeight, made: Dequantized) -> Dequantized | None:
        """Return the weight of the same name, else the most alike, laid out as ``made`` is."""
        fitting = [one for one in self.weights if one.shape in (weight.shape, weight.shape[::-1])]
        named = [one for one in fitting if one.name and one.name in weight.name]
        named.sort(key=lambda one: -len(one.name))
        for group in (named[:1], fitting):
            away = [(self._distance(one, made.values), at) for at, one in enumerate(group)]
            if away and min(away)[0] < FAR:
                return _laid_out(group[min(away)[1]].read(), made.values)
        return None

    def _distance(self, candidate: StoredWeight, values: NDArray[np.float32]) -> float:
        if candidate.name not in self.samples:
            found = candidate.read()
            self.samples[candidate.name] = None if found is None else _sample(found.values)
        sample = self.samples[candidate.name]
        if sample is None:
            return float("inf")
        ways = [values] if candidate.shape == values.shape else []
        ways += [values.T] if candidate.shape == values.T.shape else []
        return min(_apart(sample, _sample(way)) for way in ways)


def _sample(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return every n-th number, in the order of rows: some thousands of them."""
    return values.flat[:: max(1, values.size // SAMPLE)].copy()


def _apart(reference: NDArray[np.float32], values: NDArray[np.float32]) -> float:
    size = float(np.linalg.norm(reference))
    distance = float(np.linalg.norm(reference - values)) / size if size else np.inf
    return distance if np.isfinite(distance) else float("inf")


def _laid_out(found: Dequantized | None, values: NDArray[np.float32]) -> Dequantized | None:
    """Transpose what was found where it then lies closer, or fits at all."""
    if found is None:
        return None
    ways = [way for way in (found.values, found.values.T) if way.shape == values.shape]
    sample = _sample(values)
    return Dequantized(min(ways, key=lambda way: _apart(_sample(way), sample)))
