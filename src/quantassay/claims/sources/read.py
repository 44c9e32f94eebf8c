"""The document in a text of any kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

from quantassay.errors import InputError

from .decoding import READABLE, check, decoded, decoded_stream
from .diff import read_diff
from .document import Document, Part
from .draft import Draft
from .folder import folder_texts
from .kinds import is_claim, kind_of, laid_out
from .markdown import read_markdown
from .metadata import json_entries, yaml_entries
from .pages import read_html
from .preamble import front_matter, skip_header
from .rest import read_rest


def read(source: Path | str, name: str = "-") -> Document:
    """Return the document that a path leads to, or that a text is.

    Raises
    ------
    InputError
        If it cannot be read: what it is, and what can.
    """
    return read_path(source) if isinstance(source, Path) else read_text(source, name)


def read_path(path: Path) -> Document:
    """Return the document of a file, or of a model folder.

    Places count characters of the text, where an end of line is one character.

    Raises
    ------
    InputError
        If it is missing, no text, empty, or too long.
    """
    return _read_folder(path) if path.is_dir() else read_text(decoded(path), str(path))


def read_stream(stream: BinaryIO, name: str = "-") -> Document:
    """Return the document of bytes that stand on a stream, such as stdin.

    Raises
    ------
    InputError
        If it is no text, empty, or too long.
    """
    return read_text(decoded_stream(stream, name), name)


def read_text(text: str, name: str = "-") -> Document:
    """Return the document of a text; the end of ``name`` may say of which kind it is.

    Raises
    ------
    InputError
        If it is empty, too long, or of no kind that can be read.
    """
    check(text, name)
    draft = Draft(text)
    if text.startswith("\ufeff"):
        draft.mark(0, 1)
        draft.settle()
    start = skip_header(draft)
    kind = kind_of(text[start:], name)
    if kind in ("json", "yaml"):
        return _metadata(draft, kind, start, name)
    shown = kind
    if kind == "diff":
        read_diff(draft, start)
        kind = laid_out(draft.work[start:])
    _read_part(draft, kind, start, len(text))
    plain = kind == "markdown" and _unmarked(draft, start)
    return draft.document(name, "prose" if plain and shown == kind else shown)


def _read_part(draft: Draft, kind: str, start: int, end: int) -> None:
    if kind == "html":
        read_html(draft, start, end)
    elif kind == "rest":
        read_rest(draft, start, end)
    else:
        read_markdown(draft, front_matter(draft, start, end), end)


def _unmarked(draft: Draft, start: int) -> bool:
    """Say whether a text is paragraphs only, without any markup."""
    kinds = {region.kind for region in draft.regions}
    return kinds <= {"prose"} and not draft.comments and not any(draft.marks[start:])


def _metadata(draft: Draft, kind: str, start: int, name: str) -> Document:
    """Return a file of JSON or YAML alone."""
    text = draft.source[start:]
    problem = ""
    if kind == "yaml":
        draft.entries.extend(yaml_entries(text, start))
        problem = "" if draft.entries else "holds no YAML settings that can be read"
    else:
        try:
            value = json.loads(text)
            notebook = isinstance(value, dict) and "nbformat" in value
            problem = "a notebook: export it to Markdown first" if notebook else ""
        except (ValueError, RecursionError) as error:
            problem = f"JSON that is cut short, damaged or nested too deep: {error}"
    if problem:
        msg = f"{name}: {problem}; {READABLE}"
        raise InputError(msg)
    if kind == "json":
        draft.entries.extend(json_entries(text, start))
    draft.region("metadata", start, len(draft.source))
    return draft.document(name, "claim" if kind == "json" and is_claim(text) else "metadata")


def _read_folder(folder: Path) -> Document:
    texts = folder_texts(folder)
    draft = Draft("\n".join(text for _, text in texts))
    parts, at = [], 0
    for file, text in texts:
        end = at + len(text)
        kind = kind_of(text, file)
        if kind == "json":
            draft.entries.extend(json_entries(text, at))
        elif kind == "yaml":
            draft.entries.extend(yaml_entries(text, at))
        else:
            _read_part(draft, kind, at, end)
        if kind in ("json", "yaml"):
            draft.region("metadata", at, end)
        parts.append(Part(file, at, end))
        at = end + 1
    return draft.document(str(folder), "model folder", parts)
