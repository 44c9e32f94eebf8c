"""PyTorch: exported programs, and state dicts with the module that a user builds."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, one_line
from ...plugins import source_digest
from ...plugins.quiet import quietly
from ...records.executor import EngineUse
from ..frameworks import torch_build
from .library import require_torch
from .options import TorchOptions, resolved
from .program import Program
from .state import Built
from .trace import Trace, precisions, trace


class PyTorch:
    """Opens exported programs (.pt2) and state dicts (.safetensors, .pt, .pth); never a pickle.

    Of a ``.pt2`` only operations and plain tensors are loaded: sample inputs, guards and notes are
    left out, and pickled weights, compiled libraries, unknown operators and text that PyTorch would
    evaluate are refused. Weights that torchao quantized are exported as plain tensors after
    ``torchao.utils.unwrap_tensor_subclass``. Which products ran in which precision is traced on
    the first batch. CUDA has not been run on the hardware yet.
    """

    name = "pytorch"
    formats = ("exported", "state_dict")
    options = TorchOptions
    layers = staticmethod(torch_build)

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> TorchSession:
        """Load a program, or build a module and load its weights.

        Raises
        ------
        ArtifactError
            If there is no such file, it is damaged, or it could run code when loaded.
        PluginError
            If torch, a device, a compiler or an option is not there.
        UserCodeError
            If the builder raises, or returns no module.
        """
        chosen = resolved(options)
        if artifact is None:
            msg = "engine 'pytorch' needs a model file: set 'model'"
            raise ArtifactError(msg)
        if not artifact.is_file():
            msg = f"{artifact}: no such model file"
            raise ArtifactError(msg)
        return TorchSession(artifact, chosen)


class TorchSession:
    """A module in PyTorch. Its outputs, and the precisions that ran, are known after a batch."""

    learns_from_a_batch = True

    def __init__(self, artifact: Path, options: TorchOptions) -> None:
        self._artifact, self._options = artifact, options
        started = perf_counter()
        kind = Program if _exported(artifact) else Built
        self._model: Program | Built | None = kind(artifact, options)
        self._torch = require_torch()
        self._call: Any = self._model.module
        self._noise: Callable[[], AbstractContextManager[None]]
        self._noise = quietly if options.mode == "compiled" else nullcontext
        if options.mode == "compiled":
            with quietly():
                self._call = self._torch.compile(self._call)
        self.load_seconds = perf_counter() - started
        self.inputs, self.fixed_batch = self._model.inputs, self._model.fixed_batch
        self.outputs: tuple[str, ...] = ()
        self._stored = self._model.stored
        self._seen: Mapping[str, NDArray[Any]] | None = None
        self._trace: Trace | None = None

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch.

        Raises
        ------
        DataError
            If names, types or shapes are not those of the model, or an output is no tensor.
        """
        outputs = self._named(self._answer(batch))
        self.outputs = tuple(outputs)
        if self._seen is None:
            self._seen = {name: np.array(array) for name, array in batch.items()}
        return outputs

    def _answer(self, batch: Mapping[str, NDArray[Any]]) -> Any:
        assert self._model is not None
        feeds = dict(batch)
        if "" in feeds and len(feeds) == len(self.inputs) == 1:
            feeds = {self.inputs[0]: feeds[""]}
        places, names = self._model.arguments(feeds)
        given = {name: self._tensor(name, array) for name, array in feeds.items()}
        try:
            with self._options.applied(), self._noise():
                return self._call(
                    *(given[name] for name in places),
                    **{key: given[name] for key, name in names.items()},
                )
        except Exception as error:
            raise self._refused(error, feeds) from error

    def _tensor(self, name: str, array: NDArray[Any]) -> Any:
        """Copy an array into a tensor: the module may write to it."""
        try:
            return self._torch.from_numpy(np.array(array, order="C")).to(self._options.device)
        except (TypeError, ValueError) as error:
            msg = f"{self._artifact}: input {name!r} is {array.dtype}, which no tensor can hold"
            raise DataError(msg) from error

    def _refused(self, error: Exception, feeds: Mapping[str, NDArray[Any]]) -> Exception:
        reason = one_line(error)
        if any("_inductor" in kind.__module__ for kind in type(error).__mro__):
            msg = f"{self._artifact}: torch.compile failed: {reason}; set 'mode: eager'"
            return ArtifactError(msg)
        shapes = ", ".join(f"{array.dtype} {array.shape}" for array in feeds.values())
        return DataError(f"{self._artifact}: PyTorch refused a batch of {shapes}: {reason}")

    def _named(self, returned: Any) -> dict[str, NDArray[Any]]:
        """Name what came back: ``output``, ``output_0`` and on, or a mapping's own keys."""
        if isinstance(returned, Mapping):
            pairs = [(str(name), value) for name, value in returned.items()]
        elif isinstance(returned, tuple | list):
            pairs = [(f"output_{at}", value) for at, value in enumerate(returned)]
        else:
            pairs = [("output", returned)]
        named = {name: self._array(name, value) for name, value in pairs if value is not None}
        if not named:
            msg = f"{self._artifact}: the module returned nothing; expected at least one tensor"
            raise DataError(msg)
        return named

    def _array(self, name: str, value: Any) -> NDArray[Any]:
        if not isinstance(value, self._torch.Tensor):
            msg = f"{self._artifact}: output {name!r} is {type(value).__name__}, not a tensor"
            raise DataError(msg)
        plain = value.detach().cpu()
        if plain.dtype == self._torch.bfloat16:
            plain = plain.float()  # exact; numpy has no bfloat16
        return np.array(plain.numpy())

    def _traced(self) -> Trace | None:
        seen = self._seen
        if self._trace is None and seen is not None:
            self._trace = trace(lambda: self._answer(seen))
        return self._trace

    @property
    def deterministic(self) -> bool | None:
        """False where a batch drew random numbers; else None: PyTorch promises nothing."""
        found = self._traced()
        return False if found is not None and found.random else None

    def use(self) -> EngineUse:
        """Describe how PyTorch ran; precisions are read off a trace of the first batch."""
        from ..executor import machine

        found = self._traced()
        low, full = precisions(found, self._stored, machine().instructions) if found else ((), {})
        return EngineUse(
            engine="pytorch",
            version=str(self._torch.__version__),
            provider=self._options.device,
            threads=self._options.threads,
            graph_level=self._options.mode,
            precisions=low,
            options=self._facts(found),
            asked=self._options.precision,
            full_precision=full,
        )

    def _facts(self, found: Trace | None) -> dict[str, str]:
        backends = self._torch.backends
        facts = {
            "float32 products": "exact" if self._options.precision == "f32" else "bfloat16 allowed",
            "oneDNN": "on" if backends.mkldnn.is_available() else "off",
            "kernels for": str(backends.cpu.get_cpu_capability()),
        }
        if isinstance(self._model, Built):
            facts["module sha256"] = source_digest(self._model.function)
        if found is not None and self._options.mode == "compiled":
            facts["compiled parts"] = str(found.regions)
        return facts

    def close(self) -> None:
        """Let go of the model."""
        self._model = self._call = self._seen = self._trace = None


def _exported(artifact: Path) -> bool:
    """Return whether a file is an archive that ``torch.export.save`` wrote."""
    try:
        with zipfile.ZipFile(artifact) as archive:
            names = [name.partition("/")[2] for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return artifact.suffix == ".pt2"
    return artifact.suffix == ".pt2" or "archive_format" in names
