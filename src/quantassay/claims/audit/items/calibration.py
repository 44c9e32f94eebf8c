"""Calibration: which data set the quantizer's scales, how much of it, by which procedure."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_IMATRIX = re.compile(
    r"\b(?:imatrix|importance matrix)\b[^.\n]{0,60}?\b(?:from|on|with|using|over)\b[^.\n]{0,40}?"
    r"(?:\.txt|\.raw|\.dat|calibration|wiki|groups_merged|dataset|corpus)",
    re.I,
)
_NUMBER = re.compile(r"(?<![\w.-])\d[\d,]{1,6}k?(?!\.\d|[\w%])|(?<![\w.])\d{1,3}k\b")
_DATA = re.compile(
    r"load_dataset\(|\b(?:train|eval|val|validation|test|training"
    r"|dev)\w*[ _-]?(?:data ?loader|data ?set|set|split|data|images)\b"
    r"|训练集|验证集|测试集|数据集|学習データ|検証データ"
    r"|random (?:tokens|data|noise)|synthetic|from (?:the )?[A-Z][\w-]+"
    r"|\bsubset of\b|own data|[:：] ?[\w-]+/[\w.-]+",
    re.I,
)


_WARNS = re.compile(r"[^.\n]{0,50}?\b(?:gibberish|garbage|unusable|collaps|fails?\b|useless)", re.I)
_OUTCOME = re.compile(r" (?:\w+ )?(?:model|engine|network|one|version|result)s?\b", re.I)


def calibration(reading: Reading) -> Item:
    """Answer by the guideline: data and procedure or size, or that none is needed, "yes"."""
    free = [
        match
        for match in reading.of("calibration", says="free")
        if not _WARNS.match(reading.text, match.end)
    ]
    if free:
        return reading.item("yes", free, "said to need no calibration data")
    mentions = reading.of("calibration", says="mention")
    data = [match for match in mentions if _with_data(reading, match)]
    sizes = [
        match for match in reading.of("calibration", says="size") if _near(reading, match, mentions)
    ]
    settling = _settling(reading)
    if data and (sizes or settling or any(_counted(reading, match) for match in mentions)):
        return reading.item(
            "yes", [data[0], *sizes[:1], *settling[:1]], "data and size or procedure"
        )
    fed = [(match.start, match.end) for match in settling if _fed(reading, match)]
    fed = fed or [*reading.matching(_IMATRIX)]
    if fed:
        return reading.item("yes", fed, "procedure and size of its data")
    if mentions:
        return reading.item(
            "partial",
            [*data, *mentions],
            "calibration is mentioned, not its data" if not data else "only the data",
        )
    if settling:
        return reading.item(
            "partial", settling, f"only what settles whether it happens: {settling[0].name}"
        )
    return reading.item("no", (), "not disclosed: neither data nor procedure")


def _settling(reading: Reading) -> list[Match]:
    names = (*reading.of("scheme"), *reading.of("tool"))
    found = [match for match in names if match.facts.get("calibration") in {"settles", "free"}]
    return sorted(found, key=lambda match: (reading.linked(match), match.start))


def _with_data(reading: Reading, match: Match) -> bool:
    """Whether a mention of calibration says on what: a data set, a split, a corpus."""
    start, end = reading.sentence(match.start)
    if reading.text[end - 1 : end] == "|":
        start, end = reading.line(match.start)
    if _OUTCOME.match(reading.text, match.end):
        return False
    near = reading.within(start, end)
    return any(
        other.kind in {"dataset", "split"} and not _scored_between(reading, match, other)
        for other in near
    ) or bool(_DATA.search(reading.text, start, end))


def _scored_between(reading: Reading, match: Match, other: Match) -> bool:
    """Whether a metric stands between them: "after calibration the mAP on COCO drops"."""
    first, last = sorted((match, other), key=lambda one: one.start)
    return any(name.kind == "metric" for name in reading.within(first.end, last.start))


def _counted(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a mention holds a number that is part of no name."""
    start, end = reading.sentence(match.start)
    names = [
        name for name in reading.within(start, end) if name.kind in {"dataset", "model", "format"}
    ]
    return any(
        not any(name.start <= number.start() < name.end for name in names)
        for number in _NUMBER.finditer(reading.text, start, min(end, match.end + 300))
    )


def _fed(reading: Reading, match: Match) -> bool:
    """Whether the sentence of an algorithm says on what it ran, and on how many samples."""
    if reading.text[match.start - 1 : match.start] in {"_", "/"}:
        return False
    names = reading.within(*reading.sentence(match.start))
    sized = any(name.kind == "calibration" and name.facts["says"] == "size" for name in names)
    return sized and _with_data(reading, match)


def _near(reading: Reading, size: Match, mentions: tuple[Match, ...]) -> bool:
    """Whether a count of samples is one of calibration: it stands near a mention."""
    return any(
        -250 <= size.start - match.end <= 500 or 0 <= match.start - size.end <= 120
        for match in mentions
    )
