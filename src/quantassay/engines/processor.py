"""The processor: which one, how many of it, and how it is set."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

import psutil

from ..records.executor import UNKNOWN, Fact, Layer
from .kernel_files import ROOT, listed, text, told

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
CPUS = "sys/devices/system/cpu"
DMI = ("sys_vendor", "product_name")
SWITCH = {"1": "on", "0": "off"}
LETTERS = {"Data": "d", "Instruction": "i"}


def processor_layer(root: Path = ROOT) -> Layer:
    """Describe the processor; what cannot be told is ``unknown``.

    Settings such as the governor are facts: they stay. The frequency at the moment does not.
    """
    facts = cpuinfo(root / "proc/cpuinfo")
    found: dict[str, Fact] = {
        "model": model(facts),
        "architecture": platform.machine() or UNKNOWN,
        "instructions": instructions(facts),
        "family, model and stepping": _stepping(facts),
        "microcode": told(facts.get("microcode", "")),
        **_counts(root),
        "caches": _caches(root),
        "memory in GiB": round(psutil.virtual_memory().total / 2**30),
        **_settings(root),
        "hypervisor": _hypervisor(facts),
        "computer": told(" ".join(text(root / "sys/class/dmi/id" / name) for name in DMI)),
    }
    return Layer(found, {"MHz now": told(facts.get("cpu mhz", ""))})


def cpuinfo(path: Path = ROOT / "proc/cpuinfo") -> dict[str, str]:
    """Read the first processor's facts; empty where there is no such file."""
    pairs = (line.partition(":") for line in text(path).split("\n\n", 1)[0].splitlines())
    return {key.strip().lower(): value.strip() for key, _, value in pairs if key.strip()}


def model(facts: dict[str, str]) -> str:
    """Name the processor."""
    if named := facts.get("model name"):
        return named
    if platform.system() == "Darwin" and (named := _sysctl("machdep.cpu.brand_string")):
        return named
    if "cpu part" in facts:
        return f"ARM implementer {facts.get('cpu implementer', '?')} part {facts['cpu part']}"
    return platform.processor() or UNKNOWN


def instructions(facts: dict[str, str]) -> tuple[str, ...]:
    """Name those instruction sets that the speed and the precision of kernels hang on."""
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


def _stepping(facts: dict[str, str]) -> str:
    parts = [facts.get(name, "") for name in ("cpu family", "model", "stepping")]
    if not any(parts):  # ARM
        parts = [facts.get(name, "") for name in ("cpu implementer", "cpu part", "cpu revision")]
    return told(", ".join(filter(None, parts)))


def _counts(root: Path) -> dict[str, Fact]:
    """Count sockets, cores, what they run at once, and NUMA nodes."""
    packages = _topology(root, "physical_package_id")
    cores = list(zip(packages, _topology(root, "core_id"), strict=False))
    return {
        "sockets": len(set(packages)) or UNKNOWN,
        "cores": len(set(cores)) or psutil.cpu_count(logical=False) or UNKNOWN,
        "threads": len(packages) or os.cpu_count() or UNKNOWN,
        "SMT": SWITCH.get(text(root / CPUS / "smt/active"), UNKNOWN),
        "NUMA nodes": len(listed(root / "sys/devices/system/node", "node[0-9]*")) or UNKNOWN,
    }


def _topology(root: Path, name: str) -> list[str]:
    found = [text(path) for path in listed(root / CPUS, f"cpu[0-9]*/topology/{name}")]
    return [value for value in found if value]


def _caches(root: Path) -> Fact:
    """Name the caches of the first core: L1d 32K."""
    found = []
    for folder in listed(root / CPUS / "cpu0/cache", "index[0-9]*"):
        level, kind, size = (text(folder / name) for name in ("level", "type", "size"))
        if level and size:
            found.append(told(f"L{level}{LETTERS.get(kind, '')} {size}"))
    return tuple(found) or UNKNOWN


def _settings(root: Path) -> dict[str, Fact]:
    cpufreq = root / CPUS / "cpufreq"
    governors = {text(path) for path in listed(cpufreq, "policy[0-9]*/scaling_governor")} - {""}
    most = {text(path) for path in listed(cpufreq, "policy[0-9]*/cpuinfo_max_freq")}
    highest = max((int(each) for each in most if each.isdigit()), default=None)
    boost = SWITCH.get(text(cpufreq / "boost"), UNKNOWN)
    no_turbo = text(root / CPUS / "intel_pstate/no_turbo")
    return {
        "governor": told(", ".join(sorted(governors))),
        "boost": {"0": "on", "1": "off"}.get(no_turbo, boost),
        "MHz at most": highest // 1000 if highest else UNKNOWN,
    }


def _hypervisor(facts: dict[str, str]) -> str:
    """Say whether the processor says that it is a virtual one; only x86 does."""
    if "flags" not in facts:
        return UNKNOWN
    return "yes" if "hypervisor" in facts["flags"].split() else "none"
