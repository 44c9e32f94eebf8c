"""What a study of several calibrations found of one candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class StudySize:
    """The draws of one size.

    ``shared`` is the share of its samples that a draw has in common with another, on average.
    """

    samples: int
    shared: float


@dataclass(frozen=True, slots=True)
class StudyCell:
    """One metric on one stratum over the draws of one size; losses are positive when worse.

    ``losses`` has one entry a draw, ``loss`` is their mean. ``below`` and ``above`` say how far the
    ends of a draw's own interval lie from its loss, on average; ``fresh`` is the interval of the
    loss of a further calibration. ``noise`` is what this test set makes of the losses: their
    variance between draws, the variance of one over fresh test sets, and the standard error of
    their variance; ``spread`` is the standard deviation between draws less that noise, ``share``
    its part of the variance of a loss. What is None has its reason.
    """

    metric: str
    stratum: Mapping[str, str]
    samples: int
    n: int
    losses: tuple[float, ...]
    loss: float | None
    below: float | None
    above: float | None
    fresh: Ends | None
    noise: tuple[float, float, float] | None
    spread: float | None
    spread_interval: Ends | None
    share: float | None
    share_interval: Ends | None
    margin: float | None = None
    gate: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShiftedCell:
    """The loss in one stratum after calibration on another one alone; None with the reason."""

    metric: str
    calibrated: str
    measured: str
    n: int
    loss: float | None
    interval: Ends | None
    reason: str = ""


@dataclass(frozen=True)
class Shifted:
    """Calibration on each stratum of one kind, of ``samples`` samples each, measured on each.

    ``lacking`` names strata that too few calibration samples are of.
    """

    key: str
    samples: int
    cells: tuple[ShiftedCell, ...]
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class CalibrationStudy:
    """A candidate, quantized again with several draws of several sizes: described, never judged.

    ``clusters`` says that whole clusters are the units of the test set.
    """

    of: str
    calibration: str
    draws: int
    available: int
    seed: int
    confidence: float
    clusters: bool
    sizes: tuple[StudySize, ...]
    cells: tuple[StudyCell, ...]
    shifted: Shifted | None = None
