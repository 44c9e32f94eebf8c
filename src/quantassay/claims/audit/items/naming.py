"""Naming: names of models by their shape, where no lexicon knows them."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.grid import Grid
from quantassay.claims.audit.items.reading import Reading, Span

_SIZE = (
    r"(?:[Tt]iny|TINY|[Ss]mall|[Bb]ase|[Ll]arge|[Mm]edium|[Nn]ano|[Hh]uge|[Mm]ini|[Ll]ite\d?|XX?L)"
)
_WORD = r"(?:tiny|mini|small|medium|base|large)"
_SIZED = re.compile(
    r"(?<![\w./@-])(?=[A-Za-z0-9.+]{0,24}[A-Z\d])[A-Za-z][A-Za-z0-9.+]{1,24}"
    rf"(?:[-_][A-Za-z0-9.+]{{1,16}}){{0,2}}[-_]{_SIZE}(?![\w/])"
    rf"|\b(?=[A-Z][\w-]{{0,20}}[A-Z\d])[A-Z][\w-]{{1,24}} {_SIZE.replace('[Tt]', 'T')}(?= |$)"
    rf"|(?<![\w./@-])[A-Za-z][\w+]{{0,16}}-?(?:[Yy][Oo][Ll][Oo]|[Ee]mbed|[Nn]et|[Ff]ormer|[Ss]eg"
    rf"|[Dd]et|ViT|DETR|BERT|bert)[A-Za-z]{{0,4}}[-_](?:(?:[nsmlx]|xs|xl)(?![\w/-])|{_WORD}(?![\w/]))",
    re.ASCII,
)
_KIN = re.compile(
    r"(?<![\w./@-])(?!Paddle|MM[A-Z]|(?:Image|Model|Shape|Word|Scan|Concept|Ether|Dot|Audio|Transf)(?:Net|ormer))"
    r"[A-Z][A-Za-z0-9]{1,20}-?(?:Net|Nets|NET|Former|BERT|DETR|GAN|CNN|ViT|Seg|Rec|Ne[Xx]t|Voice"
    r"|ASR|TTS|OCR|Pose|Mixer|RNN|YOLO|SR)(?:[-_]?v?\d[\w.]{0,8})?(?![\w/])",
    re.ASCII,
)
_INTRODUCED = re.compile(
    r"\b(?:[A-Z][a-z]+[A-Z]\w{1,40}|[A-Z]\w{0,8}\d?\+{1,2}) (?:component|model|network"
    r"|backbone|detector|encoder|architecture|derivative)\b"
    r"|\b[A-Za-z]{3,20} (?:detect(?:or|ion)|recogni(?:zer|tion)|classifi(?:er|cation)"
    r"|segmentation|translation)"
    r" (?:reference )?model\b|\bkeyword[- ]spotting(?: \(KWS\))? (?:models?|system)\b"
    r"|(?:^|(?<=[#*>.] ))(?=[A-Z][a-z]{1,20}[A-Z\d])[A-Z]\w{2,24} is an? "
    r"(?![^.\n]{0,80}(?:quantiz|tool|library|framework|method|technique|runtime|engine|format))[^.\n]{0,80}"
    r"\b(?:model|network|detector|encoder)\b"
    r"|(?<![\w./@-])[a-z][a-z0-9]{2,20}-(?:tts|asr|ocr|vl|embed(?:ding)?|rerank(?:er)?)(?![\w/-])"
    r"|\b(?:compact|lightweight|custom|simple|small|tiny|student|teacher|\d{1,2}-layer"
    r"|(?:pre)?trained)(?: [\w-]{1,24}){0,2}? (?:[12]D-?)?"
    r"(?:CNN|LSTM|GRU|MLP|Transformer|autoencoder)\b",
    re.ASCII | re.M,
)
_NUMBER = re.compile(r"\d[\d.a-z]{0,3}$")
_ANY = re.compile(
    r"(?:PyTorch|TensorFlow|OpenVINO|SavedModel|DeepSpeed|GitHub|HuggingFace|ModelScope"
    r"|TensorRT|the|an?|quanti\w+|original|float\w*)\b",
    re.I,
)
_OTHERS = frozenset({"dataset", "tool", "scheme", "format", "precision", "metric"})
_COLUMN = re.compile(
    r"^\W*(?:\w+[ ™®]+)?(?:models?|networks?|nets?|archit\w+|backbone|checkpoint|模型|モデル"
    r"|모델|модель|modelo|modell|modèle)(?!\w)"
    r"(?!\W*(?:info|size|volume|type|source|input|output|file|config|param|precision|format|quality"
    r"|card|accuracy|score))",
    re.I,
)
_NAME = re.compile(r"\W*name\W*", re.I)
_GENERAL = re.compile(
    r"(?:\b(?:our|the|model|original|quantized|quantised|unquantized|non|baseline|native|base|float"
    r"|full|precision|dynamic|static|range|integer|weight|only|optimi[sz]\w+|compressed|pruned"
    r"|finetuned|teacher|student|reference|keras|pytorch|tensorflow|metric|total|average|mean|link"
    r"|post|training|aware|quantization|before|after|version|none|size|accuracy|latency|memory"
    r"|image|object|text|natural|language|processing|classification|detection|segmentation)\b"
    r"|[^A-Za-z])+",
    re.I,
)


def versions(reading: Reading) -> tuple[Span, ...]:
    """Return names with a size or a version: "SenseVoice-Small", cells like "ssd_512_v1"."""
    kin = (span for span in reading.matching(_KIN) if _NUMBER.search(reading.text[slice(*span)]))
    told = (span for span in _cells(reading) if _numbered(reading, *span))
    found = (*told, *reading.matching(_SIZED), *kin)
    return tuple(span for span in found if not _other(reading, *span))


def kinds(reading: Reading) -> tuple[Span, ...]:
    """Return names without a size or a version: "SalsaNext", "the LaneKeeping component"."""
    spoken = (span for span in reading.matching(_INTRODUCED) if not _ANY.match(reading.text, *span))
    told = (span for span in _cells(reading) if not _general(reading, *span))
    found = (*spoken, *reading.matching(_KIN), *told)
    return tuple(span for span in found if not _other(reading, *span))


def only_format(reading: Reading, start: int, end: int) -> bool:
    """Whether a stretch is nothing but a format or a precision ("INT8 model")."""
    return not re.search(r"[A-Za-z]{3}.*\d", _rest(reading, start, end))


def _cells(reading: Reading) -> tuple[Span, ...]:
    """Return the cells of the columns that are said to hold models."""
    return tuple(
        (cell.start, cell.end)
        for grid in reading.grids
        for place, head in enumerate(grid.table.header)
        if _COLUMN.search(head.text) or (_NAME.fullmatch(head.text) and measured(grid))
        for cell in grid.column(place)
    )


def measured(grid: Grid) -> bool:
    """Whether a table's columns are of a metric or a format: not one of layers or inputs."""
    kinds = {name.kind for head in grid.heads for name in grid.in_cell(head)}
    labels = {name.kind for label in grid.labels for name in grid.in_cell(label)}
    return bool(kinds & {"metric", "format", "precision"} or labels & {"metric", "format"})


def _numbered(reading: Reading, start: int, end: int) -> bool:
    said = reading.text[start:end]
    return bool(re.search(r"[A-Za-z]{3}.*\d", said)) and not only_format(reading, start, end)


def _general(reading: Reading, start: int, end: int) -> bool:
    """Whether a cell says no name: "Original model", "Dynamic range"."""
    rest = _rest(reading, start, end).replace("_", " ")
    return not re.search(r"[A-Za-z]{3}", rest) or _GENERAL.fullmatch(rest[:80]) is not None


def _rest(reading: Reading, start: int, end: int) -> str:
    """Return a stretch without the formats, tools and other names that are no model."""
    rest = reading.text[start:end]
    for match in reversed(reading.within(start, end)):
        if match.kind in {*_OTHERS, "stratum"} - {"dataset"}:
            rest = rest[: match.start - start] + rest[match.end - start :]
    return rest


def _other(reading: Reading, start: int, end: int) -> bool:
    """Whether a name begins as that of a data set, a tool or a format does."""
    names = reading.within(start, end)
    return any(name.kind in _OTHERS and name.start == start for name in names)
