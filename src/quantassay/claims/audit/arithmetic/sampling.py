"""A loss against its sampling error, as far as the two scores alone tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from quantassay.claims.audit.figures.figure import Figure, Scored
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.samples import Samples, samples_of
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding
from quantassay.stats.tango import tango_interval

from .counts import possible
from .words import count, places, shown, what

MOST_PAIRS = 60
MOST_LISTED = 3
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
    "within": "Within the sampling error, however many samples changed",
    "beyond": "Beyond the sampling error, however many samples changed",
    "open": "Beyond the sampling error or within it, by how many samples changed, which is not "
    "disclosed",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The 95 % interval of the loss in points with fewest and with most samples changed."""

    loss: float
    least: tuple[float, float]
    most: tuple[float, float]

    @property
    def outcome(self) -> str:
        """Whether both intervals agree on zero: "within" or "beyond", and else "open"."""
        holds = [low <= 0 <= high for low, high in (self.least, self.most)]
        return "within" if all(holds) else "open" if any(holds) else "beyond"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A pair of shares with its number of samples, and what they tell of the loss."""

    pair: Scored
    samples: Samples
    bounds: Bounds

    @property
    def key(self) -> tuple[float, float, int]:
        """What a pair has in common with the same pair printed elsewhere."""
        return self.pair.reference.share, self.pair.candidate.share, self.samples.n


@lru_cache(maxsize=1024)
def bounds(reference: float, candidate: float, n: int) -> Bounds:
    """Return what two shares right of n samples tell of the loss.

    The samples that changed are at least as many as the two counts differ, and at most as many as
    the two leave room for. Intervals are Tango's score intervals.
    """
    first, second = round(reference * n), round(candidate * n)
    fewest = (max(first - second, 0), max(second - first, 0))
    most = (min(first, n - second), min(second, n - first))
    return Bounds(100 * (reference - candidate), _interval(*fewest, n), _interval(*most, n))


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
    groups: dict[str, dict[tuple[float, float, int], Sampled]] = {
        outcome: {} for outcome in ("beyond", "within", "open")
    }
    for pair in figures.scored[:MOST_PAIRS]:
        found = _sampled(pair)
        if found is None or (found.samples.figure is None and (part or found.samples.n in parts)):
            continue
        groups[found.bounds.outcome].setdefault(found.key, found)
    return [
        _finding(document, outcome, list(group.values()))
        for outcome, group in groups.items()
        if group
    ]


def _sampled(pair: Scored) -> Sampled | None:
    """Return what a pair tells, where both scores are shares of a known number of samples."""
    samples = samples_of(pair)
    if samples is None or not 20 <= samples.n <= 10**8:
        return None
    if not all(_share(one) and possible(samples.n, one) for one in pair.scores):
        return None
    found = bounds(pair.reference.share, pair.candidate.share, samples.n)
    return Sampled(pair, samples, found)


def _share(one: Figure) -> bool:
    """Return whether a score is a share of samples answered right."""
    return (
        one.metric in _SHARES and 0 <= one.share <= 1 and one.lower_better is not True
        and not one.average and (one.unit == "percent" or one.is_fraction or one.value > 1)
    )  # fmt: skip


def _finding(document: Document, outcome: str, group: list[Sampled]) -> Finding:
    """Return what holds of some pairs alike, the largest losses first."""
    worst = sorted(group, key=lambda one: -one.bounds.loss)[:MOST_LISTED]
    listed = "; ".join(_line(one, outcome) for one in worst)
    more = len(group) - len(worst)
    text = f"{_WORDS[outcome]}: {listed}{f'; and {more} more' if more else ''}."
    if any(one.samples.figure is None for one in worst):
        text += " The text does not state n."
    spots = [
        figure
        for one in worst
        for figure in (one.pair.reference, one.pair.candidate, one.samples.figure)
    ]
    return Finding(
        f"sampling-{outcome}", text, tuple(document.quote(*place) for place in places(*spots))
    )


def _line(one: Sampled, outcome: str) -> str:
    """Return a pair with its loss and the 95 % interval: the one that decides, or both."""
    found = one.bounds
    fewest, most = (f"{_pp(ends)} if the {which}" for ends, which in (
        (found.least, "fewest changed"), (found.most, "most did")
    ))  # fmt: skip
    interval = f"{fewest}, {most}" if outcome == "open" else _pp(found.most)
    reference, candidate = one.pair.scores
    return (
        f"{what(one.pair)}{reference.text} to {candidate.text} (n = {count(one.samples.n)}, "
        f"{one.samples.source.partition(';')[0]}): loss {shown(found.loss)} pp, 95 % interval "
        f"{interval}"
    )


def _pp(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f} pp"
