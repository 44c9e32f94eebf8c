"""Drivers of accelerators, and the accelerators that they tell of."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from ..records.executor import UNKNOWN, Fact, Layer
from .kernel_files import ROOT, text, told

VERSION = re.compile(r"Kernel Module\s+(?:for \S+\s+)?(\d+(?:\.\d+)+)")
CUDA = re.compile(r"CUDA(?: UMD)? Version:?\s*(\d+(?:\.\d+)+)")
ASKED = ("name", "compute_cap", "memory.total", "power.limit", "mig.mode.current", "driver_version")
SECONDS = 10
MOST_DEVICES = 64


def driver_layer(root: Path = ROOT) -> Layer:
    """Describe what drives accelerators; ``none found`` where nothing tells of any."""
    driver = _kernel_module(root)
    devices = _devices() if driver or root == ROOT else []
    absent = UNKNOWN if driver else "none found"  # a driver whose devices nothing lists
    return Layer(
        {
            "NVIDIA driver": driver or _reported(devices) or "none found",
            "CUDA of the driver": _cuda() if devices else absent,
            "NVIDIA devices": tuple(", ".join(each[:-1]) for each in devices) or absent,
            "AMD driver": _amd(root),
        }
    )


def _kernel_module(root: Path) -> str:
    found = VERSION.search(text(root / "proc/driver/nvidia/version"))
    return told(found[1]) if found else ""


def _amd(root: Path) -> Fact:
    module = root / "sys/module/amdgpu"
    return told(text(module / "version") or UNKNOWN) if module.exists() else "none found"


def _devices() -> list[list[str]]:
    """Ask NVIDIA's own program, once for all devices: name, ability, memory, power, MIG, driver."""
    answer = _nvidia_smi(f"--query-gpu={','.join(ASKED)}", "--format=csv,noheader")
    rows = [[told(part) for part in line.split(",")] for line in answer.splitlines()]
    return [row for row in rows if len(row) == len(ASKED)][:MOST_DEVICES]


def _reported(devices: list[list[str]]) -> str:
    return devices[0][-1] if devices else ""


def _cuda() -> str:
    found = CUDA.search(_nvidia_smi())
    return found[1] if found else UNKNOWN


def _nvidia_smi(*options: str) -> str:
    """Return what the program prints; '' where it is not there, fails or takes too long."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        done = subprocess.run(
            [program, *options], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout[: 1 << 20].decode("utf-8", "replace") if done.returncode == 0 else ""
