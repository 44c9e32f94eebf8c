from __future__ import annotations

import os
import sys

import pytest

from quantassay.timing.watching.energy import Meter

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names hold colons")


@pytest.fixture
def packages(tmp_path):
    """Write counters of microjoules as the kernel's powercap does."""

    def write(**microjoules):
        for at, (name, used) in enumerate(microjoules.items()):
            folder = tmp_path / f"sys/class/powercap/intel-rapl:{at}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "name").write_text(name.replace("_", "-") + "\n")
            (folder / "max_energy_range_uj").write_text("1000000\n")
            (folder / "energy_uj").write_text(f"{used}\n")
        return tmp_path

    return write


def test_joules_a_sample_of_all_packages(packages):
    meter = Meter(packages(package_0=1000, package_1=5000))
    for _ in range(2):
        before = meter.reading()
        packages(package_0=before["package-0"] + 300_000, package_1=before["package-1"] + 100_000)
        meter.add("int8", before, meter.reading())
    found, words = meter.per_sample("int8", 40)
    assert found == pytest.approx(2 * 0.4 / 40)
    assert "package-0, package-1" in words
    assert "other processes included" in words


def test_a_counter_that_begins_again(packages):
    meter = Meter(packages(package_0=900_000))
    before = meter.reading()
    packages(package_0=100_000)
    meter.add("int8", before, meter.reading())
    assert meter.per_sample("int8", 1)[0] == pytest.approx(0.2)


def test_variants_are_told_apart(packages):
    meter = Meter(packages(package_0=0))
    for name, end in (("fp32", 300_000), ("int8", 400_000)):
        before = meter.reading()
        packages(package_0=end)
        meter.add(name, before, meter.reading())
    assert meter.per_sample("fp32", 3)[0] == pytest.approx(0.1)
    assert meter.per_sample("int8", 1)[0] == pytest.approx(0.1)


def test_parts_of_a_package_are_not_counted_again(packages):
    meter = Meter(packages(package_0=0, core=0, psys=0))
    assert list(meter.reading()) == ["package-0"]


def test_without_counters_there_is_a_reason(tmp_path):
    meter = Meter(tmp_path)
    before = meter.reading()
    meter.add("int8", before, meter.reading())
    found, why = meter.per_sample("int8", 4)
    assert found is None
    assert why.startswith("not available: no RAPL counter")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_counters_that_may_not_be_read(packages, tmp_path):
    packages(package_0=0)
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").chmod(0)
    assert "may not be read" in Meter(tmp_path).missing


def test_one_unreadable_package_makes_the_sum_wrong_so_there_is_none(packages, tmp_path):
    packages(package_0=0, package_1=0)
    counter = tmp_path / "sys/class/powercap/intel-rapl:1/energy_uj"
    counter.unlink()
    counter.mkdir()
    found, why = Meter(tmp_path).per_sample("int8", 1)
    assert found is None
    assert why == (
        "not available: /sys/class/powercap/intel-rapl:1/energy_uj may not be read by this user"
    )


def test_a_counter_that_is_lost_on_the_way(packages, tmp_path):
    meter = Meter(packages(package_0=0))
    before = meter.reading()
    (tmp_path / "sys/class/powercap/intel-rapl:0/energy_uj").write_text("?")
    meter.add("int8", before, meter.reading())
    assert meter.per_sample("int8", 1) == (
        None,
        "not available: package-0 could not be read again",
    )


def test_counters_that_stand_still_are_no_zero(packages):
    meter = Meter(packages(package_0=500))
    meter.add("int8", meter.reading(), meter.reading())
    found, why = meter.per_sample("int8", 1)
    assert found is None
    assert "did not move" in why
