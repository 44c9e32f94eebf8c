"""A claim beside a deployment: what holds there, what does not, and what nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .cells import Verdict
from .production import Production

Status = Literal["same", "differs", "implicit"]
# who declared a margin; '' where none stands
Whose = Literal["claim", "deployment", ""]
By = Literal["digest", "definition", "words", "measurement", ""]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a claim, as it states it and as the deployment does.

    ``by`` says what equality rests on: a digest, a definition, or no more than the same words.
    ``gates``: the claim does not travel as long as this axis stands as it does.
    """

    name: str
    status: Status
    by: By
    claim: str | None
    deployment: str | None
    why: str
    gates: bool


@dataclass(frozen=True, slots=True)
class StratumShare:
    """One stratum of a mix: its share in the deployment and in the test set, and its loss."""

    value: str
    share: float
    test_share: float
    n: int
    loss: float | None
    interval: tuple[float, float] | None
    verdict: Verdict | None
    method: str


@dataclass(frozen=True, slots=True)
class Move:
    """A share of all samples that passes from one stratum to another."""

    origin: str
    to: str
    share: float


@dataclass(frozen=True, slots=True)
class Shift:
    """The smallest shift of a mix found that would turn a reading.

    ``share`` of all samples moves, None where no mix of these strata would turn it; ``turns`` says
    into what.
    """

    share: float | None
    turns: Literal["a pass", "no pass"]
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True)
class Reweighted:
    """The loss of a candidate at a deployment's mix of strata.

    ``refused`` says why there is no figure; strata are then shown one by one, if at all.
    ``declared``: the mix is the deployment's; False: that of the test set, shown for its
    ``shift`` alone. ``counted`` is the number of samples that the mix was counted from, None where
    it was declared.
    """

    candidate: str
    reference: str
    metric: str
    unit: str
    dimension: str
    declared: bool
    counted: int | None
    strata: tuple[StratumShare, ...]
    n: int
    loss: float | None
    interval: tuple[float, float] | None
    method: str
    margin: float | None
    verdict: Verdict | None
    reason: str
    margin_of: Whose = ""
    refused: tuple[str, ...] = ()
    shift: Shift | None = None


@dataclass(frozen=True)
class CriticalReading:
    """A stratum that may not degrade, by its own cell of the claim."""

    candidate: str
    reference: str
    metric: str
    unit: str
    stratum: Mapping[str, str]
    n: int | None
    loss: float | None
    interval: tuple[float, float] | None
    method: str
    margin: float | None
    verdict: Verdict | None
    reason: str
    margin_of: Whose = ""


@dataclass(frozen=True)
class Measurement:
    """The smallest measurement that would settle an axis.

    ``n`` samples, None with the reason in ``words`` where none would; ``labelled``: they need gold
    answers. ``source`` says what n comes from: `plan`, as ``command`` repeats it; the claim's own
    limits; or the shift that would turn a reading. ``command`` is what to run next.
    """

    axis: str
    n: int | None
    labelled: bool
    words: str
    command: str
    source: Literal["plan", "limits", "shift", ""] = ""


@dataclass(frozen=True)
class Judged:
    """The verdict on one candidate where it is deployed; None where nothing was judged."""

    candidate: str
    verdict: Verdict | None
    reason: str


@dataclass(frozen=True)
class Transfer:
    """A claim beside a deployment, worst axis first.

    ``verdict`` is the worst over the candidates that could be the deployed one, and ``axes`` are
    those of the ``worst`` of them; ``travels`` only where it is a pass and no axis that gates
    differs or is implicit.
    """

    deployment: str
    claim: str
    confidence: float
    reference: str
    candidates: Mapping[str, Judged]
    worst: str
    verdict: Verdict | None
    travels: bool
    reason: str
    axes: tuple[Axis, ...]
    reweighted: tuple[Reweighted, ...]
    critical: tuple[CriticalReading, ...]
    production: Production | None
    weakest: str | None
    measurement: Measurement | None
    notes: tuple[str, ...] = ()
