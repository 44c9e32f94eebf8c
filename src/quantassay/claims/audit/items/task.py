"""Task: which dataset, benchmark or suite the figure was measured on."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_CALIBRATES = re.compile(
    r"calib|representative data|quantiz\w+ (?:with|using|on) (?:\d+ )?samples", re.I
)
_EVALUATES = re.compile(
    r"evaluat|accura|score|benchmark|achiev|result|tested|\btest\b|valid|measur|perplex"
    r"|\bWER\b|F1\b|mAP",
    re.I,
)
_UNLISTED = re.compile(
    r"\b(?:on|over|using|with|for|from) (?:the )?(?:full |public |official )?"
    r"(?P<name>(?!The |This |Our |My |ONNX |INT|FP\d"
    r"|Your )[A-Z][\w.+-]{1,30}(?: [A-Z0-9][\w.+-]{0,30}){0,5})"
    r"(?: v?\d[\d.]*)? (?:dataset|data set|benchmark|test set|test split|dev set"
    r"|validation set|validation dataset"
    r"|corpus|leaderboard|eval(?:uation)? set|suite|task|challenge|competition)\b"
)
_UNLISTED_EAST = re.compile(
    r"(?P<name>[A-Z][A-Za-z0-9 .+-]{1,30}) ?"
    r"(?:リーダーボード|ベンチマーク|データセット|基準|基准|数据集|测试集|데이터셋|벤치마크)"
)
_DATASET_HEADER = re.compile(
    r"^\W*(?:data ?sets?|benchmarks?|test ?sets?|eval(?:uation)? set|corpus)\b", re.I
)
_DATASET_ENTRY = re.compile(r"(?:^|\.)(?:dataset\.(?:name|type|id)|datasets(?:\.\d+)?|dataset)$")
_IN_HOUSE = re.compile(
    r"\b(?:our|my|own|internal|custom|in-house|private|proprietary|val_?|evaluation"
    r"|multi-class|test|validation|dev|held-out|eval)"
    r"[ _-]?(?:own )?(?:data ?set|test ?set|set|split|data|images|samples|corpus)\b",
    re.I,
)


def task(reading: Reading) -> Item:
    """Answer by the guideline: a named set "yes"; a family or an unnamed set "partial"."""
    named = [match for match in reading.of("dataset") if _evaluated_on(reading, match)]
    certain = [match for match in named if not _beside_model(reading, match)]
    if certain:
        best = sorted(certain, key=lambda match: -_weight(reading, match))
        return reading.item("yes", best, f"named: {best[0].name}")
    for spans in (_entries(reading), _columns(reading), _unlisted(reading)):
        if spans:
            name = " ".join(reading.text[slice(*spans[0])].split())
            return reading.item("yes", spans, f"named: {name}")
    if named:
        return reading.item("partial", named, f"a data set only in a model's name: {named[0].name}")
    return _family(reading)


def _family(reading: Reading) -> Item:
    """Return what is left where no set is named: its family, or that there is one."""
    implied = [match for match in reading.of("metric") if "task" in match.facts]
    if implied:
        first = implied[0]
        why = f"only the family of tasks: {first.facts['task']}, from {first.name}"
        return reading.item("partial", implied, why)
    families = [match for match in reading.of("word") if "family" in match.facts]
    if families:
        why = f"only the family of tasks: {families[0].facts['family']}"
        return reading.item("partial", families, why)
    unnamed = reading.matching(_IN_HOUSE)
    if unnamed:
        return reading.item("partial", unnamed, "a data set that is not named")
    return reading.item("no", (), "not disclosed: no dataset, no benchmark, no family of tasks")


def _evaluated_on(reading: Reading, match: Match) -> bool:
    """Whether a data set may be what was scored on, rather than trained or calibrated on."""
    said = reading.said(match.start)
    if _CALIBRATES.search(said) and not _EVALUATES.search(said):
        return False
    return match.facts.get("use") != "language" or _scored_language(reading, said)


def _scored_language(reading: Reading, said: str) -> bool:
    """Whether a corpus of language is scored: by perplexity, or in words."""
    return bool(_EVALUATES.search(said)) or any(
        match.name in {"perplexity", "PPL", "KL divergence", "bits per byte"}
        for match in reading.of("metric")
    )


def _beside_model(reading: Reading, match: Match) -> bool:
    """Whether a name is part of an identifier in a table, such as "ssd_mobilenet_coco"."""
    text = reading.text
    glued = (
        text[match.start - 1 : match.start] in {"_", "-", "/"}
        and text[match.start - 2 : match.start - 1].isalnum()
    )
    return glued and reading.grid_at(match.start) is not None


def _weight(reading: Reading, match: Match) -> int:
    """Return how telling a mention is: beside a score more than in a link or a list of tags."""
    weight = 2 if reading.grid_at(match.start) or reading.in_heading(match.start) else 0
    weight += 3 if _EVALUATES.search(reading.said(match.start)) else 0
    return weight - 4 * reading.linked(match)


def _entries(reading: Reading) -> tuple[Span, ...]:
    return tuple(
        (entry.start, entry.end)
        for entry in reading.document.entries
        if _DATASET_ENTRY.search(entry.path) and reading.text[entry.start : entry.end].strip()
    )


def _columns(reading: Reading) -> tuple[Span, ...]:
    """Return the cells of a column that is headed "dataset"."""
    return tuple(
        (cell.start, cell.end)
        for grid in reading.grids
        for place in grid.columns_named(_DATASET_HEADER)
        for cell in grid.column(place)
        if any(letter.isalpha() for letter in cell.text)
    )


def _unlisted(reading: Reading) -> tuple[Span, ...]:
    """Return names that no lexicon has and that a text calls a data set."""
    found = [
        match.span("name")
        for pattern in (_UNLISTED, _UNLISTED_EAST)
        for match in pattern.finditer(reading.text)
    ]
    return tuple(span for span in found if not _CALIBRATES.search(reading.said(span[0])))
