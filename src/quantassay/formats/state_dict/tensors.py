"""Tensors of a state dict, read without unpickling anything else."""

from __future__ import annotations

import json
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, PluginError, one_line, some
from ...plugins.installed import installed
from ...plugins.quiet import quietly

TORCHAO = "torchao.prototype.safetensors.safetensors_support"
DESCRIBED = {
    "Tensor", "Int8Tensor", "IntxUnpackedToInt8Tensor", "QuantizeTensorToInt8Kwargs", "PerRow",
    "PerTensor", "MappingType", "torch.dtype",
}  # fmt: skip
ZIP, PICKLE = b"PK\x03\x04", b"\x80"
REASON = "WeightsUnpickler error: "


def read_tensors(path: Path) -> dict[str, Any]:
    """Read tensors by name from safetensors, or from what ``torch.save`` wrote.

    Nothing is unpickled but tensors (``weights_only=True``); weights that torchao quantized come
    back as its tensors.

    Raises
    ------
    ArtifactError
        If the file is damaged, is no state dict, or holds anything but tensors.
    PluginError
        If torch, or what the weights need, is not installed.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    start = b""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        with quietly():
            state = _from_archive(path) if start == ZIP else _from_safetensors(path)
    except (ArtifactError, PluginError):
        raise
    except Exception as error:
        why = "a bare pickle, which could run code and is not read"
        why = (
            why if start[:1] == PICKLE else f"damaged, or not a state dict: {one_line(error)[:200]}"
        )
        msg = f"{path}: {why}; save 'module.state_dict()', best with safetensors"
        raise ArtifactError(msg) from error
    _refuse_others(state, path)
    return state


def _refuse_others(state: dict[Any, Any], path: Path) -> None:
    torch = _require("torch")
    other = [
        name
        for name, value in state.items()
        if not (isinstance(name, str) and isinstance(value, torch.Tensor))
    ]
    if other or not state:
        listed = f"{some(other)} beside tensors" if other else "no tensor"
        msg = f"{path}: holds {listed}; save 'module.state_dict()' itself"
        raise ArtifactError(msg)


def _from_archive(path: Path) -> dict[str, Any]:
    torch = _require("torch")
    with zipfile.ZipFile(path) as archive:
        if any(info.compress_type != zipfile.ZIP_STORED for info in archive.infolist()):
            msg = f"{path}: is TorchScript, or packed; save 'module.state_dict()' with torch.save"
            raise ArtifactError(msg)
        names = [name for name in archive.namelist() if name.endswith("data.pkl")]
        if any(b"torchao" in archive.read(name) for name in names):
            _require("torchao")  # tells torch which tensors of its own are harmless
    try:
        with path.open("rb") as file:  # by its path, torch would go by the suffix
            state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:
        # what torch says before and after advises to unpickle everything
        said = one_line(error, 2000).partition(REASON)[2].partition(" Please use")[0]
        reason = said.rstrip(". ")[:150] or "damaged"
        msg = (
            f"{path}: holds more than tensors, and is not unpickled: {reason}; "
            "save 'module.state_dict()', best with safetensors"
        )
        raise ArtifactError(msg) from error
    if not isinstance(state, dict):
        msg = f"{path}: holds {type(state).__name__}, no state dict"
        raise ArtifactError(msg)
    return state


def _from_safetensors(path: Path) -> dict[str, Any]:
    _require("torch")
    with _require("safetensors").safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        plain: dict[str, Any] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    if "tensor_names" not in metadata:
        return plain
    for name in json.loads(metadata["tensor_names"]):
        _check_description(json.loads(metadata[name]), path)
    state, left = _require(TORCHAO).unflatten_tensor_state_dict(plain, metadata)
    if left:
        msg = f"{path}: tensors that its header does not describe: {some(sorted(left))}"
        raise ArtifactError(msg)
    return dict(state)


def _check_description(value: Any, path: Path) -> None:
    """Pass torchao's own tensors of whole numbers, described by plain values."""
    parts: list[Any] = []
    if isinstance(value, dict):
        kind = value.get("_type", "Tensor")
        if kind not in DESCRIBED or (kind == "torch.dtype" and not _is_dtype(value.get("_data"))):
            msg = f"{path}: is described as {str(kind)[:60]!r}, which is not read"
            raise ArtifactError(msg)
        parts = list(value.values())
    for part in value if isinstance(value, list) else parts:
        _check_description(part, path)


def _is_dtype(name: Any) -> bool:
    torch = _require("torch")
    return isinstance(name, str) and isinstance(getattr(torch, name, None), torch.dtype)


def _require(module: str) -> Any:
    with installed("reading a state dict", "torch"):
        return import_module(module)
