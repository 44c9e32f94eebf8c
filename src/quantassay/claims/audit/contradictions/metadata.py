"""Metadata of a card against its body."""

from __future__ import annotations

import re
from collections.abc import Mapping

from quantassay.claims.audit.figures.figure import Figure
from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.numbers import span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.lexicons.matches import find
from quantassay.claims.sources.document import Document, Entry
from quantassay.records.audit import Finding, Quote

_VALUE = re.compile(r"^(model-index\.\d+\.results\.\d+)\.metrics\.\d+\.value$")

_METHODS = ("gptq", "awq", "hqq", "aqlm", "bitsandbytes", "eetq")
_METHOD = re.compile(rf"(?<![a-z])({'|'.join(_METHODS)})(?![a-z])")
_BY = re.compile(
    rf"\bquanti[sz]\w+\b[^.\n]{{0,60}}\b(?:with|using|by|via|through)\b[^.\n]{{0,30}}"
    rf"\b(?:{'|'.join(_METHODS)})\b",
    re.IGNORECASE,
)


def metadata(document: Document, figures: Figures) -> list[Finding]:
    """Return the entries of metadata that the body contradicts."""
    found = values(document, figures)
    found += schemes(document, figures)
    found += data(document, figures)
    found += methods(document, figures)
    return found


def values(document: Document, figures: Figures) -> list[Finding]:
    """Return scores of a model-index that the body gives otherwise for the same metric and data."""
    entries = {entry.path: entry for entry in document.entries}
    found = []
    for entry in document.entries[:2000]:
        match = _VALUE.match(entry.path)
        number = _number(entry.value)
        if match is None or number is None:
            continue
        rows = _alike(entries, match[1], entry, figures)
        if rows and not any(_same(number, entry.value, row) for row in rows):
            text = (
                f"The metadata give {entry.value}; the body gives "
                f"{' and '.join(dict.fromkeys(row.text for row in rows[:3]))} for the same metric."
            )
            quotes = (document.quote(entry.start, entry.end), document.quote(*rows[0].row))
            found.append(Finding("metadata-value", text, quotes))
    return found[:3]


def _alike(
    entries: Mapping[str, Entry], result: str, value: Entry, figures: Figures
) -> list[Figure]:
    """Return the candidates' scores of the body for the metric of an entry, on its dataset."""
    metric = value.path.removesuffix("value")
    names = [entries[path].value for path in (f"{metric}type", f"{metric}name") if path in entries]
    sets = [
        entries[path].value
        for path in (f"{result}.dataset.name", f"{result}.dataset.type")
        if path in entries
    ]
    wanted, dataset = named(" ".join(names)).metric, named(" ".join(sets)).dataset
    rows = [
        one for one in figures.all
        if one.role == "score" and one.table and wanted and one.metric == wanted and not one.hidden
        and not (one.variant and one.variant.side == "reference")
    ]  # fmt: skip
    if dataset and any(one.dataset for one in rows):
        rows = [one for one in rows if _one_set(one.dataset, dataset)]
    return rows if len(rows) <= 12 else []


def _one_set(one: str, other: str) -> bool:
    """Return whether two names are of one dataset, or of a version of it."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,9}(?:\.\d{1,20})?", text) else None


def _same(number: float, printed: str, row: Figure) -> bool:
    """Return whether two printed values can be one, as percentages or as fractions."""
    low, high = row.span
    decimals = len(printed.partition(".")[2])
    for factor, digits in ((1.0, decimals), (100.0, decimals - 2), (0.01, decimals + 2)):
        least, most = span(number * factor, digits)
        if low <= most and least <= high:
            return True
    return False


def schemes(document: Document, figures: Figures) -> list[Finding]:
    """Return a tag that says static where the headings say dynamic, or the reverse."""
    tags = [entry for entry in document.entries if re.match(r"tags(?:\.|$)", entry.path)]
    titles = [
        one for one, _ in figures.spoken if "quanti" in one.text.lower() and len(one.text) < 80
    ]
    for tag in tags:
        said = _static(tag.value)
        others = {_static(one.text): one for one in titles if _static(one.text)}
        if said and others and said not in others and len(others) == 1:
            other, title = next(iter(others.items()))
            text = f"A tag says {said} quantization, the text {other}."
            quotes = (document.quote(tag.start, tag.end), document.quote(title.start, title.end))
            return [Finding("metadata-scheme", text, quotes)]
    return []


def _static(text: str) -> str:
    low = text.lower()
    found = [word for word in ("static", "dynamic") if word in low]
    return found[0] if len(found) == 1 and ("quanti" in low or "posttraining" in low) else ""


def methods(document: Document, figures: Figures) -> list[Finding]:
    """Return the method that a configuration declares where title and text name only another."""
    declared = next((one for one in document.entries if one.path.endswith("quant_method")), None)
    name = declared.value.lower() if declared else ""
    if declared is None or name not in _METHODS:
        return []
    titles = [(one.start, one.end) for one in document.headings[:1]]
    says = [(one.start, one.end) for one, _ in figures.spoken if _BY.search(one.text)]
    named_so = [
        (place, found)
        for place in (*titles, *says)
        if (found := set(_METHOD.findall(document.plain[slice(*place)].lower())))
    ]
    if not named_so or any(name in found for _, found in named_so):
        return []
    place, found = named_so[0]
    text = (
        f'A setting says "quant_method: {name}", the text says {", ".join(sorted(found)).upper()}.'
    )
    quotes = (document.quote(declared.start, declared.end), document.quote(*place))
    return [Finding("metadata-method", text, quotes)]


def data(document: Document, figures: Figures) -> list[Finding]:
    """Return metadata whose datasets and metrics are all others than those of the body's scores."""
    sets = [entry for entry in document.entries if re.match(r"datasets(?:\.\d{1,3})?$", entry.path)]
    rules = [entry for entry in document.entries if re.match(r"metrics(?:\.\d{1,3})?$", entry.path)]
    declared = {named(entry.value).dataset for entry in sets}
    scored = {named(entry.value).metric for entry in rules}
    if not declared or not scored or "" in declared | scored:
        return []
    body = " ".join(one.text for one, _ in figures.spoken[:200] if not one.hidden)[:20_000]
    matches = find(body)
    told_sets = {match.name for match in matches if match.kind == "dataset"}
    told_rules = {match.name for match in matches if match.kind == "metric"} | {
        one.metric for one in figures.all if one.role == "score"
    }
    if not told_sets or not told_rules - {""}:
        return []
    if declared & told_sets or scored & (told_rules - _vague(figures)):
        return []
    text = (
        f"The metadata name {', '.join(sorted(declared))} with {', '.join(sorted(scored))}; the "
        f"body names {', '.join(sorted(told_sets)[:4])}, and neither."
    )
    place = next(one for one, _ in figures.spoken if named(one.text).dataset in told_sets)
    quotes: tuple[Quote, ...] = (
        document.quote(sets[0].start, sets[0].end), document.quote(place.start, place.end)
    )  # fmt: skip
    return [Finding("metadata-data", text, quotes)]


def _vague(figures: Figures) -> set[str]:
    """Return "accuracy" where the body uses it as a label of another metric."""
    rules = {one.metric for one in figures.all if one.role == "score"} - {"", "accuracy"}
    return {"accuracy"} if rules else set()
