"""Baseline: what is compared with where its precision is not said: its name or a word."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match

_TAG = re.compile(r"int\d|fp[48]|awq|gptq|quant|w\d+a\d+|gguf|\dbit|\d-bit|aqlm|hqq|qdq", re.I)
_ITSELF = re.compile(r"\W*(?:base|base model|reference|ref|teacher|native)\W*", re.I)
_MARKED = re.compile(r".{0,60}\((?:the )?(?:reference|baseline|base|original)\)\W*", re.I)
_PLAIN = re.compile(r"(?:the )?(?:models?|download|link|name|file|network|weights)", re.I)
_SHORT, _MORE = 3, 30
_FIGURE = re.compile(r"(?<![\w.])\d+\.\d+%?(?![\w.])")


def unnamed(reading: Reading) -> tuple[Span, ...]:
    """Return labels of tables with figures that are a mere word for it: "base", "reference"."""
    return tuple(
        (cell.start, cell.end)
        for grid in reading.grids
        if grid.figures
        for cell in (*grid.heads, *grid.labels)
        if _ITSELF.fullmatch(cell.text) or _MARKED.fullmatch(cell.text)
    )


def continued(reading: Reading) -> tuple[Span, ...]:
    """Return a label that another label continues: "X" beside "X-int8", each with figures."""
    for grid in reading.grids:
        cells = [
            (cell.start, cell.end)
            for cell in (*grid.heads, *grid.labels)
            if len(cell.text) > _SHORT and not _PLAIN.fullmatch(cell.text)
        ]
        found = _continued(reading, cells)
        if found:
            return found
    models = [
        (match.start, match.end)
        for match in reading.of("model", level="full")
        if _heads(reading, match) and not _of_candidate(reading, match)
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
        if text not in quantized and any(_extends(other, stem) for other in quantized):
            return (span,)
    return ()


def _extends(text: str, stem: str) -> bool:
    """Whether a label is another one with a little more around it."""
    return stem in text and 0 < len(text) - len(stem) <= _MORE


def _formatted(reading: Reading, span: Span) -> bool:
    return any(name.kind in {"format", "scheme"} for name in reading.within(*span))


def _of_candidate(reading: Reading, match: Match) -> bool:
    """Whether the heading that a name stands in is that of a quantized model."""
    return reading.in_heading(match.start) and _formatted(reading, reading.line(match.start))


def _heads(reading: Reading, match: Match) -> bool:
    """Whether a model's name heads figures: on a line of names, with figures on the next lines."""
    line = reading.text[slice(*reading.line(match.start))]
    return len(line) < 120 and len(_FIGURE.findall(reading.text, match.end, match.end + 300)) > 1
