"""Folders of transformers models: ``config.json`` and safetensors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...records.artifacts import Artifact
from ...records.contents import Contents, StoredWeight
from ..digests import by_bytes
from .numbers import stored_weights
from .weights import Layer, read_layers

#: of a configuration, what says nothing of what is computed
TOLD = ("_name_or_path", "transformers_version", "dtype", "torch_dtype", "quantization_config")


class Transformers:
    """A folder with ``config.json`` and its weights in safetensors; pickled weights are refused."""

    name = "transformers"
    suffixes = ("",)
    engine = "transformers"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether a folder holds the configuration of a model."""
        return path.is_dir() and (path / "config.json").is_file()

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that every file of weights is whole, and digest all files of the folder.

        Raises
        ------
        ArtifactError
            If a file is missing or damaged, or weights are pickled.
        """
        config = _config(path)
        read_layers(path, config)
        named = (config.get("architectures") or [""])[0]
        return by_bytes(path, str(named))

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read layers and weights; operations are layers, since no graph is stored.

        Multiplications are those of one token in its layers' matrices.

        Raises
        ------
        ArtifactError
            If a file is missing or damaged.
        """
        config = _config(path)
        layers = read_layers(path, config)
        dense = [layer for layer in layers if layer.multiplies]
        low = [layer for layer in dense if layer.low]
        return Contents(
            format="transformers",
            ops=_counted(layers),
            low_ops=_counted([layer for layer in layers if layer.low]),
            weights=tuple(weight for layer in layers for weight in layer.weights),
            layers=(len(low), len(dense)),
            structure=_structure(config, layers),
            macs=(sum(one.elements for one in low), sum(one.elements for one in dense)),
        )

    @staticmethod
    def stored_weights(path: Path) -> list[StoredWeight]:
        """Return the matrices of a folder, to be read one at a time.

        Raises
        ------
        ArtifactError
            If a file is missing or damaged.
        """
        return stored_weights(path, _config(path))


def _config(path: Path) -> Mapping[str, Any]:
    file = path / "config.json"
    if not file.is_file():
        msg = f"{path}: no folder of a transformers model: it holds no config.json"
        raise ArtifactError(msg)
    try:
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError, OSError) as error:
        msg = f"{file}: no readable JSON ({type(error).__name__}); copy or save the model again"
        raise ArtifactError(msg) from error
    if not isinstance(found, dict):
        msg = f"{file}: a mapping is expected; save the model again"
        raise ArtifactError(msg)
    return found


def _counted(layers: list[Layer]) -> dict[str, int]:
    kinds = [layer.kind for layer in layers]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _structure(config: Mapping[str, Any], layers: list[Layer]) -> str:
    """Digest the configuration, and the weights of each layer by its name."""
    kept = {key: value for key, value in config.items() if key not in TOLD}
    held = {layer.name: sorted(weight.digest for weight in layer.weights) for layer in layers}
    text = json.dumps([kept, held], sort_keys=True, default=str)
    return f"sha256:{sha256(text.encode()).hexdigest()}"
