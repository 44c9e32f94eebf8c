from __future__ import annotations

import pytest

from quantassay.timing.watching.processor_state import (
    frequency,
    held_back,
    settings,
    temperature,
    usable,
)

CPU = "sys/devices/system/cpu"
CPUINFO = (
    "processor : 0\ncpu MHz\t\t: 2100.5\nflags\t\t: fpu {}\n\nprocessor : 1\ncpu MHz : 3300.0\n"
)


@pytest.fixture
def put(tmp_path):
    def write(**texts):
        for path, text in texts.items():
            where = tmp_path / path
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_text(text)
        return tmp_path

    return lambda texts: write(**texts)


def test_frequency_of_the_fastest_usable_processor(put):
    here = usable()
    root = put({f"{CPU}/cpu{at}/cpufreq/scaling_cur_freq": f"{1_000_000 + at}\n" for at in here})
    assert frequency(root) == ((1_000_000 + here[-1]) / 1000, "scaling_cur_freq")


def test_frequency_without_cpufreq(put):
    root = put({"proc/cpuinfo": CPUINFO.format("aperfmperf")})
    assert frequency(root) == (3300.0, "/proc/cpuinfo")


def test_a_virtual_machine_tells_a_fixed_frequency_which_is_none(put):
    found, why = frequency(put({"proc/cpuinfo": CPUINFO.format("hypervisor")}))
    assert found is None
    assert "fixed 2100 MHz" in why


@pytest.mark.parametrize("megahertz", ["0.0", "99999999.0"])
def test_a_frequency_that_no_processor_has(put, megahertz):
    text = f"cpu MHz : {megahertz}\nflags : aperfmperf\n"
    found, why = frequency(put({"proc/cpuinfo": text}))
    assert found is None
    assert "no processor has" in why


def test_no_frequency_at_all(tmp_path):
    assert frequency(tmp_path)[0] is None


def test_temperature_of_the_processor_not_of_the_disk(put):
    root = put(
        {
            "sys/class/hwmon/hwmon0/name": "nvme\n",
            "sys/class/hwmon/hwmon0/temp1_input": "99000\n",
            "sys/class/hwmon/hwmon1/name": "k10temp\n",
            "sys/class/hwmon/hwmon1/temp1_input": "61500\n",
            "sys/class/thermal/thermal_zone0/type": "x86_pkg_temp\n",
            "sys/class/thermal/thermal_zone0/temp": "60000\n",
        }
    )
    assert temperature(root) == (61.5, "k10temp")


def test_no_temperature_has_a_reason(tmp_path):
    assert temperature(tmp_path) == (
        None,
        "no sensor of the processor in /sys/class/thermal or /sys/class/hwmon",
    )


@pytest.mark.parametrize(
    ("path", "text", "boost"),
    [
        ("intel_pstate/no_turbo", "1", "off"),
        ("intel_pstate/no_turbo", "0", "on"),
        ("cpufreq/boost", "1", "on"),
        ("cpufreq/boost", "0", "off"),
    ],
)
def test_boost(put, path, text, boost):
    assert settings(put({f"{CPU}/{path}": text}))["boost"] == boost


def test_governor(put):
    root = put({f"{CPU}/cpu{at}/cpufreq/scaling_governor": "powersave\n" for at in usable()})
    assert settings(root)["governor"] == "powersave"
    assert "not available" in settings(root)["boost"]


def test_counters_of_what_held_it_back(put):
    root = put(
        {
            f"{CPU}/cpu0/thermal_throttle/core_throttle_count": "3\n",
            f"{CPU}/cpu1/thermal_throttle/core_throttle_count": "4\n",
            "proc/pressure/cpu": "some avg10=5.14 avg60=2.92 avg300=1.21 total=2500000\nfull x\n",
            "proc/self/cgroup": "0::/own\n",
            "sys/fs/cgroup/own/cpu.stat": "nr_periods 9\nnr_throttled 2\nthrottled_usec 7\n",
            "sys/fs/cgroup/own/cpu.pressure": "some avg10=1 avg60=1 avg300=1 total=1000000\n",
        }
    )
    found = held_back(root)
    assert (found.hot, found.periods, found.waited, found.group_waited) == (7, 2, 2.5, 1.0)


@pytest.mark.parametrize(
    ("group", "path"),
    [
        ("4:cpu,cpuacct:/host/path\n", "sys/fs/cgroup/cpu/cpu.stat"),
        ("4:cpu:/own\n", "sys/fs/cgroup/cpu/own/cpu.stat"),
        ("0::/host/path\n", "sys/fs/cgroup/cpu.stat"),
    ],
)
def test_quota_of_either_version_of_control_groups(put, group, path):
    root = put({"proc/self/cgroup": group, path: "nr_periods 9\nnr_throttled 5\n"})
    assert held_back(root).periods == 5


def test_counters_that_are_not_there_are_none(tmp_path):
    found = held_back(tmp_path)
    assert (found.hot, found.periods, found.waited, found.group_waited) == (None,) * 4
