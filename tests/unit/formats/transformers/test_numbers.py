"""Weights that are packed here, by hand, in the layouts of four libraries."""

from __future__ import annotations

import json

import numpy as np
import pytest

from quantassay.formats.transformers.format import Transformers
from quantassay.schemes.rounding import rounded

from .test_format import CONFIG, safetensors

ROWS, COLUMNS, GROUP = 16, 64, 32
LAYER = "model__layers__0__up"
VALUES = np.random.default_rng(3).normal(size=(ROWS, COLUMNS)).astype(np.float32)
#: which of eight neighbours AutoAWQ puts in a word first
AWQ = [0, 2, 4, 6, 1, 3, 5, 7]


def rounded_here(bits, symmetric):
    """Return codes from 0, scales and zero points by (row, group)."""
    groups = VALUES.reshape(ROWS, -1, GROUP)
    low, high = groups.min(-1), groups.max(-1)
    if symmetric:
        high = np.abs(groups).max(-1)
        low = -high
    scale = ((high - low) / (2**bits - 1)).astype(np.float32)
    zero = np.round(-low / scale) if not symmetric else np.full(scale.shape, 2 ** (bits - 1))
    codes = np.round(groups / scale[..., None]) + zero[..., None]
    return codes.clip(0, 2**bits - 1).reshape(VALUES.shape).astype(int), scale, zero.astype(int)


def packed(codes, bits):
    """Pack each row without gaps, low bits first."""
    length = -(-codes.shape[1] * bits // 32)
    rows = [sum(int(code) << at * bits for at, code in enumerate(row)) for row in codes]
    return np.array([np.frombuffer(row.to_bytes(4 * length, "little"), "<i4") for row in rows])


def folder(path, quantization=None, **tensors):
    path.mkdir()
    said = CONFIG if quantization is None else {**CONFIG, "quantization_config": quantization}
    (path / "config.json").write_text(json.dumps(said))
    safetensors(path / "model.safetensors", **{f"{LAYER}__{k}": v for k, v in tensors.items()})
    return path


def compressed(bits):
    groups = {"group_0": {"weights": {"num_bits": bits}}}
    return {"quant_method": "compressed-tensors", "config_groups": groups}


@pytest.fixture
def source(tmp_path):
    return Transformers.stored_weights(folder(tmp_path / "source", weight=VALUES))


def check(source, path, codes, scale, zero):
    """Want the numbers that were packed, all of them rounded to nearest."""
    weights = Transformers.stored_weights(path)
    (weight,) = weights
    assert (weight.name, weight.shape) == ("model.layers.0.up.weight", VALUES.shape)
    assert weight.quantized
    wide = np.repeat(scale, GROUP, 1), np.repeat(zero, GROUP, 1)
    np.testing.assert_allclose(weight.read().values, (codes - wide[1]) * wide[0], rtol=1e-6)
    found = rounded(source, weights)
    assert found.nearest == found.compared == found.total == VALUES.size


@pytest.mark.parametrize("bits", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("symmetric", [True, False])
def test_compressed_tensors_packed(bits, symmetric, source, tmp_path):
    codes, scale, zero = rounded_here(bits, symmetric)
    tensors = {
        "weight_packed": packed(codes, bits), "weight_scale": scale,
        "weight_shape": np.array(VALUES.shape, np.int64),
    }  # fmt: skip
    if not symmetric:
        tensors["weight_zero_point"] = np.ascontiguousarray(packed(zero.T, bits).T)
    path = folder(tmp_path / "low", compressed(bits), **tensors)
    check(source, path, codes, scale, zero)
    assert Transformers.contents(path).stored == f"int{bits}"


def test_columns_that_were_put_in_order_first(source, tmp_path):
    order = np.random.default_rng(4).permutation(COLUMNS)
    groups = (np.argsort(order) // GROUP).astype(np.int32)
    scale = np.array([[np.abs(VALUES[row, groups == at]).max() / 7 for at in (0, 1)]
                      for row in range(ROWS)], np.float32)  # fmt: skip
    codes = (np.round(VALUES / scale[:, groups]) + 8).astype(int)
    tensors = {
        "weight_packed": packed(codes, 4), "weight_scale": scale, "weight_g_idx": groups,
        "weight_shape": np.array(VALUES.shape, np.int64),
    }  # fmt: skip
    weights = Transformers.stored_weights(folder(tmp_path / "low", compressed(4), **tensors))
    assert rounded(source, weights).nearest == VALUES.size
    tensors["weight_g_idx"] = groups[::-1].copy()
    weights = Transformers.stored_weights(folder(tmp_path / "wrong", compressed(4), **tensors))
    assert rounded(source, weights).nearest < 0.9 * VALUES.size


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_compressed_tensors_as_bytes(dtype, source, tmp_path):
    scale = np.abs(VALUES).max(1, keepdims=True) / 127
    codes = np.round(VALUES / scale).astype(np.int8)
    path = folder(tmp_path / "low", weight=codes, weight_scale=scale.astype(dtype))
    found = rounded(source, Transformers.stored_weights(path))
    assert found.nearest == found.compared == found.total == VALUES.size


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("version", ["gptq", "gptq_v2"])
def test_autogptq(bits, version, source, tmp_path):
    codes, scale, zero = rounded_here(bits, symmetric=False)
    less = int(version == "gptq")
    zero = zero.clip(less)
    codes = np.round(VALUES / np.repeat(scale, GROUP, 1)) + np.repeat(zero, GROUP, 1)
    codes = codes.clip(0, 2**bits - 1).astype(int)
    path = folder(
        tmp_path / "low",
        {"quant_method": "gptq", "bits": bits, "checkpoint_format": version},
        qweight=np.ascontiguousarray(packed(codes, bits).T),
        qzeros=packed(zero.T - less, bits),
        scales=np.ascontiguousarray(scale.T),
        g_idx=(np.arange(COLUMNS) // GROUP).astype(np.int32),
    )
    check(source, path, codes, scale, zero)
    held = Transformers.contents(path)
    assert (held.stored, held.layers, held.macs) == (f"int{bits}", (1, 1), (VALUES.size,) * 2)


def awq(codes):
    return packed(codes.reshape(len(codes), -1, 8)[:, :, AWQ].reshape(codes.shape), 4)


def awq_folder(path, scale, codes, zero, **said):
    return folder(
        path, {"quant_method": "awq", "bits": 4, **said},
        qweight=awq(codes.T), qzeros=awq(zero.T), scales=np.ascontiguousarray(scale.T),
    )  # fmt: skip


def test_autoawq(source, tmp_path):
    codes, scale, zero = rounded_here(4, symmetric=False)
    path = awq_folder(tmp_path / "low", scale, codes, zero, version="gemm")
    check(source, path, codes, scale, zero)


def test_a_layout_that_is_not_known_is_not_compared(source, tmp_path):
    codes, scale, zero = rounded_here(4, symmetric=False)
    for said in ({"version": "gemv"}, {"quant_method": "another"}):
        path = awq_folder(tmp_path / "-".join(said), scale, codes, zero, **said)
        found = rounded(source, Transformers.stored_weights(path))
        assert (found.compared, found.total) == (0, VALUES.size)


@pytest.mark.parametrize(
    ("part", "shape"),
    [("weight_packed", (ROWS, 7)), ("weight_scale", (ROWS, 3)), ("weight_zero_point", (1, 2)),
     ("weight_g_idx", (5,))],
)  # fmt: skip
def test_what_contradicts_itself_is_not_compared(part, shape, source, tmp_path):
    codes, scale, _ = rounded_here(4, symmetric=True)
    tensors = {
        "weight_packed": packed(codes, 4), "weight_scale": scale,
        "weight_shape": np.array(VALUES.shape, np.int64),
    }  # fmt: skip
    tensors[part] = np.ones(shape, np.float32 if part == "weight_scale" else np.int32)
    path = folder(tmp_path / "low", compressed(4), **tensors)
    found = rounded(source, Transformers.stored_weights(path))
    assert (found.compared, found.total) == (0, VALUES.size)


def test_half_precision_is_read_and_scales_are_no_weights(tmp_path):
    path = folder(tmp_path / "half", weight=VALUES.astype(np.float16), weight_scale=VALUES)
    (weight,) = Transformers.stored_weights(path)
    assert not weight.quantized
    np.testing.assert_allclose(weight.read().values, VALUES, rtol=1e-3)


@pytest.mark.parametrize(
    "said", [[], "gptq", {"config_groups": [4]}, {"config_groups": {"a": 4}}, {"bits": "4"}]
)
def test_a_quantization_that_is_not_told_is_not_read(said, tmp_path):
    path = folder(tmp_path / "odd", said, qweight=np.ones((2, 3), np.int32), scales=np.float32(1))
    assert Transformers.contents(path).layers[1] == 1
    assert Transformers.stored_weights(path) == []


def test_a_scale_without_dimensions_is_not_compared(tmp_path):
    said = {"quant_method": "gptq", "bits": 4}
    path = folder(tmp_path / "odd", said, qweight=np.ones((2, 3), np.int32), scales=np.float32(1))
    (weight,) = Transformers.stored_weights(path)
    assert weight.quantized and weight.read() is None
