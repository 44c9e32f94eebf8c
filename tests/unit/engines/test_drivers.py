import pytest

from quantassay.engines import drivers
from quantassay.engines.drivers import driver_layer

OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build\nGCC 12"
CLOSED = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.08  Sat Feb 17 22:55:48 UTC 2024"
HEAD = "| NVIDIA-SMI 580.95.05  Driver Version: 580.95.05  CUDA Version: 13.0 |"


@pytest.mark.parametrize(("text", "version"), [(OPEN, "580.95.05"), (CLOSED, "535.161.08")])
def test_the_kernel_module_tells_its_version(tmp_path, monkeypatch, text, version):
    monkeypatch.setattr(drivers.shutil, "which", lambda name: None)
    path = tmp_path / "proc/driver/nvidia/version"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    found = driver_layer(tmp_path).facts
    assert found["NVIDIA driver"] == version
    assert found["NVIDIA devices"] == found["CUDA of the driver"] == "unknown"


def test_devices_as_the_vendors_program_lists_them(tmp_path, monkeypatch):
    path = tmp_path / "proc/driver/nvidia/version"
    path.parent.mkdir(parents=True)
    path.write_text(OPEN)
    row = "NVIDIA H200, 9.0, 143771 MiB, 700.00 W, Disabled, 580.95.05"
    monkeypatch.setattr(
        drivers, "_nvidia_smi", lambda *options: f"{row}\nshort, row\n" if options else HEAD
    )
    assert driver_layer(tmp_path).facts == {
        "NVIDIA driver": "580.95.05",
        "CUDA of the driver": "13.0",
        "NVIDIA devices": ("NVIDIA H200, 9.0, 143771 MiB, 700.00 W, Disabled",),
        "AMD driver": "none found",
    }


def program(folder, body):
    path = folder / "nvidia-smi"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("body", ["exit 9", "sleep 5", "printf '\\377\\376'"])
def test_a_program_that_fails_hangs_or_prints_no_text(tmp_path, monkeypatch, body):
    found = program(tmp_path, body)
    monkeypatch.setattr(drivers.shutil, "which", lambda name: found)
    monkeypatch.setattr(drivers, "SECONDS", 0.2)
    assert drivers._devices() == []


def test_an_amd_driver_without_a_version(tmp_path):
    (tmp_path / "sys/module/amdgpu").mkdir(parents=True)
    assert driver_layer(tmp_path).facts["AMD driver"] == "unknown"
