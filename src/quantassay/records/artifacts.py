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

    ``stored`` is the kind that most weights are stored in; ``layers_low`` of ``layers`` have
    weights in 16 bits or less, and make ``low_macs_share`` of the multiplications with weights
    (None where shapes do not tell). ``bytes`` stand beside ``source_bytes``. ``same_as`` names
    variants of the run that hold the same; ``near`` those from which under 1 % of the quantized
    weights differ, with that share. Of the quantized weights, the share ``compared`` was found in
    the source too; of those, ``nearest_share`` are the source's rounded to the nearest number that
    their own scales allow (None: none compared).
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
    stored: str = ""
    layers_low: int = 0
    layers: int = 0
    low_macs_share: float | None = None
    bytes: int | None = None
    source_bytes: int | None = None
    same_as: tuple[str, ...] = ()
    near: Mapping[str, float] = field(default_factory=dict)
    nearest_share: float | None = None
    compared: float | None = None


@dataclass(frozen=True)
class Coverage:
    """How many calibration samples, and test samples, each stratum of one kind has.

    ``unknown`` says why it cannot be told of the calibration samples; '' where it can.
    """

    samples: Mapping[str, int]
    test: Mapping[str, int]
    unknown: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Strata of the test set of which no sample calibrates."""
        if self.unknown:
            return ()
        return tuple(name for name, n in self.test.items() if n and not self.samples.get(name))


@dataclass(frozen=True)
class CalibrationFacts:
    """Which samples set the ranges, and how.

    ``strata`` counts those that were drawn alike; ``coverage`` stands by stratum key of the test
    set; ``compared`` says what counted as a near-duplicate.
    """

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
    compared: str = ""
    coverage: Mapping[str, Coverage] = field(default_factory=dict)


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
