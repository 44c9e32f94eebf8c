"""Model files, what a scheme did to them, and what set their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Artifact:
    """A file that an engine can open. ``digest`` covers it and its external data.

    ``version`` is what the file says of itself, '' where it says nothing.
    """

    path: Path
    digest: str
    bytes: int
    version: str = ""


@dataclass(frozen=True)
class Truth:
    """What differs between a variant and the variant it was made from.

    ``changed`` is False where neither operations nor weights differ: the scheme did nothing.
    ``lowered`` says whether anything runs or is stored in 16 bits or less that was not before.
    Shares are of weight elements; bits are the mean over them.
    """

    changed: bool
    summary: str
    ops_added: Mapping[str, int] = field(default_factory=dict)
    ops_removed: Mapping[str, int] = field(default_factory=dict)
    weights_changed: int = 0
    weights_total: int = 0
    low_precision_share: float | None = None
    bits_per_weight: float | None = None
    lowered: bool = True


@dataclass(frozen=True)
class CalibrationFacts:
    """Which samples set the ranges, and how."""

    name: str
    source: str
    method: str
    samples: int
    available: int
    seed: int
    digest: str
    strata: Mapping[str, int] = field(default_factory=dict)
    exact_overlap: int | None = None
    near_duplicates: int | None = None


@dataclass(frozen=True)
class VariantFacts:
    """All that identifies one variant of a run."""

    name: str
    origin: str
    scheme: str | None
    precision: str
    gate: bool
    artifact: Artifact | None = None
    truth: Truth | None = None
    calibration: CalibrationFacts | str | None = None
    engine: str = ""
    failed: int = 0
    failed_ids: tuple[str, ...] = ()
