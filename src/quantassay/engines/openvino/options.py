"""The options of OpenVINO: read, checked, and turned into a compiled model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, PluginError
from ...plugins.installed import installed
from ...plugins.options import read_options
from ...plugins.unreported import import_without

PRECISIONS = ("f32", "bf16", "f16", "default")
FRONTENDS = {".xml": "ir", ".onnx": "onnx"}


def require_openvino() -> Any:
    """Import openvino, or say how to get it."""
    with installed("engine 'openvino'", "openvino"):
        return import_without("openvino", "openvino_telemetry")


@dataclass(frozen=True)
class OpenVinoOptions:
    """Options of the engine ``openvino``.

    Parameters
    ----------
    device
        As OpenVINO names it.
    threads
        Processor threads.
    streams
        Batches that run at the same time.
    precision
        What products are computed in where the model is in floating point. ``default`` leaves it
        to OpenVINO: on processors that can, FP32 models then run in BF16, and what meets
        compressed weights is rounded to INT8.
    """

    device: str = "CPU"
    threads: int = field(default=1, metadata={"least": 1})
    streams: int = field(default=1, metadata={"least": 1})
    precision: str = field(default="f32", metadata={"choices": PRECISIONS})

    def compile(self, model: Any, artifact: Path, **more: Any) -> Any:
        """Compile a model that was read, with nothing kept on disk.

        Raises
        ------
        ArtifactError
            If OpenVINO cannot compile it.
        """
        core = require_openvino().Core()
        try:
            return core.compile_model(model, self.device, {**self._config(), **more})
        except Exception as error:
            msg = f"{artifact}: OpenVINO cannot load this model on {self.device}: {reason(error)}"
            raise ArtifactError(msg) from error

    def _config(self) -> dict[str, Any]:
        """Return properties; left alone, OpenVINO runs FP32 models in BF16 where it can.

        Asking for FP32 is not enough: for compressed weights it still rounds activations to INT8
        unless accuracy is what it is to care for.
        """
        chosen: dict[str, Any] = {"NUM_STREAMS": self.streams, "CACHE_DIR": ""}
        if self.device == "CPU":
            chosen |= {"INFERENCE_NUM_THREADS": self.threads, "ENABLE_CPU_PINNING": False}
        if self.precision != "default":
            chosen["INFERENCE_PRECISION_HINT"] = self.precision
            chosen["EXECUTION_MODE_HINT"] = "ACCURACY"
        return chosen


def read(artifact: Path) -> Any:
    """Read OpenVINO IR or ONNX, whichever the file's name says; no other reader is tried.

    Raises
    ------
    ArtifactError
        If it is of neither kind, missing or damaged.
    """
    if not artifact.is_file():
        msg = f"{artifact}: no such model file"
        raise ArtifactError(msg)
    kind = FRONTENDS.get(artifact.suffix.lower())
    if kind is None:
        msg = f"{artifact}: OpenVINO opens .xml (with its .bin) and .onnx files"
        raise ArtifactError(msg)
    require_openvino()
    try:
        frontend = import_module("openvino.frontend").FrontEndManager().load_by_framework(kind)
        return frontend.convert(frontend.load(str(artifact)))
    except Exception as error:
        msg = f"{artifact}: OpenVINO cannot read this model: {reason(error)}"
        raise ArtifactError(msg) from error


def reason(error: Exception) -> str:
    """Return what OpenVINO says is wrong, in one line, without the places in its source."""
    lines = [line.strip() for line in str(error).splitlines()]
    noise = ("Exception from", "Check '", "FrontEnd API failed")
    told = [line for line in lines if line and not line.startswith(noise)]
    return " ".join(told or lines)[:300]


def resolved(options: Mapping[str, Any], devices: list[str]) -> OpenVinoOptions:
    """Check an engine's options.

    Raises
    ------
    PluginError
        If an option is unknown or wrong, or a device is not there.
    """
    chosen = read_options(OpenVinoOptions, options, "engine 'openvino'")
    if chosen.device not in devices:
        msg = f"OpenVINO here has no device {chosen.device!r}; there are: {', '.join(devices)}"
        raise PluginError(msg)
    return chosen
