"""A loss against its sampling error, as far as the two scores alone tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.samples import Samples, samples_of
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding
from quantassay.stats.tango import tango_interval

from .counts import possible
from .words import count, places, shown, what

MOST_PAIRS = 60
MOST_LISTED = 4
_PART = re.compile(
    r"\b(?:subsets?|part of the (?:test|validation|eval\w*)|only \d[\d,]* (?:images|samples|"
    r"questions)|first \d[\d,]* (?:images|samples|questions|examples)|limit[ =:]{1,2}\d+)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\bmcnemar|\bdiscordan\w+|\bpaired (?:bootstrap|interval|difference|t-?test|test)|"
    r"\d[\d,]*\s(?:\w+\s){0,2}(?:lost|broken|regressed|flipped)\b[^.]{0,40}\d[\d,]*\s(?:\w+\s){0,2}"
    r"(?:gained|fixed|won|improved)\b|\b(?:lost|losses)\s?[:=]\s?\d",
    re.IGNORECASE,
)
_ALPHA = 0.025
_SHARES = (
    "accuracy", "top-k", "top-1", "top-5", "share correct", "exact match", "EM", "pass@1", "score",
    "acc_norm", "normalized accuracy", "multiple-choice accuracy", "",
)  # fmt: skip
_WORDS = {
    "within": "within the sampling error in either case",
    "beyond": "beyond the sampling error in either case",
    "open": "cannot be determined: it depends on how many samples changed, which is not disclosed",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The 95 % interval of the loss in points with fewest and with most samples changed.

    ``unpaired`` is the loss in standard errors of two unrelated samples.
    """

    loss: float
    least: tuple[float, float]
    most: tuple[float, float]
    unpaired: float

    @property
    def outcome(self) -> str:
        """Whether both intervals agree on zero: "within" or "beyond", and else "open"."""
        holds = [low <= 0 <= high for low, high in (self.least, self.most)]
        return "within" if all(holds) else "open" if any(holds) else "beyond"


@lru_cache(maxsize=1024)
def bounds(reference: float, candidate: float, n: int) -> Bounds:
    """Return what two shares right of n samples tell of the loss.

    The samples that changed are at least as many as the two counts differ, and at most as many as
    the two leave room for. Intervals are Tango's score intervals.
    """
    first, second = round(reference * n), round(candidate * n)
    fewest = (max(first - second, 0), max(second - first, 0))
    most = (min(first, n - second), min(second, n - first))
    p, q = first / n, second / n
    spread = ((p * (1 - p) + q * (1 - q)) / n) ** 0.5
    return Bounds(
        100 * (p - q),
        _interval(*fewest, n),
        _interval(*most, n),
        abs(p - q) / spread if spread else 0.0,
    )


def _interval(losses: int, gains: int, n: int) -> tuple[float, float]:
    low, high = tango_interval(losses, gains, n, _ALPHA)
    return 100 * float(low), 100 * float(high)


def sampling(document: Document, figures: Figures) -> list[Finding]:
    """Return the losses whose number of samples is known, by how they stand to sampling error.

    A benchmark of which the text says that a part was scored has no known number, and scores that
    no count gives are no shares of the samples.
    """
    if any(_CHANGED.search(one.text) for one, _ in figures.spoken):
        return []  # the text itself tells how many samples changed
    part = any(_PART.search(one.text) for one, _ in figures.spoken)
    parts = {int(n.value) for k, n in figures.counts if k.value < n.value}
    groups: dict[str, list[tuple[Pair, Samples, Bounds]]] = {"beyond": [], "within": [], "open": []}
    for pair in figures.pairs[:MOST_PAIRS]:
        samples = samples_of(pair)
        if samples is not None and samples.figure is None and (part or samples.n in parts):
            continue
        if samples is None or not _share(pair) or not 20 <= samples.n <= 10**8:
            continue
        reference, candidate = pair.scores
        if not (possible(samples.n, reference) and possible(samples.n, candidate)):
            continue
        found = bounds(reference.share, candidate.share, samples.n)
        groups[found.outcome].append((pair, samples, found))
    return [_finding(document, outcome, group) for outcome, group in groups.items() if group]


def _share(pair: Pair) -> bool:
    """Return whether both scores are shares of samples answered right."""
    return pair.both is not None and all(
        one.metric in _SHARES and 0 <= one.share <= 1 and one.lower_better is not True
        and not one.average and (one.unit == "percent" or one.is_fraction or one.value > 1)
        for one in pair.both
    )  # fmt: skip


def _finding(
    document: Document, outcome: str, group: list[tuple[Pair, Samples, Bounds]]
) -> Finding:
    lines = [_line(pair, samples, found) for pair, samples, found in group[:MOST_LISTED]]
    more = len(group) - len(lines)
    tail = f" So for {more} more." if more > 0 else ""
    text = f"{' '.join(lines)} {_WORDS[outcome][0].upper()}{_WORDS[outcome][1:]}.{tail}"
    spots: list[Figure | None] = []
    for pair, samples, _ in group[:MOST_LISTED]:
        spots += [pair.reference, pair.candidate, samples.figure]
    return Finding(
        f"sampling-{outcome}", text, tuple(document.quote(*place) for place in places(*spots))
    )


def _line(pair: Pair, samples: Samples, found: Bounds) -> str:
    reference, candidate = pair.scores
    return (
        f"{what(pair)}{reference.text} to {candidate.text} on n = {count(samples.n)} "
        f"({samples.source}): loss {shown(found.loss)} pp, 95 % interval {_pp(found.least)} if the "
        f"fewest samples changed, {_pp(found.most)} if the most did; {found.unpaired:.1f} standard "
        f"errors if unpaired."
    )


def _pp(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f} pp"
