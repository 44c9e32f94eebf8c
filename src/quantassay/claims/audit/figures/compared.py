"""Two scores that a sentence sets against each other: "75.2 vs 76.1"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from .figure import Figure
from .sentences import Sentence
from .variants import Side, mentions

_VERSUS = re.compile(
    r"^[\s%)*_]{0,6}(?:vs\.?|versus|against|compared (?:to|with)|as opposed to)\s"
    r"(?:(?:the|about|~)\s?)?(?P<name>(?:[\w-]{1,14}\s){0,2})[\s(*_]{0,4}$",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:drop\w*|fall\w*|fell|los(?:s|ses|es|t|ing)|lose|degrad\w+|declin\w+|decreas\w+|"
    r"keep\w*|retain\w*|recover\w*|preserv\w+|maintain\w*|retention)\b",
    re.IGNORECASE,
)
_SCORES = ("score", "loss", "delta", "recovery")
_NEAR = 14


def compared(sentence: Sentence, found: tuple[Figure, ...]) -> tuple[Figure, Figure] | None:
    """Return reference and candidate of two scores set against each other; None if not told apart.

    The words beside the second number tell which it is; else, of a loss or a recovery, the better
    score is the reference's; else the words before the first do.
    """
    if sentence.hidden:
        return None
    for first, second in pairwise(found):
        between = sentence.text[first.end - sentence.start : second.start - sentence.start]
        match = _VERSUS.match(between) if len(between) < 50 else None
        if match is None or not _alike(first, second):
            continue
        side = _side_of_second(sentence, first, second, match["name"])
        if side is None:
            continue
        first, second = replace(first, role="score"), replace(second, role="score")
        return (second, first) if side == "reference" else (first, second)
    return None


def _alike(first: Figure, second: Figure) -> bool:
    """Return whether two numbers can be scores on one scale."""
    return (
        first.role in _SCORES and second.role in _SCORES
        and "score" in (first.role, second.role)
        and first.is_fraction == second.is_fraction
        and "points" not in (first.unit, second.unit)
        and not {"below", "above"} & {first.bound, second.bound}
    )  # fmt: skip


def _side_of_second(sentence: Sentence, first: Figure, second: Figure, name: str) -> Side | None:
    text, end = sentence.text, second.end - sentence.start
    behind = [one for one in mentions(text[end : end + 40]) if one.start <= _NEAR]
    own = mentions(name) or tuple(behind)
    if own:
        return own[0].side
    if _WORSE.search(text):
        better = max if first.lower_better is not True else min
        return "reference" if second.value == better(first.value, second.value) else "candidate"
    before = mentions(text[: first.start - sentence.start])
    one_side = len(before) > 1 and len({one.side for one in before}) == 1
    if not before or one_side or first.start - sentence.start - before[-1].end > _NEAR:
        return None
    return "candidate" if before[-1].side == "reference" else "reference"
