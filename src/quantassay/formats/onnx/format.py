"""ONNX files as a format."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...records.artifacts import Artifact
from ...records.contents import Contents, StoredWeight
from .file import external_files, inspect_onnx, parsed
from .layers import find_layers
from .macs import count_macs
from .numbers import stored_weights
from .packed import packed
from .shapes import shapes
from .structure import structure
from .weights import nodes_of, stored_digests, weights

LOW_OPS = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul",
    "QLinearAdd", "QLinearMul", "QGemm", "MatMulInteger", "ConvInteger", "MatMulIntegerToFloat",
    "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "MatMulNBits", "GatherBlockQuantized",
    "MatMulBnb4", "MatMulInteger16", "QLinearSigmoid", "QLinearSoftmax", "QLinearConcat",
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
        try:
            return _contents(model)
        except Exception as error:  # the parser takes what contradicts itself
            why = str(error) if isinstance(error, ValueError) else type(error).__name__
            msg = f"{path}: its graph contradicts itself ({why}); export it again"
            raise ArtifactError(msg) from error

    @staticmethod
    def stored_weights(path: Path) -> list[StoredWeight]:
        """Return its matrices, to be read one at a time.

        Raises
        ------
        ArtifactError
            If it is not an ONNX model.
        """
        return stored_weights(_load(path))


def _contents(model: Any) -> Contents:
    operations = list(nodes_of(model.graph))
    bytewise = packed(operations, {tensor.name: tensor for tensor in model.graph.initializer})
    layers = find_layers(model, operations, bytewise)
    digests = stored_digests(model.graph)
    ops = Counter(node.op_type for node in operations if node.op_type != "Constant")
    low = Counter(node.op_type for node in operations if _is_low(node))
    return Contents(
        format="onnx",
        ops=dict(sorted(ops.items())),
        low_ops=dict(sorted(low.items())),
        weights=tuple(weights(model, operations, bytewise, digests)),
        layers=(sum(layer.low for layer in layers), len(layers)),
        structure=structure(model, digests),
        macs=None if model.functions else count_macs(layers, shapes(model)),
    )


def _is_low(node: Any) -> bool:
    halved = node.op_type == "Cast" and any(
        item.i in HALF for item in node.attribute if item.name == "to"
    )
    return node.op_type in LOW_OPS or halved


def _load(path: Path) -> Any:
    """Read a model with all its weights, wherever they are stored."""
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    model = parsed(path)
    if external_files(model, path):
        from onnx.external_data_helper import load_external_data_for_model

        try:
            load_external_data_for_model(model, str(path.resolve().parent))
        except Exception as error:  # sizes that contradict each other
            msg = f"{path}: its external data cannot be read ({type(error).__name__})"
            raise ArtifactError(msg) from error
    return model
