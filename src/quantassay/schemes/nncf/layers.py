"""The linear layers of an OpenVINO model: their inputs, and their weights as computed with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..reconstruction import Inputs
from .openvino_files import require_openvino
from .samples import Samples

EXACT = {"INFERENCE_PRECISION_HINT": "f32", "EXECUTION_MODE_HINT": "ACCURACY", "NUM_STREAMS": 1}
MOVED = {"Convert", "Multiply", "Subtract", "Reshape"}


def linear_layers(model: Any) -> dict[str, Any]:
    """Return by name the multiplications of activations with a matrix of weights."""
    return {
        node.get_friendly_name(): node
        for node in model.get_ordered_ops()
        if node.get_type_name() == "MatMul"
        and not node.get_attributes()["transpose_a"]
        and len(node.input(1).get_partial_shape()) == 2
        and _is_weight(node.input_value(1).get_node())
    }


def _is_weight(node: Any) -> bool:
    while node.get_type_name() in MOVED:
        node = node.input_value(0).get_node()
    return bool(node.get_type_name() == "Constant")


class Weights(Mapping[str, NDArray[Any]]):
    """Weights by layer, (outputs, width), unpacked one at a time as they are asked for."""

    def __init__(self, model: Any) -> None:
        self._layers = linear_layers(model)

    def __getitem__(self, name: str) -> NDArray[Any]:
        runtime = require_openvino()
        node = self._layers[name]
        alone = runtime.Model([runtime.opset13.result(node.input_value(1))], [], "weights")
        found = np.array(runtime.Core().compile_model(alone, "CPU", EXACT)([])[0])
        return found if node.get_attributes()["transpose_b"] else found.T

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)


def layer_inputs(model: Any, samples: Samples) -> dict[str, Inputs]:
    """Run samples through a model in FP32 and keep what is fed to each linear layer."""
    runtime = require_openvino()
    watched = model.clone()
    layers = linear_layers(watched)
    results = [runtime.opset13.result(node.input_value(0)) for node in layers.values()]
    alone = runtime.Model(results, watched.get_sinks(), watched.get_parameters(), "inputs")
    request = runtime.Core().compile_model(alone, "CPU", EXACT).create_infer_request()
    seen: dict[str, Inputs] = {}
    for feeds in samples:
        request.infer(feeds)
        for at, name in enumerate(layers):
            inputs = request.get_output_tensor(at).data
            seen.setdefault(name, Inputs(inputs.shape[-1])).add(inputs)
    return seen
