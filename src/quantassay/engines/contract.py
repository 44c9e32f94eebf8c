"""What an engine must offer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray

from ..records.executor import EngineUse


@runtime_checkable
class Session(Protocol):
    """A model that is loaded and can answer batches.

    Attributes
    ----------
    inputs, outputs : tuple of str
        Names in the model's own order; empty where the engine learns them from the first batch.
    load_seconds : float
        Wall time that opening took.
    fixed_batch : int or None
        The only batch size that the model accepts; None where any will do.
    deterministic : bool or None
        Whether the same batch gives the same bits again on this machine; None where unknown.
    learns_from_a_batch : bool, optional
        True where ``use`` is known only after a batch was answered, such as operations that are
        seen while they run; False by default. One batch is then answered before ``use`` is asked.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    load_seconds: float
    fixed_batch: int | None

    @property
    def deterministic(self) -> bool | None:
        """Whether the same batch gives the same bits again on this machine."""
        ...

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch; the key ``""`` stands for the model's only input."""
        ...

    def use(self) -> EngineUse:
        """Describe the engine as used, with how each low-precision operation really ran."""
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...


class Engine(Protocol):
    """Opens artifacts. Options that it does not know are errors.

    Attributes
    ----------
    formats : tuple of str
        Names of the formats that it opens: `quantassay list formats`. Files of these are checked,
        and compared with the reference's, before it sees them; others are identified by their
        bytes. Empty for an engine that takes no file, or files of its own kind.
    options : type, optional
        Dataclass of its options, whose docstring says what each means.
    takes_file : bool, optional
        False for an engine that is named without a model file, such as a server; True by default.
    layers : callable, optional
        Tells, once a model was opened, what its libraries were built from and which devices they
        find: facts by layer of the executor (`quantassay executor`). None tells nothing.
    """

    formats: tuple[str, ...]

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> Session:
        """Load a model.

        Raises
        ------
        ArtifactError
            If the model cannot be loaded.
        PluginError
            If the engine, or an option of it, is not there.
        """
        ...
