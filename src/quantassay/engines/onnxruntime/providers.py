"""Options of ONNX Runtime's execution providers: published names, types, and what they allow.

Names are those that onnxruntime-gpu 1.31.1 holds for TensorRT and CUDA, those that
onnxruntime-openvino 1.24.1 accepted, and those in the header of the provider for TensorRT RTX
(``nv_provider_options.h``). Options that are addresses in memory are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import environ
from typing import Any, Literal

from ...errors import PluginError, nearest

Kind = Literal["flag", "whole", "text", "path"] | tuple[str, ...]

TENSORRT: dict[str, Kind] = {
    "device_id": "whole",
    "trt_max_workspace_size": "whole",
    "trt_max_partition_iterations": "whole",
    "trt_min_subgraph_size": "whole",
    "trt_builder_optimization_level": "whole",
    "trt_auxiliary_streams": "whole",
    "trt_dla_core": "whole",
    "trt_ep_context_embed_mode": "whole",
    "trt_fp16_enable": "flag",
    "trt_bf16_enable": "flag",
    "trt_int8_enable": "flag",
    "trt_int8_calibration_table_name": "text",
    "trt_int8_use_native_calibration_table": "flag",
    "trt_layer_norm_fp32_fallback": "flag",
    "trt_engine_cache_enable": "flag",
    "trt_engine_cache_path": "path",
    "trt_engine_cache_prefix": "text",
    "trt_engine_hw_compatible": "flag",
    "trt_engine_decryption_enable": "flag",
    "trt_engine_decryption_lib_path": "path",
    "trt_weight_stripped_engine_enable": "flag",
    "trt_timing_cache_enable": "flag",
    "trt_timing_cache_path": "path",
    "trt_force_timing_cache": "flag",
    "trt_force_sequential_engine_build": "flag",
    "trt_context_memory_sharing_enable": "flag",
    "trt_build_heuristics_enable": "flag",
    "trt_sparsity_enable": "flag",
    "trt_cuda_graph_enable": "flag",
    "trt_dla_enable": "flag",
    "trt_dump_subgraphs": "flag",
    "trt_dump_ep_context_model": "flag",
    "trt_ep_context_file_path": "path",
    "trt_onnx_model_folder_path": "path",
    "trt_detailed_build_log": "flag",
    "trt_tactic_sources": "text",
    "trt_preview_features": "text",
    "trt_op_types_to_exclude": "text",
    "trt_extra_plugin_lib_paths": "text",
    "trt_profile_min_shapes": "text",
    "trt_profile_opt_shapes": "text",
    "trt_profile_max_shapes": "text",
}
TENSORRT_RTX: dict[str, Kind] = {
    "device_id": "whole",
    "nv_max_workspace_size": "whole",
    "nv_max_shared_mem_size": "whole",
    "nv_dump_subgraphs": "flag",
    "nv_detailed_build_log": "flag",
    "nv_cuda_graph_enable": "flag",
    "nv_multi_profile_enable": "flag",
    "nv_profile_min_shapes": "text",
    "nv_profile_opt_shapes": "text",
    "nv_profile_max_shapes": "text",
}
CUDA: dict[str, Kind] = {
    "device_id": "whole",
    "gpu_mem_limit": "whole",
    "arena_extend_strategy": ("kNextPowerOfTwo", "kSameAsRequested"),
    "cudnn_conv_algo_search": ("EXHAUSTIVE", "HEURISTIC", "DEFAULT"),
    "cudnn_conv_use_max_workspace": "flag",
    "cudnn_conv1d_pad_to_nc1d": "flag",
    "do_copy_in_default_stream": "flag",
    "enable_cuda_graph": "flag",
    "enable_cudnn": "flag",
    "enable_skip_layer_norm_strict_mode": "flag",
    "fuse_conv_bias": "flag",
    "prefer_nhwc": "flag",
    "sdpa_kernel": "whole",
    "tunable_op_enable": "flag",
    "tunable_op_tuning_enable": "flag",
    "tunable_op_max_tuning_duration_ms": "whole",
    "use_ep_level_unified_stream": "flag",
    "use_tf32": "flag",
}
# its 'num_of_threads' is set from the engine's own option 'threads'
OPENVINO: dict[str, Kind] = {
    "device_type": "text",
    "precision": ("FP32", "FP16", "ACCURACY"),
    "num_streams": "whole",
    "cache_dir": "path",
    "load_config": "text",
    "model_priority": ("LOW", "MEDIUM", "HIGH", "DEFAULT"),
    "enable_opencl_throttling": "flag",
    "enable_qdq_optimizer": "flag",
    "enable_causallm": "flag",
    "disable_dynamic_shapes": "flag",
    "reshape_input": "text",
    "layout": "text",
}
PUBLISHED: dict[str, dict[str, Kind]] = {
    "TensorrtExecutionProvider": TENSORRT,
    "NvTensorRTRTXExecutionProvider": TENSORRT_RTX,
    "CUDAExecutionProvider": CUDA,
    "OpenVINOExecutionProvider": OPENVINO,
    "CPUExecutionProvider": {},
}
# float32 stays float32 unless the rubric says otherwise: CUDA's default rounds products to TF32
DEFAULTS: dict[str, dict[str, Any]] = {
    "CUDAExecutionProvider": {"use_tf32": False},
    "OpenVINOExecutionProvider": {"precision": "FP32"},
}
INSTALL = {
    "TensorrtExecutionProvider": "onnxruntime-gpu with TensorRT and CUDA",
    "NvTensorRTRTXExecutionProvider": "a build of ONNX Runtime with TensorRT RTX",
    "CUDAExecutionProvider": "onnxruntime-gpu with CUDA and cuDNN",
    "OpenVINOExecutionProvider": "onnxruntime-openvino",
}


def checked(provider: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return a provider's options as ONNX Runtime wants them: as text, defaults of ours added.

    Parameters
    ----------
    provider : str
        Its full name. Options of one that is not among `PUBLISHED` are passed on unread.
    given : mapping
        As in the rubric.

    Raises
    ------
    PluginError
        If an option is not published, is not of its type, or would have no effect.
    """
    options = {**DEFAULTS.get(provider, {}), **given}
    known = PUBLISHED.get(provider)
    short = provider.removesuffix("ExecutionProvider")
    for name, value in options.items():
        if known is not None and name not in known:
            there = nearest(name, known) or f"; there are: {', '.join(known) or 'none'}"
            msg = f"provider {short} has no option {name!r}{there}"
            raise PluginError(msg)
        if known is not None and not _fits(value, known[name]):
            msg = f"option {name!r} of provider {short} is {_words(known[name])}; got {value!r}"
            raise PluginError(msg)
    _require_effect(short, options)
    return {name: str(value) for name, value in options.items()}


def allowed(provider: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the precisions below float32 that a provider may choose, whatever the file says.

    TensorRT allows TF32 unless the environment says ``NVIDIA_TF32_OVERRIDE=0``.
    """
    if provider == "CUDAExecutionProvider":
        return ("tf32",) if options.get("use_tf32") == "True" else ()
    if provider == "OpenVINOExecutionProvider":
        return ("fp16",) if options.get("precision") == "FP16" else ()
    flags = ("int8", "fp16", "bf16")
    on = tuple(kind for kind in flags if options.get(f"trt_{kind}_enable") == "True")
    rounds = provider == "TensorrtExecutionProvider" and environ.get("NVIDIA_TF32_OVERRIDE") != "0"
    return (*on, "tf32") if rounds else on


def _fits(value: Any, kind: Kind) -> bool:
    if isinstance(kind, tuple):
        return value in kind
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "whole":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str) and bool(value)


def _words(kind: Kind) -> str:
    if isinstance(kind, tuple):
        return f"one of {', '.join(kind)}"
    words = {"flag": "true or false", "whole": "a whole number", "text": "text", "path": "a path"}
    return words[kind]


def _require_effect(short: str, options: Mapping[str, Any]) -> None:
    needed = {
        "trt_int8_calibration_table_name": "trt_int8_enable",
        "trt_int8_use_native_calibration_table": "trt_int8_enable",
        "trt_engine_cache_path": "trt_engine_cache_enable",
        "trt_engine_cache_prefix": "trt_engine_cache_enable",
        "trt_timing_cache_path": "trt_timing_cache_enable",
        "trt_engine_decryption_lib_path": "trt_engine_decryption_enable",
    }
    for name, switch in needed.items():
        # the calibration table is looked for in the folder of the engine cache
        table = name == "trt_engine_cache_path" and "trt_int8_calibration_table_name" in options
        if name in options and options.get(switch) is not True and not table:
            msg = f"option {name!r} of provider {short} has no effect without '{switch}: true'"
            raise PluginError(msg)
