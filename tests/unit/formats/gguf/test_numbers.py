"""Blocks that are laid out here, by hand, and read back."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from tests.models.gguf_bytes import CODES, SAID, header

from quantassay.formats.gguf.format import Gguf
from quantassay.schemes.rounding import rounded

ROWS, WIDTH = 6, 64
VALUES = np.random.default_rng(5).normal(size=(ROWS, WIDTH)).astype(np.float32)


def blocks(kind, values):
    """Round blocks of 32 numbers to nearest, as llama.cpp does; return bytes and numbers."""
    out, made = b"", []
    for block in values.reshape(-1, 32):
        start = block.min() if kind.endswith("_1") else 0
        bits, zero = int(kind[1]), {"Q4_0": 8, "Q5_0": 16}.get(kind, 0)
        if kind == "Q8_0":
            scale = np.abs(block).max() / 127
        elif zero:
            scale = block[np.abs(block).argmax()] / -zero
        else:
            scale = (block.max() - start) / (2**bits - 1)
        codes = np.floor((block - start) / scale + zero + 0.5).astype(int)
        codes = codes.clip(-127 if kind == "Q8_0" else 0, 2**bits - 1)
        scale, start = np.float16(scale), np.float16(start)
        made.append((codes - zero) * np.float32(scale) + np.float32(start))
        out += scale.tobytes() + (start.tobytes() if kind.endswith("_1") else b"")
        if bits == 5:
            out += struct.pack("<I", sum(int(code >> 4) << at for at, code in enumerate(codes)))
        low = codes & 15
        out += codes.astype(np.int8).tobytes() if bits == 8 else bytes(
            int(one | two << 4) for one, two in zip(low[:16], low[16:], strict=True)
        )  # fmt: skip
    return out, np.array(made, np.float32).reshape(values.shape)


def written(path, kind, data, shape=(WIDTH, ROWS)):
    content = header(SAID, [("blk.0.ffn_up.weight", shape, CODES[kind])])
    path.write_bytes(content[: -(-(-len(data) // 32) * 32)] + data + b"\0" * (-len(data) % 32))
    return path


@pytest.fixture
def source(tmp_path):
    return Gguf.stored_weights(written(tmp_path / "fp32.gguf", "F32", VALUES.tobytes()))


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"])
def test_blocks_are_read_back_and_rounded_to_nearest(kind, source, tmp_path):
    data, made = blocks(kind, VALUES)
    weights = Gguf.stored_weights(written(tmp_path / "low.gguf", kind, data))
    (weight,) = weights
    assert (weight.name, weight.shape, weight.quantized) == ("blk.0.ffn_up.weight", (6, 64), True)
    np.testing.assert_allclose(weight.read().values, made, rtol=1e-6, atol=1e-6)
    found = rounded(source, weights)
    assert found.nearest == found.compared == found.total == VALUES.size


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"])
def test_what_was_rounded_to_a_farther_neighbour_is_seen(kind, source, tmp_path):
    data, _ = blocks(kind, VALUES)
    changed = bytearray(data)
    changed[-1] ^= 32  # two steps in the last code, whose neighbours stay
    found = rounded(source, Gguf.stored_weights(written(tmp_path / "low.gguf", kind, changed)))
    assert found.nearest == VALUES.size - 1


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("F32", VALUES), ("F16", VALUES.astype(np.float16)), ("F64", VALUES.astype(np.float64)),
        ("BF16", (VALUES.view(np.uint32) >> 16).astype(np.uint16)),
    ],
)  # fmt: skip
def test_full_precision_is_read(kind, stored, tmp_path):
    (weight,) = Gguf.stored_weights(written(tmp_path / "full.gguf", kind, stored.tobytes()))
    assert not weight.quantized and weight.read().step is None
    np.testing.assert_allclose(weight.read().values, VALUES, rtol=2**-7)


def test_k_types_are_not_compared_and_others_are_no_grid(source, tmp_path):
    path = tmp_path / "low.gguf"
    path.write_bytes(header(SAID, [("a", (256, 2), CODES["Q4_K"]), ("b", (32, 2), CODES["IQ4_NL"]),
                                   ("c", (32,), CODES["F32"])]))  # fmt: skip
    found = rounded(source, Gguf.stored_weights(path))
    assert (found.compared, found.total) == (0, 512)


def test_scales_that_are_no_numbers_round_nothing(source, tmp_path):
    data = np.full((12, 18), 255, np.uint8).tobytes()
    weights = Gguf.stored_weights(written(tmp_path / "low.gguf", "Q4_0", data))
    assert rounded(source, weights).nearest == 0
