"""The libraries that models run in, and how each was built."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from ..errors import PluginError
from ..records.executor import LAYERS, UNKNOWN, Fact, Layer, LayerName
from .kernel_files import told

PACKAGES = (
    "quantassay",
    "numpy",
    "scipy",
    "pyarrow",
    "onnx",
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-openvino",
    "onnxruntime-directml",
    "openvino",
    "nncf",
    "torch",
    "torchao",
    "transformers",
    "tokenizers",
    "safetensors",
    "compressed-tensors",
    "llmcompressor",
    "ai-edge-litert",
    "llama_cpp_python",
    "gguf",
    "Pillow",
)
#: what reaches an accelerator, in the versions that were released for it
ACCELERATORS = (
    "nvidia-cublas",
    "nvidia-cublas-cu12",
    "nvidia-cudnn-cu12",
    "nvidia-cudnn-cu13",
    "tensorrt",
    "tensorrt-cu12",
    "tensorrt-cu13",
    "triton",
)
NAMED = "FULL_DEVICE_NAME"
Found = Mapping[LayerName, Mapping[str, Fact]]


def layers_of(engine: Any, name: str) -> Found:
    """Return what an engine tells of its libraries, by layer; {} where it tells nothing, or fails.

    Raises
    ------
    PluginError
        If it tells of a layer that there is not, or of facts of another kind.
    """
    tell = getattr(engine, "layers", None)
    try:
        found: Found = {} if tell is None else tell()
    except Exception:  # no run is lost for want of a word on what it ran in
        return {}
    for layer, facts in found.items():
        odd = [fact for fact, value in facts.items() if not _plain(value)]
        if layer not in LAYERS or odd:
            what = f"{odd[0]!r} of layer {layer!r}" if odd else f"layer {layer!r}"
            msg = f"engine {name!r}: its 'layers' tells {what}: facts are text, whole numbers or "
            msg += f"tuples of text, by layer: {', '.join(LAYERS)}"
            raise PluginError(msg)
    return found


def _plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def python_name() -> str:
    """Name the interpreter with its version."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of the distributions that are installed here."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def framework_layer() -> Layer:
    """Describe interpreter, packages, and the linear algebra that NumPy was built with."""
    return Layer(
        {
            "python": python_name(),
            "packages": packages(versions(PACKAGES)),
            "for accelerators": packages(versions(ACCELERATORS)) or "none",
            **_numpy(),
        }
    )


def packages(found: Mapping[str, str]) -> tuple[str, ...]:
    """Spell packages with their versions."""
    return tuple(told(f"{name} {number}") for name, number in found.items())


def _numpy() -> dict[str, Fact]:
    said: Any = np.show_config("dicts")
    blas = said.get("Build Dependencies", {}).get("blas", {})
    simd = said.get("SIMD Extensions", {}).get("found", ())
    return {
        "NumPy's BLAS": told(f"{blas.get('name', '')} {blas.get('version', '')}"),
        "NumPy's instructions": tuple(map(told, simd)) or UNKNOWN,
    }


def onnxruntime_build() -> Found:
    """Describe the ONNX Runtime that is loaded: which commit, and what it could run on."""
    runtime = sys.modules["onnxruntime"]
    return {
        "framework": {
            "onnxruntime build": told(runtime.get_build_info()),
            "onnxruntime providers": tuple(map(told, runtime.get_available_providers())),
        }
    }


def openvino_build() -> Found:
    """Describe the OpenVINO that is loaded, and the devices that it finds."""
    library = sys.modules["openvino"]
    core = library.Core()
    devices = [f"{name}: {core.get_property(name, NAMED)}" for name in core.available_devices]
    return {
        "framework": {"openvino build": told(library.get_version())},
        "driver": {"openvino devices": tuple(map(told, devices)) or "none found"},
    }


def torch_build() -> Found:
    """Describe the PyTorch that is loaded, what it was built for, and what it runs on."""
    library = sys.modules["torch"]
    cudnn = library.backends.cudnn.version() if library.version.cuda else None
    return {
        "framework": {
            "torch build": told(library.version.git_version),
            "torch's CUDA": told(library.version.cuda or "none"),
            "torch's cuDNN": told(cudnn or "none"),
            "torch's instructions": told(library.backends.cpu.get_cpu_capability()),
        }
    }
