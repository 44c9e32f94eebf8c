"""GGUF files, as llama.cpp reads them; read here without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...records.artifacts import Artifact
from ...records.contents import LOW_BITS, Contents, StoredWeight, Weight
from ..digests import by_bytes
from .file import MAGIC, GgufFile, Tensor, read_header
from .numbers import stored_weights

FLOATS = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16"}
EMBEDDING = "token_embd.weight"
#: of what a file says of itself, what changes nothing that is computed
TOLD = ("general.", "quantize.", "split.")
COMPUTED = ("general.architecture",)


class Gguf:
    """A file of weights in GGUF's own types, each tensor in one of its own."""

    name = "gguf"
    suffixes = (".gguf",)
    engine = "llama-cpp"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether a file begins as GGUF."""
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that all tensors lie within the file, and digest it.

        Raises
        ------
        ArtifactError
            If it is missing or damaged, or one of several parts.
        """
        said = read_header(path).metadata
        told = [said.get(f"general.{key}") for key in ("architecture", "name", "version")]
        words = ["".join(filter(str.isprintable, one))[:80] for one in told if isinstance(one, str)]
        return by_bytes(path, " ".join(filter(None, words)))

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read the weights. Operations are tensors by use and type, since no graph is stored.

        So levels that llama.cpp falls back to are seen: ``Matrix Q5_0`` in a file called Q4_K_M.
        Multiplications are those of one token in its matrices, of all experts where there are any.

        Raises
        ------
        ArtifactError
            If it is missing or damaged.
        """
        file = read_header(path)
        weights = tuple(_weight(file, tensor) for tensor in file.tensors)
        matrices = [tensor for tensor in file.tensors if use_of(tensor) == "Matrix"]
        low = [tensor for tensor in matrices if is_low(tensor)]
        return Contents(
            format="gguf",
            ops=_counted(file.tensors),
            low_ops=_counted([tensor for tensor in file.tensors if is_low(tensor)]),
            weights=weights,
            layers=(len(low), len(matrices)),
            structure=_structure(file.metadata, file.tensors, weights),
            macs=(sum(one.elements for one in low), sum(one.elements for one in matrices)),
        )

    @staticmethod
    def stored_weights(path: Path) -> list[StoredWeight]:
        """Return the matrices of a file, to be read one at a time.

        Raises
        ------
        ArtifactError
            If it is missing or damaged.
        """
        return stored_weights(read_header(path))


def use_of(tensor: Tensor) -> str:
    """Return ``Embedding`` for the table of tokens, else ``Matrix`` or ``Vector``."""
    if tensor.name == EMBEDDING:
        return "Embedding"
    return "Matrix" if len(tensor.shape) > 1 else "Vector"


def is_low(tensor: Tensor) -> bool:
    """Return whether it takes 16 bits a weight or less."""
    return tensor.size * 8 <= LOW_BITS * tensor.elements


def _weight(file: GgufFile, tensor: Tensor) -> Weight:
    digest = sha256(f"{tensor.type} {tensor.shape} ".encode())
    for piece in file.pieces(tensor):
        digest.update(piece)
    return Weight(
        kind=FLOATS.get(tensor.type, tensor.type),
        dimensions=len(tensor.shape),
        elements=tensor.elements,
        bits=tensor.size * 8,
        parameter=False,
        digest=f"sha256:{digest.hexdigest()}",
    )


def _counted(tensors: Sequence[Tensor]) -> dict[str, int]:
    found = Counter(f"{use_of(tensor)} {tensor.type}" for tensor in tensors)
    return dict(sorted(found.items()))


def _structure(
    metadata: Mapping[str, Any], tensors: Sequence[Tensor], weights: Sequence[Weight]
) -> str:
    """Digest hyperparameters, vocabulary, and tensors by name: names say what they are for."""
    digest = sha256()
    for key in sorted(metadata):
        if key in COMPUTED or not key.startswith(TOLD):
            digest.update(f"{key}={metadata[key]!r}\n".encode())
    for tensor, weight in sorted(zip(tensors, weights, strict=True), key=lambda one: one[0].name):
        digest.update(f"{tensor.name} {weight.digest}\n".encode())
    return f"sha256:{digest.hexdigest()}"
