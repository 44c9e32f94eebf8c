"""GGUF files laid out byte by byte, with no model in them."""

from __future__ import annotations

import struct

import numpy as np

from quantassay.formats.gguf.file import TYPES

F32, F16, Q8_0, Q4_K = 0, 1, 8, 12
CODES = {name: code for code, (name, _, _) in TYPES.items()}


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def string(key: str, value: str) -> bytes:
    return text(key) + struct.pack("<I", 8) + text(value)


def number(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<II", 4, value)


def strings(key: str, values: list[str]) -> bytes:
    return text(key) + struct.pack("<IIQ", 9, 8, len(values)) + b"".join(map(text, values))


SAID = [
    string("general.architecture", "llama"),
    string("general.name", "tiny"),
    number("llama.block_count", 1),
    strings("tokenizer.ggml.tokens", ["a", "b"]),
]
TENSORS = [
    ("token_embd.weight", (32, 3), F16),
    ("blk.0.ffn_up.weight", (32, 4), Q8_0),
    ("blk.0.ffn_down.weight", (256, 2), Q4_K),
    ("output_norm.weight", (32,), F32),
]


def header(said, tensors, *, version=3, counts=None, alignment=32):
    """Lay out a file whose tensors follow each other, each at a multiple of the alignment."""
    count, keys = counts or (len(tensors), len(said))
    out = b"GGUF" + struct.pack("<IQQ", version, count, keys) + b"".join(said)
    start, sizes = 0, []
    for name, shape, kind in tensors:
        _, block, each = TYPES[kind]
        size = int(np.prod(shape)) // block * each
        out += text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        out += struct.pack("<IQ", kind, start)
        start += -(-size // alignment) * alignment
        sizes.append(size)
    out += b"\0" * (-len(out) % alignment)
    rng = np.random.default_rng(0)
    for size in sizes:
        out += rng.bytes(size) + b"\0" * (-size % alignment)
    return out
