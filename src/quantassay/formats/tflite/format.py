"""TFLite files as a format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ...records.artifacts import Artifact
from ...records.contents import Contents, StoredWeight
from ..digests import by_bytes
from .file import MAGIC, MAGIC_AT, read_model
from .graph import Graph, Operation
from .layers import count_layers, count_macs
from .numbers import stored_weights
from .structure import structure
from .weights import weights


class TfLite:
    """A ``.tflite`` file, whose weights are all inside it."""

    name = "tflite"
    suffixes = (".tflite",)
    engine = "litert"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether the file is called ``.tflite``, or begins as one does."""
        if path.suffix == ".tflite":
            return True
        try:
            with path.open("rb") as file:
                return file.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] == MAGIC
        except OSError:
            return False

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Read all that a file declares, and digest its bytes.

        Raises
        ------
        ArtifactError
            If it is missing, truncated or damaged, or keeps weights in other files.
        PluginError
            If LiteRT is not installed.
        """
        return by_bytes(path, read_model(path).version)

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read operations and weights.

        Raises
        ------
        ArtifactError
            If it cannot be read.
        PluginError
            If LiteRT is not installed.
        """
        model = read_model(path)
        every = [(graph, one) for graph in model.graphs for one in graph.operations]
        return Contents(
            format="tflite",
            ops=_counted([one for _, one in every]),
            low_ops=_counted([one for graph, one in every if _is_low(graph, one)]),
            weights=tuple(weights(model)),
            layers=count_layers(model),
            macs=count_macs(model),
            structure=structure(model),
        )

    @staticmethod
    def stored_weights(path: Path) -> list[StoredWeight]:
        """Return its weights of two or more dimensions, to be read one at a time.

        Raises
        ------
        ArtifactError
            If it cannot be read.
        PluginError
            If LiteRT is not installed.
        """
        return stored_weights(read_model(path))


def _counted(operations: list[Operation]) -> dict[str, int]:
    return dict(sorted(Counter(one.kind for one in operations).items()))


def _is_low(graph: Graph, operation: Operation) -> bool:
    """Whether it writes, or multiplies by, numbers of 16 bits or less."""
    stored = any(one.low for one in graph.read(operation) if one.data is not None)
    return stored or any(one.low for one in graph.written(operation))
