"""Linear layers of a PyTorch module, quantized by torchao and written as safetensors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ... import plugins
from ...errors import ArtifactError, PluginError, UserCodeError, reason, some
from ...plugins.installed import installed
from ...plugins.quiet import quietly
from ..quiet import one_line_errors

PACKAGES = ("torch", "torchao", "safetensors")
FLATTEN = "torchao.prototype.safetensors.safetensors_support"


@dataclass(frozen=True)
class Builder:
    """The user's function that builds the module, where to look for it, and layers to leave out."""

    module: str | None
    folder: Path
    exclude: tuple[str, ...]

    def function(self, scheme: str) -> Callable[..., Any]:
        """Import the function.

        Raises
        ------
        PluginError
            If none is named.
        UserCodeError
            If it cannot be imported.
        """
        if not self.module:
            msg = f"scheme {scheme!r} needs the function that builds the module: set "
            msg += "'engine_options: {module: my_package.models:build}' of what it is made of"
            raise PluginError(msg)
        return plugins.load_function(self.module, self.folder)


def user_source(options: Mapping[str, Any], scheme: str) -> str:
    """Return the digest of the file that the user's builder stands in."""
    folder = Path(options.get("folder", "."))
    return plugins.source_digest(Builder(options.get("module"), folder, ()).function(scheme))


def quantize_layers(
    reference: Path, builder: Builder, fits: Callable[[Any], bool], config: Callable[[Any], Any],
    scheme: str, out: Path,
) -> None:  # fmt: skip
    """Quantize the linear layers of a module and write its weights, whole or not at all.

    Parameters
    ----------
    reference : Path
        The state dict to start from.
    builder : Builder
        Builds the module that the weights are of.
    fits : callable
        Whether a linear layer can be quantized so.
    config : callable
        Makes torchao's configuration from the module ``torchao.quantization``.

    Raises
    ------
    ArtifactError
        If the weights are not of the module, are quantized already, or no layer was changed.
    """
    module = _filled(reference, builder, scheme)
    linear = [name for name, layer in module.named_modules() if _is_linear(layer)]
    unknown = [name for name in builder.exclude if name not in linear]
    if unknown:
        msg = f"scheme {scheme!r}: 'exclude' names no linear layer: {some(unknown)}; "
        raise PluginError(msg + f"there are {some(linear)}")
    chosen = {n for n in linear if n not in builder.exclude and fits(module.get_submodule(n))}
    with one_line_errors(reference, scheme), quietly():
        tools = require("torchao.quantization")
        tools.quantize_(module, config(tools), lambda _, name: name in chosen)
        state = module.state_dict()
        changed = [name for name in chosen if hasattr(state[_weight(name)], "qdata")]
        _refuse_unchanged(linear, changed, reference, scheme)
        data = _safetensors(state)
    _write(data, out)


def require(module: str) -> Any:
    """Import torch, torchao or safetensors without their noise, or say how to get them."""
    with installed("making this variant", "torch"), quietly():
        return import_module(module)


def _is_linear(layer: Any) -> bool:
    kinds = require("torch.nn.modules.linear")
    return type(layer) is kinds.Linear


def _weight(layer: str) -> str:
    return f"{layer}.weight" if layer else "weight"


def _filled(reference: Path, builder: Builder, scheme: str) -> Any:
    """Build the module and give it the weights."""
    torch = require("torch")
    function = builder.function(scheme)
    state = plugins.load("formats", "state_dict").tensors(reference)
    if any(hasattr(value, "qdata") for value in state.values()):
        msg = f"{reference}: is quantized already; scheme {scheme!r} starts from full precision"
        raise ArtifactError(msg)
    module = plugins.called(function, str(builder.module))
    if not isinstance(module, torch.nn.Module):
        msg = f"{builder.module}: returned {type(module).__name__}; expected a torch.nn.Module"
        raise UserCodeError(msg)
    try:
        module.load_state_dict(state, strict=True, assign=True)
    except Exception as error:
        msg = f"{reference}: is not of the module that {builder.module} builds: {reason(error)}"
        raise ArtifactError(msg) from error
    return module.eval().requires_grad_(False)


def _refuse_unchanged(linear: list[str], changed: list[str], reference: Path, scheme: str) -> None:
    if changed:
        return
    why = f"0 of its {len(linear)} linear layers fit" if linear else "it has no linear layer"
    msg = f"{reference}: scheme {scheme!r} changes nothing here: {why}; only torch.nn.Linear is"
    raise ArtifactError(msg + " quantized")


def _safetensors(state: Mapping[str, Any]) -> bytes:
    """Lay tensors out as torchao's own loader wants them; the same tensors make the same bytes."""
    torch = require("torch")
    plain = {
        name: value if hasattr(value, "qdata") else value.detach().clone().as_subclass(torch.Tensor)
        for name, value in sorted(state.items())
    }
    tensors, metadata = require(FLATTEN).flatten_tensor_state_dict(plain)
    whole = {name: tensor.contiguous() for name, tensor in sorted(tensors.items())}
    data = require("safetensors.torch").save(whole, metadata)
    length = int.from_bytes(data[:8], "little")
    # safetensors writes metadata in an order that changes from call to call
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + bytes(data[8 + length :])


def _write(data: bytes, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as folder:
            whole = Path(folder) / "out"
            whole.write_bytes(data)
            whole.replace(out)
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror}"
        raise ArtifactError(msg) from error
