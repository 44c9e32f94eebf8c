"""Every pair of penalties along an axis, and every pair of such pairs along another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from quantassay.records.cross import At, Axis, CrossContrast, Penalty

from .shares import Share, difference, ends_of, factor, ratio_of_factors, share_of

Place = tuple[At, str]
Pair = tuple[Place, Place]
Shares = Mapping[Place, Share]


def contrasts(
    penalties: Sequence[Penalty], headline: Mapping[str, str]
) -> tuple[CrossContrast, ...]:
    """Return all contrasts and interactions of penalties that can be compared.

    Tasks are compared by the ``headline`` metric of each, models by every metric, metrics within a
    task; always with one scheme. Ordered so that no estimate is negative: their intervals hold all
    at once, so which is named first may depend on what was seen.

    Parameters
    ----------
    penalties
        Of a study; those of strata, and those without ``at_once``, are passed over.
    headline
        The metric of each task that stands for it.
    """
    found = {(one.at, one.metric): share_of(one) for one in penalties if not one.stratum}
    shares = {place: share for place, share in found.items() if share is not None}
    heads = dict.fromkeys(at for at in shares if headline.get(at[0].task) == at[1])
    tasks = _paired(heads, lambda at, _: (at.model, at.scheme))
    models = _paired(shares, lambda at, metric: (at.task, at.scheme, metric))
    metrics = _paired(shares, lambda at, _: at)
    of_heads = [pair for pair in models if pair[0] in heads]
    alone: list[tuple[Axis, list[Pair]]] = [("task", tasks), ("model", models), ("metric", metrics)]
    both: list[tuple[tuple[Axis, Axis], Iterator[tuple[Pair, Pair]]]] = [
        (("task", "model"), _crossed(of_heads, _models_compared)),
        (("model", "metric"), _crossed(models, lambda a, b: (a[0].task, *_models_compared(a, b)))),
        (("task", "metric"), _crossed(metrics, _metrics_compared)),
    ]
    return (
        *(_contrast(axis, pair, shares) for axis, pairs in alone for pair in pairs),
        *(_interaction(axes, *two, shares) for axes, pairs in both for two in pairs),
    )


def _paired(places: Iterable[Place], fixed: Callable[[At, str], Hashable]) -> list[Pair]:
    """Return every two places that are alike in what is fixed."""
    alike: dict[Hashable, list[Place]] = {}
    for at, metric in places:
        alike.setdefault(fixed(at, metric), []).append((at, metric))
    return [pair for some in alike.values() for pair in combinations(some, 2)]


def _models_compared(a: Place, b: Place) -> tuple[str, str, str]:
    return a[0].scheme, a[0].model, b[0].model


def _metrics_compared(a: Place, b: Place) -> tuple[str, str, str, str]:
    return a[0].scheme, a[0].model, a[1], b[1]


def _crossed(
    pairs: Iterable[Pair], fixed: Callable[[Place, Place], Hashable]
) -> Iterator[tuple[Pair, Pair]]:
    """Yield every two pairs that compare the same; names within a pair are put in one order."""
    alike: dict[Hashable, list[Pair]] = {}
    for first, second in pairs:
        a, b = sorted((first, second))
        alike.setdefault(fixed(a, b), []).append((a, b))
    for some in alike.values():
        yield from combinations(some, 2)


def _contrast(axis: Axis, pair: Pair, shares: Shares) -> CrossContrast:
    more, less = sorted(pair, key=lambda place: shares[place].middle, reverse=True)
    found = difference(shares[more], shares[less])
    times, reason = factor(shares[more], shares[less])
    return CrossContrast((axis,), (more,), (less,), found.estimate, ends_of(found), times, reason)


def _interaction(axes: tuple[Axis, Axis], one: Pair, other: Pair, shares: Shares) -> CrossContrast:
    """Name first the pair that differs more, and in it the place that loses more."""
    (a, b), (c, d) = sorted((one, other), key=lambda pair: -abs(_apart(pair, shares)))
    if _apart((a, b), shares) < 0:
        a, b, c, d = b, a, d, c
    of = shares.__getitem__
    found = difference(difference(of(a), of(b)), difference(of(c), of(d)))
    times, reason = ratio_of_factors((of(a), of(b)), (of(c), of(d)))
    return CrossContrast(axes, (a, c), (b, d), found.estimate, ends_of(found), times, reason)


def _apart(pair: Pair, shares: Shares) -> float:
    return shares[pair[0]].middle - shares[pair[1]].middle
