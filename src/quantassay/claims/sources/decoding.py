"""The text of a file, or why it has none."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from quantassay.errors import InputError

LONGEST = 8_000_000
MOST_LINES = 30_000
MARKUP = "<&|[]{*_`~\\."
MOST_MARKUP = 60_000
SURROGATE = re.compile("[\ud800-\udfff]")
READABLE = (
    "Markdown, HTML, reStructuredText, a diff, plain text, JSON or YAML metadata, a claim file or"
    " a model folder can be read"
)
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"GGUF", "a GGUF model"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"PAR1", "a Parquet table"),
)


def decoded(path: Path) -> str:
    """Return the text of a file, each end of line as one line feed.

    Raises
    ------
    InputError
        If it cannot be read, is longer than the limit, or is no text.
    """
    try:
        if not path.is_file():
            what = "no such file or folder" if not path.exists() else "neither a file nor a folder"
            msg = f"{path}: {what}"
            raise InputError(msg)
        with path.open("rb") as file:
            return decoded_stream(file, str(path))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from error


def decoded_stream(stream: BinaryIO, name: str) -> str:
    """Return the text of a stream, each end of line as one line feed.

    Raises
    ------
    InputError
        If it is longer than the limit, or is no text.
    """
    content = stream.read(4 * LONGEST + 4)
    if len(content) > 4 * LONGEST:
        msg = f"{name}: too long: at most {LONGEST:,} characters are read"
        raise InputError(msg)
    what = next((what for magic, what in MAGIC if content.startswith(magic)), "")
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "utf-8")
    try:
        text = "" if what else content.decode(encoding)
    except UnicodeDecodeError:
        what = "a binary file" if b"\0" in content[:4096] else "not UTF-8 text"
    if what:
        msg = f"{name}: {what}; {READABLE}"
        raise InputError(msg)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check(text: str, name: str) -> None:
    """Refuse what is empty, too long, or no text, and what is markup and little else.

    Raises
    ------
    InputError
        If it is.
    """
    problem = ""
    if not text.strip("\ufeff \t\r\n"):
        problem = f"empty; {READABLE}"
    elif len(text) > LONGEST or text.count("\n") > MOST_LINES:
        problem = f"too long: at most {LONGEST:,} characters and {MOST_LINES:,} lines are read"
    elif crowded := next((mark for mark in MARKUP if text.count(mark) > MOST_MARKUP), ""):
        problem = f"too much markup: at most {MOST_MARKUP:,} of {crowded!r} are read"
    elif "\0" in text:
        problem = f"a binary file; {READABLE}"
    elif SURROGATE.search(text):
        problem = f"not UTF-8 text; {READABLE}"
    if problem:
        msg = f"{name}: {problem}"
        raise InputError(msg)
