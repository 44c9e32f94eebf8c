"""Tendencies beside what was measured: shown as tendencies, never as a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..records.cells import Comparison, MetricFacts
from ..records.tendencies import Tendencies
from .blocks import Banner, Block, Bullets, Document, KeyValues, Paragraph, Section
from .names import counted, short
from .subject import Subject
from .tendency_table import by_layer, definitions, undefined, whole
from .wording import one_line

NOT_VERDICTS = (
    "These are tendencies: figures of models and layers that are said to go with a loss. "
    "No verdict rests on any of them."
)
#: what is seen of tensors inside a model
WATCHED = ("activation-kurtosis", "outlier-channels", "range-stability", "layer-noise")
COPIES = (
    "What enters and leaves a layer was watched in copies of the models in which those tensors are "
    "outputs. An engine cannot fuse operations across an output: figures of layers are those of "
    "the copies, which may round elsewhere than the models that were measured."
)


def panel(
    found: Tendencies, comparison: Comparison | None = None, metrics: Sequence[MetricFacts] = ()
) -> Section:
    """Return the part of a report that shows tendencies beside what was measured.

    Parameters
    ----------
    found
        What was looked for, and its definitions.
    comparison
        What was measured, whose verdict and loss of each candidate stand in the same table; None
        where nothing was.
    metrics
        How losses are written, where the comparison does not say.
    """
    subject = _subject(comparison, metrics)
    blocks: list[Block] = [Paragraph(f"{NOT_VERDICTS} {_measured(subject)}")]
    blocks.append(whole(found, subject))
    if any(one.layer and one.name in WATCHED for one in found.found):
        blocks.append(Paragraph(COPIES))
    if found.findings:
        blocks.append(Bullets(tuple(found.findings)))
    blocks += by_layer(found)
    left = tuple(_left_out(found))
    if left:
        blocks += [Paragraph("Undefined, or not looked at:"), Bullets(left)]
    blocks += definitions(found)
    return Section("tendencies", "Tendencies", tuple(blocks), brief=True)


def document(
    found: Tendencies, comparison: Comparison | None = None, metrics: Sequence[MetricFacts] = ()
) -> Document:
    """Return the report of `diagnose`; ``comparison`` is that of a finished run, if any."""
    level = "" if comparison is None else one_line(comparison.confidence)
    return Document(
        title=f"{short(found.rubric)}: {short(found.task)}",
        subtitle=f"{counted(len(found.candidates), 'candidate')}, reference "
        f"{short(found.reference)}; {counted(found.samples, 'sample')} run, seed {found.seed}; "
        f"{found.made}",
        banner=Banner("unjudged", _headline(comparison), (), word="TENDENCIES"),
        sections=(panel(found, comparison, metrics), _rests_on(found)),
        confidence=level,
        footer=(f"quantassay {found.quantassay}", f"rubric {found.rubric_digest}"),
    )


def _subject(comparison: Comparison | None, metrics: Sequence[MetricFacts]) -> Subject | None:
    if comparison is None:
        return None
    return Subject(comparison, comparison.metrics or tuple(metrics))


def _headline(comparison: Comparison | None) -> str:
    beside = "" if comparison is None else "; the measured verdict stands beside them"
    return f"Figures said to go with a loss: nothing is judged by them{beside}."


def _measured(subject: Subject | None) -> str:
    if subject is None:
        return (
            "No loss was measured here, so there is none to set beside them: `quantassay run` "
            "measures it."
        )
    return "What was measured instead stands first: the verdict on each candidate, and its loss."


def _left_out(found: Tendencies) -> Iterator[str]:
    yield from undefined(found)
    yield from found.left_out


def _rests_on(found: Tendencies) -> Section:
    facts = KeyValues(
        (
            ("Rubric", found.rubric),
            ("Rubric digest", found.rubric_digest),
            ("Samples run", f"{found.samples:,}, drawn with seed {found.seed}"),
            ("Budget", f"{found.budget:g} s for what runs a model many times"),
            ("Made", found.made),
            ("quantassay", found.quantassay),
        )
    )
    return Section("rests-on", "What this rests on", (facts,))
