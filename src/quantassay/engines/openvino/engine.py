"""OpenVINO IR and ONNX models in OpenVINO."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, DataError
from ...records.executor import EngineUse
from ..feeds import named
from ..frameworks import openvino_build
from .feeds import OpenVinoFeed, feeds_of, names_of
from .merged import Doubt, merged_reductions
from .options import OpenVinoOptions, read, reason, require_openvino, resolved

RANDOM = {"RandomUniform", "Multinomial"}


class OpenVino:
    """Opens OpenVINO IR (``.xml`` with its ``.bin``) and ONNX models in OpenVINO.

    A model that OpenVINO is found to compute wrongly is refused.
    """

    name = "openvino"
    formats = ("openvino", "onnx")
    options = OpenVinoOptions
    layers = staticmethod(openvino_build)

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> OpenVinoSession:
        """Load a model.

        Raises
        ------
        ArtifactError
            If there is no such file or OpenVINO cannot load it.
        PluginError
            If OpenVINO, a device or an option is not there.
        """
        if artifact is None:
            msg = "engine 'openvino' needs a model file: set 'model'"
            raise ArtifactError(msg)
        devices = list(require_openvino().Core().available_devices)
        return OpenVinoSession(artifact, resolved(options, devices))


class OpenVinoSession:
    """A model compiled by OpenVINO."""

    def __init__(self, artifact: Path, options: OpenVinoOptions) -> None:
        self._artifact, self._options = artifact, options
        started = perf_counter()
        model = read(artifact)
        self._compiled = options.compile(model, artifact)
        self._request = self._compiled.create_infer_request()
        self.load_seconds = perf_counter() - started
        self._feeds: dict[str, OpenVinoFeed] = feeds_of(self._compiled.inputs, artifact)
        merged = merged_reductions(self._runtime)
        self._doubt = Doubt(model, merged, options, artifact) if merged else None
        self._stateful = bool(self._request.query_state())
        self.inputs = tuple(self._feeds)
        self.outputs = names_of(self._compiled.outputs, artifact)
        fixed = {feed.fixed_batch for feed in self._feeds.values()} - {None}
        self.fixed_batch = next(iter(fixed)) if len(fixed) == 1 else None

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch; a model with a state begins each batch anew.

        Raises
        ------
        DataError
            If names, types or shapes are not those of the model.
        ArtifactError
            If OpenVINO is found to compute this model wrongly.
        """
        # OpenVINO casts what is of another type, and may answer a wrong shape with no rows at all
        feeds = self._checked(batch)
        try:
            if self._stateful:
                self._request.reset_state()
            found = self._request.infer(feeds, share_inputs=False, share_outputs=False)
        except Exception as error:
            msg = f"{self._artifact}: OpenVINO refused a batch: {reason(error)}"
            raise DataError(msg) from error
        outputs = {name: np.asarray(found[at]) for at, name in enumerate(self.outputs)}
        if self._doubt:
            self._doubt.check(feeds, outputs)
        return outputs

    def _checked(self, batch: Mapping[str, NDArray[Any]]) -> dict[int, NDArray[Any]]:
        feeds = named(batch, self.inputs, self._artifact)
        for name, array in feeds.items():
            self._feeds[name].check(array, self._artifact)
        return {at: _native(feeds[name]) for at, name in enumerate(self.inputs)}

    @cached_property
    def _runtime(self) -> Any:
        return self._compiled.get_runtime_model()

    @property
    def deterministic(self) -> bool | None:
        """True on the CPU with one thread and no random operation; else False or None."""
        kinds = {node.get_rt_info()["layerType"].value for node in self._runtime.get_ops()}
        if kinds & RANDOM:
            return False
        chosen = self._options
        return True if chosen.device == "CPU" and chosen.threads == chosen.streams == 1 else None

    def use(self) -> EngineUse:
        """Describe the runtime as it set itself up, and how each operation really ran."""
        from ..executor import machine
        from .precision import executed

        facts = self._properties()
        dynamic = int(facts.get("dynamic quantization group", "0"))
        hint = facts.get("precision", "")
        low, full = executed(self._runtime, hint, dynamic, machine().instructions)
        return EngineUse(
            engine="openvino",
            version=version("openvino"),
            provider=self._options.device,
            threads=self._options.threads if self._options.device == "CPU" else None,
            graph_level=None,
            precisions=low,
            options=facts,
            asked=self._options.precision,
            full_precision=full,
        )

    def _properties(self) -> dict[str, str]:
        """Return what the compiled model says of itself; it may not be what was asked for."""
        names = {
            "precision": "INFERENCE_PRECISION_HINT",
            "execution mode": "EXECUTION_MODE_HINT",
            "dynamic quantization group": "DYNAMIC_QUANTIZATION_GROUP_SIZE",
            "key-value cache": "KV_CACHE_PRECISION",
            "streams": "NUM_STREAMS",
        }
        there = self._compiled.get_property("SUPPORTED_PROPERTIES")
        read = {
            label: _plain(self._compiled.get_property(key))
            for label, key in names.items()
            if key in there
        }
        core = require_openvino().Core()
        named = core.get_property(self._options.device, "FULL_DEVICE_NAME")
        return {
            "device": str(named),
            "build": require_openvino().get_version(),
            "model cache": "off",
            **read,
        }

    def close(self) -> None:
        """Let go of the model."""
        self.__dict__.pop("_runtime", None)
        self._request = self._compiled = self._doubt = None


def _native(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(str) if array.dtype == object else array


def _plain(value: Any) -> str:
    told = getattr(value, "get_type_name", None) or getattr(value, "to_string", None)
    return str(told() if told else getattr(value, "name", value))
