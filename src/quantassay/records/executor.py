"""The whole stack that made a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Execution = Literal["native", "emulated", "unknown"]


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
