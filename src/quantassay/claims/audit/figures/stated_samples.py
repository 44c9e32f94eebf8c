"""The number of scored samples that a sentence states, given to the pairs that it is meant for."""

from __future__ import annotations

import re
from dataclasses import replace

from .figure import Figure, Pair
from .sentences import Sentence

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


def with_samples(
    pairs: list[Pair], spoken: list[tuple[Sentence, tuple[Figure, ...]]]
) -> list[Pair]:
    """Give pairs without a number of samples the one that sentences state.

    Nothing is given where sentences state several numbers, or where the dataset that the sentence
    names is not the pair's.
    """
    stated = [
        one
        for sentence, found in spoken
        for one in found
        if one.role == "n" and _scored(sentence) and one.value >= 20
    ]
    if len({one.value for one in stated}) != 1:
        return pairs
    n = stated[0]
    return [replace(pair, n=n) if _meant(pair, n) else pair for pair in pairs]


def _scored(sentence: Sentence) -> bool:
    text = sentence.text
    return not sentence.hidden and bool(_SCORED.search(text)) and not _OTHER.search(text)


def _meant(pair: Pair, n: Figure) -> bool:
    one = pair.candidate or pair.reference
    return (
        pair.n is None and one is not None and not one.average
        and (n.dataset == one.dataset or not n.dataset or not one.dataset)
    )  # fmt: skip
