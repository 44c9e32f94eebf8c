"""YAML as text, quoted by the library, under comments that say what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml


def yaml_text(value: Any, comments: Sequence[str] = ()) -> str:
    """Return a value as YAML that reads back as it was, under a line for each comment."""
    head = "".join(f"# {' '.join(comment.split())}\n" for comment in comments)
    shown = _dumped(value, allow_unicode=True)
    # rare line ends do not survive unescaped
    return head + (shown if yaml.safe_load(shown) == value else _dumped(value, allow_unicode=False))


def _dumped(value: Any, *, allow_unicode: bool) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=allow_unicode, width=10_000))


def left_out(dropped: Sequence[str]) -> list[str]:
    """Return the comments that name what is left out."""
    return [f"left out: {words}" for words in dropped]
