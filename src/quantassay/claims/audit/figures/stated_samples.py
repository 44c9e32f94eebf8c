"""The number of scored samples that a sentence states, given to the pairs that it is meant for."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from quantassay.claims.sources.document import Document

from .figure import Figure, Pair, figure
from .grid import Spot
from .names import named
from .numbers import numbers
from .phrases import role_in
from .sentences import Sentence

_MOST = 10
_SCORED = re.compile(
    r"\b(?:test|validation|evaluat\w+|eval|accuracy|scored?|benchmark\w*|held[- ]out|measured|"
    r"questions|utterances)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"calib|\btrain|fine-?tun|\bper\b|\beach\b|\bonly\b|subset|latency|throughput|warm-?up|"
    r"iterations|runs\b|batch|consist\w* of \d+ class",
    re.IGNORECASE,
)


def with_samples(pairs: list[Pair], stated: list[Figure]) -> list[Pair]:
    """Give pairs without a number of samples the one that the text states.

    Nothing is given where it states several numbers, or where the dataset that it names beside the
    number is not the pair's.
    """
    if len({one.value for one in stated}) != 1:
        return pairs
    n = stated[0]
    return [replace(pair, n=n) if _meant(pair, n) else pair for pair in pairs]


def stated_samples(
    spoken: list[tuple[Sentence, tuple[Figure, ...]]], grids: list[tuple[Spot, ...]]
) -> list[Figure]:
    """Return the numbers of scored samples, 20 or more, that sentences and tables of facts state.

    A table of facts has one column of values, whose rows say what each is.
    """
    said = [one for sentence, found in spoken for one in found if _scored(sentence)]
    facts = [
        spot.figure
        for grid in grids
        if len({spot.column for spot in grid}) == 1
        for spot in grid
        if not _OTHER.search(spot.row_label)
    ]
    return [one for one in (*said, *facts) if one.role == "n" and one.value >= 20]


def captioned_samples(document: Document) -> list[Figure]:
    """Return the numbers of scored samples that the captions of tables state."""
    found = []
    for caption in {table.caption for table in document.tables if table.caption}:
        start = document.source.find(caption)
        if start < 0 or _OTHER.search(caption):
            continue
        for printed in islice(numbers(caption, start), _MOST):
            if role_in(caption, printed, start) == "n" and printed.value >= 20:
                place = (start, start + len(caption))
                found.append(replace(figure(printed, "n", place), dataset=named(caption).dataset))
    return found


def _scored(sentence: Sentence) -> bool:
    text = sentence.text
    return not sentence.hidden and bool(_SCORED.search(text)) and not _OTHER.search(text)


def _meant(pair: Pair, n: Figure) -> bool:
    one = pair.candidate or pair.reference
    return (
        pair.n is None and one is not None and not one.average
        and (n.dataset == one.dataset or not n.dataset or not one.dataset)
    )  # fmt: skip
