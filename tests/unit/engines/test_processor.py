import platform

import pytest

from quantassay.engines import processor
from quantassay.engines.executor import machine
from quantassay.engines.processor import processor_layer


@pytest.mark.skipif(platform.machine() != "x86_64", reason="flags of x86")
def test_instructions_are_those_that_the_kernel_lists():
    flags = set(processor.cpuinfo()["flags"].split())
    assert set(machine().instructions) == flags & set(processor.X86)


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
    facts = processor.cpuinfo(tmp_path / "cpuinfo")
    assert processor.model(facts) == name
    assert processor.instructions(facts) == instructions


def test_where_there_is_no_cpuinfo_nothing_is_made_up(tmp_path, monkeypatch):
    monkeypatch.setattr(processor.platform, "system", lambda: "Windows")
    monkeypatch.setattr(processor.platform, "processor", lambda: "")
    facts = processor.cpuinfo(tmp_path / "absent")
    assert processor.model(facts) == "unknown"
    assert processor.instructions(facts) == ()


def test_macos_spellings(monkeypatch):
    facts = {"DotProd": 1, "I8MM": 1, "BF16": 0}
    lines = "\n".join(f"hw.optional.arm.FEAT_{key}: {value}" for key, value in facts.items())
    monkeypatch.setattr(processor.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(processor, "_sysctl", lambda key, names=False: lines)
    assert processor.instructions({}) == ("asimddp", "i8mm")


@pytest.fixture
def tree(tmp_path):
    """A kernel's account of two sockets of two cores of two threads."""

    def write(place, text):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    cpus = "sys/devices/system/cpu"
    write(
        "proc/cpuinfo",
        "model name : Some Xeon\ncpu family : 6\nmodel : 143\nstepping : 8\n"
        "microcode : 0x2b\ncpu MHz : 2100.5\nflags : avx2 hypervisor\n\nprocessor : 1\n",
    )
    for cpu in range(8):
        write(f"{cpus}/cpu{cpu}/topology/physical_package_id", f"{cpu // 4}\n")
        write(f"{cpus}/cpu{cpu}/topology/core_id", f"{cpu % 4 // 2}\n")
    for index, (level, kind, size) in enumerate(
        [("1", "Data", "48K"), ("1", "Instruction", "32K"), ("2", "Unified", "2048K")]
    ):
        for name, value in (("level", level), ("type", kind), ("size", size)):
            write(f"{cpus}/cpu0/cache/index{index}/{name}", f"{value}\n")
    for cpu in range(2):
        write(f"{cpus}/cpufreq/policy{cpu}/scaling_governor", "performance\n")
        write(f"{cpus}/cpufreq/policy{cpu}/cpuinfo_max_freq", f"{3_800_000 - cpu}\n")
    write(f"{cpus}/intel_pstate/no_turbo", "1\n")
    write(f"{cpus}/smt/active", "1\n")
    for node in range(2):
        write(f"sys/devices/system/node/node{node}/cpulist", "0-3")
    write("sys/class/dmi/id/sys_vendor", "Maker\x1b[2J\n")
    write("sys/class/dmi/id/product_name", "Big Box\n")
    return tmp_path


def test_a_processor_as_a_kernel_tells_of_it(tree):
    found = processor_layer(tree)
    told = {name: found.facts[name] for name in found.facts if name not in OF_THIS_MACHINE}
    assert told == {
        "model": "Some Xeon",
        "instructions": ("avx2",),
        "family, model and stepping": "6, 143, 8",
        "microcode": "0x2b",
        "sockets": 2,
        "cores": 4,
        "threads": 8,
        "SMT": "on",
        "NUMA nodes": 2,
        "caches": ("L1d 48K", "L1i 32K", "L2 2048K"),
        "governor": "performance",
        "boost": "off",
        "MHz at most": 3800,
        "hypervisor": "yes",
        "computer": "Maker [2J Big Box",
    }
    assert found.circumstances == {"MHz now": "2100.5"}


OF_THIS_MACHINE = ("architecture", "memory in GiB")


def test_where_nothing_tells_all_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setattr(processor.platform, "system", lambda: "Windows")
    monkeypatch.setattr(processor.platform, "processor", lambda: "")
    monkeypatch.setattr(processor.psutil, "cpu_count", lambda logical: None)
    found = processor_layer(tmp_path).facts
    counted = {"architecture", "memory in GiB", "threads", "instructions"}
    assert {value for name, value in found.items() if name not in counted} == {"unknown"}
    assert found["instructions"] == ()


def test_the_frequency_at_the_moment_is_no_fact(tree):
    before = processor_layer(tree)
    info = tree / "proc/cpuinfo"
    info.write_text(info.read_text().replace("2100.5", "900.0"))
    after = processor_layer(tree)
    assert (after.facts, after.circumstances) == (before.facts, {"MHz now": "900.0"})
