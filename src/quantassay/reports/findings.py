"""What a reader has to know before any figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..records.artifacts import CalibrationFacts, VariantFacts
from ..records.result import Result
from .blocks import Block, Bullets, Paragraph, Section
from .names import counted, several, short
from .subject import Subject

_IDS_SHOWN = 8
_HELD = 100


def findings(subject: Subject) -> Section:
    """List what was found about the run itself, apart from its figures."""
    given = _given(subject)
    items = list(dict.fromkeys([*given, *_unsaid(subject, given)]))
    rest = len(items) - _HELD
    if rest > 0:
        items[_HELD:] = [f"{counted(rest, 'more finding')} in the run folder."]
    block: Block = Bullets(tuple(items)) if items else Paragraph("Nothing to report.")
    return Section("findings", "Findings", (block,), brief=True)


def _given(subject: Subject) -> tuple[str, ...]:
    own = () if subject.result is None else subject.result.findings
    return (*own, *subject.comparison.findings)


def _unsaid(subject: Subject, given: tuple[str, ...]) -> Iterator[str]:
    """Draw findings from the records, but for those that the run put in its own words."""
    result = subject.result
    if result is None:
        return
    drawn = [found for facts in result.variants for found in _of_variant(facts)]
    drawn += [*_of_execution(result), *_of_speed(result)]
    drawn += _of_clusters(result.test_set.clusters)
    for found in drawn:
        if not any(found.said_in(text) for text in given):
            yield found.text


@dataclass(frozen=True)
class _Found:
    """A finding, and the words by which the same one is known in other wording."""

    text: str
    words: tuple[str, ...]

    def said_in(self, other: str) -> bool:
        """Return whether another text has every word, each as a whole."""
        return all(re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", other) for w in self.words)


def _of_variant(facts: VariantFacts) -> Iterator[_Found]:
    name = short(facts.name)
    if facts.truth is not None and not facts.truth.changed:
        text = f"{name} changed nothing: {facts.truth.summary}"
        yield _Found(text, (facts.name, "changed nothing"))
    if facts.failed:
        ids = several(facts.failed_ids, _IDS_SHOWN) or "ids not recorded"
        yield _Found(
            f"{name}: {counted(facts.failed, 'output')} not finite or missing, counted as the "
            f"worst case, none dropped: {ids}",
            (facts.name, "not finite"),
        )
    if isinstance(facts.calibration, CalibrationFacts):
        yield from _of_overlap(name, facts.calibration)


def _of_overlap(name: str, facts: CalibrationFacts) -> Iterator[_Found]:
    if facts.exact_overlap:
        yield _Found(
            f"{name}: {counted(facts.exact_overlap, 'calibration sample')} of {facts.samples:,} "
            "also in the test set, to the byte.",
            (facts.name, "test set too"),
        )
    if facts.near_duplicates:
        count = counted(facts.near_duplicates, "near-duplicate")
        yield _Found(
            f"{name}: {count} between its {counted(facts.samples, 'calibration sample')} and the "
            "test set.",
            (facts.name, "near-duplicates"),
        )


def _of_execution(result: Result) -> Iterator[_Found]:
    for name, use in result.engines.items():
        emulated = [each for each in use.precisions if each.execution == "emulated"]
        if emulated:
            kinds = several([f"{each.count} {each.op} ({each.precision})" for each in emulated])
            yield _Found(
                f"{short(name)}: {kinds} ran emulated on this processor; "
                "throughput on one that runs them natively is another number.",
                (name, "emulated"),
            )


def _of_speed(result: Result) -> Iterator[_Found]:
    for speed in result.speeds:
        if speed.ratio is not None and speed.ratio_interval and speed.ratio_interval[1] < 1:
            low, high = speed.ratio_interval
            yield _Found(
                f"{short(speed.variant)} is slower than {short(result.comparison.reference)}: "
                f"{speed.ratio:.2f}× [{low:.2f}, {high:.2f}].",
                (speed.variant, "slower"),
            )


def _of_clusters(clusters: str) -> Iterator[_Found]:
    if clusters == "unknown":
        yield _Found(
            "Clusters are unknown: samples are treated as independent, which is an assumption. "
            "If samples belong together, every interval here is too narrow.",
            ("assumption", "independent"),
        )
