"""Task: which dataset, benchmark or suite the figure was measured on."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.audit.items.unlisted import CALIBRATES, UNNAMED, names_set, unlisted
from quantassay.claims.lexicons.matches import Match
from quantassay.claims.sources.document import TableCell
from quantassay.records.audit import Item

_EVALUATES = re.compile(
    r"evaluat|accura|score|benchmark|achiev|result|tested|\btest\b|valid|measur|perplex"
    r"|\bWER\b|F1\b|mAP",
    re.I,
)
_READS = re.compile(r"evaluat|score|benchmark|achiev|result|test(?:ed)?\b|measur|perplex", re.I)
_FIGURE = re.compile(r"\d\.\d|\d ?%")
_DATASET_HEADER = re.compile(
    r"^\W*(?:(?:test|evaluation|validation) )?"
    r"(?:data ?sets?|benchmarks?|test ?sets?|eval(?:uation)? set|corpus)\b",
    re.I,
)
_DATASET_ENTRY = re.compile(r"(?:^|\.)(?:dataset\.(?:name|type|id)|datasets(?:\.\d+)?|dataset)$")
_TRAINS = re.compile(
    r"\b(?:pre-?)?trained (?:on|with|using|from)\b|\btraining (?:set|data\w*|corpus|split)\b", re.I
)
_SPLIT = re.compile(r"\b(?:test|eval\w*|valid\w*|held-out)[ -](?:set|split|data|acc\w*|F1)\b", re.I)
_CHANGES = re.compile(r"\d%? ?(?:→|->|to|vs\.?|against) ?\d")
_NEAR = 80
_LINKED = re.compile(r"huggingface\.co/datasets/(?P<name>[\w.-]{1,60}/[\w.-]{1,80})")


def task(reading: Reading) -> Item:
    """Answer by the guideline: a named set "yes"; a family or an unnamed set "partial"."""
    named = [match for match in reading.of("dataset") if _evaluated_on(reading, match)]
    split = reading.says(_SPLIT)
    certain = [
        match
        for match in named
        if not _beside_model(reading, match) and (split or not _trained_on(reading, match))
    ]
    if certain:
        best = sorted(certain, key=lambda match: -_weight(reading, match))
        return reading.item("yes", best, f"named: {best[0].name}")
    for spans in (_entries(reading), _columns(reading), unlisted(reading), _linked(reading)):
        if spans:
            name = " ".join(reading.text[slice(*spans[0])].split())
            return reading.item("yes", spans, f"named: {name}")
    if named:
        why = f"a data set, not as that of the figure: {named[0].name}"
        return reading.item("partial", named, why)
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
    unnamed = [span for span in reading.matching(UNNAMED) if not _meant_otherwise(reading, span)]
    if unnamed:
        return reading.item("partial", unnamed, "a data set that is not named")
    return reading.item("no", (), "not disclosed: no dataset, no benchmark, no family of tasks")


def _meant_otherwise(reading: Reading, span: Span) -> bool:
    """Whether a set is part of one that is named, or only calibrated on."""
    before = max(reading.sentence(span[0])[0], span[0] - 90)
    named = any(name.kind == "dataset" for name in reading.within(span[0] - 24, span[1]))
    return named or CALIBRATES.search(reading.text, before, span[1]) is not None


def _evaluated_on(reading: Reading, match: Match) -> bool:
    """Whether a data set may be what was scored on, rather than trained or calibrated on."""
    said = reading.said(match.start)
    if CALIBRATES.search(said) and not (_EVALUATES.search(said) and _FIGURE.search(said)):
        return False
    return match.facts.get("use") != "language" or _scored_language(reading, said)


def _trained_on(reading: Reading, match: Match) -> bool:
    """Whether a sentence has a data set as what a model learned from, and as nothing else."""
    said = reading.said(match.start)
    return bool(_TRAINS.search(said)) and not _EVALUATES.search(said)


def _scored_language(reading: Reading, said: str) -> bool:
    """Whether a corpus of language is scored: by perplexity, or in words."""
    return bool(_READS.search(said)) or any(
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
    near = min(reading.sentence(match.start)[1], match.end + _NEAR)
    weight += 2 if _CHANGES.search(reading.text, match.end, near) else 0
    weight -= 3 if CALIBRATES.search(reading.said(match.start)) else 0
    return weight - 4 * reading.linked(match)


def _entries(reading: Reading) -> tuple[Span, ...]:
    return tuple(
        (entry.start, entry.end)
        for entry in reading.document.entries
        if _DATASET_ENTRY.search(entry.path) and reading.text[entry.start : entry.end].strip()
    )


def _linked(reading: Reading) -> tuple[Span, ...]:
    """Return the identifiers in links to data sets, where a split of one was scored."""
    if not reading.of("split", role="evaluation"):
        return ()
    found = (match.span("name") for match in reading.finds(_LINKED))
    return tuple(span for span in found if not CALIBRATES.search(reading.said(span[0])))


def _columns(reading: Reading) -> tuple[Span, ...]:
    """Return the cells of a column that is headed "dataset", or beside such a label."""
    cells = [
        cell
        for grid in reading.grids
        for place in grid.columns_named(_DATASET_HEADER)
        for cell in grid.column(place)
    ]
    cells += [
        row[1]
        for grid in reading.grids
        for row in grid.table.rows
        if len(row) > 1 and _DATASET_HEADER.search(row[0].text)
    ]
    spans = (_shown(reading, cell) for cell in cells)
    return tuple(
        span
        for span in spans
        if any(letter.isalpha() for letter in reading.text[slice(*span)])
        and names_set(reading, span)
    )


def _shown(reading: Reading, cell: TableCell) -> Span:
    """Return the words of a cell without the marks of a link and its target."""
    text = reading.text[cell.start : cell.end]
    target = re.search(r"\s*\(?https?://", text)
    end = target.start() if target and target.start() else len(text)
    return cell.start + len(text[:end]) - len(text[:end].lstrip(" [*_`<(")), cell.start + end
