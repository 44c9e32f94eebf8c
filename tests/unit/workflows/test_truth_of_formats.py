"""A GPTQ that only rounds is caught in OpenVINO IR and in compressed-tensors; GPTQ is not."""

import json
import struct

import numpy as np
import onnx
import openvino
import pytest
from openvino import opset13 as op
from tests.models.two_layers import gptq, inputs, two_layers

from quantassay.formats.recognized import identify, stored_weights
from quantassay.rubrics.variant import Variant
from quantassay.schemes.rounding import rounded
from quantassay.workflows.steps.changes import Sides, truths
from quantassay.workflows.steps.untruths import untruths
from quantassay.workflows.steps.variants import Prepared

BLOCK = 32
KINDS = {"float32": "F32", "int32": "I32", "int64": "I64"}


def nearest(weight, _):
    """Round to nearest on the grid that GPTQ here has; codes (K, N), scales and zero points."""
    blocks = weight.reshape(-1, BLOCK, weight.shape[1])
    low, high = np.minimum(blocks.min(1), 0), np.maximum(blocks.max(1), 0)
    scale = ((high - low) / 15).astype(np.float32)
    zero = np.round(-low / scale)
    codes = np.round(blocks / scale[:, None]) + zero[:, None]
    return codes.clip(0, 15).reshape(weight.shape), scale, zero


def as_ir(first, second, path):
    """Write the two layers with weights given as numbers, or as codes, scales and zero points."""
    x = op.parameter([-1, 128], np.float32, name="x")
    y = op.matmul(op.sigmoid(op.matmul(x, in_ir(first), False, True)), in_ir(second), False, True)
    openvino.save_model(openvino.Model([y], [x], "m"), path, compress_to_fp16=False)


def in_ir(weight):
    if not isinstance(weight, tuple):
        return op.constant(weight.T.astype(np.float32))
    codes, scale, zero = (one.T for one in weight)
    rows, width = codes.shape
    wide = op.convert(
        op.constant(codes.reshape(rows, -1, BLOCK).astype(int), dtype=openvino.Type.u4), np.float16
    )
    point = op.convert(
        op.constant(np.ascontiguousarray(zero[..., None], int), dtype=openvino.Type.u4), np.float16
    )
    wide = op.multiply(
        op.subtract(wide, point), op.constant(np.ascontiguousarray(scale[..., None], np.float16))
    )
    return op.convert(op.reshape(wide, op.constant(np.array([rows, width])), False), np.float32)


def as_folder(first, second, path):
    path.mkdir()
    (path / "config.json").write_text(json.dumps({"quantization_config": {
        "quant_method": "compressed-tensors", "config_groups": {"a": {"weights": {"num_bits": 4}}},
    }}))  # fmt: skip
    tensors = {}
    for name, weight in (("first", first), ("second", second)):
        tensors |= {f"{name}.{part}": array for part, array in in_folder(weight).items()}
    header, at = {}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": KINDS[str(array.dtype)], "shape": array.shape,
                        "data_offsets": [at, at + array.nbytes]}  # fmt: skip
        at += array.nbytes
    text = json.dumps(header).encode()
    data = b"".join(array.tobytes() for array in tensors.values())
    (path / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def in_folder(weight):
    if not isinstance(weight, tuple):
        return {"weight": weight.T.astype(np.float32)}
    codes, scale, zero = (one.T for one in weight)
    return {
        "weight_packed": words(codes), "weight_scale": np.ascontiguousarray(scale, np.float32),
        "weight_zero_point": words(zero.T).T.copy(), "weight_shape": np.array(codes.shape),
    }  # fmt: skip


def words(codes):
    """Pack eight numbers of four bits to a word."""
    eight = codes.astype(np.uint32).reshape(len(codes), -1, 8)
    return (eight << np.arange(0, 32, 4, dtype=np.uint32)).sum(-1, dtype=np.uint32).view(np.int32)


@pytest.fixture(params=[(as_ir, ".xml"), (as_folder, "")], ids=["openvino", "compressed-tensors"])
def said(request, tmp_path):
    """Make a variant by a name, and return its truths with what is found to be untrue."""
    write, suffix = request.param
    model = onnx.load(str(two_layers(tmp_path / "two.onnx")))
    first, second = (onnx.numpy_helper.to_array(t).astype(float) for t in model.graph.initializer)
    seen = inputs(256).astype(float)
    hidden = 1 / (1 + np.exp(-seen @ first))
    write(first, second, tmp_path / f"fp32{suffix}")
    source = identify(tmp_path / f"fp32{suffix}")

    def make(**kinds):
        pairs = {}
        for name, how in kinds.items():
            write(how(first, seen), how(second, hidden), tmp_path / f"{name}{suffix}")
            pairs[name] = Sides(source, identify(tmp_path / f"{name}{suffix}"), known=True)
        told = truths(pairs)
        prepared = {
            name: Prepared(name, Variant(model="m"), artifact=pairs[name].variant,
                           precision="int4 GPTQ", truth=told[name])
            for name in kinds
        }  # fmt: skip
        return told, untruths(prepared, [])

    return make


def test_round_to_nearest_that_is_called_gptq_is_caught(said):
    told, found = said(made=nearest)
    assert told["made"].nearest_share == told["made"].compared == 1
    assert any("called GPTQ, yet 100 %" in text for text in found), found


def test_gptq_is_not(said):
    told, found = said(made=gptq)
    assert told["made"].compared == 1
    assert 0.5 < told["made"].nearest_share < 0.97
    assert not any("called GPTQ" in text for text in found)


def test_a_few_weights_that_differ_are_counted_in_ir(said, request):
    def nearly(weight, seen):
        codes, scale, zero = nearest(weight, seen)
        codes[0, 0] += 1 if codes[0, 0] < 15 else -1
        return codes, scale, zero

    told, _ = said(rtn=nearest, other=nearly)
    if "openvino" in request.node.name:
        assert told["other"].near["rtn"] == told["rtn"].near["other"] == 2 / (128 * 64 + 64 * 8)
    else:  # whether inputs are rounded too is not told
        assert told["other"].near == {}


def test_the_original_may_be_of_another_format(said, tmp_path):
    said(made=nearest, true=gptq)
    source = stored_weights(tmp_path / "two.onnx")
    for name, most in (("made", 1), ("true", 0.97)):
        (path,) = [one for one in tmp_path.glob(f"{name}*") if one.suffix != ".bin"]
        found = rounded(source, stored_weights(path))
        assert found.compared == found.total == 128 * 64 + 64 * 8
        assert most - 0.4 < found.nearest / found.compared <= most
        assert found.nearest == found.total or name == "true"
