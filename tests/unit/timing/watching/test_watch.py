from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

from quantassay.records.plain import plain
from quantassay.timing.contract import Trial
from quantassay.timing.watching import glances
from quantassay.timing.watching.watch import Watch, drift, drift_findings

NOBODY = "no-such-program-here"


def trials(throughputs):
    return [Trial(np.ones(1), 10 / each, 10) for each in throughputs]


def burn(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_load_of_others_and_not_our_own():
    code = "import time; e = time.time() + {}\nwhile time.time() < e: pass"
    # the parent ends at once: what runs then is no child of ours
    apart = (
        "import subprocess, sys; "
        "subprocess.Popen([sys.executable, '-c', sys.argv[1]], start_new_session=True)"
    )
    watch = Watch(program=NOBODY)
    before = time.process_time()
    with watch.trial("fp32"):
        burn(1.0)
    assert watch._glances.stretches[0].own == pytest.approx(time.process_time() - before, abs=0.05)
    subprocess.run([sys.executable, "-c", apart, code.format(2)], check=True)
    with watch.trial("fp32"):
        burn(1.5)
    assert watch.seen().other_load[1] > 0.2


def test_a_machine_that_tells_nothing_says_why(tmp_path):
    watch = Watch(tmp_path, NOBODY)
    with watch.trial("fp32"):
        pass
    seen = watch.seen()
    assert seen.other_load is None
    assert seen.findings == ()
    told = {name: text for name, text in seen.facts.items() if name != "load time"}
    assert all(text.startswith("not available: ") for text in told.values()), told
    assert watch.energy("fp32", 10)[0] is None
    assert plain(seen)


def test_looks_are_taken_seldom(tmp_path, monkeypatch):
    watch = Watch(tmp_path, NOBODY)
    looked = []
    monkeypatch.setattr(glances, "frequency", lambda root: looked.append(1) or (3000.0, "here"))
    for _ in range(20):
        with watch.trial("fp32"):
            pass
    assert looked == []
    monkeypatch.setattr(glances, "STRETCH", 0.0)
    watch._glances.look(0.0)
    assert watch.seen().facts["frequency"].startswith("3 GHz at first")


def test_energy_is_that_of_trials(tmp_path):
    folder = tmp_path / "sys/class/powercap/intel-rapl:0"
    folder.mkdir(parents=True)
    (folder / "name").write_text("package-0")
    (folder / "max_energy_range_uj").write_text("100000000")
    counter = folder / "energy_uj"
    counter.write_text("0")
    watch = Watch(tmp_path, NOBODY)
    with watch.trial("fp32"):
        counter.write_text("4000000")
    counter.write_text("9000000")
    with watch.trial("int8"):
        counter.write_text("10000000")
    assert watch.energy("fp32", 8)[0] == 0.5
    assert watch.energy("int8", 8)[0] == 0.125


def test_a_trial_that_fails_goes_on_up(tmp_path):
    watch = Watch(tmp_path, NOBODY)
    with pytest.raises(ValueError, match="broken"), watch.trial("fp32"):
        raise ValueError("broken")


def test_drift_of_the_reference():
    falling = drift(trials(np.linspace(100, 80, 12)), 0.95)
    assert falling[1] == pytest.approx(0.8, abs=0.01)
    (text,) = drift_findings("fp32", falling)
    assert text.startswith("fp32: its throughput fell by 20 % from the first block to the last (")


@pytest.mark.parametrize("found", [None, (0.8, 0.9, 1.05), (0.96, 0.97, 0.98), (1.01, 1.02, 1.03)])
def test_drift_that_is_chance_or_small_is_no_finding(found):
    assert drift_findings("fp32", found) == []


def test_drift_of_too_few_blocks():
    assert drift(trials([100, 90, 80]), 0.95) is None
