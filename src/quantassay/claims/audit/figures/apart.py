"""Scores of reference and candidate that stand in different sentences."""

from __future__ import annotations

import re
from dataclasses import replace

from .figure import Figure, Pair
from .sentences import Sentence
from .variants import Variant, mentions

Spoken = tuple[Sentence, tuple[Figure, ...]]
_FURTHEST = 1500
_REFERS = re.compile(
    r"^\W{0,3}(?:this|it|the|which|its|accuracy|auc|wer|f1|map|top)\b", re.IGNORECASE
)
_SPLIT = re.compile(r"\b(test|validation|val|dev|train(?:ing)?)\b")


def carried(spoken: list[Spoken]) -> list[Spoken]:
    """Give scores of a sentence that names no variant the last one that the text named."""
    last: Variant | None = None
    place = 0
    given: list[Spoken] = []
    for sentence, found in spoken:
        here = mentions(sentence.text)
        near = last is not None and sentence.start - place < 400
        if not here and near and _REFERS.match(sentence.text):
            found = tuple(_named(one, last) for one in found)
        if here:
            last, place = here[-1], sentence.end
        given.append((sentence, found))
    return given


def _named(one: Figure, last: Variant | None) -> Figure:
    return replace(one, variant=last) if one.role == "score" and one.variant is None else one


def apart(spoken: list[Spoken], pairs: list[Pair]) -> list[Pair]:
    """Return pairs across sentences: each candidate's score with the nearest reference's before it.

    Both must name the same metric, on one scale, and the same split if they name any.
    """
    taken = {one.start for pair in pairs for one in (pair.reference, pair.candidate) if one}
    references: list[tuple[Figure, str]] = []
    found = []
    for sentence, figures in spoken:
        for one in figures:
            if one.role != "score" or one.variant is None or sentence.hidden:
                continue
            split = _split(sentence, one)
            if one.variant.side == "reference":
                references.append((one, split))
            elif one.start not in taken:
                match = _nearest(one, split, references[-8:])
                found += [Pair(match, one)] if match else []
    return found


def _nearest(one: Figure, split: str, references: list[tuple[Figure, str]]) -> Figure | None:
    for base, base_split in reversed(references):
        same = base.metric == one.metric and base.is_fraction == one.is_fraction
        same = same and (one.metric != "" or one.unit == base.unit == "percent")
        if same and split == base_split and one.start - base.start < _FURTHEST:
            return base if base.dataset in ("", one.dataset) or not one.dataset else None
    return None


def _split(sentence: Sentence, one: Figure) -> str:
    """Return the part of the data named behind a figure, or else before it."""
    place = one.end - sentence.start
    behind = _SPLIT.search(sentence.text.lower(), place, place + 50)
    return behind[1] if behind else ""
