"""The whole stack that made a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Execution = Literal["native", "emulated", "unknown"]
LayerName = Literal[
    "application", "engine", "kernels", "framework", "os", "driver", "processor", "limits"
]
#: from what is nearest to the model to what is farthest from it
LAYERS: tuple[LayerName, ...] = get_args(LayerName)
#: ``unknown`` is said of what could not be told; ``none`` of what is known not to be there
Fact = str | int | tuple[str, ...]
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Machine:
    """Processor, memory and system, with the limits that a container puts on them."""

    processor: str
    architecture: str
    instructions: tuple[str, ...]
    cores: int
    usable_cores: int
    memory_bytes: int
    memory_limit_bytes: int | None
    system: str
    kernel: str
    python: str
    packages: Mapping[str, str]


@dataclass(frozen=True)
class PrecisionUse:
    """How often one kind of low-precision operation occurs, and whether it really ran so."""

    op: str
    precision: str
    count: int
    execution: Execution
    why: str


@dataclass(frozen=True)
class EngineUse:
    """The engine as it was used for one variant.

    ``asked`` is the precision asked of the runtime, '' where there is nothing to ask for;
    ``tells`` is False where nothing says what operations compute in; ``batch`` is how many samples
    a call held.
    ``full_precision`` counts the operations that ran in float32, by kind; ``precisions`` tells of
    those below.
    """

    engine: str
    version: str
    provider: str
    threads: int | None
    graph_level: str | None
    precisions: tuple[PrecisionUse, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    full_precision: Mapping[str, int] = field(default_factory=dict)
    tells: bool = True
    batch: int | None = None

    def runs_below(self, other: EngineUse | None) -> bool:
        """Return whether operations ran in a lower precision that the other ran none in."""
        known = {one.precision for one in other.precisions} if other else set()
        return bool({one.precision for one in self.precisions} - known)


@dataclass(frozen=True)
class Layer:
    """One layer of an executor.

    ``facts`` identify it: they stay until somebody changes them, and its digest is of them alone.
    ``circumstances`` change by themselves, such as the frequency at the moment.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    circumstances: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Criterion:
    """What was declared beforehand of one variant.

    ``margins`` are the largest losses accepted, by metric and then by stratum, ``overall`` that of
    the whole test set; ``speedup`` the least throughput as a multiple of the reference's, None
    where none was asked for. ``gate`` False: the variant never decides.
    """

    margins: Mapping[str, Mapping[str, float]]
    confidence: float
    speedup: float | None
    gate: bool


@dataclass(frozen=True)
class VariantExecutor:
    """What made the numbers of one variant, beyond what holds for all of them.

    ``precision`` is the one that it is stored in, ``artifact`` the digest of its model file (None:
    there is none). ``criterion`` is None for the reference, and where nothing was declared.
    ``note`` says why there are no layers; '' where there are.
    """

    precision: str
    artifact: str | None
    layers: Mapping[LayerName, Layer]
    criterion: Criterion | None = None
    note: str = ""


@dataclass(frozen=True)
class ExecutorSpecification:
    """Everything that made a number, by layer: of the machine, and of each variant on it.

    A layer that is not there was not recorded. ``made`` is when it was written down.
    """

    made: str
    layers: Mapping[LayerName, Layer]
    variants: Mapping[str, VariantExecutor] = field(default_factory=dict)

    def facts(self, layer: LayerName, variant: str | None = None) -> dict[str, Fact]:
        """Return the facts of a layer, those of a variant among them; {} where none are known."""
        own = self.variants[variant].layers if variant is not None else {}
        return {
            name: value
            for layers in (self.layers, own)
            for name, value in layers.get(layer, Layer()).facts.items()
        }
