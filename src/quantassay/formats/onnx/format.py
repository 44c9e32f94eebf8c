"""ONNX files as a format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, PluginError
from ...records.artifacts import Artifact
from ...records.contents import Contents
from .file import inspect_onnx
from .layers import count_layers
from .structure import structure
from .weights import nodes, weights

LOW_OPS = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul",
    "QLinearAdd", "QLinearMul", "QGemm", "MatMulInteger", "ConvInteger", "MatMulIntegerToFloat",
    "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulNBits", "GatherBlockQuantized",
    "QLinearGlobalAveragePool", "QLinearAveragePool", "QAttention",
}  # fmt: skip
HALF = (10, 16)


class Onnx:
    """An ``.onnx`` file, with the files that hold its weights."""

    name = "onnx"
    suffixes = (".onnx",)
    engine = "onnxruntime"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether the file is called ``.onnx``."""
        return path.suffix == ".onnx"

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that a model is whole and keeps its weights in its folder; digest all files.

        Raises
        ------
        ArtifactError
            If it is missing, damaged, or stored outside its folder.
        """
        return inspect_onnx(path)

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read operations and weights.

        Raises
        ------
        ArtifactError
            If it is not an ONNX model.
        """
        model = _load(path)
        operations = list(nodes(model.graph))
        ops = Counter(node.op_type for node in operations if node.op_type != "Constant")
        low = Counter(node.op_type for node in operations if _is_low(node))
        return Contents(
            format="onnx",
            ops=dict(sorted(ops.items())),
            low_ops=dict(sorted(low.items())),
            weights=tuple(weights(model)),
            layers=count_layers(model),
            structure=structure(model),
        )


def _is_low(node: Any) -> bool:
    halved = node.op_type == "Cast" and any(
        item.i in HALF for item in node.attribute if item.name == "to"
    )
    return node.op_type in LOW_OPS or halved


def _load(path: Path) -> Any:
    try:
        import onnx
    except ModuleNotFoundError as error:
        msg = f"{path}: reading ONNX files needs a package: pip install 'quantassay[onnx]'"
        raise PluginError(msg) from error
    try:
        return onnx.load(path)
    except Exception as error:
        msg = f"{path}: not a readable ONNX model ({type(error).__name__})"
        raise ArtifactError(msg) from error
