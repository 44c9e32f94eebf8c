"""A label that names two metrics for one number."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

_TWO = re.compile(
    r"^\W{0,3}(?P<one>accuracy)\W{1,4}(?:eval|test)?[-_ ]?(?P<other>f1|rouge\w{0,6}|pearson\w{0,4}|"
    r"spearman\w{0,4}|bleu|mcc|matthews\w{0,12}|wer|map|auc)\W{0,3}$",
    re.IGNORECASE,
)


def labels(document: Document, figures: Figures) -> list[Finding]:
    """Return the rows and columns that call one number accuracy and another metric."""
    found: dict[str, tuple[int, int]] = {}
    for grid in figures.grids:
        for spot in grid:
            for label in (spot.row_label, spot.column_label):
                if _TWO.match(label):
                    found.setdefault(label, spot.figure.row)
    return [_finding(document, label, row) for label, row in found.items()][:2]


def _finding(document: Document, label: str, row: tuple[int, int]) -> Finding:
    match = _TWO.match(label)
    other = match["other"] if match else ""
    text = (
        f'The label "{label}" names two metrics: whether the scores are accuracy or {other} '
        "cannot be determined."
    )
    return Finding("two-metrics", text, (document.quote(*row),))
