"""Markdown fit for a pull request: the verdict, one table, findings, the rest folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .blocks import (
    Banner,
    Block,
    Bullets,
    Code,
    Document,
    Forest,
    KeyValues,
    Paragraph,
    Ruling,
    Section,
    Table,
    Tone,
    Value,
)
from .names import printable
from .wording import SYMBOLS, WORDS

LONGEST = 60_000
_FORMAT = re.compile(r"([\\`*_|~$]|(?<=\])\()")
_LINKS = re.compile(r"(?<=[@#])(?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)")
# rows of the tables that stand open, and of those that are folded
_ROWS = ((60, 60), (60, 25), (60, 10), (60, 4), (25, 0), (10, 0), (4, 0), (0, 0))
_FULL = ("cross",)
_OPEN = (
    "answers",
    "foretold",
    "cross",
    "candidates",
    "frontier",
    "findings",
    "hidden",
    "axes",
    "weakest",
)


def render(document: Document) -> str:
    """Return the report as GitHub-flavoured Markdown, short enough for a comment there."""
    for rows, folded in _ROWS:
        text = "\n".join(_lines(document, rows, folded)) + "\n"
        if len(text) <= LONGEST:
            break
    return text


def escape(text: str) -> str:
    r"""Make text mean itself: no markup, no HTML, no mention, no issue or web link.

    Examples
    --------
    >>> escape("<b>|@me #1")
    '&lt;b&gt;\\|@<!-- -->me #<!-- -->1'
    """
    text = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _LINKS.sub("<!-- -->", _FORMAT.sub(r"\\\1", text))


def _lines(document: Document, rows: int, folded: int) -> Iterator[str]:
    yield from _banner(document)
    by_key = {section.key: section for section in document.sections}
    for key in _OPEN:
        if key in by_key:
            yield from _section(by_key[key], rows, brief=key not in _FULL)
    yield from _rulings(document.banner)
    for section in document.sections:
        if section.key not in _OPEN:
            yield from _folded(section.title, _blocks(section, folded))
    yield f"<sub>{escape(document.confidence)} {escape(' · '.join(document.footer))}</sub>"


def _banner(document: Document) -> Iterator[str]:
    banner = document.banner
    verdict = escape(f"{banner.word}:") if banner.word else _verdict(banner.tone)
    yield f"## {verdict} {escape(document.title)}"
    yield ""
    yield f"**{escape(banner.headline)}** {escape(document.subtitle)}."
    yield ""
    for caution in banner.cautions:
        yield f"> {SYMBOLS['warning']} {escape(caution)}"
        yield ">"
    yield ""


def _verdict(tone: Tone) -> str:
    return f"{SYMBOLS[tone]} {WORDS[tone]}"


def _rulings(banner: Banner) -> Iterator[str]:
    if banner.rulings or not banner.word:
        yield from _folded("Verdict on each candidate", map(_ruling, banner.rulings))


def _ruling(ruling: Ruling) -> str:
    lines = [f"- **{escape(ruling.name)}: {_verdict(ruling.tone)}.** {escape(ruling.reason)}"]
    lines += [f"  - {escape(fact)}" for fact in ruling.facts]
    lines += [f"  - decided by {escape(cell)}" for cell in ruling.deciding]
    lines += [f"  - {escape(limit)}" for limit in ruling.limits]
    return "\n".join(lines)


def _folded(title: str, parts: Iterator[str]) -> Iterator[str]:
    yield f"<details><summary>{escape(title)}</summary>"
    yield ""
    yield from parts
    yield ""
    yield "</details>"
    yield ""


def _section(section: Section, rows: int, *, brief: bool) -> Iterator[str]:
    if section.key != "candidates":
        yield f"### {escape(section.title)}"
        yield ""
    yield from _blocks(section, rows, brief=brief)


def _blocks(section: Section, rows: int, *, brief: bool = False) -> Iterator[str]:
    for block in section.blocks:
        text = _block(block.brief() if brief and isinstance(block, Table) else block, rows)
        if text:
            yield text
            yield ""


def _block(block: Block, rows: int) -> str:
    match block:
        case Paragraph(text):
            return escape(text)
        case Bullets(items):
            return "\n".join(f"- {escape(item)}" for item in items)
        case KeyValues(items):
            return "\n".join(f"- **{escape(name)}**: {escape(text)}" for name, text in items)
        case Code(text):
            return _code(text)
        case Table():
            return "\n".join(_table(block.head(rows)))
        case Forest():
            return _forest(block, rows)
        case _:
            return ""


def _code(text: str) -> str:
    """Fence a command with more backticks than it holds itself."""
    lines = [printable(line) for line in text.splitlines()]
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}sh", *lines, fence])


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"**{escape(table.caption)}**"
        yield ""
    if table.rows:
        yield f"| {' | '.join(escape(column.name) for column in table.columns)} |"
        marks = ("---:" if column.numeric else "---" for column in table.columns)
        yield f"| {' | '.join(marks)} |"
        for row in table.rows:
            yield f"| {' | '.join(map(_value, row))} |"
        yield ""
    elif not table.note:
        yield "Nothing was recorded."
    if table.note:
        yield escape(table.note)


def _value(value: Value) -> str:
    text = escape(value.text)
    if value.tone in WORDS:
        return f"**{SYMBOLS[value.tone]} {text}**"
    return text


def _forest(forest: Forest, rows: int) -> str:
    """Write a forest plot as a list: its drawing has no place here."""
    lines = [f"**{escape(forest.title)}**", ""]
    for row in forest.rows[: rows or 1]:
        critical = " (critical)" if row.critical else ""
        label = escape(", ".join(filter(None, [row.group, row.label, row.of])))
        text, facts = escape(row.text), escape(row.facts)
        ruled = f", {_verdict(row.tone)}" if row.tone in WORDS and row.tone != "unjudged" else ""
        lines.append(f"- {label}{critical}: {text}, {facts}{ruled}")
    rest = len(forest.rows) - (rows or 1)
    if rest > 0:
        lines.append(f"- {rest} more in the full report")
    return "\n".join([*lines, "", escape(forest.note)]).rstrip()
