"""Shapes of everything that an ONNX model computes for one sample, its weights left aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from typing import Any

from .packed import BITS_AND_BYTES, BLOCKWISE, integer

Shape = tuple[int | str, ...]

SMALL = 64  # elements that a constant of shapes has at most
WHOLE = {6, 7}
# operations whose result has the shape that a standard one gives for these inputs
ALIKE = {
    "QLinearAdd": ("Add", (0, 3)), "QLinearMul": ("Mul", (0, 3)),
    "QGemm": ("Gemm", (0, 3)), "MatMulIntegerToFloat": ("MatMul", (0, 1)),
    "DynamicQuantizeMatMul": ("MatMul", (0, 1)), "QLinearMatMul": ("MatMul", (0, 3)),
    "QLinearConv": ("Conv", (0, 3)), "FusedConv": ("Conv", (0, 1)),
    "FusedGemm": ("Gemm", (0, 1)), "QLinearAveragePool": ("AveragePool", (0,)),
    "QLinearGlobalAveragePool": ("GlobalAveragePool", (0,)),
}  # fmt: skip
SAME = {
    "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearLeakyRelu",
    "QLinearSigmoid", "QLinearSoftmax", "Gelu", "FastGelu", "BiasGelu", "QuickGelu",
    "SkipLayerNormalization", "SimplifiedLayerNormalization", "SkipSimplifiedLayerNormalization",
}  # fmt: skip


def shapes(model: Any) -> dict[str, Shape]:
    """Return the shapes of values and weights by name; open lengths as words.

    Symbolic first dimensions of the inputs are those of one sample: 1. What cannot be inferred is
    left out.
    """
    import onnx

    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    try:
        bare = _bare(model, stored)
        graph = onnx.shape_inference.infer_shapes(bare, data_prop=True).graph
    except Exception:  # the parser refuses what contradicts itself; so will the engine
        return {}
    found = {value.name: _shape(value) for value in (*graph.input, *graph.value_info)}
    found |= {name: tuple(tensor.dims) for name, tensor in stored.items()}
    return {name: shape for name, shape in found.items() if shape is not None}


def _bare(model: Any, stored: Mapping[str, Any]) -> Any:
    """Return the model without numbers, and in standard operations only."""
    import onnx

    bare = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    graph = bare.graph
    graph.name = "bare"
    known = {value.name for value in model.graph.input}
    for value in model.graph.input:
        if value.name not in stored:
            graph.input.append(value)
            _one_sample(graph.input[-1])
    for name, tensor in stored.items():
        if tensor.data_type in WHOLE and _elements(tensor) <= SMALL:
            graph.initializer.append(tensor)
        if tensor.data_type not in WHOLE or _elements(tensor) > SMALL or name in known:
            graph.input.append(_described(name, tensor))
    for node in _sorted(model.graph.node):
        _standard(graph, node)
    return bare


def _sorted(nodes: Sequence[Any]) -> list[Any]:
    """Return operations after those that they read from, as the parser wants them."""
    maker = {name: at for at, node in enumerate(nodes) for name in node.output}
    needed = {
        at: [maker[name] for name in node.input if name in maker] for at, node in enumerate(nodes)
    }
    return [nodes[at] for at in TopologicalSorter(needed).static_order()]


def _elements(tensor: Any) -> int:
    count = 1
    for size in tensor.dims:
        count *= size
    return count


def _one_sample(value: Any) -> None:
    """Set the first of several dimensions to one where it is open."""
    dimensions = value.type.tensor_type.shape.dim
    if len(dimensions) > 1 and not dimensions[0].HasField("dim_value"):
        dimensions[0].dim_value = 1


def _described(name: str, tensor: Any) -> Any:
    from onnx import helper

    return helper.make_tensor_value_info(name, tensor.data_type, list(tensor.dims))


def _standard(graph: Any, node: Any) -> None:
    """Append a node, or the standard one that gives results of the same shape."""
    from onnx import helper

    if node.op_type == "Constant" and _held(node) is not None:
        graph.input.append(_described(node.output[0], _held(node)))
    elif node.op_type in {BLOCKWISE, BITS_AND_BYTES} and len(node.input) > 1:
        weight = f"{node.output[0]} weight"
        sizes = [integer(node, "K"), integer(node, "N")]
        graph.input.append(helper.make_tensor_value_info(weight, 1, sizes))
        graph.node.append(helper.make_node("MatMul", [node.input[0], weight], node.output[:1]))
    elif node.op_type in SAME:
        graph.node.append(helper.make_node("Identity", node.input[:1], node.output[:1]))
        for name in node.output[1:]:  # scale and zero point
            graph.input.append(helper.make_tensor_value_info(name, 1, []))
    elif node.op_type in ALIKE and not integer(node, "channels_last"):
        kind, inputs = ALIKE[node.op_type]
        graph.node.append(_alike(node, kind, inputs))
    else:
        graph.node.append(node)


def _held(node: Any) -> Any | None:
    """Return the large tensor that a node holds; None of a small one."""
    held = node.attribute[0].t if node.attribute else None
    return held if held is not None and node.output and _elements(held) > SMALL else None


def _alike(node: Any, kind: str, inputs: Sequence[int]) -> Any:
    from onnx import helper

    read = [node.input[at] for at in inputs if at < len(node.input)]
    made = helper.make_node(kind, read, node.output[:1])
    made.attribute.extend(node.attribute)
    return made


def _shape(value: Any) -> Shape | None:
    if not value.type.tensor_type.HasField("shape"):
        return None
    sizes = [
        size.dim_value if size.HasField("dim_value") else size.dim_param
        for size in value.type.tensor_type.shape.dim
    ]
    return tuple(sizes) if all(size != "" for size in sizes) else None
