"""Of which kind a text is."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from .diff import is_diff

CLAIM = "quantassay/claim/1"
PAGE = re.compile(r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!doctype\s++html|<html\b|<body\b)", re.IGNORECASE)
FRAGMENT = re.compile(r"\s*+<(?:div|section|article|main|p|h[1-6]|ul)\b[^<>]*+>", re.IGNORECASE)
MARKDOWN = re.compile(r"^(?:#{1,6} |```|\|?\s{0,3}:?-+:?\s{0,3}\|)|\]\(|\*\*", re.MULTILINE)
DIRECTIVE = re.compile(
    r"^[ \t]{0,12}\.\. (?:list-table|csv-table|table|code-block|note|warning|tip|important|image"
    r"|figure|toctree|contents|math|include|literalinclude|code|tip|_[\w .-]{1,80}:)",
    re.MULTILINE,
)
UNDERLINED = re.compile(r"^(?=\S)[^\n]{3,120}\n([~^\"'*+=#-])\1{2,}[ \t]*$", re.MULTILINE)
ROLE = re.compile(r"``[^`\n]{1,120}``|`[^`<\n]{0,120}<[^<>`\n]{1,300}>`__?|:[a-z:]{2,20}:`")
SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".mdx": "markdown", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".rst": "rest", ".rest": "rest", ".diff": "diff",
    ".patch": "diff", ".json": "json", ".yaml": "yaml", ".yml": "yaml",
}  # fmt: skip


def kind_of(text: str, name: str) -> str:
    """Return "markdown", "html", "rest", "diff", "json" or "yaml", by the name or the text."""
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if named in ("json", "yaml", "html", "rest"):
        return named
    if text.lstrip()[:1] in ("{", "[") and _is_json(text):
        return "json"
    if is_diff(text):
        return "diff"
    return named or laid_out(text)


def laid_out(text: str) -> str:
    """Return "html", "rest" or "markdown", by what the text looks like."""
    if PAGE.match(text):
        return "html"
    marked_down = MARKDOWN.search(text) is not None
    if FRAGMENT.match(text) and text.rstrip().endswith(">") and not marked_down:
        return "html"
    if DIRECTIVE.search(text) and "```" not in text:
        return "rest"
    rest = UNDERLINED.search(text) and ROLE.search(text) and not marked_down
    return "rest" if rest else "markdown"


def is_claim(text: str) -> bool:
    """Say whether JSON is a claim of our own."""
    if CLAIM not in text:
        return False
    value = json.loads(text)
    return isinstance(value, dict) and value.get("schema") == CLAIM


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
