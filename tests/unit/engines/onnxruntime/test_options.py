import builtins
import sys

import pytest

from quantassay.engines.onnxruntime import options as onnx_options
from quantassay.errors import ArtifactError, PluginError


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

    monkeypatch.setattr(onnx_options, "import_onnxruntime", lambda: broken("onnxruntime"))
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


class Runtime:
    @staticmethod
    def get_available_providers():
        return ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]


def test_provider_options_become_text_and_float32_stays_float32():
    options = onnx_options.resolved({"providers": [{"CUDA": {"device_id": 1}}, "CPU"]}, Runtime)
    assert options.providers == (
        ("CUDAExecutionProvider", {"use_tf32": "False", "device_id": "1"}),
        ("CPUExecutionProvider", {}),
    )


def test_openvino_gets_the_threads_of_the_engine():
    class Intel:
        @staticmethod
        def get_available_providers():
            return ["OpenVINOExecutionProvider"]

    options = onnx_options.resolved({"providers": "openvino", "threads": 2}, Intel)
    expected = {"precision": "FP32", "num_of_threads": "2"}
    assert options.providers == (("OpenVINOExecutionProvider", expected),)


def test_the_options_of_other_providers_pass_through():
    class Other:
        @staticmethod
        def get_available_providers():
            return ["QNNExecutionProvider"]

    options = onnx_options.resolved({"providers": [{"QNN": {"backend_path": "x"}}]}, Other)
    assert options.providers == (("QNNExecutionProvider", {"backend_path": "x"}),)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("TensorRT", "no provider 'TensorRT'.*install onnxruntime-gpu with TensorRT and CUDA"),
        ("CUDA", "install onnxruntime-gpu with CUDA and cuDNN"),
        ("OpenVINO", "install onnxruntime-openvino"),
        ("cpuu", r"no provider 'cpuu' \(did you mean 'CPU'\?\)"),
        ({"CUDA": 3}, "must be a mapping of names to values, got 3"),
        ({"TensorRT": {"trt_fp16": True}}, "did you mean 'trt_fp16_enable'"),
    ],
)
def test_an_absent_provider_says_what_to_install(asked, message):
    """A wrong option is told first: whoever writes the rubric may not have the device."""

    class Plain:
        @staticmethod
        def get_available_providers():
            return ["AzureExecutionProvider", "CPUExecutionProvider"]

    with pytest.raises(PluginError, match=message) as raised:
        onnx_options.resolved({"providers": [asked]}, Plain)
    assert "\n" not in str(raised.value)


def test_a_calibration_table_that_is_not_there_is_an_error(tmp_path):
    own = {
        "trt_int8_enable": True,
        "trt_int8_calibration_table_name": "table.flatbuffers",
        "trt_engine_cache_path": str(tmp_path),
    }
    with pytest.raises(ArtifactError, match=r"table\.flatbuffers: no such calibration table"):
        onnx_options.resolved({"providers": [{"Tensorrt": own}]}, Runtime)
    (tmp_path / "table.flatbuffers").write_bytes(b"ranges")
    (only,) = onnx_options.resolved({"providers": [{"Tensorrt": own}]}, Runtime).providers
    assert only[1]["trt_int8_enable"] == "True"


def test_libraries_that_tensorrt_misses_are_named(linear, monkeypatch):
    """What a GPU build of ONNX Runtime says where TensorRT is not installed."""
    import onnxruntime

    def refuse(*_, **__):
        msg = "Please install TensorRT libraries as mentioned in the GPU requirements page"
        raise RuntimeError(msg)

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    options = onnx_options.resolved({"providers": ["TensorRT"]}, Runtime)
    with pytest.raises(PluginError, match=r"did not start Tensorrt.*install onnxruntime-gpu"):
        options.create(linear())
