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
_ASIDE = re.compile(
    r"\((?:[A-Za-z][\w -]{0,30},\s)?(?:n\s?=\s?)?\d[\d,]{2,9}\s(?:\w+\s)?(?:images|samples|"
    r"questions|examples|queries|utterances|sentences)\)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"calib|\btrain|fine-?tun|\bper\b|\beach\b|\bonly\b|subset|latency|throughput|warm-?up|"
    r"iterations|runs\b|batch|consist\w* of \d+ class",
    re.IGNORECASE,
)


def with_samples(pairs: list[Pair], stated: list[Figure]) -> list[Pair]:
    """Give pairs without a number of samples the one that the text states.

    Where it states several numbers, only those whose dataset is the pair's count; where these
    differ too, nothing is given.
    """
    several = len({one.value for one in stated}) > 1
    given = []
    for pair in pairs:
        mine = [n for n in stated if _meant(pair, n) and (n.dataset or not several)]
        one = len({n.value for n in mine}) == 1
        given.append(replace(pair, n=mine[0]) if one else pair)
    return given


def stated_samples(
    spoken: list[tuple[Sentence, tuple[Figure, ...]]], grids: list[tuple[Spot, ...]]
) -> list[Figure]:
    """Return the numbers of scored samples, 20 or more, that sentences and tables of facts state.

    A table of facts has one column of values, whose rows say what each is.
    """
    said = [one for sentence, found in spoken for one in found if _scored(sentence, one, found)]
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


def _scored(sentence: Sentence, one: Figure, found: tuple[Figure, ...]) -> bool:
    """Return whether a sentence says that its number of samples was scored.

    A test set does, in parentheses or with a score beside it.
    """
    text = sentence.text
    if one.role != "n" or sentence.hidden or _OTHER.search(text):
        return False
    beside = one.dataset and any(other.role in ("score", "loss") for other in found)
    return bool(_SCORED.search(text) or beside or _ASIDE.search(text, 0, 400))


def _meant(pair: Pair, n: Figure) -> bool:
    one = pair.candidate or pair.reference
    return (
        pair.n is None and one is not None and not one.average
        and (n.dataset == one.dataset or not n.dataset or not one.dataset)
    )  # fmt: skip
