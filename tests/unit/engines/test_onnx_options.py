import builtins
import sys

import pytest

from quantassay.engines import onnx_options
from quantassay.errors import PluginError


def test_a_missing_runtime_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(
        PluginError, match=r"pip install 'quantassay\[onnx\]' .*GPU build"
    ) as raised:
        onnx_options.require_runtime()
    assert "\n" not in str(raised.value)


def test_a_broken_runtime_is_not_called_missing(monkeypatch):
    real = builtins.__import__

    def broken(name, *args, **kwargs):
        if name == "onnxruntime" or name.startswith("onnxruntime."):
            raise ModuleNotFoundError(name="libcudart")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(onnx_options, "import_module", lambda name: broken(name))
    with pytest.raises(ModuleNotFoundError):
        onnx_options.require_runtime()


@pytest.mark.parametrize(
    ("distributions", "expected"),
    [
        (["onnxruntime-gpu"], r"\d+\.\d+\.\d+ \(onnxruntime-gpu 9\.9\)"),
        (["onnxruntime", "onnxruntime-gpu"], r"\(onnxruntime 9\.9 and onnxruntime-gpu 9\.9\)"),
        ([], r"^\d+\.\d+\.\d+$"),
    ],
)
def test_the_version_names_the_distribution_that_provides_the_module(
    monkeypatch, distributions, expected
):
    import re

    monkeypatch.setattr(
        onnx_options, "packages_distributions", lambda: {"onnxruntime": distributions}
    )
    monkeypatch.setattr(onnx_options, "version", lambda name: "9.9")
    onnx_options.runtime_version.cache_clear()
    try:
        assert re.search(expected, onnx_options.runtime_version())
    finally:
        onnx_options.runtime_version.cache_clear()


def test_provider_options_pass_through():
    class Runtime:
        @staticmethod
        def get_available_providers():
            return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    options = onnx_options.read_options({"providers": [{"CUDA": {"device_id": 1}}, "CPU"]}, Runtime)
    assert options.providers == (
        ("CUDAExecutionProvider", {"device_id": 1}),
        ("CPUExecutionProvider", {}),
    )
