"""A loss that a sentence states, beside the scores that a table or another sentence gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from quantassay.claims.audit.figures.figure import Figure, Scored, Told
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.audit.figures.variants import mentions

from .losses import follows
from .readings import Reading, readings

MOST_STATED = 100
MOST_PAIRS = 200
WISHED = re.compile(
    r"\b(?:target|tolerance|threshold|acceptable|criteri\w+|meet|goal|expected|normal|typical\w*|"
    r"usual\w*|general\w*|often|can|could|may|might|should|must|require\w*|budget|allow\w*|fall "
    r"back|fallback\w*|until|if|other|literature|paper|prior|previous|up to|margins?|limits?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Read:
    """A pair of scores with its name in small letters, and what the scores make of a loss."""

    pair: Scored
    name: str
    readings: tuple[Reading, ...]


def told(figures: Figures) -> tuple[Told, ...]:
    """Return the losses of sentences, each with the two scores that it is meant for.

    A loss that no scores fit is returned with the scores whose metric or dataset it names, where
    they are one pair. The first ``MOST_STATED`` losses and ``MOST_PAIRS`` pairs are looked at.
    """
    own = {
        one.start
        for pair in figures.scored
        for one in (pair.reference, pair.candidate, pair.stated)
        if one is not None
    }
    said = (
        (one, sentence)
        for sentence, found in figures.spoken
        for one in found
        if one.role in ("loss", "delta", "recovery") and one.start not in own
    )
    scored = figures.scored[:MOST_PAIRS]
    pairs = tuple(
        Read(pair, pair.name.strip().lower(), tuple(readings(*pair.scores))) for pair in scored
    )
    return tuple(
        pair for one, sentence in islice(said, MOST_STATED) for pair in _meant(one, sentence, pairs)
    )


def _meant(stated: Figure, sentence: Sentence, pairs: tuple[Read, ...]) -> list[Told]:
    if sentence.hidden or WISHED.search(sentence.text):
        return []
    named = _named(stated, sentence, pairs)
    fitting = (one for one in named or pairs if follows(stated, one.readings))
    chosen = next(fitting, None)
    if chosen is None and len(named) == 1:
        chosen = named[0]
    if chosen is None and not named and len(pairs) == 1 and _may_mean(stated, pairs[0].pair):
        chosen = pairs[0]
    mine = replace(chosen.pair, stated=stated).told if chosen else None
    return [mine] if mine else []


def _may_mean(stated: Figure, pair: Scored) -> bool:
    """Whether a stated loss names no dataset or metric that is not that of the only scores.

    An average loss is not meant for scores that are no average.
    """
    one = pair.candidate
    return stated.average <= one.average and all(
        "" in sides or len(set(sides)) == 1
        for sides in ((stated.dataset, one.dataset), (_metric(stated), _metric(one)))
    )


def _metric(figure: Figure) -> str:
    """Return the metric of a figure; plain accuracy may be any."""
    return "" if figure.metric.lower() == "accuracy" else figure.metric


def _named(stated: Figure, sentence: Sentence, pairs: tuple[Read, ...]) -> list[Read]:
    """Return the pairs whose metric, dataset or row and whose variant the sentence names."""
    low = sentence.text.lower()
    said = {one.words for one in mentions(sentence.text) if one.side == "candidate"}
    near = [one for one in pairs if _same(stated, one, low)]
    mine = [one for one in near if _variant(one.pair) in said]
    return mine or [one for one in near if not said or not _variant(one.pair)]


def _variant(pair: Scored) -> str:
    return pair.candidate.variant.words if pair.candidate.variant else ""


def _same(stated: Figure, read: Read, low: str) -> bool:
    one = read.pair.candidate
    if len(read.name) > 2 and read.name in low:
        return True
    if stated.dataset or one.dataset:
        return stated.dataset == one.dataset and one.dataset != ""
    return stated.metric == one.metric and one.metric != ""
