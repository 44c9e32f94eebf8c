import sys
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest

from quantassay.engines.frameworks import (
    framework_layer,
    layers_of,
    onnxruntime_build,
    openvino_build,
    torch_build,
    versions,
)
from quantassay.errors import PluginError


@pytest.mark.parametrize(
    "told",
    [
        {"soul": {"a": "b"}},
        {"driver": {"a": None}},
        {"driver": {"a": True}},
        {"driver": {"a": 1.5}},
        {"driver": {"a": ["b"]}},
        {"driver": {"a": (1,)}},
    ],
)
def test_an_engine_that_tells_facts_of_another_kind_is_refused(told):
    with pytest.raises(PluginError, match="engine 'mine': its 'layers' tells "):
        layers_of(SimpleNamespace(layers=lambda: told), "mine")


def test_an_engine_tells_what_it_likes_or_nothing():
    told = {"driver": {"a": "b", "c": 1, "d": ("e",)}}
    assert layers_of(SimpleNamespace(layers=lambda: told), "mine") == told
    assert layers_of(object(), "mine") == {}


def test_an_engine_that_fails_to_tell_tells_nothing():
    def fails():
        message = "no such property"
        raise RuntimeError(message)

    assert layers_of(SimpleNamespace(layers=fails), "mine") == {}


def test_only_what_is_installed_has_a_version():
    assert versions(["numpy", "no-such-distribution"]) == {"numpy": np.__version__}


def test_packages_and_the_linear_algebra_of_numpy():
    found = framework_layer().facts
    assert f"numpy {np.__version__}" in found["packages"]
    assert found["NumPy's BLAS"] != "unknown"


def test_a_numpy_that_does_not_tell_how_it_was_built(monkeypatch):
    monkeypatch.setattr(np, "show_config", lambda mode: {})
    found = framework_layer().facts
    assert (found["NumPy's BLAS"], found["NumPy's instructions"]) == ("unknown", "unknown")


def test_onnxruntime_tells_its_build():
    found = onnxruntime_build()["framework"]
    assert found["onnxruntime providers"] == tuple(onnxruntime.get_available_providers())
    assert "commit" in found["onnxruntime build"]


def test_openvino_tells_its_devices(monkeypatch):
    core = SimpleNamespace(available_devices=["CPU"], get_property=lambda name, key: "Some CPU")
    library = SimpleNamespace(Core=lambda: core, get_version=lambda: "2026.4\x1b[2J")
    monkeypatch.setitem(sys.modules, "openvino", library)
    assert openvino_build() == {
        "framework": {"openvino build": "2026.4 [2J"},
        "driver": {"openvino devices": ("CPU: Some CPU",)},
    }


def test_a_torch_of_the_processor_has_no_cuda(monkeypatch):
    backends = SimpleNamespace(
        cpu=SimpleNamespace(get_cpu_capability=lambda: "AVX512"),
        cudnn=SimpleNamespace(version=lambda: 91002),
    )
    version = SimpleNamespace(cuda=None, git_version="abc")
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(backends=backends, version=version))
    assert torch_build()["framework"] == {
        "torch build": "abc",
        "torch's CUDA": "none",
        "torch's cuDNN": "none",
        "torch's instructions": "AVX512",
    }
    version.cuda = "13.0"
    assert torch_build()["framework"]["torch's cuDNN"] == "91002"
