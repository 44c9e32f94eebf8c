"""Calibration: which data set the quantizer's scales, how much of it, by which procedure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

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
    r"|random (?:tokens|data|noise)|synthetic|from (?:the )?[A-Z][\w-]{1,40}(?![\w-]|\.\w)"
    r"|\bthe same (?:\d+ )?(?:images|samples|set|data)\b|(?-i:\bdataset [A-Z])"
    r"|\b[\w-]{1,60}\.(?:jsonl?|csv|np[yz]|parquet)\b|\bsubset of\b|own data|[:：] ?[\w-]+/[\w.-]+",
    re.I,
)


_WARNS = re.compile(r"[^.\n]{0,50}?\b(?:gibberish|garbage|unusable|collaps|fails?\b|useless)", re.I)
_SAID = re.compile(r"calibrated (?:on|with|using) \d", re.I)
_BEFORE, _AFTER = 500, 250
_APART = re.compile(
    r"(?:held[- ]out|disjoint|separate|excluded|distinct|different|absent) from[^.\n]{0,40}$"
    r"|\b(?:outside|no overlap with|not (?:in|part of))[^.\n]{0,40}$",
    re.I,
)
_BELOW = 300
_CODE_DATA = re.compile(
    r"\b(?:[xX]_(?:train|test|val)|(?:train|test|val)\w{0,4}_(?:data|images|ds|dataset))\b"
)
_CODE_SIZE = re.compile(r"\btake\(\d+\)|\b(?:sample_size|num_samples|range)\W{1,3}\d+")
_OUTCOME = re.compile(r" (?:\w+ )?(?:model|engine|network|one|version|result)s?\b", re.I)


def calibration(reading: Reading) -> Item:
    """Answer by the guideline: data and procedure or size, or that none is needed, "yes"."""
    free = [
        match
        for match in reading.of("calibration", says="free")
        if not _WARNS.match(reading.text, match.end)
    ]
    mentions = reading.of("calibration", says="mention")
    if free and not _used(reading, mentions, free):
        return reading.item("yes", free, "said to use no calibration data")
    data = [match for match in mentions if _with_data(reading, match)]
    ends = sorted(match.end for match in mentions)
    sizes = [match for match in reading.of("calibration", says="size") if _near(match, ends)]
    settling = _settling(reading)
    if data and (sizes or settling or any(_counted(reading, match) for match in mentions)):
        how = sizes[:1] or settling[:1]
        return reading.item("yes", [data[0], *how], "data and size or procedure")
    fed = [(match.start, match.end) for match in settling if _fed(reading, match)]
    fed = fed or [*reading.matching(_IMATRIX)]
    fed = fed or [(one.start, one.end) for one in mentions if _coded(reading, one)]
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
            "partial", settling, f"the method is named, not its data: {settling[0].name}"
        )
    return reading.item("no", (), "not disclosed: neither data nor procedure")


def _used(reading: Reading, mentions: Sequence[Match], free: Sequence[Match]) -> bool:
    """Whether a sentence says on how many samples it was calibrated, against one that denies it."""
    denied = {reading.sentence(match.start) for match in free}
    told = (one for one in mentions if reading.sentence(one.start) not in denied)
    return any(_SAID.match(reading.text, one.start) for one in told)


def _settling(reading: Reading) -> list[Match]:
    names = (*reading.of("scheme"), *reading.of("tool"))
    found = [match for match in names if match.facts.get("calibration") in {"settles", "free"}]
    return sorted(found, key=lambda one: (reading.linked(one), reading.in_heading(one.start)))


def _with_data(reading: Reading, match: Match) -> bool:
    """Whether a mention of calibration says on what: a data set, a split, a corpus."""
    start, end = reading.sentence(match.start)
    if reading.text[end - 1 : end] == "|":
        start, end = reading.line(match.start)
    elif match.name == "calibration" and reading.in_heading(match.start):
        end = min(end + _BELOW, len(reading.text))
    if _heads_data(reading, match):
        return True
    if _OUTCOME.match(reading.text, match.end) or _set_apart(reading, match):
        return False
    near = reading.within(start, end)
    return any(
        other.kind in {"dataset", "split"} and not _scored_between(reading, match, other)
        for other in near
    ) or bool(_DATA.search(reading.text, start, end))


def _heads_data(reading: Reading, match: Match) -> bool:
    """Whether a mention heads a column of a table that holds data sets."""
    grid = reading.grid_at(match.start)
    head = grid and grid.cell_at(match.start)
    if not grid or head not in grid.table.header:
        return False
    below = grid.column(grid.table.header.index(head))
    return any(name.kind == "dataset" for cell in below for name in grid.in_cell(cell))


def _set_apart(reading: Reading, match: Match) -> bool:
    """Whether what is named is not the data, or is in the name of a program or a folder."""
    before = reading.text[max(match.start - 70, 0) : match.start]
    return before.endswith("/") or _APART.search(before) is not None


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


def _coded(reading: Reading, match: Match) -> bool:
    """Whether code around a mention takes so many rows of a training set."""
    around = reading.text[max(match.start - _BEFORE, 0) : match.end + _BEFORE]
    return bool(_CODE_DATA.search(around) and _CODE_SIZE.search(around))


def _near(size: Match, ends: list[int]) -> bool:
    """Whether a count of samples is one of calibration: it stands near the end of a mention."""
    at = bisect_right(ends, size.start + _AFTER)
    return at > 0 and ends[at - 1] >= size.start - _BEFORE
