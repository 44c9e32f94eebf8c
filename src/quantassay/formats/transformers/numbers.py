"""The numbers that weights in safetensors stand for, as four libraries lay them out.

compressed-tensors (LLM Compressor) packed or not, AutoGPTQ (GPTQModel), and AutoAWQ's GEMM.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records.contents import Dequantized, StoredWeight
from ..grids import BRAIN, HALF, on_grid, unpacked, unread
from .weights import BESIDE, PACKED, PARAMETERS, WORDS, Stored, packed_bits, packed_shape
from .weights import tensors_by_layer as by_layer

WORD = 32
SCALE, ZERO, GROUP = "weight_scale", "weight_zero_point", "weight_g_idx"
KINDS = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I8": "i1", "I32": "<i4", "I64": "<i8",
}  # fmt: skip
FLOATS = ("F64", "F32", "F16", "BF16")
ERRORS = {"F16": HALF, "BF16": BRAIN}
#: where AutoAWQ puts eight neighbours in a word
TURNED = [0, 4, 1, 5, 2, 6, 3, 7]
OTHER = "packed in a way that is not known"

Parts = Mapping[str, Stored]


def stored_weights(folder: Path, config: Mapping[str, Any]) -> list[StoredWeight]:
    """Return the matrices of a folder, those on an even grid marked so; none is read yet.

    Raises
    ------
    ArtifactError
        If a file is missing or damaged.
    """
    found = []
    for layer, parts in by_layer(folder).items():
        quantized = _quantized(f"{layer}.weight", parts, config)
        found += [quantized] if quantized else []
        beside = (*PARAMETERS, *BESIDE) if quantized else PARAMETERS
        found += [
            unread(f"{layer}.{part}", tensor.shape, partial(_plain, tensor), quantized=False)
            for part, tensor in parts.items()
            if tensor.dtype in FLOATS and len(tensor.shape) > 1 and part not in beside
        ]
    return found


def _quantized(name: str, parts: Parts, config: Mapping[str, Any]) -> StoredWeight | None:
    """Return a layer's weight on a grid, by the tensors that it is stored in."""
    if PACKED in parts and SCALE in parts and parts[PACKED].dtype == "I32":
        shape = packed_shape(parts)
        return unread(name, shape, partial(_packed, parts, shape, config), quantized=True)
    if SCALE in parts and "weight" in parts and parts["weight"].dtype == "I8":
        return unread(name, parts["weight"].shape, partial(_plainly, parts), quantized=True)
    if WORDS in parts and "scales" in parts and len(bits := packed_bits(config)) == 1:
        said = config["quantization_config"]
        outputs, size = prod(parts["scales"].shape[-1:]), parts[WORDS].size * 8 // min(bits)
        shape = outputs, size // max(outputs, 1)
        return unread(name, shape, partial(_words, parts, said, min(bits)), quantized=True)
    return None


def _plain(tensor: Stored) -> Dequantized:
    return Dequantized(_array(tensor).astype(np.float32, copy=False))


def _plainly(parts: Parts) -> Dequantized:
    """Read weights that compressed-tensors keeps as bytes."""
    codes = _array(parts["weight"])
    point = _array(parts[ZERO]) if ZERO in parts else 0
    return on_grid(codes, _array(parts[SCALE]), point, error=ERRORS.get(parts[SCALE].dtype, 0))


def _packed(parts: Parts, shape: tuple[int, ...], config: Mapping[str, Any]) -> Dequantized:
    """Read weights that compressed-tensors packs: rows without gaps, zero points by columns."""
    words = _array(parts[PACKED]).view(np.uint32)
    width = words.shape[-1]
    (bits,) = (one for one in packed_bits(config) if -(-shape[-1] * one // WORD) == width)
    codes = unpacked(words.reshape(-1, width), bits, shape[-1]).reshape(shape)
    scale, point = _array(parts[SCALE]), np.array(1 << (bits - 1))
    if ZERO in parts and parts[ZERO].dtype == "I32":
        point = unpacked(_array(parts[ZERO]).view(np.uint32).T, bits, shape[0]).T
    elif ZERO in parts:
        point = point + _array(parts[ZERO])
    groups = _array(parts[GROUP]) if GROUP in parts else None
    step, point = (_along(each, groups) for each in (scale, point))
    return on_grid(codes, step, point, error=ERRORS.get(parts[SCALE].dtype, 0))


def _words(parts: Parts, said: Mapping[str, Any], bits: int) -> Dequantized:
    """Read weights as AutoGPTQ or AutoAWQ pack them; returned with a row for each output."""
    scale = _array(parts["scales"]).T
    words, zeros = (_array(parts[name]).view(np.uint32) for name in (WORDS, "qzeros"))
    method = said.get("quant_method")
    if method == "gptq":
        codes = unpacked(words.T, bits, len(words) * WORD // bits)
        # the first version of the format stores zero points less one
        first = said.get("checkpoint_format", said.get("format", "gptq")) == "gptq"
        point = unpacked(zeros, bits, len(scale)).T.astype(np.int32) + first
    elif method == "awq" and said.get("version", "gemm") == "gemm" and bits == 4:
        codes, point = (_turned(unpacked(each, bits, len(scale))).T for each in (words, zeros))
    else:
        raise ValueError(OTHER)
    groups = _array(parts["g_idx"]) if "g_idx" in parts else None
    step, point = (_along(each, groups) for each in (scale, point))
    return on_grid(codes, step, point, error=ERRORS.get(parts["scales"].dtype, 0))


def _turned(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return codes.reshape(len(codes), -1, len(TURNED))[:, :, TURNED].reshape(codes.shape)


def _along(found: NDArray[Any], groups: NDArray[Any] | None) -> NDArray[Any]:
    """Give each column the scale of its group, where columns are not grouped in order."""
    if groups is None or found.size == 1 or groups.min(initial=0) < 0:
        return found
    return found.take(groups, -1)


def _array(tensor: Stored) -> NDArray[Any]:
    kind = np.dtype(KINDS[tensor.dtype])
    found = np.fromfile(tensor.file, kind, tensor.size // kind.itemsize, offset=tensor.start)
    if tensor.dtype == "BF16":
        found = (found.astype(np.uint32) << 16).view(np.float32)
    return found.reshape(tensor.shape)
