"""A small OpenVINO model: two layers, with what a test does to the weights of the second."""

import numpy as np
import openvino
import pytest
from openvino import opset13 as op

RNG = np.random.default_rng(0)
FIRST = RNG.normal(size=(4, 1, 3, 3)).astype(np.float32)
SECOND = RNG.normal(size=(5, 16)).astype(np.float32)


def plain():
    return op.constant(SECOND)


@pytest.fixture
def model(tmp_path):
    """Save a model of a convolution and a layer after it, and return its path."""

    def make(weights=plain, batch=-1, name="m.xml", half=False, rounded=False, prefix=""):
        x = op.parameter([batch, 1, 4, 4], np.float32, name=f"{prefix}x")
        x.output(0).set_names({f"{prefix}x"})
        pads = [1, 1], [1, 1]
        made = op.convolution(x, op.constant(FIRST), [1, 1], *pads, [1, 1], name=f"{prefix}conv")
        made = op.reduce_mean(made, op.constant(np.array([1])), False)
        made = op.reshape(made, op.constant(np.array([-1, 16])), False)
        if rounded:
            ends = [op.constant(np.float32(end)) for end in (-1, 1, -1, 1)]
            made = op.fake_quantize(made, *ends, 256)
        y = op.matmul(made, weights(), False, True, name=f"{prefix}last")
        y.output(0).set_names({"y"})
        whole = openvino.Model([op.result(y)], [x], "m")
        openvino.save_model(whole, tmp_path / name, compress_to_fp16=half)
        return tmp_path / name

    return make
