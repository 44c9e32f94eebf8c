import os

import psutil

from quantassay.engines import limits
from quantassay.engines.limits import limits_layer


def test_only_variables_that_set_threads_or_precision_are_read(tmp_path):
    environment = {
        "OMP_NUM_THREADS": "4",
        "KMP_AFFINITY": "granularity=fine,compact,1,0",
        "OMP_PLACES": "/home/someone",
        "MKL_NUM_THREADS": "",
        "AWS_SECRET_ACCESS_KEY": "abc",
    }
    assert limits_layer(environment, tmp_path).facts["variables"] == (
        "OMP_NUM_THREADS=4",
        "OMP_PLACES=(not shown)",
        "KMP_AFFINITY=granularity=fine,compact,1,0",
    )
    assert limits_layer({}, tmp_path).facts["variables"] == "none"


def test_a_container_that_holds_back(tmp_path):
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "cpu.max").write_text("150000 100000\n")
    (group / "memory.max").write_text("1073741824\n")
    found = limits_layer({}, tmp_path).facts
    assert (found["cores by quota"], found["memory limit in bytes"]) == ("1.5", 1 << 30)
    free = limits_layer({}, tmp_path / "none").facts
    assert (free["cores by quota"], free["memory limit in bytes"]) == ("none", "none")


def test_settings_of_this_process(tmp_path):
    found = limits_layer({}, tmp_path).facts
    assert found["niceness"] == psutil.Process().nice()
    if hasattr(os, "sched_getaffinity"):
        assert found["cores by affinity"] == len(os.sched_getaffinity(0))


def test_load_and_free_memory_are_no_facts(tmp_path):
    found = limits_layer({}, tmp_path)
    assert set(found.circumstances) == {
        "cores", "load in the last minute", "free memory in GiB"
    }  # fmt: skip
    assert not set(found.circumstances) & set(found.facts)


def test_a_system_without_affinity_scheduling_or_load(tmp_path, monkeypatch):
    for name in ("sched_getaffinity", "sched_getscheduler", "getloadavg"):
        monkeypatch.delattr(limits.os, name, raising=False)
    monkeypatch.setitem(limits.RESOURCES, "address space in bytes", "RLIMIT_NOWHERE")
    found = limits_layer({}, tmp_path)
    assert found.facts["cores by affinity"] == "unknown"
    assert found.facts["scheduling"] == "unknown"
    assert found.facts["address space in bytes"] == "unknown"
    assert found.circumstances["load in the last minute"] == "unknown"
