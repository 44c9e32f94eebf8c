"""A loss that a sentence states, beside the scores that a table or another sentence gives."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.audit.figures.variants import mentions

from .losses import reading_of

MOST_STATED = 100
MOST_PAIRS = 200
_WISHED = re.compile(
    r"\b(?:target|tolerance|threshold|acceptable|criteri\w+|meet|goal|expected|normal|typical\w*|"
    r"usual\w*|general\w*|often|can|could|may|might|should|must|require\w*|budget|allow\w*|fall "
    r"back|fallback\w*|until|if|other|literature|paper|prior|previous|up to)\b",
    re.IGNORECASE,
)


def told(figures: Figures) -> tuple[Pair, ...]:
    """Return the losses of sentences, each with the two scores that it is meant for.

    A loss that no scores fit is returned with the scores whose metric or dataset it names, where
    they are one pair. The first ``MOST_STATED`` losses and ``MOST_PAIRS`` pairs are looked at.
    """
    own = {pair.stated.start for pair in figures.pairs if pair.stated and pair.both}
    said = (
        (one, sentence)
        for sentence, found in figures.spoken
        for one in found
        if one.role in ("loss", "delta", "recovery") and one.start not in own
    )
    pairs = tuple(pair for pair in figures.pairs if pair.both)[:MOST_PAIRS]
    return tuple(
        pair for one, sentence in islice(said, MOST_STATED) for pair in _meant(one, sentence, pairs)
    )


def _meant(stated: Figure, sentence: Sentence, pairs: tuple[Pair, ...]) -> list[Pair]:
    if sentence.hidden or _WISHED.search(sentence.text):
        return []
    offered = [replace(pair, stated=stated) for pair in pairs]
    named = _named(stated, sentence, offered)
    fitting = next((pair for pair in named or offered if reading_of(pair) is not None), None)
    if fitting is not None:
        return [fitting]
    if not named and len(offered) == 1 and _may_mean(stated, offered[0]):
        return offered
    return named if len(named) == 1 else []


def _may_mean(stated: Figure, pair: Pair) -> bool:
    """Whether a stated loss names no dataset or metric that is not that of the only scores."""
    one = pair.candidate
    return one is not None and all(
        "" in sides or len(set(sides)) == 1
        for sides in ((stated.dataset, one.dataset), (_metric(stated), _metric(one)))
    )


def _metric(figure: Figure) -> str:
    """Return the metric of a figure; plain accuracy may be any."""
    return "" if figure.metric.lower() == "accuracy" else figure.metric


def _named(stated: Figure, sentence: Sentence, pairs: list[Pair]) -> list[Pair]:
    """Return the pairs whose metric, dataset or row and whose variant the sentence names."""
    low = sentence.text.lower()
    said = {one.words for one in mentions(sentence.text) if one.side == "candidate"}
    near = [pair for pair in pairs if _same(stated, pair, low)]
    mine = [pair for pair in near if pair.both and _variant(pair) in said]
    return mine or [pair for pair in near if not said or not _variant(pair)]


def _variant(pair: Pair) -> str:
    return pair.candidate.variant.words if pair.candidate and pair.candidate.variant else ""


def _same(stated: Figure, pair: Pair, low: str) -> bool:
    one = pair.candidate
    if one is None:
        return False
    label = pair.name.strip().lower()
    if len(label) > 2 and label in low:
        return True
    if stated.dataset or one.dataset:
        return stated.dataset == one.dataset and one.dataset != ""
    return stated.metric == one.metric and one.metric != ""
