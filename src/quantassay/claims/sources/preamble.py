"""What stands before a text: a header that says where it is from, and front matter."""

from __future__ import annotations

import re

from .draft import Draft
from .metadata import yaml_entries

HEADER = re.compile(
    r"[\ufeff ]?(?:# ?)?source:[ \t]*\S[^\n]*\n(?:[ \t]*\n){0,2}---[ \t]*\r?(?:\n|$)", re.IGNORECASE
)
OPENING = re.compile(r"[\ufeff ]?(?:[ \t]*\r?\n){0,3} ?---[ \t]*\r?\n")
ENDING = re.compile(r"^ ?(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


def skip_header(draft: Draft) -> int:
    """Blank a header that says where a text is from; return where the text begins."""
    header = HEADER.match(draft.source)
    if header is None:
        return 0
    draft.mark(0, header.end())
    draft.settle()
    return header.end()


def front_matter(draft: Draft, start: int, end: int) -> int:
    """Read front matter that begins at a place; return where the text after it begins."""
    opening = OPENING.match(draft.work, start, end)
    ending = ENDING.search(draft.work, opening.end(), end) if opening else None
    if opening is None or ending is None:
        return start
    body = draft.work[opening.end() : ending.start()]
    entries = yaml_entries(body, opening.end())
    if not entries and not _like_yaml(body):
        return start
    draft.entries.extend(entries)
    draft.mark(start, opening.end())
    draft.mark(ending.start(), ending.end())
    draft.region("metadata", opening.end(), ending.start())
    return ending.end()


def _like_yaml(body: str) -> bool:
    """Tell YAML that does not parse from prose between two rules."""
    first = body.lstrip().split("\n", 1)[0]
    return re.match(r"[A-Za-z_][\w-]{0,60}:(?:\s|$)", first) is not None
