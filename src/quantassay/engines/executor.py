"""The machine that a number was made on."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from ..records.executor import Machine
from .container import cpu_quota, memory_limit

X86 = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "avx512_bf16",
    "avx512_fp16",
    "amx_int8",
    "amx_bf16",
)
ARM = ("asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme")
SPELLINGS = {"dotprod": "asimddp", "fp16": "asimdhp", "advsimd": "asimd"}
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


@cache
def machine() -> Machine:
    """Describe processor, memory and system; what cannot be told is empty or ``unknown``."""
    facts = _cpuinfo()
    cores = os.cpu_count() or 1
    return Machine(
        processor=_processor(facts),
        architecture=platform.machine() or "unknown",
        instructions=_instructions(facts),
        cores=cores,
        usable_cores=_usable(cores),
        memory_bytes=int(psutil.virtual_memory().total),
        memory_limit_bytes=memory_limit(),
        system=_system(),
        kernel=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        packages=_packages(),
    )


def software() -> dict[str, str]:
    """Return the versions of what computes figures here: Python and packages."""
    here = machine()
    return {"python": here.python, **here.packages}


def _cpuinfo(path: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """Read the first processor's facts; empty where there is no such file."""
    try:
        first = path.read_text(encoding="utf-8", errors="replace").split("\n\n", 1)[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _processor(facts: dict[str, str]) -> str:
    if named := facts.get("model name"):
        return named
    if platform.system() == "Darwin" and (named := _sysctl("machdep.cpu.brand_string")):
        return named
    if "cpu part" in facts:
        return f"ARM implementer {facts.get('cpu implementer', '?')} part {facts['cpu part']}"
    return platform.processor() or "unknown"


def _instructions(facts: dict[str, str]) -> tuple[str, ...]:
    flags = set((facts.get("flags") or facts.get("features") or "").split())
    if not flags and platform.system() == "Darwin":
        flags = _darwin_flags()
    return tuple(name for name in (*X86, *ARM) if name in flags)


def _darwin_flags() -> set[str]:
    """Translate ``hw.optional`` of macOS into Linux spellings."""
    found = set()
    for line in _sysctl("hw.optional", names=True).splitlines():
        key, _, value = line.partition(":")
        if value.strip() == "1":
            name = key.rsplit(".", 1)[-1].lower().removeprefix("feat_")
            found.add(SPELLINGS.get(name, name.replace("avx2_0", "avx2")))
    return found


def _sysctl(key: str, *, names: bool = False) -> str:
    program = shutil.which("sysctl")
    if program is None:
        return ""
    command = [program, key] if names else [program, "-n", key]
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    return done.stdout.strip()


def _usable(cores: int) -> int:
    """Count cores that this process may use: affinity, then the container's quota, rounded down."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    quota = cpu_quota()
    return allowed if quota is None else max(1, min(allowed, int(quota)))


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.platform(terse=True) or "unknown"


def _packages() -> dict[str, str]:
    return versions(PACKAGES)


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of the distributions that are installed here."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
