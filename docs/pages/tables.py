"""Markdown tables and pages."""

from __future__ import annotations

MARK = "<!-- Written by docs/generate.py: edit the code, then run it again. -->"


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def cell(text: str) -> str:
    """Return text that fits into one cell of a table."""
    parts = " ".join(plain(text).split()).replace("|", "\\|").split("`")
    parts[::2] = [part.replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def plain(text: str) -> str:
    """Turn the double backticks of docstrings into those of Markdown."""
    return text.replace("``", "`")


def page(title: str, *parts: str) -> str:
    """Return a generated page."""
    return "\n\n".join([f"# {title}", MARK, *(part.strip() for part in parts if part)]) + "\n"
