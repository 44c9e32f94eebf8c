"""OpenVINO IR as a format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ...records.artifacts import Artifact
from ...records.contents import Contents, StoredWeight
from .file import inspect_ir, looks_like_ir
from .graph import nodes, read
from .layers import count_layers
from .numbers import stored_weights
from .structure import structure
from .weights import weights

ENDS = {"Constant", "Parameter", "Result"}


class OpenVinoIr:
    """An ``.xml`` file that holds a graph, with its weights in the ``.bin`` file beside it."""

    name = "openvino"
    suffixes = (".xml",)
    engine = "openvino"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether the file is called ``.xml`` and begins as OpenVINO IR does."""
        return looks_like_ir(path)

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that graph and weights are whole, and digest both.

        Raises
        ------
        ArtifactError
            If a file is missing, truncated or not OpenVINO IR.
        """
        return inspect_ir(path)

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read operations and weights.

        Raises
        ------
        ArtifactError
            If it is not OpenVINO IR.
        PluginError
            If OpenVINO is not installed.
        """
        inspect_ir(path)
        model = read(path)
        kinds = Counter(node.get_type_name() for node in nodes(model))
        layers = count_layers(model)
        return Contents(
            format="openvino",
            ops={kind: count for kind, count in sorted(kinds.items()) if kind not in ENDS},
            low_ops=layers.low_ops,
            weights=weights(model),
            layers=(layers.low, layers.total),
            structure=structure(model),
            macs=layers.macs,
        )

    @staticmethod
    def stored_weights(path: Path) -> list[StoredWeight]:
        """Return the matrices of a model, to be read one at a time.

        Raises
        ------
        ArtifactError
            If it is not OpenVINO IR.
        PluginError
            If OpenVINO is not installed.
        """
        inspect_ir(path)
        return stored_weights(read(path))
