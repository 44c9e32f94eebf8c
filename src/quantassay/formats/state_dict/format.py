"""State dicts as a format."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from ...records.artifacts import Artifact
from ...records.contents import Contents
from ..digests import by_bytes
from .tensors import read_tensors
from .weights import layers, weights

FULL = ("fp32", "fp64")


class StateDict:
    """Weights by name; which module they belong to is told by the engine's option ``module``."""

    name = "state_dict"
    suffixes = (".safetensors", ".pt", ".pth")
    engine = "pytorch"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether the file is called ``.safetensors``, ``.pt`` or ``.pth``."""
        return path.suffix in StateDict.suffixes and path.is_file()

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that a file is whole and holds tensors alone; digest its bytes.

        Raises
        ------
        ArtifactError
            If it is missing or damaged, or holds anything but tensors: it is not unpickled.
        PluginError
            If torch is not installed.
        """
        read_tensors(path)
        return by_bytes(path)

    @staticmethod
    def tensors(path: Path) -> dict[str, Any]:
        """Return the tensors by name.

        Raises
        ------
        ArtifactError
            As for `identify`.
        PluginError
            If torch is not installed.
        """
        return read_tensors(path)

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read the weights, and how each is computed with; no graph is stored.

        Raises
        ------
        ArtifactError
            As for `identify`.
        PluginError
            If torch is not installed.
        """
        state = read_tensors(path)
        found, ops = weights(state), layers(state)
        matrices = [one for one in found if one.dimensions >= 2 and not one.parameter]
        told = [*sorted(one.digest for one in found), *sorted(ops.elements())]
        return Contents(
            format="state_dict",
            ops=dict(sorted(ops.items())),
            low_ops={kind: n for kind, n in sorted(ops.items()) if not kind.startswith(FULL)},
            weights=found,
            layers=(sum(one.low for one in matrices), len(matrices)),
            structure=f"sha256:{sha256(' '.join(told).encode()).hexdigest()}",
        )
