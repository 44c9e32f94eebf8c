"""Sample size: how many samples the figure rests on."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.records.audit import Item

_COUNT = re.compile(
    r"(?<![\d.,])(?:\d[\d,]{1,9}k?|\dk)(?:[ -](?:[A-Za-z-]{2,16} ){0,2})"
    r"(?:samples|images|questions?|utterances|utts|sentences|examples|problems|prompts"
    r"|queries|documents|pairs|clips|segments|pictures|frames|recordings|instances"
    r"|test cases)\b(?! ?/ ?s| per)",
    re.I,
)
_STATED = re.compile(
    r"\b(?:n|N|samples|validation set|test set|val set|total samples|num_samples|test size"
    r"|support) ?[=:] ?\d[\d,]+"
    r"|(?<![\d/])\d[\d,]{1,8} ?(?:/|out of) ?\d[\d,]{2,8}\b(?!/)"
)
_THINGS = r"(?:samples|images|questions|utterances|sentences|examples|documents|clips|recordings)"
_SCORED = re.compile(
    rf"(?<![\d,])\d[\d,]{{0,9}} {_THINGS} for (?:testing|evaluation|validation)\b"
    rf"|(?<![\d,])\d[\d,]{{0,9}} (?:test|evaluation|validation|held-out) {_THINGS}\b"
    r"|\b(?:test|validation|evaluation) (?:set|split) ?[=:] ?\d[\d,]+|\bTP ?[=:] ?\d+",
    re.I,
)
_PART = re.compile(r"\b(?:from|on) (?:a )?(?:small |random )?subset\b|--limit[ =]\d+", re.I)
_HEAD = re.compile(r"^\W*(?:n|#|num(?:ber)?|samples|questions|support|instances|count)\W*$", re.I)
_VAGUE = re.compile(
    r"\b(?:about|around|roughly|approximately|~|some|nearly|over|more than)\s?$", re.I
)
_OTHER = re.compile(
    r"calib|train|\b(?:GPTQ|AWQ|quanti[sz]ed) (?:was )?(?:run |given )?(?:on|with|using)"
    r"|fall ?back|layers|modules|\bdate\b|quantize model|sampling size"
    r"|select\(range|throughput|/sec|per second|batch size|downloads",
    re.I,
)


def sample_size(reading: Reading) -> Item:
    """Answer "yes" where the number of scored samples is said, "partial" where about how many."""
    counts = [span for span in _counts(reading) if not _OTHER.search(reading.said(span[0], 60))]
    sure = [
        span for span in counts if not _VAGUE.search(reading.text[max(span[0] - 16, 0) : span[0]])
    ]
    sure = [*reading.matching(_SCORED), *_column(reading), *sure]
    counts = counts or [*reading.matching(_PART)]
    if sure:
        return reading.item("yes", sure, "the number of scored samples is stated")
    if counts:
        return reading.item("partial", counts, "only about how many samples")
    return reading.item("no", (), "not disclosed: on how many samples")


def _counts(reading: Reading) -> tuple[Span, ...]:
    rows = tuple(
        (row[0].start, row[-1].end)
        for grid in reading.grids
        for row in grid.table.rows
        if row
        and re.search(r"\b(?:samples|images|questions|correct|support|count)\b", row[0].text, re.I)
    )
    return (*reading.matching(_COUNT), *reading.matching(_STATED), *rows)


def _column(reading: Reading) -> list[Span]:
    """Return the numbers below a header such as "samples"."""
    return [
        (cell.start, cell.end)
        for grid in reading.grids
        for place in grid.columns_named(_HEAD)
        if place in grid.scored
        for cell in grid.column(place)
    ]
