"""Bits of one artefact, named differently in two places."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose
from .widths import TOKEN, Width, setting, tokens, width

_END = r"(?![a-z0-9])"
_STATED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("weights", re.compile(rf"\bweights?(?: quantization| precision| dtype| bits?)?"
                           rf"[:=\s*_(|-]{{1,8}}(?:(?:is|are|in|to|as|quantized|"
                           rf"stored)[:=\s*_(]{{1,3}}){{0,3}}(?P<t>{TOKEN}){_END}")),
    ("weights", re.compile(rf"\bquanti[sz]ing the weights (?:and activations )?of "
                           rf"[^\n]{{1,240}}? to (?P<t>{TOKEN}){_END}")),
    ("weights", re.compile(rf"\b(?:this|the) (?:model|checkpoint|repository|repo) (?:is|was|has "
                           rf"been) (?:\w+ )?quanti[sz]ed (?:to|in|into|with|at) "
                           rf"(?P<t>{TOKEN}){_END}")),
    ("weights", re.compile(rf"\b(?:this|it) is an? (?P<t>{TOKEN}){_END}[^.\n]{{0,30}}\b(?:model|"
                           rf"version|"
                           r"quanti[sz])")),
    ("weights", re.compile(r"bits per (?:parameter|weight) from \d{1,2} to (?P<t>\d{1,2})\b")),
    ("activations", re.compile(rf"\bactivations?(?: quantization| precision| dtype| "
                               rf"bits?)?[:=\s*_(|-]{{1,8}}(?:(?:is|are|in|to|as|"
                               rf"quantized)[:=\s*_(]{{1,3}}){{0,3}}(?P<t>{TOKEN}){_END}")),
)  # fmt: skip
_ELSEWHERE = re.compile(
    r"kv[- ]?cache|scales?\b|embedding|lm[_ ]head|accumulat|optimizer|vision|except|fall ?back|"
    r"mixed|sensitive|higher precision|some layers|other (?:quant|version|variant)|also available|"
    r"compared|vs\.?\s|than\b|unlike|original|instead of|before"
)
_NEAR = 400
_ITEM = re.compile(
    r"\n\s*(?:[-*+|]|\d{1,3}[.)])\s|\bor\b|\b(?:second|other|another|then|while|whereas|later)\b",
    re.I,
)
_TITLES = ("model_name", "model-index.0.name", "name")


def bits(document: Document, figures: Figures) -> list[Finding]:
    """Return the places that give one artefact other bits than its name does.

    The name is the title, or that of the metadata; one that names several widths decides nothing.
    """
    stated = [one for sentence in prose(figures) for one in said(sentence)]
    named = _name(document)
    if named is None:
        return _twice(document, stated)
    settings = [one for entry in document.entries if (one := setting(entry)) is not None]
    found = [one for one in settings if one.differs(named)][:1]
    for part in ("weights", "activations"):
        mine = [one for one in stated if getattr(one, part) is not None]
        if mine and not any(one.agrees(named) for one in mine):
            found += [one for one in mine if one.differs(named)][:1]
    return [_finding(document, named, one) for one in found]


def _twice(document: Document, stated: list[Width]) -> list[Finding]:
    """Return where two places, in one section, give one part two widths: no more than two."""
    for part in ("weights", "activations"):
        mine = [one for one in stated if getattr(one, part) is not None]
        if len({(getattr(one, part), one.kind) for one in mine}) != 2:
            continue
        first, other = mine[0], next((one for one in mine if one.differs(mine[0])), None)
        if other and _together(document, first, other):
            return [_finding(document, first, other, by_name=False)]
    return []


def _together(document: Document, first: Width, other: Width) -> bool:
    """Return whether two places are close, with no heading and no item of a list between them."""
    between = document.source[first.end : other.start]
    headed = any(first.end <= one.start < other.start for one in document.headings)
    return not headed and len(between) < _NEAR and _ITEM.search(between) is None


def said(sentence: Sentence) -> list[Width]:
    """Return what a sentence says of the weights or activations of the artefact."""
    low = sentence.text.lower()
    if _ELSEWHERE.search(low):
        return []
    found = []
    for part, pattern in _STATED:
        for match in pattern.finditer(low):
            start, end = sentence.start + match.start("t"), sentence.start + match.end("t")
            one = width(match["t"], start, end, part)
            if one is not None:
                found.append(one)
    return found


def _name(document: Document) -> Width | None:
    """Return the one width that the title names, or the name in the metadata."""
    titles = [(one.start, document.plain[one.start : one.end]) for one in document.headings[:1]]
    titles += [(one.start, one.value) for one in document.entries if one.path in _TITLES][:2]
    for start, text in titles:
        found = tokens(text, start)
        if found and len({(one.weights, one.kind) for one in found if one.kind}) <= 1:
            if len({one.weights for one in found}) == 1:
                return next((one for one in found if one.activations is not None), found[0])
            return None
    return None


def _finding(document: Document, named: Width, other: Width, by_name: bool = True) -> Finding:
    part = "activations" if other.activations is not None and other.weights is None else "weights"
    place = "The name" if by_name else f"Of the {part} one place"
    rest = f"of the {part} another place" if by_name else "another"
    text = f'{place} says "{named.words}"; {rest} says "{other.words}".'
    quotes = dict.fromkeys((_line(document, named), _line(document, other)))
    return Finding("bits", text, tuple(document.quote(*line) for line in quotes))


def _line(document: Document, one: Width) -> tuple[int, int]:
    """Return the line that a width stands in, as far as it is short."""
    start = document.source.rfind("\n", max(0, one.start - 120), one.start) + 1
    end = document.source.find("\n", one.end, one.end + 120)
    return (
        start or max(0, one.start - 60),
        end if end > 0 else min(len(document.source), one.end + 60),
    )
