"""Every rule of arithmetic on one document."""

from __future__ import annotations

from quantassay.claims.audit.figures.read import MOST_PAIRS, Figures
from quantassay.claims.audit.unshown import unshown
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .averages import averages
from .counts import counts
from .f_scores import f_scores
from .halves import halves
from .implied import implied
from .losses import losses
from .placeholders import placeholders
from .ratios import ratios
from .rounding import rounding
from .sampling import sampling
from .signs import signs
from .speed import speed
from .stated_bounds import stated_bounds
from .told import told


def arithmetic(document: Document, figures: Figures) -> list[Finding]:
    """Return what the figures of a document do not bear out, or leave open.

    Where the document has more figures than are read, the last finding says so.
    """
    found = losses(document, (*figures.scored, *told(figures)))
    found += stated_bounds(document, figures)
    found += implied(document, figures.pairs)
    found += signs(document, figures)
    found += counts(document, figures)
    found += averages(document, figures.grids)
    found += speed(document, figures)
    found += ratios(document, figures)
    found += rounding(document, figures.scored)
    found += sampling(document, figures)
    found += halves(document, figures)
    found += f_scores(document, figures)
    found += placeholders(document)
    if figures.capped:
        text = f"The text has more figures than are examined: the first {MOST_PAIRS:,} pairs are."
        found.append(Finding("capped", text, ()))
    return unshown(document, found)
