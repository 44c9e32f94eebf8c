"""A sample of production beside a test set: strata, and columns that differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductionShare:
    """One stratum in the production sample and in the test set; the interval is two-sided."""

    value: str
    count: int
    share: float
    interval: tuple[float, float]
    test_count: int
    test_share: float


@dataclass(frozen=True)
class ProductionMix:
    """How the production sample falls into the strata of one dimension.

    ``p`` that its mix is the test set's; ``distance`` is the share of samples in another stratum
    (total variation), in [0, 1]. ``nameless`` samples are in no stratum.
    """

    dimension: str
    n: int
    nameless: int
    shares: tuple[ProductionShare, ...]
    p: float | None
    distance: float | None
    method: str


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """One column of production and of the test set: ``p`` is Holm-adjusted over the columns.

    ``effect`` is in [0, 1], 0 for the same law; ``measure`` says which; the medians are of numbers,
    None of categories.
    """

    column: str
    effect: float
    measure: str
    p: float
    medians: tuple[float, float] | None


@dataclass(frozen=True)
class TwoSample:
    """A label-free comparison of the production sample with the test set.

    ``what`` is compared: inputs, or outputs of the reference. ``n`` and ``rows`` are the sizes of
    (production, test) and how many of them were taken. ``columns``: those that differ most,
    ``tested`` of them in all. ``effect`` is the energy distance in [0, 1] with its permutation
    ``p``; None where no column holds numbers. ``p_any`` is the smallest adjusted p of all.
    ``matched`` names the dimension at whose mix in production rows of the test set were drawn.
    """

    what: str
    n: tuple[int, int]
    rows: tuple[int, int]
    tested: int
    columns: tuple[ColumnDifference, ...]
    effect: float | None
    p: float | None
    p_any: float
    differs: bool
    left_out: tuple[str, ...] = ()
    matched: str | None = None


@dataclass(frozen=True)
class Production:
    """What an unlabelled sample of production says of the test set."""

    path: str
    n: int
    mixes: tuple[ProductionMix, ...]
    tests: tuple[TwoSample, ...]
    notes: tuple[str, ...] = ()
