"""What a reader has to know before any figure."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.artifacts import CalibrationFacts, VariantFacts
from ..records.result import Result
from .blocks import Block, Bullets, Paragraph, Section
from .names import counted, several, short
from .subject import Subject

_IDS_SHOWN = 8
_HELD = 100


def findings(subject: Subject) -> Section:
    """List what was found about the run itself, apart from its figures."""
    items = list(dict.fromkeys(_all(subject)))
    rest = len(items) - _HELD
    if rest > 0:
        items[_HELD:] = [f"{counted(rest, 'more finding')} in the run folder."]
    block: Block = Bullets(tuple(items)) if items else Paragraph("Nothing to report.")
    return Section("findings", "Findings", (block,), brief=True)


def _all(subject: Subject) -> Iterator[str]:
    result = subject.result
    if result is not None:
        yield from result.findings
        for facts in result.variants:
            yield from _of_variant(facts)
        yield from _of_execution(result)
        yield from _of_clusters(result.test_set.clusters)
    yield from subject.comparison.findings


def _of_variant(facts: VariantFacts) -> Iterator[str]:
    name = short(facts.name)
    if facts.truth is not None and not facts.truth.changed:
        yield f"{name} changed nothing: {facts.truth.summary}"
    if facts.failed:
        ids = several(facts.failed_ids, _IDS_SHOWN) or "ids not recorded"
        yield (
            f"{name}: {counted(facts.failed, 'output')} not finite or missing, counted as the "
            f"worst case, none dropped: {ids}"
        )
    if isinstance(facts.calibration, CalibrationFacts):
        yield from _of_overlap(name, facts.calibration)


def _of_overlap(name: str, facts: CalibrationFacts) -> Iterator[str]:
    if facts.exact_overlap:
        yield (
            f"{name}: {counted(facts.exact_overlap, 'calibration sample')} of {facts.samples:,} "
            "also in the test set, to the byte."
        )
    if facts.near_duplicates:
        yield (
            f"{name}: {counted(facts.near_duplicates, 'calibration sample')} of {facts.samples:,} "
            "nearly the same as a test sample."
        )


def _of_execution(result: Result) -> Iterator[str]:
    for name, use in result.engines.items():
        emulated = [each for each in use.precisions if each.execution == "emulated"]
        if emulated:
            kinds = several([f"{each.count} {each.op} ({each.precision})" for each in emulated])
            yield (
                f"{short(name)}: {kinds} ran emulated on this processor; "
                "throughput on one that runs them natively is another number."
            )


def _of_clusters(clusters: str) -> Iterator[str]:
    if clusters == "unknown":
        yield (
            "Clusters are unknown: samples are treated as independent, which is an assumption. "
            "If samples belong together, every interval here is too narrow."
        )
