"""Figures and pairs of scores that sentences state."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from .compared import compared
from .figure import Figure, Pair, Role, figure
from .headers import is_average, lower_better
from .names import named
from .numbers import Printed, numbers
from .phrases import role_in
from .sentences import Sentence
from .variants import Variant, mentions

_MOST_NUMBERS = 40
_MOST_CANDIDATES = 3
_NAMELESS = ("other", "latency", "throughput", "size", "speedup")
_FROM_TO = re.compile(
    r"(?<![a-z])from\s(?:about |around |roughly |an? "
    r")?[\w@.-]{0,12}?\s?(?P<first>[\d.]+)[^.;]{0,40}?\s(?:down |up )?to\s(?:about |around |only |"
    r"just |roughly )?(?P<second>[\d.]+)"
)
_ARROW = re.compile(r"(?P<first>[\d.]+)\s?%?\s?(?:→|-+>|=>|⟶)\s?(?P<second>[\d.]+)")
_COUNT = re.compile(
    r"(?<![\w.,/])(?P<k>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})\s?(?:/|of|out of)\s?(?:the\s|all\s)?"
    r"(?P<n>\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?![\w%/]|[.,]\d)"
)
_SPREAD = re.compile(r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|anywhere|span(?:s|ning)?)\s$")
_SHARE_OF = re.compile(
    r"\d\s?(?:%|percent)\s(?:recovery\s)?of\s(?:the\s|its\s)?(?:\w{1,20}\s){0,2}$"
)


def figures_of(sentence: Sentence) -> tuple[Figure, ...]:
    """Return the figures of a sentence, each with its role, metric, dataset and variant."""
    found = []
    last = sentence.start
    for printed in islice(numbers(sentence.text, sentence.start), _MOST_NUMBERS):
        role = role_in(sentence.text, printed, sentence.start)
        found.append(_described(printed, role, sentence, last))
        last = printed.end
    return _with_variants(tuple(found), sentence)


def counts_of(sentence: Sentence) -> tuple[tuple[Figure, Figure], ...]:
    """Return each "k of n" or "k/n" of a sentence, k at most n and n at least 20."""
    found = []
    for match in _COUNT.finditer(sentence.text):
        k, n = (int(match[name].replace(",", "")) for name in ("k", "n"))
        if k <= n and n >= 20:
            found.append((_whole(match, "k", sentence, "count"), _whole(match, "n", sentence, "n")))
    return tuple(found)


def statement_pairs(sentence: Sentence, found: tuple[Figure, ...]) -> list[Pair]:
    """Return the pairs of scores of a sentence, with the loss or recovery that it states."""
    scores = [one for one in found if one.role == "score" and one.bound not in ("below", "above")]
    stated = [one for one in found if one.role in ("loss", "delta", "recovery")]
    said = stated[0] if len(stated) == 1 else None
    moved = _moved(sentence, found) or _compared(sentence, found, scores)
    if moved is not None:
        ends = {one.start for one in moved}
        rest = [one for one in stated if one.start not in ends]
        return [Pair(moved[0], moved[1], rest[0] if len(rest) == 1 else None)]
    references = [one for one in scores if one.variant and one.variant.side == "reference"]
    candidates = [one for one in scores if one.variant and one.variant.side == "candidate"]
    if len(references) == 1 and 1 <= len(candidates) <= _MOST_CANDIDATES:
        only = said if len(candidates) == 1 else None
        return [Pair(references[0], one, only) for one in candidates]
    unbound = [one for one in scores if one.variant is None]
    if said is not None and said.role == "recovery" and len(scores) == len(unbound) == 1:
        return [Pair(None, unbound[0], said)]
    if said is not None and len(candidates) == 1:
        return [Pair(None, candidates[0], said)]
    if said is not None and len(references) == 1:
        return [Pair(references[0], None, said)]
    return []


def _described(printed: Printed, role: Role, sentence: Sentence, last: int) -> Figure:
    """Return a number with the names nearest to it: those since the last number, or else any."""
    place = (sentence.start, sentence.end)
    if role in _NAMELESS:
        return figure(printed, role, place, hidden=sentence.hidden)
    near = named(sentence.text[last - sentence.start : printed.end - sentence.start])
    all_names = named(sentence.text)
    return figure(
        printed,
        role,
        place,
        metric=near.metric or all_names.metric,
        dataset=near.dataset or all_names.dataset,
        average=is_average(sentence.text),
        lower_better=lower_better(sentence.text),
        hidden=sentence.hidden,
    )


def _whole(match: re.Match[str], name: str, sentence: Sentence, role: Role) -> Figure:
    start = sentence.start + match.start(name)
    value = float(match[name].replace(",", ""))
    place = (sentence.start, sentence.end)
    return Figure(value, 0, "none", role, start, start + len(match[name]), place, match[name])


def _moved(sentence: Sentence, found: tuple[Figure, ...]) -> tuple[Figure, Figure] | None:
    """Return the scores of "from A to B" or "A -> B"; None where either is no score."""
    low = sentence.text.lower()
    match = _FROM_TO.search(low) or _ARROW.search(low)
    if match is None or _SPREAD.search(low[: match.start()]):
        return None
    ends = []
    for name in ("first", "second"):
        place = sentence.start + match.start(name)
        one = next((one for one in found if one.start <= place < one.end), None)
        if one is None or one.role not in ("score", "loss", "delta", "recovery"):
            return None
        ends.append(replace(one, role="score"))
    return (ends[0], ends[1]) if "quant" in low or _changed(low) else None


def _compared(
    sentence: Sentence, found: tuple[Figure, ...], scores: list[Figure]
) -> tuple[Figure, Figure] | None:
    """Return two scores set against each other, where their variants do not tell them apart."""
    sides = {one.variant.side for one in scores if one.variant}
    return None if len(scores) == len(sides) == 2 else compared(sentence, found)


def _changed(low: str) -> bool:
    return (
        re.search(r"drop|fall|fell|declin|decreas|degrad|lose|loss|goes|went|reduc|int|bit|fp", low)
        is not None
    )


def _with_variants(found: tuple[Figure, ...], sentence: Sentence) -> tuple[Figure, ...]:
    """Give each score of a sentence the variant that stands with it."""
    scores = [one for one in found if one.role == "score"]
    if not scores:
        return found
    named_here = tuple(one for one in mentions(sentence.text) if not _measure(sentence.text, one))
    if not named_here:
        return found
    bound = _bind([one.start - sentence.start for one in scores], named_here)
    sides = dict(zip((one.start for one in scores), bound, strict=True))
    return tuple(
        replace(one, variant=sides[one.start]) if one.start in sides else one for one in found
    )


def _measure(text: str, one: Variant) -> bool:
    """Return whether a variant only says what a share is of: "98 % of dense performance"."""
    return _SHARE_OF.search(text[max(0, one.start - 40) : one.start]) is not None


def _bind(places: list[int], variants: tuple[Variant, ...]) -> list[Variant | None]:
    """Return the variant of each place, in order.

    As many variants as scores: the first goes with the first. Otherwise each score takes the last
    variant before it; one without any takes the first behind it, if no other score does; and of two
    scores the one left over is the other side's.
    """
    distinct = _runs(places, variants)
    if len(distinct) == len(places):
        return list(distinct)
    bound: list[Variant | None] = []
    for place in places:
        before = [one for one in variants if one.start < place]
        bound.append(before[-1] if before else None)
    if bound[0] is None and variants[0] not in bound:
        bound[0] = variants[0]
    if len(bound) == 2 and bound[0] is None and bound[1] is not None:
        bound[0] = Variant("candidate" if bound[1].side == "reference" else "reference", "")
    return bound


def _runs(places: list[int], variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """Return the variants without those that repeat a side before any score came between."""
    kept: list[Variant] = []
    for one in variants:
        last = kept[-1] if kept else None
        between = last is None or any(last.start < place < one.start for place in places)
        if last is None or between or last.side != one.side:
            kept.append(one)
    return tuple(kept)
