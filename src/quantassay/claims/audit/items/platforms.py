"""Platforms: the processors, boards and systems that a model runs on."""

from __future__ import annotations

import re

PLATFORM = re.compile(
    r"\b(?:i[3579]-\d|Xeon|EPYC|Ryzen|Core Ultra|Cortex|Snapdragon|Jetson|Orin|Xavier|Hailo"
    r"|Raspberry|RPi|RTX|GTX|Tesla|Quadro|TITAN|[AHVBL]\d00S?|T4|L40S?|A10G?|MI\d{3}|Gaudi"
    r"|[in]?GPU|CPU|NPU|TPU|DSP|DPU|FPGA|VNNI|AVX\w*|AMX|iPhone|iPad|MacBook|Pixel|Galaxy|Kirin"
    r"|Ascend|RK3\d\w*|ESP32\w*|STM32\w*|nRF\w*|Coral|Kria|ZCU\d+|Versal|Arduino|Intel|AMD|NVIDIA"
    r"|Apple|Qualcomm|Arm|Android|Ubuntu|Windows|Linux|macOS|iOS|Python|CUDA|AWS|GCP|Azure|Colab)\b"
)
SPEED = re.compile(
    r"latenc|throughput|speed|fps|\bms\b|\bsec\b|seconds|tokens?/s|tok/s|memory|\bMB\b|\bGB\b"
    r"|\bsize\b|power|watt|\btime\b",
    re.I,
)
