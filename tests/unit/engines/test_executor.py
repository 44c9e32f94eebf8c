import platform

import psutil
import pytest

from quantassay.engines import executor
from quantassay.engines.executor import machine


def test_this_machine():
    here = machine()
    assert here.processor
    assert 1 <= here.usable_cores <= here.cores
    assert here.memory_bytes == psutil.virtual_memory().total
    assert here.python.endswith(platform.python_version())
    assert here.packages["quantassay"]
    assert here.packages["numpy"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="flags of x86")
def test_instructions_are_those_that_the_kernel_lists():
    flags = set(executor._cpuinfo()["flags"].split())
    assert set(machine().instructions) == flags & set(executor.X86)


CASES = {
    "x86": (
        "processor\t: 0\nmodel name\t: Some Xeon\nflags\t\t: fpu avx2 avx512_vnni amx_int8\n\n"
        "processor\t: 1\nmodel name\t: Other\n",
        "Some Xeon",
        ("avx2", "avx512_vnni", "amx_int8"),
    ),
    "arm": (
        "processor\t: 0\nFeatures\t: fp asimd asimdhp asimddp i8mm bf16 sve\n"
        "CPU implementer\t: 0x41\nCPU part\t: 0xd40\n",
        "ARM implementer 0x41 part 0xd40",
        ("asimd", "asimdhp", "asimddp", "i8mm", "bf16", "sve"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_processors_as_linux_tells_them(tmp_path, case):
    text, name, instructions = CASES[case]
    (tmp_path / "cpuinfo").write_text(text)
    facts = executor._cpuinfo(tmp_path / "cpuinfo")
    assert executor._processor(facts) == name
    assert executor._instructions(facts) == instructions


def test_where_there_is_no_cpuinfo_nothing_is_made_up(tmp_path, monkeypatch):
    monkeypatch.setattr(executor.platform, "system", lambda: "Windows")
    monkeypatch.setattr(executor.platform, "processor", lambda: "")
    facts = executor._cpuinfo(tmp_path / "absent")
    assert executor._processor(facts) == "unknown"
    assert executor._instructions(facts) == ()


def test_macos_spellings(monkeypatch):
    facts = {"DotProd": 1, "I8MM": 1, "BF16": 0}
    lines = "\n".join(f"hw.optional.arm.FEAT_{key}: {value}" for key, value in facts.items())
    monkeypatch.setattr(executor.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(executor, "_sysctl", lambda key, names=False: lines)
    assert executor._instructions({}) == ("asimddp", "i8mm")
