"""The header of a GGUF file: what it says of itself, and where its tensors lie."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

from ...errors import ArtifactError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
CHUNK = 1 << 20
MOST_KEYS, MOST_TENSORS, MOST_DIMENSIONS = 1 << 16, 1 << 17, 4
LONGEST_NAME, LONGEST_TEXT, KEPT = 1 << 10, 16 << 20, 1 << 12
TEXT, ARRAY = 8, 9
#: how a number of each kind is laid out
NUMBERS = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
#: name, weights in a block, and bytes of a block, of each type of tensor
TYPES = {
    0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22), 7: ("Q5_1", 32, 24), 8: ("Q8_0", 32, 34), 9: ("Q8_1", 32, 40),
    10: ("Q2_K", 256, 84), 11: ("Q3_K", 256, 110), 12: ("Q4_K", 256, 144), 13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210), 15: ("Q8_K", 256, 292), 16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74), 18: ("IQ3_XXS", 256, 98), 19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18), 21: ("IQ3_S", 256, 110), 22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136), 24: ("I8", 1, 1), 25: ("I16", 1, 2), 26: ("I32", 1, 4),
    27: ("I64", 1, 8), 28: ("F64", 1, 8), 29: ("IQ1_M", 256, 56), 30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54), 35: ("TQ2_0", 256, 66), 39: ("MXFP4", 32, 17), 40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}  # fmt: skip


@dataclass(frozen=True)
class Tensor:
    """One tensor: its name, type, shape with the row's length first, and place in the file."""

    name: str
    type: str
    shape: tuple[int, ...]
    start: int
    size: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True)
class GgufFile:
    """What the header tells; of arrays and long texts, digests stand in ``metadata``."""

    path: Path
    metadata: Mapping[str, Any]
    tensors: tuple[Tensor, ...]

    def pieces(self, tensor: Tensor) -> Iterator[bytes]:
        """Yield what a tensor holds, a piece at a time."""
        with self.path.open("rb") as file:
            file.seek(tensor.start)
            yield from _pieces(file, tensor.size)


def read_header(path: Path) -> GgufFile:
    """Read and check the header; no length that it gives is trusted.

    Raises
    ------
    ArtifactError
        If the file is missing, damaged, cut short, of a version or type that is not known, or one
        of several parts.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            metadata, tensors = _header(_Reader(file, size))
    except OSError as error:
        msg = f"{path}: no such model file" if not path.is_file() else f"{path}: cannot be read"
        raise ArtifactError(msg) from error
    except (ValueError, struct.error) as error:
        msg = f"{path}: no whole GGUF file: {error}; copy or convert it again"
        raise ArtifactError(msg) from error
    parts = metadata.get("split.count", 1)
    if parts not in (0, 1):
        msg = f"{path}: one of {parts} parts; join them with llama-gguf-split --merge"
        raise ArtifactError(msg)
    return GgufFile(path, metadata, tensors)


class _Reader:
    """Reads values one after the other, never past the end of the file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.size = file, size

    def left(self) -> int:
        return self.size - self.file.tell()

    def bytes(self, length: int, most: int) -> bytes:
        if not 0 <= length <= min(most, self.left()):
            msg = "it is cut short, or a length in it is wrong"
            raise ValueError(msg)
        return self.file.read(length)

    def number(self, layout: str) -> Any:
        length = struct.calcsize(layout)
        return struct.unpack(layout, self.bytes(length, length))[0]

    def text(self, most: int) -> str:
        return self.bytes(self.number("<Q"), most).decode("utf-8", "replace")

    def count(self, most: int, what: str) -> int:
        found = int(self.number("<Q"))
        if found > most:
            msg = f"it tells of {found} {what}; at most {most} are read"
            raise ValueError(msg)
        return found

    def value(self) -> Any:
        kind = self.number("<I")
        if kind == TEXT:
            found = self.text(LONGEST_TEXT)
            return found if len(found) <= KEPT else sha256(found.encode()).hexdigest()
        return self._array() if kind == ARRAY else self.number(_layout(kind))

    def _array(self) -> str:
        """Return the digest of an array: a vocabulary is long, and nothing is done with it."""
        kind, count = self.number("<I"), self.number("<Q")
        digest = sha256(f"{kind} {count} ".encode())
        if kind == TEXT:
            for _ in range(self._room(count, 8)):
                length = self.number("<Q")
                digest.update(length.to_bytes(8) + self.bytes(length, LONGEST_TEXT))
        else:
            each = struct.calcsize(_layout(kind))
            for piece in _pieces(self.file, self._room(count, each) * each):
                digest.update(piece)
        return f"sha256:{digest.hexdigest()}"

    def _room(self, count: int, each: int) -> int:
        if count * each > self.left():
            msg = "it is cut short, or the length of an array in it is wrong"
            raise ValueError(msg)
        return count


def _header(reader: _Reader) -> tuple[dict[str, Any], tuple[Tensor, ...]]:
    if reader.bytes(4, 4) != MAGIC:
        msg = "it does not begin with GGUF"
        raise ValueError(msg)
    version = reader.number("<I")
    if version not in VERSIONS:
        msg = f"its version is {version}; {' and '.join(map(str, VERSIONS))} are read"
        raise ValueError(msg)
    tensors = reader.count(MOST_TENSORS, "tensors")
    keys = reader.count(MOST_KEYS, "keys")
    metadata = {reader.text(1 << 16): reader.value() for _ in range(keys)}
    told = [_told(reader) for _ in range(tensors)]
    return metadata, _placed(told, metadata.get("general.alignment", 32), reader)


def _told(reader: _Reader) -> Tensor:
    """Read of one tensor what the header tells; its start is counted from the first one's."""
    name = reader.text(LONGEST_NAME)
    dimensions = reader.number("<I")
    if not 0 < dimensions <= MOST_DIMENSIONS:
        msg = f"tensor {name!r} has {dimensions} dimensions"
        raise ValueError(msg)
    shape = tuple(int(reader.number("<Q")) for _ in range(dimensions))
    kind = reader.number("<I")
    if kind not in TYPES:
        msg = f"tensor {name!r} is of type {kind}, which is not known"
        raise ValueError(msg)
    type_name, block, each = TYPES[kind]
    if not all(shape) or shape[0] % block:
        msg = f"tensor {name!r} of shape {shape} cannot be {type_name}"
        raise ValueError(msg)
    return Tensor(name, type_name, shape, int(reader.number("<Q")), prod(shape) // block * each)


def _placed(told: list[Tensor], alignment: Any, reader: _Reader) -> tuple[Tensor, ...]:
    """Count starts from the file's beginning; all tensors must lie within it, each by itself."""
    if not isinstance(alignment, int) or not 0 < alignment <= CHUNK:
        msg = f"its alignment is {alignment!r}"
        raise ValueError(msg)
    first = -(-reader.file.tell() // alignment) * alignment
    end = first
    for tensor in sorted(told, key=lambda one: one.start):
        if first + tensor.start < end or first + tensor.start + tensor.size > reader.size:
            msg = f"tensor {tensor.name!r} lies outside the file, or upon another"
            raise ValueError(msg)
        end = first + tensor.start + tensor.size
    if len({tensor.name for tensor in told}) != len(told):
        msg = "two tensors have the same name"
        raise ValueError(msg)
    return tuple(Tensor(one.name, one.type, one.shape, first + one.start, one.size) for one in told)


def _layout(kind: int) -> str:
    if kind not in NUMBERS:
        msg = f"a value in it is of kind {kind}, which is not known"
        raise ValueError(msg)
    return NUMBERS[kind]


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0:
        piece = file.read(min(CHUNK, left))
        if not piece:
            msg = "it ends too early"
            raise ValueError(msg)
        left -= len(piece)
        yield piece
