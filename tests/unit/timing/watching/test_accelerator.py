from __future__ import annotations

import os

import pytest

from quantassay.timing.watching.accelerator import Devices, devices

pytestmark = pytest.mark.skipif(os.name == "nt", reason="stands in by a shell script")


@pytest.fixture
def program(tmp_path):
    """Stand in for nvidia-smi: answers with the given shell lines."""

    def write(lines):
        path = tmp_path / "nvidia-smi"
        path.write_text(f"#!/bin/sh\n{lines}\n")
        path.chmod(0o755)
        return str(path)

    return write


def test_what_a_device_tells(program):
    found, why = devices(program("echo 'NVIDIA H200, 45, 1980, 0x0000000000000000'"))
    assert why == ""
    assert str(found[0]) == "NVIDIA H200 45 °C, 1980 MHz"
    assert found[0].slowed == ()


def test_reasons_of_being_held_back(program):
    found, _ = devices(program("echo 'A, 88, 900, 0x0000000000000024'; echo 'B, 40, 900, 0x1'"))
    assert found[0].slowed == ("power cap", "thermal (software)")
    assert found[1].slowed == (), "an idle device is not held back"


def test_an_older_driver_calls_the_field_otherwise(program):
    script = (
        'case "$1" in *event*) echo "not a valid field"; exit 2;; esac; echo "A, 50, 1000, 0x8"'
    )
    found, _ = devices(program(script))
    assert found[0].slowed == ("hardware slowdown",)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'NVIDIA-SMI has failed'; exit 9", "nvidia-smi failed: NVIDIA-SMI has failed"),
        ("exit 0", "nvidia-smi lists no device"),
        ("echo 'one, two'", "nvidia-smi lists no device"),
    ],
)
def test_what_went_wrong_is_told(program, script, why):
    assert devices(program(script)) == ([], why)
    seen = Devices(program(script))
    seen.look()
    assert seen.fact() == f"not available: {why}"
    assert seen.findings() == []


def test_without_the_program():
    assert devices("no-such-program-here") == ([], "no nvidia-smi here")


def test_what_held_a_device_back_at_any_time_is_told(program):
    seen = Devices(program("echo 'A, 88, 900, 0x20'"))
    seen.look()
    seen._due = 0
    program("echo 'A, 70, 1500, 0x0'")
    seen.look()
    assert seen.fact() == "A 88 °C, 900 MHz at first; A 70 °C, 1500 MHz at last"
    assert seen.findings()[0].startswith("A was held back while variants were timed (thermal (s")


def test_it_is_not_asked_all_the_time(program, tmp_path):
    seen = Devices(program(f"echo x >> {tmp_path}/calls; sleep 0.1; echo 'A, 50, 1000, 0x0'"))
    for _ in range(5):
        seen.look()
    assert (tmp_path / "calls").read_text() == "x\n"


def test_numbers_that_are_not_told(program):
    found, _ = devices(program("echo 'A, [N/A], [N/A], [N/A]'"))
    assert str(found[0]) == "A [N/A] °C, [N/A] MHz"
