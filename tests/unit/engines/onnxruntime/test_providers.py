import pytest

from quantassay.engines.onnxruntime.providers import (
    CUDA,
    PUBLISHED,
    TENSORRT,
    allowed,
    checked,
)
from quantassay.errors import PluginError

TRT, RTX = "TensorrtExecutionProvider", "NvTensorRTRTXExecutionProvider"
GPU, INTEL, CPU = "CUDAExecutionProvider", "OpenVINOExecutionProvider", "CPUExecutionProvider"


@pytest.mark.parametrize(
    ("provider", "given", "message"),
    [
        (TRT, {"trt_fp16_enabled": True}, r"no option .* \(did you mean 'trt_fp16_enable'\?\)$"),
        (TRT, {"fp16": True}, "there are: device_id, trt_max_workspace_size"),
        (TRT, {"trt_fp16_enable": "True"}, "is true or false; got 'True'"),
        (TRT, {"trt_max_workspace_size": -1}, "is a whole number; got -1"),
        (TRT, {"trt_max_workspace_size": True}, "is a whole number; got True"),
        (TRT, {"trt_engine_cache_enable": True, "trt_engine_cache_path": ""}, "is a path; got ''"),
        (TRT, {"user_compute_stream": 1}, "no option 'user_compute_stream'"),
        (RTX, {"nv_cuda_graph": True}, "did you mean 'nv_cuda_graph_enable'"),
        (GPU, {"cudnn_conv_algo_search": "FAST"}, "one of EXHAUSTIVE, HEURISTIC, DEFAULT; got"),
        (GPU, {"gpu_memory_limit": 1}, "did you mean 'gpu_mem_limit'"),
        (INTEL, {"precision": "BF16"}, "one of FP32, FP16, ACCURACY; got 'BF16'"),
        (CPU, {"arena": True}, "no option 'arena'; there are: none"),
    ],
)
def test_what_is_not_published_is_refused(provider, given, message):
    with pytest.raises(PluginError, match=message) as raised:
        checked(provider, given)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "switch"),
    [
        ("trt_int8_calibration_table_name", "trt_int8_enable"),
        ("trt_engine_cache_path", "trt_engine_cache_enable"),
        ("trt_timing_cache_path", "trt_timing_cache_enable"),
    ],
)
def test_an_option_without_effect_is_refused(name, switch):
    with pytest.raises(PluginError, match=f"no effect without '{switch}: true'"):
        checked(TRT, {name: "here"})
    assert checked(TRT, {name: "here", switch: True}) == {name: "here", switch: "True"}


def test_float32_stays_float32_unless_told():
    assert checked(GPU, {}) == {"use_tf32": "False"}
    assert checked(GPU, {"use_tf32": True}) == {"use_tf32": "True"}
    assert checked(INTEL, {}) == {"precision": "FP32"}


@pytest.mark.parametrize(
    ("provider", "given", "expected"),
    [
        (CPU, {}, ()),
        (GPU, {}, ()),
        (GPU, {"use_tf32": True}, ("tf32",)),
        (INTEL, {"precision": "FP16"}, ("fp16",)),
        (TRT, {}, ("tf32",)),
        (TRT, {"trt_fp16_enable": True}, ("fp16", "tf32")),
        (TRT, {"trt_int8_enable": True, "trt_bf16_enable": True}, ("int8", "bf16", "tf32")),
    ],
)
def test_what_a_provider_may_lower(provider, given, expected, monkeypatch):
    monkeypatch.delenv("NVIDIA_TF32_OVERRIDE", raising=False)
    assert allowed(provider, checked(provider, given)) == expected


def test_tf32_can_be_forbidden_outside(monkeypatch):
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")
    assert allowed(TRT, checked(TRT, {})) == ()


def test_addresses_in_memory_are_no_options_of_a_rubric():
    names = {name for table in PUBLISHED.values() for name in table}
    assert not any("stream" in name and "compute" in name for name in names)
    assert not any(name.endswith(("bytestream", "external_alloc")) for name in names)


def test_tables_name_what_a_deployment_needs():
    assert {"trt_engine_cache_enable", "trt_timing_cache_enable", "trt_max_workspace_size"} < set(
        TENSORRT
    )
    assert {"device_id", "gpu_mem_limit", "use_tf32"} < set(CUDA)
