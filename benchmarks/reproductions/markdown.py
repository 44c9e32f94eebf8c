"""Tables and figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quantassay.records.cells import Cell

from .published import Checked, Publication


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> list[str]:
    """Lay rows out under heads; all columns from the ``numbers``-th on are aligned right.

    0 aligns none.
    """
    rule = ["--:" if numbers and place >= numbers else "---" for place in range(len(heads))]
    return [f"| {' | '.join(row)} |" for row in (heads, rule, *rows)]


def flowing(text: str) -> str:
    """Put every paragraph on one line, whatever was filled into it."""
    return "\n\n".join(" ".join(one.split()) for one in text.strip().split("\n\n")) + "\n"


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a number of per cent, with a true minus sign, never minus zero."""
    text = f"{share * 100:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def interval(ends: tuple[float, float] | None, digits: int = 1) -> str:
    """Write both ends in points."""
    return "undefined" if ends is None else f"[{', '.join(percent(end, digits) for end in ends)}]"


def loss(cell: Cell, digits: int = 1) -> str:
    """Write a loss in points with its interval; positive is worse."""
    if cell.loss is None:
        return f"undefined: {cell.reason}"
    return f"{percent(cell.loss, digits)} {interval(cell.interval, digits)}"


def checked(rows: Iterable[Checked]) -> list[str]:
    """Lay statements out beside what was found."""
    return table(
        ["published", "where", "here", "", "why"],
        [
            [
                str(one.statement),
                one.statement.where,
                one.ours,
                f"**{one.outcome}**",
                one.why,
            ]
            for one in rows
        ],
    )


def disclosures(publication: Publication, audit: str) -> list[str]:
    """Lay the six disclosures out, with the words that give them, then what the audit found."""
    laid = table(
        ["item", "given", "its words", "where", "audit of the README", "remark"],
        [
            [
                one.item,
                f"**{one.given}**",
                f"“{one.words}”" if one.words else "none",
                one.where,
                one.audit,
                one.remark,
            ]
            for one in publication.disclosures
        ],
    )
    counts = audit.format(given=publication.given, audited=publication.audited)
    return [*laid, "", counts, ""]
