"""A result or a comparison as a document: what is said, in which order, in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..records.cells import Comparison, MetricFacts
from ..records.result import Result
from . import rules
from .blocks import Document, Section
from .calibration_study import calibration_study
from .candidates import candidates
from .cell_table import cells
from .contrasts import contrasts
from .figures import confidence
from .findings import findings
from .frontier import frontier
from .labels import labels
from .lists import lists
from .looks import declared, looks
from .names import counted, short
from .overview import overview
from .penalty import penalty
from .provenance import disclosures, measured_on, variants
from .stack import executor
from .strata import hidden, strata
from .subject import Subject
from .tendencies import panel
from .timing import timing
from .verdict import banner
from .wording import one_line

__all__ = ["Document", "comparison_document", "document"]


def document(result: Result) -> Document:
    """Return the report of a run, verdict first.

    Raises
    ------
    ValueError
        If a PASS is contradicted by the cells or candidates beneath it.
    """
    subject = Subject(result.comparison, result.metrics, result)
    amended = bool(result.amendments) or result.looks > 1
    changes = rules.amendments(result)
    rest = (
        rules.agreements(subject),
        rules.noise(result),
        *calibration_study(subject),
        timing(subject),
        *_tendencies(result),
        disclosures(result),
        variants(result),
        measured_on(result),
        executor(result),
        *(() if amended else (changes,)),
    )
    return Document(
        title=f"{result.rubric}: {result.test_set.task}",
        subtitle=f"{counted(result.test_set.n, 'test sample')}, reference "
        f"{short(result.comparison.reference)}, {_confidence(result.comparison)}, "
        f"{_looks(result.comparison)}{result.made}",
        banner=banner(subject),
        sections=(
            *((changes,) if amended else ()),
            *_shared(subject),
            *rest,
            rules.definitions(subject),
            rules.how_to_read(subject),
            rules.reproduce(result),
        ),
        confidence=one_line(result.comparison.confidence, result.comparison.stopping is not None),
        footer=(f"quantassay {result.quantassay}", f"rubric {result.rubric_digest}"),
    )


def _tendencies(result: Result) -> tuple[Section, ...]:
    """Show tendencies after all that decides, and in full reports alone."""
    if result.tendencies is None:
        return ()
    return (replace(panel(result.tendencies, result.comparison, result.metrics), brief=False),)


def _confidence(comparison: Comparison) -> str:
    said = f"{confidence(comparison.confidence)} confidence"
    return f"{said}, strict bounds" if comparison.strict else said


def _looks(comparison: Comparison) -> str:
    stopping = comparison.stopping
    if stopping is None:
        return ""
    return f"at most {stopping.reference:,} samples run; {declared(comparison)}; "


def comparison_document(comparison: Comparison, metrics: Sequence[MetricFacts] = ()) -> Document:
    """Return the report of a bare comparison; ``metrics`` stand in for its own where it has none.

    Raises
    ------
    ValueError
        If a PASS is contradicted by the cells or candidates beneath it.
    """
    subject = Subject(comparison, comparison.metrics or tuple(metrics))
    names = ", ".join(short(name) for name in subject.candidates)
    return Document(
        title=f"{names or 'no candidate'} against {short(comparison.reference)}",
        subtitle=_confidence(comparison),
        banner=banner(subject),
        sections=(
            *overview(subject),
            *_shared(subject),
            rules.agreements(subject),
            rules.definitions(subject),
            rules.how_to_read(subject),
        ),
        confidence=one_line(comparison.confidence, comparison.stopping is not None),
        footer=("quantassay compare",),
    )


def _shared(subject: Subject) -> tuple[Section, ...]:
    return (
        *looks(subject),
        findings(subject),
        *labels(subject),
        candidates(subject),
        *frontier(subject),
        *((hidden(subject),) if subject.strata else ()),
        *lists(subject),
        *contrasts(subject),
        strata(subject),
        penalty(subject),
        cells(subject),
    )
