"""What a deployment declares of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ModelReference:
    """A model as a deployment names it; any part may be missing."""

    name: str | None = None
    path: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        named = self.name or self.path or "unnamed"
        return f"{named}, {self.digest}" if self.digest else named


@dataclass(frozen=True)
class CriticalStratum:
    """A stratum that may not degrade: by ``metric`` and ``margin``, else by the claim's own."""

    stratum: Mapping[str, str]
    metric: str | None = None
    margin: float | None = None


@dataclass(frozen=True)
class Deployment:
    """What a deployment declares; None is what it does not say.

    ``executor`` maps layers to words; ``mix`` dimensions to shares that sum to one.
    """

    name: str
    task: str | None = None
    test_set: str | None = None
    composition: str | None = None
    base: ModelReference | None = None
    quantized: ModelReference | None = None
    candidate: str | None = None
    scheme: str | None = None
    reference: str | None = None
    precision: str | None = None
    metric: str | None = None
    margin: float | None = None
    calibration: str | None = None
    calibration_digest: str | None = None
    executor: Mapping[str, str] = field(default_factory=dict)
    speedup: float | None = None
    protocol: str | None = None
    mix: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    critical: tuple[CriticalStratum, ...] = ()
