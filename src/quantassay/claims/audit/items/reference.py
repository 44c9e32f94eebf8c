"""Reference: what the quantized figure is compared with, and in which precision that ran."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.grid import Grid, numeric
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_COMPARES = re.compile(
    r"compar|versus|\bvs\b|against|original|baseline|relative to|reference|drop|loss"
    r"|lower than|higher than|recover|retain"
    r"|degrad|differen|result|\beval|performance|benchmark|from the fine-tuned|unquantized"
    r"|source model|\bthan\b|whereas|accura|score|mAP|\bWER\b|perplex|F1",
    re.I,
)
_ASIDE = re.compile(
    r"\bconvert|weights? (?:to|from|in)|fall ?back|fallback|\bkept\b|\bkeep|remain|lm_head"
    r"|compute_dtype|torch_dtype|accumulat"
    r"|\bfrom (?:fp|float|bf|32|16)[\w -]{0,12} to\b|\bdown to\b|reduc\w+ the number of bits"
    r"|memory|scale factors?|storage",
    re.I,
)
_SHOWN = re.compile(r"performance|benchmark|evaluat|result", re.I)
_BESIDE = re.compile(
    r"[ \t]*\|[ \t]*\d+\.\d|[^\n\w]{0,12}(?:accuracy|acc|score|mAP|WER|PPL|perplexity)\b", re.I
)
_CONVERTS = re.compile(
    r"\bconvert|\bfrom\b|\bmapp?ing\b|quanti[sz]\w+ of|reference|original|baseline", re.I
)
_PLAINLY = re.compile(
    r"float|floating-point|unquantized|non-quantized|full precision|uncompressed|no quantization"
)
_SHORT, _MOST = 3, 300
_FIGURE = re.compile(r"(?<![\w.])\d+\.\d+%?(?![\w.])")
_TAG = re.compile(r"int\d|fp[48]|awq|gptq|quant|w\d+a\d+|gguf|\dbit|\d-bit|aqlm|hqq|qdq", re.I)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?\s?%?(?![\w])")


def reference(reading: Reading) -> Item:
    """Answer by the guideline: a stated precision "yes"; a word or a checkpoint "partial"."""
    exact = [match for match in reading.of("precision", state="exact") if _compared(reading, match)]
    if exact:
        return reading.item("yes", exact, f"its precision is stated: {exact[0].name}")
    words = [match for match in reading.of("precision", state="word") if _compared(reading, match)]
    if words:
        return reading.item("partial", words, f"only the word: {words[0].name}")
    checkpoint = _checkpoint(reading)
    if checkpoint:
        return reading.item("partial", checkpoint, "only the name of the base checkpoint")
    loose = [match for match in reading.of("precision") if _converted(reading, match)]
    if loose:
        return reading.item(
            "partial", loose, f"{loose[0].name} is named, not as that of a compared figure"
        )
    return reading.item("no", (), "not disclosed: no precision, no baseline")


def _compared(reading: Reading, match: Match) -> bool:
    """Whether a precision is that of a compared figure rather than of a layer or a step."""
    if reading.linked(match):
        return False
    grid = reading.grid_at(match.start)
    if grid is not None and _labels(grid, match):
        return True
    exact = match.facts["state"] == "exact"
    if exact and (reading.in_heading(match.start) or _BESIDE.match(reading.text, match.end)):
        return True
    if _in_cell(reading, match):
        return True
    if not exact and _plainly(reading, match):
        return True
    return _set_beside(reading, match)


def _set_beside(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a precision compares, and not only tells of a layer or a step."""
    exact = match.facts["state"] == "exact"
    said = reading.said(match.start, 160)
    rest = said.replace(reading.text[match.start : match.end], "")
    measured = bool(_NUMBER.search(rest)) and _measures(reading, match)
    if not measured and (_ASIDE.search(rest) or not _COMPARES.search(rest)):
        return False
    return (
        exact
        or bool(_NUMBER.search(rest))
        or bool(_SHOWN.search(rest) and _NUMBER.search(reading.text, match.end, match.end + 300))
    )


def _plainly(reading: Reading, match: Match) -> bool:
    """Whether a word says unquantized and nothing else, and a figure of a metric follows."""
    follows = _NUMBER.search(reading.text, match.end, match.end + 120)
    return bool(_PLAINLY.fullmatch(match.name) and follows and reading.of("metric"))


def _in_cell(reading: Reading, match: Match) -> bool:
    """Whether a precision stands alone in a cell of what was a table."""
    start, end = reading.sentence(match.start)
    barred = "|" in reading.text[max(start - 2, 0) : start] or reading.text[end - 1 : end] == "|"
    return (
        barred
        and len(reading.text[start:end].strip(" |")) <= 30
        and not _mixed(reading, start, end)
    )


def _mixed(reading: Reading, start: int, end: int) -> bool:
    """Whether a cell names a data set too, or is a size: "WikiText-2 (raw)", "Input: float32"."""
    return (
        any(name.kind == "dataset" for name in reading.within(start, end))
        or ":" in reading.text[start:end]
    )


def _measures(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a precision names a metric of quality."""
    names = reading.within(*reading.sentence(match.start))
    return any(other.kind == "metric" and other.facts.get("rule") != "speed" for other in names)


def _converted(reading: Reading, match: Match) -> bool:
    """Whether a precision is what a model is converted from, in words alone."""
    if match.facts["state"] == "word" and match.name not in {
        "float",
        "floating-point",
        "full precision",
    }:
        return False
    return not reading.linked(match) and bool(_CONVERTS.search(reading.said(match.start, 120)))


def _labels(grid: Grid, match: Match) -> bool:
    """Whether a precision names a row or a column of a table with figures."""
    cell = grid.cell_at(match.start)
    if cell is None or numeric(cell):
        return False
    return grid.figures and not any(name.kind == "dataset" for name in grid.in_cell(cell))


def _checkpoint(reading: Reading) -> tuple[Span, ...]:
    """Return a label that another label continues: "X" beside "X-int8", each with figures."""
    for grid in reading.grids:
        cells = [
            (cell.start, cell.end)
            for cell in (*grid.heads, *grid.labels)
            if len(cell.text) > _SHORT
        ]
        found = _continued(reading, cells)
        if found:
            return found
    models = [
        (match.start, match.end)
        for match in reading.of("model", level="full")
        if _heads(reading, match)
    ]
    return _continued(reading, models)


def _continued(reading: Reading, labels: list[Span]) -> tuple[Span, ...]:
    """Return the label that another one continues with a format, if there is one."""
    texts = [reading.text[start:end].strip().casefold() for start, end in labels]
    quantized = {
        text
        for text, span in zip(texts, labels, strict=True)
        if _TAG.search(text) or _formatted(reading, span)
    }
    for text, span in zip(texts, labels, strict=True):
        stem = text.split("/")[-1]
        if text not in quantized and any(stem in other and stem != other for other in quantized):
            return (span,)
    return ()


def _formatted(reading: Reading, span: Span) -> bool:
    return any(name.kind in {"format", "scheme"} for name in reading.within(*span))


def _heads(reading: Reading, match: Match) -> bool:
    """Whether a model's name heads figures: on a line of names, with figures on the next lines."""
    line = reading.text[slice(*reading.line(match.start))]
    return len(line) < 120 and len(_FIGURE.findall(reading.text, match.end, match.end + 300)) > 1
