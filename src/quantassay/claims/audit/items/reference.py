"""Reference: what the quantized figure is compared with, and in which precision that ran."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.baseline import continued, unnamed
from quantassay.claims.audit.items.grid import Grid, numeric
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_COMPARES = re.compile(
    r"compar|versus|\bvs\b|against|original|baseline|relative to|reference|drop|loss"
    r"|lower than|higher than|recover|retain|\bwithin\b"
    r"|degrad|differen|result|\beval|performance|benchmark|from the fine-tuned|unquantized"
    r"|比較|比较|对比|相比|сравн|gegenüber|vergl[ie]|frente a"
    r"|source model|\bthan\b|whereas|accura|score|mAP|\bWER\b|perplex|F1",
    re.I,
)
_ASIDE = re.compile(
    r"\bconvert|weights? (?:to|from|in)|fall ?back|fallback|\bkept\b|\bkeep|remain|lm_head"
    r"|compute_dtype|torch_dtype|accumulat"
    r"|\bfrom (?:fp|float|bf|32|16)[\w -]{0,12} to\b|\bdown to\b|reduc\w+ the number of bits"
    r"|memory|scale factors?|storage|model size|times smaller|\dx smaller",
    re.I,
)
_COMPARED = re.compile(r"\bcompar(?:e[sd]?|ing)\b(?! with| to)|\bversus\b|\bvs\b", re.I)
_SHOWN = re.compile(r"performance|benchmark|evaluat|result", re.I)
_BESIDE = re.compile(
    r"[ \t]*\|[ \t]*\d+\.\d|[^\n\w]{0,12}(?:accuracy|acc|score|mAP|WER|PPL|perplexity)\b"
    r"|[ \t]*[=:][ \t]*\d[\d.,]*(?![\d.,]|\s?[GMK]i?B)",
    re.I,
)
_CONVERTS = re.compile(
    r"\bconvert|[=-]>|→|\bfrom\b|\bmapp?ing\b|quanti[sz]\w+ of|reference|original|baseline"
    r"|\bto u?(?:int\d|fp[48])",
    re.I,
)
_PLAINLY = re.compile(
    r"float|floating-point|unquantized|non-quantized|full precision|uncompressed|no quantization"
)
_FIGURE = re.compile(r"(?<![\w.])\d+\.\d+%?(?![\w.])")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?\s?%?(?![A-Za-z\d])")
_LATENCY = re.compile(r"[ |]*\d[\d.]* ?[mμu]?s\b")
_STEP = re.compile(r"[A-Za-z -]{0,24}\b(?:in)?to\b")
_SET = re.compile(r"(?:--(?:[\w-]{1,24}[ =])?|int\d_|dtype\W{1,3}(?:torch\.)?)$")
_AGAINST = re.compile(
    r"(?:compared (?:to|with)|relative to|different from|differs? from|identical to|versus|\bvs\.?"
    r"|against|\bthan|match(?:es)?|\bbetween|close(?:ly)? to|aligned? [\w ]{0,30}\b(?:to|with)"
    r"|deviat\w+ from|parity with)"
    r" (?:that of )?(?:the |its |their |our )?$",
    re.I,
)
_SCORES = re.compile(
    r"(?: model|'s| accuracy){0,2} (?:has|had|scores?d?|gets?|got|achieves?d?|reach(?:es|ed)"
    r"|is|was|at)\b[^.\n]{0,30}\d",
    re.I,
)
_COSTS = re.compile(r"faster|slower|speed|latency|smaller|larger|memory|size|disk", re.I)
_AMOUNT = re.compile(r"[-+~≈]?\d[\d.,]*\s?[A-Za-z%/]{0,8}")
_UNSCORED = re.compile(
    r"\b(?:size|bits?|bpw|[GM]i?B|v?ram|memory|param\w*|downloads?|speed|latency|time|throughput"
    r"|fps|ms|tok\w*|t/s|opset|version|disk)\b",
    re.I,
)
_KEPT = re.compile(
    r"(?:falls? ?back|falling back|kept|keeps?|stays?|runs?|remain(?:s|ed)?|left) (?:to|in|at|as) $"
)
_TARGET = re.compile(r"[ -](?:quanti|optimi[sz]ation)", re.I)
_THING = re.compile(
    r"[- ](?:vector|layer|retriev|embedding|connected|passage|search|predict|caption|block|paper"
    r"|repo|author|image|implementation|post|dataset|data|size|licen|resolution|audio|input|text"
    r"|file|video|signal|preprocess)",
    re.I,
)
_TITLE = re.compile(r"\W*(?:the )?[A-Za-z][\w-]{2,20}(?: (?:model|network|precision))?\W*", re.I)
_BRACKET = re.compile(r"[\w.-]{0,40}\s?\((?:[\w.-]{1,12}, ?)?")


def reference(reading: Reading) -> Item:
    """Answer by the guideline: a stated precision "yes"; a word or a checkpoint "partial"."""
    exact = [match for match in reading.of("precision", state="exact") if _compared(reading, match)]
    if exact:
        return reading.item("yes", exact, f"its precision is stated: {exact[0].name}")
    words = [match for match in reading.of("precision", state="word") if _compared(reading, match)]
    if words:
        return reading.item("partial", words, f"only the word: {words[0].name}")
    checkpoint = continued(reading)
    if checkpoint:
        return reading.item("partial", checkpoint, "only the name of the base checkpoint")
    words_alone = unnamed(reading)
    if words_alone:
        return reading.item("partial", words_alone, "only a word for it")
    loose = [match for match in reading.of("precision") if _converted(reading, match)]
    if loose:
        return reading.item(
            "partial", loose, f"{loose[0].name} is named, not as that of a compared figure"
        )
    return reading.item("no", (), "not disclosed: no precision, no baseline")


def _compared(reading: Reading, match: Match) -> bool:
    """Whether a precision is that of a compared figure rather than of a layer or a step."""
    if _otherwise(reading, match):
        return False
    grid = reading.grid_at(match.start)
    if grid is not None:
        cell = grid.cell_at(match.start)
        if (cell is not None and _LATENCY.match(cell.text)) or _unscored(grid):
            return False
        if _labels(grid, match):
            return True
    exact = match.facts["state"] == "exact"
    if exact and (reading.in_heading(match.start) or _BESIDE.match(reading.text, match.end)):
        return True
    if _in_cell(reading, match) or _titles(reading, match) or _bracketed(reading, match):
        return True
    if not exact and _plainly(reading, match):
        return True
    return _set_beside(reading, match)


def _otherwise(reading: Reading, match: Match) -> bool:
    """Whether a word is of something else ("dense vectors"), a precision that of a candidate."""
    if reading.linked(match) or _SET.search(reading.text, max(match.start - 30, 0), match.start):
        return True
    if _KEPT.search(reading.text, max(match.start - 30, 0), match.start):
        return True
    if match.facts.get("bits") == "32":
        return False
    pattern = _TARGET if match.facts["state"] == "exact" else _THING
    return pattern.match(reading.text, match.end) is not None


def _titles(reading: Reading, match: Match) -> bool:
    """Whether it stands alone on a line, with figures on the next lines."""
    start, end = reading.line(match.start)
    alone = _TITLE.fullmatch(reading.text, start, end)
    return bool(alone and len(_FIGURE.findall(reading.text, end, end + 200)) > 1)


def _bracketed(reading: Reading, match: Match) -> bool:
    """Whether it stands in brackets after a model that is compared: "Llama-3-8B (FP16)"."""
    models = [
        name
        for name in reading.within(max(match.start - 70, 0), match.start)
        if name.kind == "model" and name.facts["level"] in {"full", "family"}
    ]
    return bool(
        models
        and reading.of("metric")
        and _BRACKET.fullmatch(reading.text, models[-1].end, match.start)
    )


def _set_beside(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a precision compares, and not only tells of a layer or a step."""
    exact = match.facts["state"] == "exact"
    said = reading.said(match.start, 160)
    rest = said.replace(reading.text[match.start : match.end], "")
    measured = bool(_NUMBER.search(rest)) and _measures(reading, match)
    if _against(reading, match) and not _COSTS.search(said):
        return True
    if not measured and (
        _stepped(reading, match) or _ASIDE.search(rest) or not _COMPARES.search(rest)
    ):
        return False
    return (
        exact
        or bool(_NUMBER.search(rest) or _COMPARED.search(rest))
        or bool(_SHOWN.search(rest) and _NUMBER.search(reading.text, match.end, match.end + 300))
    )


def _against(reading: Reading, match: Match) -> bool:
    """Whether the words before say that something is measured against it: "than the original"."""
    before = reading.text[max(match.start - 50, 0) : match.start]
    return _AGAINST.search(before) is not None and bool(reading.of("metric"))


def _stepped(reading: Reading, match: Match) -> bool:
    """Whether a precision is where a step begins: "from 16-bit to 4-bit"."""
    before = reading.text[max(match.start - 8, 0) : match.start]
    return before.endswith("from ") and _STEP.match(reading.text, match.end) is not None


def _plainly(reading: Reading, match: Match) -> bool:
    """Whether a word says unquantized and nothing else, and a figure of a metric follows."""
    follows = _NUMBER.search(reading.text, match.end, match.end + 120)
    plainly = _PLAINLY.fullmatch(match.name) or _SCORES.match(reading.text, match.end)
    return bool(plainly and follows and reading.of("metric"))


def _in_cell(reading: Reading, match: Match) -> bool:
    """Whether a precision stands alone in a cell of what was a table."""
    start, end = reading.sentence(match.start)
    barred = "|" in reading.text[max(start - 2, 0) : start] or reading.text[end - 1 : end] == "|"
    return (
        barred
        and len(reading.text[start:end].strip(" |")) <= 30
        and not _LATENCY.match(reading.text, start)
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
    return not _otherwise(reading, match) and bool(_CONVERTS.search(reading.said(match.start, 120)))


def _unscored(grid: Grid) -> bool:
    """Whether every column of numbers is of a size or a speed: a list of files to download."""
    header = grid.table.header
    heads = [
        head.text
        for at, head in enumerate(header)
        if any(_AMOUNT.fullmatch(cell.text) for cell in grid.column(at))
    ]
    named = any(name.kind == "metric" for head in header for name in grid.in_cell(head))
    return bool(heads) and not named and all(_UNSCORED.search(head) for head in heads)


def _labels(grid: Grid, match: Match) -> bool:
    """Whether a precision names a row or a column of a table with figures."""
    cell = grid.cell_at(match.start)
    if cell is None or numeric(cell):
        return False
    return grid.figures and not any(name.kind == "dataset" for name in grid.in_cell(cell))
