"""Every rule of contradictions on one document."""

from __future__ import annotations

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.unshown import unshown
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .bits import bits
from .calibration import calibration
from .directions import directions
from .few_shot import few_shot
from .hidden import hidden
from .labels import labels
from .metadata import metadata
from .models import models
from .prose_against_tables import no_loss, sentence_values
from .references import references
from .samples import samples
from .test_sets import test_sets
from .training_set import training_set

RULES = (
    calibration, test_sets, samples, few_shot, hidden, metadata, models, bits, references,
    sentence_values, no_loss, training_set, labels, directions,
)  # fmt: skip


def contradictions(document: Document, figures: Figures) -> list[Finding]:
    """Return the pairs of places of a document that cannot both hold, rule by rule."""
    found = [finding for rule in RULES for finding in rule(document, figures)]
    return unshown(document, found)
