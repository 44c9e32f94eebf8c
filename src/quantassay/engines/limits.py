"""What the process may use, and what it was told to use."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import psutil

from ..records.executor import UNKNOWN, Fact, Layer
from .container import cpu_quota, memory_limit
from .kernel_files import ROOT

#: variables that set threads, precision or kernels; no other is ever read
VARIABLES = (
    "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_PROC_BIND", "OMP_PLACES", "OMP_WAIT_POLICY",
    "OMP_DYNAMIC", "GOMP_CPU_AFFINITY", "GOMP_SPINCOUNT", "KMP_AFFINITY", "KMP_BLOCKTIME",
    "MKL_NUM_THREADS", "MKL_DYNAMIC", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS",
    "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS", "TBB_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM",
    "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ONEDNN_DEFAULT_FPMATH_MODE",
    "DNNL_DEFAULT_FPMATH_MODE", "ATEN_CPU_CAPABILITY", "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_LAUNCH_BLOCKING", "CUDA_MODULE_LOADING", "CUDA_DEVICE_MAX_CONNECTIONS",
    "MALLOC_ARENA_MAX", "TF_ENABLE_ONEDNN_OPTS",
)  # fmt: skip
PLAIN = re.compile(r"[\w.,:;=+{}\-]{1,80}")
POLICIES = {
    "SCHED_OTHER": "normal",
    "SCHED_BATCH": "batch",
    "SCHED_IDLE": "idle",
    "SCHED_FIFO": "real time, first in first out",
    "SCHED_RR": "real time, round robin",
}


def usable_cores(cores: int) -> int:
    """Count cores that this process may use: affinity, then the container's quota, rounded down."""
    allowed = len(_affinity() or range(cores))
    quota = cpu_quota()
    return allowed if quota is None else max(1, min(allowed, int(quota)))


def limits_layer(environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> Layer:
    """Describe what holds the process back; ``none`` where nothing does."""
    allowed, quota, memory = _affinity(), cpu_quota(root), memory_limit(root)
    facts: dict[str, Fact] = {
        "usable cores": usable_cores(os.cpu_count() or 1),
        "cores by affinity": len(allowed) if allowed else UNKNOWN,
        "cores by quota": "none" if quota is None else f"{quota:g}",
        "memory limit in bytes": "none" if memory is None else memory,
        "variables": _variables(environment),
        "niceness": _niceness(),
        "scheduling": _scheduling(),
        **{name: _resource(limit) for name, limit in RESOURCES.items()},
    }
    return Layer(facts, _circumstances(allowed))


RESOURCES = {
    "address space in bytes": "RLIMIT_AS",
    "locked memory in bytes": "RLIMIT_MEMLOCK",
    "processor seconds": "RLIMIT_CPU",
}


def _affinity() -> list[int]:
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _variables(environment: Mapping[str, str]) -> Fact:
    """Return those that are set; a value that is no plain setting is not repeated."""
    found = [(name, environment[name]) for name in VARIABLES if environment.get(name)]
    shown = (f"{n}={v if PLAIN.fullmatch(v) else '(not shown)'}" for n, v in found)
    return tuple(shown) or "none"


def _niceness() -> Fact:
    try:
        return int(psutil.Process().nice())
    except (psutil.Error, OSError, ValueError):
        return UNKNOWN


def _scheduling() -> Fact:
    if not hasattr(os, "sched_getscheduler"):
        return UNKNOWN
    found = os.sched_getscheduler(0)
    named = (words for name, words in POLICIES.items() if getattr(os, name, None) == found)
    return next(named, UNKNOWN)


def _resource(name: str) -> Fact:
    try:
        import resource
    except ImportError:  # Windows
        return UNKNOWN
    if not hasattr(resource, name):
        return UNKNOWN
    soft, _ = resource.getrlimit(getattr(resource, name))
    return "none" if soft == resource.RLIM_INFINITY else int(soft)


def _circumstances(allowed: list[int]) -> dict[str, Fact]:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "cores": ", ".join(map(str, allowed[:64])) or UNKNOWN,
        "load in the last minute": UNKNOWN if load is None else f"{load:.2f}",
        "free memory in GiB": f"{psutil.virtual_memory().available / 2**30:.1f}",
    }
