"""Cells as a flat table."""

from __future__ import annotations

import csv
import io
from typing import Any, ClassVar

from quantassay.records.cells import Comparison, stratum_label
from quantassay.records.plain import plain

from .contract import Claim, TextExport

TEXT_THAT_SHEETS_RUN = ("=", "+", "-", "@", "\t", "\r")


class Csv(TextExport):
    """One line a cell, interval ends in two columns; an undefined figure is an empty field."""

    suffix: ClassVar[str] = ".csv"
    drops: ClassVar[tuple[str, ...]] = (
        "definitions", "declaration", "agreements", "test set", "rubric", "artifacts", "truth",
        "calibration", "executor", "precisions", "throughput", "latencies", "conditions",
        "frontier", "noise floor",
        "amendments", "stopping", "findings", "disclosures", "reproduce", "software",
    )  # fmt: skip

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the table."""
        buffer = io.StringIO()
        rows = [_row(plain(cell)) for cell in comparison.cells]
        writer = csv.DictWriter(
            buffer, list(rows[0]) if rows else ["candidate"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)
        return buffer.getvalue()


def _row(cell: dict[str, Any]) -> dict[str, object]:
    low, high = cell.pop("interval") or (None, None)
    look = cell.pop("look") or {}
    cell["stratum"] = stratum_label(cell["stratum"])
    row: dict[str, object] = {}
    for name, value in cell.items():
        row[name] = _safe(value)
        if name == "loss":
            row["loss_low"], row["loss_high"] = _safe(low), _safe(high)
    return {**row, "look": look.get("number", ""), "level": look.get("level", "")}


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(TEXT_THAT_SHEETS_RUN):
        return f"'{value}"
    return "" if value is None else value
