"""Triples said to be robust or fragile, where that is false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.validity.axes_draws import Array
from benchmarks.validity.record import Figure
from quantassay.evidence.binary import BinaryEvidence
from quantassay.records.cells import Cell
from quantassay.records.cross import At
from quantassay.verdicts.axes import fragile_at_once
from quantassay.verdicts.cells import Declared, Group, judge
from quantassay.verdicts.overall import candidate_verdict
from quantassay.verdicts.triple import triple

ALPHA, MARGIN, TRIPLES = 0.025, 0.05, 12


@dataclass(frozen=True)
class Surface:
    """The true losses of six strata of ``n`` samples; ``watched`` margins gate nothing."""

    name: str
    n: int
    loss: Sequence[float]
    gains: float = 0.005
    watched: int = 0
    alike: bool = False


BAD, FEW = MARGIN, 0.005
SURFACES = (
    Surface("one of six cells at its margin", 300, (BAD, *[FEW] * 5)),
    Surface("every cell at its margin", 300, (BAD,) * 6),
    Surface("every cell at its margin, the same samples lost", 300, (BAD,) * 6, alike=True),
    Surface("one watched cell at its margin", 300, (*[FEW] * 5, BAD), watched=1),
    Surface("every cell at its margin, nothing gained", 80, (BAD,) * 6, gains=0.0),
)


def triple_rates(quick: bool) -> Iterator[Figure]:
    """Yield how often a triple is falsely robust or fragile, and any of a study fragile at once."""
    draws = 120 if quick else 2_400
    for seed, surface in enumerate(SURFACES):
        found = [_found(surface, *row) for row in zip(*_drawn(surface, draws, seed), strict=True)]
        robust = float(np.mean([outcome == "robust" for outcome, _ in found]))
        yield _figure("triple robust", "false PASS", surface, robust, draws)
        if max(surface.loss) <= MARGIN:
            fragile = float(np.mean([outcome == "fragile" for outcome, _ in found]))
            yield _figure("triple fragile", "false FAIL", surface, fragile, draws)
            studies = np.array([p for _, p in found]).reshape(-1, TRIPLES)
            any_ = float(np.mean([_any_fragile(row) for row in studies]))
            method = f"fragile at once, any of {TRIPLES} triples"
            yield _figure(method, "false FAIL", surface, any_, len(studies))


def _drawn(surface: Surface, draws: int, seed: int) -> tuple[Array, Array]:
    """Return losses and gains (draws, cells)."""
    rng, cells = np.random.default_rng(seed), len(surface.loss)
    u = rng.random((draws, 1 if surface.alike else cells, surface.n))
    lost = (u < np.array(surface.loss)[:, None] + surface.gains).sum(axis=2)
    gained = np.broadcast_to((u > 1 - surface.gains).sum(axis=2), lost.shape)
    return lost, gained


def _found(surface: Surface, lost: Array, gained: Array) -> tuple[str, float]:
    """Return the outcome of a triple, and its smallest adjusted p."""
    cells = _judged(surface, lost, gained)
    found = triple("int8", "fp32", candidate_verdict(cells), cells)
    p = [one.p_beyond_adjusted for one in cells if one.role == "gate"]
    return found.outcome, min(one for one in p if one is not None)


def _judged(surface: Surface, lost: Array, gained: Array) -> list[Cell]:
    first_watched = len(lost) - surface.watched
    declared = [
        Declared({"part": str(at)}, MARGIN, "gate" if at < first_watched else "watch")
        for at in range(len(lost))
    ]
    n = np.full(len(lost), surface.n)
    return judge(
        "int8", "fp32", [Group("top1", BinaryEvidence(n, n, lost, gained), declared)], 0.95
    )


def _any_fragile(p: Array) -> bool:
    names = [At("a", f"m{at}", "int8") for at in range(len(p))]
    return bool(fragile_at_once(dict(zip(names, p.tolist(), strict=True)), ALPHA))


def _figure(method: str, side: str, surface: Surface, rate: float, draws: int) -> Figure:
    return Figure(method, surface.name, surface.n, MARGIN, side, ALPHA, rate, ALPHA, draws,
                  strata=len(surface.loss))  # fmt: skip
