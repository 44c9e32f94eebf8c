"""Declared looks: where each candidate stopped, and what was not run."""

from __future__ import annotations

from ..records.cells import Comparison
from .blocks import Block, Column, Paragraph, Section, Table, Value
from .figures import alpha, confidence
from .names import short
from .subject import Subject

SPENDINGS = {"obrien-fleming": "O'Brien-Fleming", "pocock": "Pocock"}
AT_ITS_LOOK = "at its look"


def level(comparison: Comparison) -> str:
    """Say what intervals of loss stand at: one confidence, or that of each cell's look."""
    return confidence(comparison.confidence) if comparison.stopping is None else AT_ITS_LOOK


def stopped(comparison: Comparison, name: str) -> tuple[str, ...]:
    """Say where a candidate stopped; nothing where no look was declared."""
    stopping = comparison.stopping
    if stopping is None or name not in stopping.candidates:
        return ()
    stop, of = stopping.candidates[name], len(stopping.looks)
    left = stopping.n_max - stop.n
    ran = f"look {stop.look} of {of}: {stop.n:,} of {stopping.n_max:,} samples run"
    return (f"{ran}, {left:,} not run, {stop.why}",) if left else (f"{ran}, the last one",)


def over(comparison: Comparison) -> str:
    """Name the samples that a cell of no stratum is about."""
    return "the whole test set" if comparison.stopping is None else "the samples run"


def declared(comparison: Comparison) -> str:
    """Say which looks were declared."""
    stopping = comparison.stopping
    if stopping is None:
        return ""
    sizes = ", ".join(f"{n:,}" for n in stopping.looks)
    return (
        f"looks declared at {sizes} samples, over which {SPENDINGS[stopping.spending]} spends "
        f"alpha {alpha(comparison.confidence)} per side"
    )


def looks(subject: Subject) -> tuple[Section, ...]:
    """Tabulate where each candidate stopped; nothing where no look was declared."""
    comparison = subject.comparison
    stopping = comparison.stopping
    if stopping is None:
        return ()
    reference = short(comparison.reference)
    rows = [(Value(f"{reference} (reference)"), *_ran(stopping.reference, stopping.n_max))]
    texts = ["as far as any candidate needed it"]
    for name, stop in stopping.candidates.items():
        rows.append((Value(short(name)), *_ran(stop.n, stopping.n_max)))
        texts.append(f"look {stop.look} of {len(stopping.looks)}, {stop.why}")
    table = Table(
        "Samples run, and where sampling stopped",
        (
            Column("Variant"),
            Column("Samples run", numeric=True),
            Column("Not run", numeric=True),
            Column("Stopped", prose=True),
        ),
        tuple((*row, Value(text)) for row, text in zip(rows, texts, strict=True)),
    )
    said = declared(comparison)
    blocks: list[Block] = [table, Paragraph(f"{said[:1].upper()}{said[1:]}. {_rules(comparison)}")]
    return (Section("looks", "Looks and samples not run", tuple(blocks)),)


def _ran(n: int, most: int) -> tuple[Value, Value]:
    return Value(f"{n:,} of {most:,}", n), Value(f"{most - n:,}", most - n)


def _rules(comparison: Comparison) -> str:
    stopping = comparison.stopping
    assert stopping is not None
    beyond = stopping.n - stopping.n_max
    more = f" {beyond:,} samples lie beyond the last look and are never run." if beyond else ""
    return (
        "Samples are taken in an order shuffled by their ids, clusters whole. A cell's decision "
        "is final at the look where it fell, and its figures are those of that look. p beyond is "
        f"that of all looks so far.{more}"
    )
