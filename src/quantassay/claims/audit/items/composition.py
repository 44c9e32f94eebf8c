"""Composition: which part of the data was scored, and what it is made of."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_PART = re.compile(
    r"[\W_]{0,3}(?:test|validation|dev|val|eval)(?:2017|2014|[-_ ](?:clean|other))?\b", re.I
)
_ENDS = re.compile(r"[\W_](?:test|validation|dev|val|eval)(?:20\d\d|[-_ ](?:clean|other))?$", re.I)
_SPLIT = re.compile(
    r"\beval[-_](?=acc|f1|rouge|\w)|\b(?:validation|test|eval) (?:accuracy|acc)\b"
    r"|(?:\bacross |\bover |\bon |\()\d+ (?:data ?sets|languages)\b"
    r"|\b(?:from|on) (?:a |the )?(?:small |random )?subset\b"
    r"|\b\d+[- ]folds?\b|cross-validation|\b(?:test|validation|dev|val)[-_](?:clean|other|set"
    r"|split"
    r"|data)\b",
    re.I,
)


def composition(reading: Reading) -> Item:
    """Answer "yes" where the scored part of a named set is said, "partial" where either is."""
    splits = [
        match
        for match in reading.of("split", role="evaluation")
        if "calib" not in reading.said(match.start).lower()
    ]
    sets = [match for match in splits if _of_named(reading, match)]
    sets += [match for match in reading.of("dataset") if _parted(reading, match)]
    if sets:
        return reading.item("yes", sets, f"the part that was scored is said: {sets[0].name}")
    if splits:
        return reading.item("partial", splits, f"only the split: {splits[0].name}")
    loose: tuple[Span, ...] = reading.matching(_SPLIT)
    if loose:
        return reading.item("partial", loose, "only the split, or of how many parts")
    return reading.item("no", (), "not disclosed: which samples were scored")


def _of_named(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a split names the data set that it is of."""
    start, end = reading.sentence(match.start)
    return any(other.kind == "dataset" for other in reading.within(start, end))


def _parted(reading: Reading, match: Match) -> bool:
    """Whether the name of a data set ends with that of a part of it, or is followed by one."""
    if _ENDS.search(reading.text[match.start : match.end]):
        return "calib" not in reading.said(match.start).lower()
    return "test-" in match.name or bool(_PART.match(reading.text, match.end))
