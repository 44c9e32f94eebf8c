"""State dicts: weights put into the module that a user's own function builds."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ... import plugins
from ...errors import ArtifactError, DataError, PluginError, UserCodeError
from ...plugins import load_function
from ...plugins.quiet import quietly
from .library import require_torch
from .options import TorchOptions


class Built:
    """A module built by the user's function, with the weights of a state dict."""

    def __init__(self, artifact: Path, options: TorchOptions) -> None:
        if options.module is None:
            msg = (
                f"{artifact}: a state dict holds weights only: name the function that builds the "
                "module, 'engine_options: {module: my_package.models:build}'"
            )
            raise PluginError(msg)
        self.artifact, self._spec = artifact, options.module
        state = plugins.load("formats", "state_dict").tensors(artifact)
        self.function: Callable[..., Any] = load_function(options.module, options.folder)
        module = built(self.function, options.module)
        _fill(module, state, artifact, options.module)
        self.module: Any = module.to(options.device).eval().requires_grad_(False)
        self.stored = Counter(filter(None, map(_kind, state.values())))
        self.inputs, self._all = _parameters(module)
        self.fixed_batch: int | None = None

    def arguments(self, batch: Mapping[str, NDArray[Any]]) -> tuple[list[str], dict[str, str]]:
        """Say which input goes to which place and name.

        Raises
        ------
        DataError
            If the module's ``forward`` has no such parameter.
        """
        if list(batch) == [""]:
            return [""], {}
        lost = [name for name in self.inputs if name not in batch]
        unknown = [name for name in batch if self._all and name not in self._all]
        if lost or unknown:
            wanted = ", ".join(map(repr, self._all))
            given = ", ".join(map(repr, batch))
            msg = f"{self._spec}: forward() takes {wanted}, got {given}; "
            raise DataError(msg + "map them in 'input: {model input: column}'")
        return [], {name: name for name in batch}


def built(function: Callable[..., Any], spec: str) -> Any:
    """Call the user's builder.

    Raises
    ------
    UserCodeError
        If it raises, or returns no module.
    """
    torch = require_torch()
    module = plugins.called(function, spec)
    if not isinstance(module, torch.nn.Module):
        msg = f"{spec}: returned {type(module).__name__}; expected a torch.nn.Module"
        raise UserCodeError(msg)
    return module


def _fill(module: Any, state: Mapping[str, Any], artifact: Path, spec: str) -> None:
    try:
        with quietly():
            module.load_state_dict(state, strict=True, assign=True)
    except Exception as error:
        lines = " ".join(str(error).split()).partition(": ")[2] or str(error)
        msg = f"{artifact}: is not of the module that {spec} builds: {lines[:300]}"
        raise ArtifactError(msg) from error


def _kind(weight: Any) -> str:
    """Name the whole numbers that torchao stores a weight in, such as ``int4``; '' for floats."""
    stored = getattr(weight, "qdata", None)
    if stored is None:
        return ""
    return str(getattr(weight, "target_dtype", stored.dtype)).removeprefix("torch.")


def _parameters(module: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parameters that forward() needs, and all it takes; () where it takes any."""
    found = inspect.signature(module.forward).parameters.values()
    named = [one for one in found if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    needed = tuple(one.name for one in named if one.default is one.empty)
    open_ended = any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in found)
    return needed, () if open_ended else tuple(one.name for one in named)
