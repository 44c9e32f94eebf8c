"""The model that metadata, body and loading example name."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose

_BASED = re.compile(
    r"(?:quanti[sz]ed (?:version|variant) of|original (?:\w+ )?model (?:comes|is) from (?:the )?"
    r"(?:fine-?tuned )?(?:model )?|base model\W{1,4}|quanti[sz]ing the weights (?:and activations "
    r")?of)\s*(?P<id>[\w.-]{2,60}/[\w.-]{3,80}|[A-Za-z][\w.-]{4,80})",
    re.IGNORECASE,
)
_LOADED = re.compile(r"from_pretrained\(\s*[\"'](?P<id>[\w.-]{2,60}/[\w.-]{3,80})[\"']")
_SIZE = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d)?)[bm](?![a-z])")
_GENERIC = frozenset({
    "int", "model", "static", "dynamic", "base", "large", "small", "tiny", "medium",
    "uncased", "cased", "quantized", "quant", "inc", "onnx", "finetuned", "finetune",
    "fine", "tuned", "instruct", "chat", "the", "bit", "fp", "awq", "gptq", "gguf",
    "neural", "version", "hf", "vllm", "openvino",
})  # fmt: skip


def models(document: Document, figures: Figures) -> list[Finding]:
    """Return where the body, or its example, names another model than the metadata or the title."""
    return base_models(document, figures) + loaded(document)


def base_models(document: Document, figures: Figures) -> list[Finding]:
    """Return the body's base model where it is none of those that the metadata name."""
    entries = [
        entry for entry in document.entries if re.match(r"base_model(?:\.\d{1,2})?$", entry.path)
    ]
    if not entries:
        return []
    for one in prose(figures):
        match = _BASED.search(one.text)
        if match and not one.hidden and all(_apart(match["id"], entry.value) for entry in entries):
            text = (
                f'The metadata name the base model "{entries[0].value}", the body "{match["id"]}".'
            )
            quotes = (
                document.quote(entries[0].start, entries[0].end), document.quote(one.start, one.end)
            )  # fmt: skip
            return [Finding("metadata-base-model", text, quotes)]
    return []


def loaded(document: Document) -> list[Finding]:
    """Return a loading example that names another quantized model than the title does."""
    if not document.headings:
        return []
    title = document.headings[0]
    name = document.plain[title.start : title.end]
    for match in _LOADED.finditer(document.source[:400_000]):
        model = match["id"].rpartition("/")[2].lower()
        if not re.search(r"int[48]|fp8|quant|awq|gptq|static|dynamic|w\da\d", model):
            continue
        first, second = named(_spaced(model)).dataset, named(name).dataset
        other_data = first and second and first != second
        if other_data or not _shared(model, name.lower()):
            titled = " ".join(name.split())[:60]
            text = f'The example loads "{match["id"]}", the title names "{titled}".'
            quotes = (document.quote(title.start, title.end), document.quote(*match.span("id")))
            return [Finding("example-model", text, quotes)]
    return []


def _apart(first: str, second: str) -> bool:
    """Return whether two names are surely of two models: other sizes, or no word in common."""
    one, other = (name.rpartition("/")[2].lower().rstrip(".") for name in (first, second))
    if one in other or other in one:
        return False
    sizes, others = set(_SIZE.findall(_spaced(one))), set(_SIZE.findall(_spaced(other)))
    if sizes and others and not sizes & others:
        return True
    return "/" in first and not _shared(one, other)


def _spaced(name: str) -> str:
    return re.sub(r"[-_]", " ", name)


def _words(name: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]{2,}", name) if word not in _GENERIC}


def _shared(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    if not first or not second:
        return True
    return any(a.startswith(b) or b.startswith(a) for a in first for b in second)
