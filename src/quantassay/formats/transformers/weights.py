"""Weights in safetensors, layer by layer, packed ones included; nothing is unpickled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ArtifactError
from ...records.contents import Weight

BITS = {
    "F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "I16": 16, "I8": 8,
    "U64": 64, "U32": 32, "U16": 16, "U8": 8, "F8_E4M3": 8, "F8_E5M2": 8, "BOOL": 8,
}  # fmt: skip
KINDS = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "I8": "int8", "U8": "uint8",
         "I32": "int32", "I64": "int64", "F8_E4M3": "fp8", "F8_E5M2": "fp8"}  # fmt: skip
LONGEST_HEADER, CHUNK = 100 << 20, 1 << 20
#: numbers that only say where something stands
INDICES = ("I64", "U64", "BOOL")
#: what compressed-tensors keeps beside quantized weights
PARAMETERS = ("weight_scale", "weight_zero_point", "weight_global_scale", "weight_g_idx",
              "input_scale", "input_zero_point", "output_scale", "k_scale", "v_scale")  # fmt: skip
PACKED, SHAPE = "weight_packed", "weight_shape"
#: what AutoGPTQ and AutoAWQ pack weights in, and keep beside them
WORDS, BESIDE = "qweight", ("qzeros", "scales", "g_idx")


@dataclass(frozen=True)
class Stored:
    """One tensor of a file: its type as safetensors spells it, shape, and place in the file."""

    file: Path
    dtype: str
    shape: tuple[int, ...]
    start: int
    size: int

    def bytes(self) -> Iterator[bytes]:
        """Yield what the tensor holds, a piece at a time."""
        with self.file.open("rb") as file:
            file.seek(self.start)
            left = self.size
            while left > 0:
                piece = file.read(min(CHUNK, left))
                if not piece:
                    msg = f"{self.file}: damaged: it ends too early; copy it again"
                    raise ArtifactError(msg)
                left -= len(piece)
                yield piece


@dataclass(frozen=True)
class Layer:
    """The weights of one layer; ``kind`` is Matrix, Embedding, or Vector for norms and the like."""

    name: str
    kind: str
    weights: tuple[Weight, ...]

    @property
    def elements(self) -> int:
        """Weights that multiply; scales and vectors left out."""
        return sum(w.elements for w in self.weights if w.dimensions > 1 and not w.parameter)

    @property
    def multiplies(self) -> bool:
        """Whether its matrix multiplies each token."""
        return self.kind == "Matrix"

    @property
    def low(self) -> bool:
        """Whether its matrix takes 16 bits a weight or less."""
        return any(weight.low and weight.dimensions > 1 for weight in self.weights)


def read_layers(folder: Path, config: Mapping[str, Any]) -> list[Layer]:
    """Read the weights of a folder, layer by layer.

    Raises
    ------
    ArtifactError
        If there are none in safetensors, a file is missing or damaged, or holds a name twice.
    """
    bits = packed_bits(config)
    return [_layer(name, parts, bits) for name, parts in tensors_by_layer(folder).items()]


def tensors_by_layer(folder: Path) -> dict[str, dict[str, Stored]]:
    """Return the tensors of a folder, unread: by layer, and in it by the last part of their name.

    Raises
    ------
    ArtifactError
        If there are none in safetensors, a file is missing or damaged, or holds a name twice.
    """
    layers: dict[str, dict[str, Stored]] = {}
    for name, tensor in sorted(_tensors(folder).items()):
        layer, _, part = name.rpartition(".")
        layers.setdefault(layer, {})[part] = tensor
    return layers


def _tensors(folder: Path) -> dict[str, Stored]:
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        msg = (
            f"{folder}: no weights in *.safetensors; pickled weights (.bin, .pt) can run code when "
            "they are read, and are refused: save them again with safe_serialization"
        )
        raise ArtifactError(msg)
    _refuse_missing(folder, files)
    found: dict[str, Stored] = {}
    for file in files:
        for name, tensor in _header(file).items():
            if name in found:
                msg = f"{folder}: two files hold a tensor {name!r}; keep one"
                raise ArtifactError(msg)
            found[name] = tensor
    return found


def _refuse_missing(folder: Path, files: list[Path]) -> None:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        return
    try:
        named = set(json.loads(index.read_bytes())["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{index}: no index of weights; copy it again"
        raise ArtifactError(msg) from error
    lacking = sorted(str(name) for name in named - {file.name for file in files})
    if lacking:
        msg = f"{folder}: {lacking[0]}, which the index names, is not there; copy it too"
        raise ArtifactError(msg)


def _header(file: Path) -> dict[str, Stored]:
    """Read the header of a safetensors file, and check that its tensors lie within it."""
    size = file.stat().st_size
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            if not 0 < length <= min(size - 8, LONGEST_HEADER):
                raise ValueError
            header = json.loads(opened.read(length))
        header.pop("__metadata__", None)
        return {name: _stored(file, said, 8 + length, size) for name, said in header.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{file}: damaged: no safetensors; copy it again"
        raise ArtifactError(msg) from error


def _stored(file: Path, said: Mapping[str, Any], start: int, size: int) -> Stored:
    begin, end = said["data_offsets"]
    shape = tuple(int(each) for each in said["shape"])
    held = prod(shape) * BITS[said["dtype"]] // 8
    if not 0 <= begin <= end <= size - start or end - begin != held:
        raise ValueError
    return Stored(file, said["dtype"], shape, start + begin, end - begin)


def packed_bits(config: Mapping[str, Any]) -> set[int]:
    """Return the widths that weights are packed to, as declared: from 1 to 8 bits."""
    said = _mapping(config.get("quantization_config"))
    groups = _mapping(said.get("config_groups")).values()
    found = [_mapping(_mapping(group).get("weights")).get("num_bits") for group in groups]
    return {bits for bits in (*found, said.get("bits")) if isinstance(bits, int) and 0 < bits <= 8}


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _layer(name: str, parts: Mapping[str, Stored], bits: set[int]) -> Layer:
    weights = []
    beside = (*PARAMETERS, *BESIDE) if WORDS in parts else PARAMETERS
    for part, tensor in parts.items():
        if part == SHAPE or tensor.dtype in INDICES:
            continue
        elements = _elements(parts, part, bits)
        kind = KINDS.get(tensor.dtype, tensor.dtype.lower())
        if part in (PACKED, WORDS):
            kind = _packed_kind(tensor, elements, bits)
        weights.append(
            Weight(
                kind=kind,
                dimensions=len(tensor.shape),
                elements=elements,
                bits=tensor.size * 8,
                parameter=part in beside,
                digest=_digest(tensor),
            )
        )
    matrix = any(weight.dimensions > 1 and not weight.parameter for weight in weights)
    embeds = "embed" in name.rsplit(".", 1)[-1] or name.endswith((".wte", ".wpe"))
    kind = ("Embedding" if embeds else "Matrix") if matrix else "Vector"
    return Layer(name, kind, tuple(weights))


def _elements(parts: Mapping[str, Stored], part: str, bits: set[int]) -> int:
    """Count weights: packed ones as the shape stored beside them says, or as many as fit."""
    if part == PACKED:
        return prod(packed_shape(parts))
    if part == WORDS and len(bits) == 1:
        return parts[part].size * 8 // min(bits)
    return prod(parts[part].shape)


def packed_shape(parts: Mapping[str, Stored]) -> tuple[int, ...]:
    """Return the shape of a layer's packed weights, or of what they are packed in."""
    said = parts.get(SHAPE)
    if said is None or said.size > 64 or said.dtype not in ("I64", "I32"):
        return parts[PACKED].shape
    kind = np.int64 if said.dtype == "I64" else np.int32
    return tuple(np.frombuffer(b"".join(said.bytes()), kind).tolist())


def _packed_kind(tensor: Stored, elements: int, bits: set[int]) -> str:
    """Name packed weights by the widest declared width that their bytes have room for."""
    room = tensor.size * 8 / max(elements, 1)
    fitting = [each for each in bits if each <= room]
    return f"int{max(fitting, default=max(1, int(room)))}"


def _digest(tensor: Stored) -> str:
    digest = sha256(f"{tensor.dtype} {tensor.shape} ".encode())
    for piece in tensor.bytes():
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"
