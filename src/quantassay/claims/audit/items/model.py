"""Model: which model was quantized, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quantassay.claims.audit.items.naming import kinds, measured, only_format, versions
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_BASE_ENTRY = re.compile(
    r"(?:^|\.)(?:base_model(?:\.\d+)?|_name_or_path|model_name|model-index\.\d+\.name)$"
)
_NAMED = re.compile(
    r"\b(?:[Aa]rchitecture|[Bb]ase [Mm]odel|[Mm]odel|[Nn]etwork|[Bb]ackbone|[Cc]heckpoint)\W{1,6}"
    r"(?P<name>[A-Z][A-Za-z]{1,20}[-_ ]?\d[\w.-]{0,30})"
)
_FILE = re.compile(
    r"(?<![\w./-])(?=[\w./-]{2,120}\.[a-z])[\w./-]{2,120}\.(?:tflite|onnx|gguf|hef|pth?|h5|pb"
    r"|engine|safetensors|mlmodel|dlc|rknn|espdl)\b"
)
_SCRIPT = re.compile(r"[\w-]{0,40}\.(?:py|sh|cc|cpp|ipynb)\b")
_SURVEY = re.compile(
    r"such as|\b(?:various|several|two(?: main)?|kinds of|types of) \w*\s?"
    r"(?:techniques|methods|types|approaches)|種類",
    re.I,
)
_CALLED = re.compile(r"\bquanti[sz](?:ed|ation)\b|量化|量子化|양자화|квантиз|квантов|cuantiz", re.I)
_PLAIN = re.compile(
    r"(?:[\w./-]*/)?(?:(?:quantized|quant|model|output|best|last|weights|pytorch|encoder|decoder"
    r"|export|final|full|integer|static|dynamic|trained|pretrained|new|test|fp?(?:32|16)|float(?:32|16)?"
    r"|[iqu]?(?:int)?[48]|w\da\d+|qdq|opt|optimized|simplified|sim|onnx|tflite|\d{1,3})[-_.]){1,6}\w+",
    re.I,
)
_SCORE = re.compile(
    r"(?:accuracy|acc|F1|WER|PPL|perplexity|mAP|score)(?:\W{1,4}| (?:is|was|of|to) )\d+\.\d", re.I
)
_DERIVED = re.compile(
    r"(?:\b(?:version|build|quant|quanti[sz]ation|export|conversion|variant)s? of|base_model:)"
    r"\W{1,4}(?P<name>[A-Za-z][\w-]{1,38}/[A-Za-z][\w.-]{2,80})"
)
_OWN = re.compile(
    r"\b(?:my|our) (?:[\w-]+ ){0,2}(?:models?|network|net|detector|classifier|serving)\b", re.I
)
_RESULT = re.compile(r"(?:PPL|KLD|perplexity|top p)[^\n\d]{0,40}\d+\.\d", re.I)
_DATA_BEFORE = re.compile(
    r"(?:data ?sets?\b[^.\n]{0,30}|(?:samples?|sequences?|examples|calibrat\w+|prompts|rows)"
    r" (?:from|of|on|with|using) \W?)$",
    re.I,
)
_DATA_AROUND = re.compile(r"[\w-]{0,40}data-?set", re.I)
_TAG = re.compile(
    r"[-_.](?:quant|quantized|awq|gptq|gguf|bnb|int\d|[wq]\d+|static|dynamic|qat|ptq)(?![a-z])",
    re.I,
)
_QUANTIZED = re.compile(
    r"quanti[sz]|量化|量子化|양자화|квант|cuantiz|\bint\d|low[- ]precision|\bbits?\b|compress", re.I
)


def model_base(reading: Reading) -> Item:
    """Answer by the guideline: a named version or depth "yes"; a family or component "partial"."""
    known = [match for match in reading.of("model", level="full") if not _of_data(reading, match)]
    full = _telling(reading, [match for match in known if not _scripted(reading, match)])
    scripts = [match for match in known if _scripted(reading, match)]
    if full:
        return reading.item("yes", full, f"named: {_word(reading, full[0])}")
    families = [
        match for match in reading.of("model", level="family") if not _of_data(reading, match)
    ]
    families = _telling(reading, families)
    sized = [match for match in families if _sized(reading, match)]
    if sized:
        return reading.item("yes", sized, f"named with its size: {_word(reading, sized[0])}")
    named = (*_entries(reading), *_spelled(reading), *versions(reading))
    if named:
        return reading.item("yes", named, f"named: {_word(reading, named[0])}")
    if families:
        return reading.item(
            "partial", families, f"only a family, no size or version: {_word(reading, families[0])}"
        )
    spoken: list[Match | Span] = [*kinds(reading), *scripts]
    if spoken:
        return reading.item(
            "partial", spoken, f"only a component or a kind: {_word(reading, spoken[0])}"
        )
    return reading.item("no", (), "not disclosed: no model, no architecture")


def model_quantized(reading: Reading) -> Item:
    """Answer by the guideline: an artefact, or bits and a scheme, "yes"; either "partial"."""
    files, artifacts = _artifacts(reading)
    formats = _telling(reading, (*reading.of("format"), *_halved(reading)))
    named = _named(reading)
    schemes = [
        match
        for match in reading.of("scheme")
        if not _surveyed(reading, match) and (named or "calibration" in match.facts)
    ]
    means = _telling(reading, (*schemes, *_tools(reading)))
    if artifacts and (files or _has_model(reading) or reading.says(_RESULT)):
        return reading.item(
            "yes", artifacts, f"a specific artefact: {_word(reading, artifacts[0])}"
        )
    particular = [one for one in means if "generic" not in one.facts]
    if formats and means and (_has_model(reading) or (particular and reading.says(_SCORE))):
        pair = (formats[0], means[0])
        return reading.item("yes", pair, f"format and means: {formats[0].name}, {means[0].name}")
    if formats or artifacts:
        return reading.item("partial", [*formats, *artifacts], "only the format or bits")
    algorithm = any(one.kind == "scheme" and "calibration" in one.facts for one in particular)
    if means and (algorithm or reading.says(_QUANTIZED)):
        return reading.item("partial", means, f"only how, not how many bits: {means[0].name}")
    spans = reading.matching(_CALLED)
    if spans and _has_model(reading):
        return reading.item("partial", spans, "only that a named model is quantized")
    return reading.item("no", (), "not disclosed: no artefact, no bits, no scheme")


def _telling(reading: Reading, matches: Sequence[Match]) -> list[Match]:
    """Return names: those in words, then in code, in front matter, in targets of links."""

    def place(match: Match) -> tuple[bool, bool, bool, int]:
        start = match.start
        return reading.linked(match), reading.in_metadata(start), reading.in_code(start), start

    return sorted(matches, key=place)


def _word(reading: Reading, span: Match | Span) -> str:
    start, end = (span.start, span.end) if isinstance(span, Match) else span
    return " ".join(reading.text[start:end].split())[:60]


def _sized(reading: Reading, match: Match) -> bool:
    """Whether a size stands in the row, or close to the name of a family."""
    start, end = reading.sentence(match.start)
    near = (max(start, match.start - 60), max(min(end, match.end + 60), match.end + 30))
    row = reading.line(match.start) if reading.grid_at(match.start) else near
    names = (*reading.within(*near), *reading.within(*row))
    return any(name.kind == "model" and name.facts.get("level") == "size" for name in names)


def _entries(reading: Reading) -> tuple[Span, ...]:
    return tuple(
        (entry.start, entry.end)
        for entry in reading.document.entries
        if _BASE_ENTRY.search(entry.path) and reading.text[entry.start : entry.end].strip()
    )


def _spelled(reading: Reading) -> tuple[Span, ...]:
    """Return names that a text introduces as a model, and files of models."""
    named = tuple(match.span("name") for match in reading.finds(_NAMED))
    derived = tuple(match.span("name") for match in reading.finds(_DERIVED))
    plain = (span for span in named if not only_format(reading, *span))
    return (*plain, *derived, *_files(reading))


def _files(reading: Reading) -> tuple[Span, ...]:
    found = reading.matching(_FILE)
    return tuple(span for span in found if not _PLAIN.fullmatch(reading.text, *span))


def _scripted(reading: Reading, match: Match) -> bool:
    """Whether a name is only part of that of a program: "quantize_resnet.py"."""
    return _SCRIPT.match(reading.text, match.end) is not None


def _of_data(reading: Reading, match: Match) -> bool:
    """Whether a name is that of a data set: "the dataset (org/scans-2024)"."""
    before = reading.text[max(match.start - 60, 0) : match.start]
    if "datasets/" in before or _DATA_AROUND.match(reading.text, match.end):
        return True
    return "id" in match.facts and _DATA_BEFORE.search(before) is not None


def _has_model(reading: Reading) -> bool:
    """Whether the text is of a model at all rather than of a method."""
    own = _named(reading) or reading.says(_OWN)
    return own or any(grid.figures and measured(grid) for grid in reading.grids)


def _named(reading: Reading) -> bool:
    """Whether any model is named, or a file or a kind of one."""
    known = (*reading.of("model", level="full"), *reading.of("model", level="family"))
    return bool(known or _spelled(reading) or kinds(reading))


def _halved(reading: Reading) -> list[Match]:
    """Return half precisions where they are what a model was quantized to."""
    halves = reading.of("precision", bits="16")
    return [
        match for match in halves if re.search(r"quanti[sz]", reading.said(match.start, 40), re.I)
    ]


def _surveyed(reading: Reading, match: Match) -> bool:
    """Whether a procedure is only one of those that there are ("such as PTQ and QAT")."""
    return "generic" in match.facts and _SURVEY.search(reading.said(match.start)) is not None


def _tools(reading: Reading) -> tuple[Match, ...]:
    roles = {"quantizes", "runs"}
    tools = (match for match in reading.of("tool") if match.facts.get("role") in roles)
    return tuple(match for match in tools if reading.text[match.end : match.end + 1] != "/")


def _artifacts(reading: Reading) -> tuple[bool, list[Match | Span]]:
    """Return whether a model is told by them, and files, tags and identifiers of one quantized."""
    types = [match for match in reading.of("format", artifact="yes") if "file" not in match.facts]
    named = [match for match in reading.of("model", level="full") if _tagged(reading, match)]
    files = [span for span in _files(reading) if _made(reading, span)]
    files += [span for span in reading.matching(_FILE) if _listed(reading, span)]
    return bool(named or files), [*types, *named, *files]


def _made(reading: Reading, span: Span) -> bool:
    """Whether a file is of a quantized model: its words say so, or its type is of such alone."""
    name = reading.text[slice(*span)]
    if name.endswith((".espdl", ".hef")) or _TAG.search(name):
        return True
    trained = name.endswith((".pt", ".pth", ".h5", ".pb"))
    return not trained and _QUANTIZED.search(reading.said(span[0])) is not None


def _listed(reading: Reading, span: Span) -> bool:
    """Whether a table lists a file of any name that ends with a format ("model-int8.onnx")."""
    return bool(reading.grid_at(span[0]) and _TAG.search(reading.text, *span))


def _tagged(reading: Reading, match: Match) -> bool:
    """Whether an identifier goes on with a format ("Llama-3-8B-FP8") or holds one."""
    tail = re.compile(r"[\w./-]{0,80}").match(reading.text, match.end)
    end = tail.end() if tail else match.end
    tags = [tag[0].strip("-_.").lower() for tag in _TAG.finditer(reading.text, match.start, end)]
    kept = "id" in match.facts or reading.grid_at(match.start) is not None
    if any(kept or not tag.startswith("quant") for tag in tags):
        return True
    return any(
        other.kind == "format" and other.start > match.start
        for other in reading.within(match.start, end)
    )
