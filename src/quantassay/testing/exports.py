"""Exports, on claims drawn at random."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantassay.claims.build import claim as built
from quantassay.errors import InputError
from quantassay.exports.contract import Claim, PlaceExport, TextExport
from quantassay.exports.parts import PARTS
from quantassay.metrics.classes.top1 import Top1
from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import CandidateVerdict, Comparison, MetricFacts
from quantassay.records.plain import plain
from quantassay.records.result import Result, TestSet
from quantassay.records.speed import Speed
from quantassay.verdicts.cells import Declared, Group, judge

from .laws.contract import obeying, require
from .laws.figures import evidence
from .pairs import random_pair

HARD_NAMES = ("candidate", '=1+1|`"<b>', "größer\n,;\x07]]>")
THROUGHPUT = 98765.4


def random_comparison(seed: int, n: int, candidate: str = "candidate") -> Comparison:
    """Draw a comparison of two variants by top1, with strata of which some are empty."""
    metric: Any = Top1()
    pair = random_pair(seed, n, 0.1 * (seed % 2), bool(seed % 3))
    labels = [label for part in pair.parts for label in part.labels]
    declared = [
        Declared(label, 0.1, "gate" if i % 2 else "watch") for i, label in enumerate(labels)
    ]
    found = evidence(metric, pair)
    cells = judge(candidate, "reference", [Group(metric.name, found, declared)], 0.95)
    facts = MetricFacts(
        metric.name, metric.definition, metric.source, True, metric.evidence.name, metric.unit
    )
    return Comparison(
        reference="reference",
        confidence=0.95,
        verdict="inconclusive",
        candidates={candidate: CandidateVerdict("inconclusive", "drawn at random")},
        cells=tuple(cells),
        metrics=(facts,),
        findings=("a finding",),
    )


def random_claim(comparison: Comparison) -> dict[str, Any]:
    """Return the claim of a comparison on a made-up test set; where it has cells, with speeds."""
    names = (comparison.reference, *comparison.candidates)
    speeds = tuple(
        _drawn_speed(name, None if i == 0 else 1.5)
        for i, name in enumerate(names if comparison.cells else ())
    )
    result = Result(
        rubric="drawn/1",
        rubric_digest="0" * 64,
        made="2026-01-02T03:04:05+00:00",
        quantassay="0",
        test_set=TestSet("drawn", "t.csv", "sha256:" + "1" * 64, 7, "drawn", "independent", {}),
        metrics=comparison.metrics,
        comparison=comparison,
        variants=tuple(VariantFacts(name, "drawn", None, "int8", True) for name in names),
        speeds=speeds,
        reproduce="quantassay run drawn.yaml",
    )
    found: dict[str, Any] = json.loads(json.dumps(built(result)))
    return found


def _drawn_speed(name: str, ratio: float | None) -> Speed:
    return Speed(
        variant=name, protocol="offline", throughput=THROUGHPUT, throughput_interval=None,
        latencies=(), ratio=ratio, ratio_interval=None, blocks=12, queries=100, batch=64,
        confidence=0.95, method="drawn", load_seconds=0.1, artifact_bytes=None, peak_memory=None,
        memory_note="",
    )  # fmt: skip


def halved(claim: Claim) -> dict[str, Any]:
    """Return a claim whose candidates have a throughput, and no accuracy any more."""
    candidates = {name: {**one, "accuracy": []} for name, one in claim["candidates"].items()}
    return {**claim, "candidates": candidates, "metrics": []}


def check_export(
    export: type[Any] | TextExport | PlaceExport, seeds: Iterable[int] = range(6), place: str = ""
) -> None:
    """Check everything that every export obeys.

    Parameters
    ----------
    export
        An export, or its class where no option must be given.
    seeds
        A claim is drawn from each.
    place
        Where to write, of an export that is written to a place; its own place without it.

    Raises
    ------
    AssertionError
        In one line: the export, and what it does otherwise.
    """
    made: Any = export() if isinstance(export, type) else export
    with obeying(export, "is declared"):
        require(isinstance(made, TextExport | PlaceExport), "it is no TextExport or PlaceExport")
        lost = [name for name in made.drops if name not in PARTS]
        require(not lost, f"drops names no part of a claim: {', '.join(lost)}")
    check = _check_place if isinstance(made, PlaceExport) else _check_text
    for seed in seeds:
        comparison = random_comparison(seed, 20 + 7 * seed, HARD_NAMES[seed % len(HARD_NAMES)])
        claim = random_claim(comparison)
        with obeying(export, "writes any claim", f" (seed {seed})"):
            before = plain((claim, comparison))
            check(made, claim, comparison, place)
            require(plain((claim, comparison)) == before, "it changes the claim")
        with obeying(export, "writes no throughput without its accuracy", f" (seed {seed})"):
            _check_halved(made, claim, comparison, place)
    with obeying(export, "writes or refuses a claim without cells"):
        _without_cells(made, comparison, place)


def _check_text(export: TextExport, claim: Claim, comparison: Comparison, _: str) -> None:
    require(export.suffix.startswith("."), f"suffix is {export.suffix!r}, such as '.csv'")
    text = export.text(claim, comparison)
    require(isinstance(text, str), f"it returns {type(text).__name__}, no text")
    require(bool(text), "it writes nothing")
    require(export.text(claim, comparison) == text, "it writes another text the second time")
    values = [cell.candidate_value for cell in comparison.cells]
    accuracy = any(f"{value:.4g}"[:5] in text for value in values if value is not None)
    alone = str(THROUGHPUT) in text and not accuracy
    require(not alone, "it writes the throughput without the accuracy")


def _check_halved(
    export: TextExport | PlaceExport, claim: Claim, comparison: Comparison, place: str
) -> None:
    """Require that an export which writes the throughput refuses to where accuracy is gone."""
    carries = "throughput" not in export.drops
    if isinstance(export, TextExport):
        carries = str(THROUGHPUT) in export.text(claim, comparison)
    alone, empty = halved(claim), replace(comparison, cells=(), metrics=())
    try:
        if isinstance(export, PlaceExport):
            export.write(alone, empty, place or export.place, list[Path]())
            text = ""
        else:
            text = export.text(alone, empty)
    except InputError:
        return
    require(not carries and str(THROUGHPUT) not in text, "it exports half of the trade-off")


def _check_place(export: PlaceExport, claim: Claim, comparison: Comparison, place: str) -> None:
    said = export.write(claim, comparison, place or export.place, [])
    require(isinstance(said, str) and bool(said), "it does not say where it wrote")


def _without_cells(export: TextExport | PlaceExport, comparison: Comparison, place: str) -> None:
    empty = replace(comparison, cells=())
    claim = random_claim(empty)
    try:
        if isinstance(export, PlaceExport):
            export.write(claim, empty, place or export.place, list[Path]())
        else:
            require(isinstance(export.text(claim, empty), str), "no text")
    except InputError as error:
        require("\n" not in str(error), "it refuses in more than a line")
