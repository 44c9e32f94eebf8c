from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from quantassay.timing.watching.processor_time import processor_time, scope

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
TICKS = "cpu  100 20 30 4000 500 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "proc").mkdir()
    return tmp_path


def test_busy_is_neither_idle_nor_waiting_nor_a_guest(root):
    (root / "proc/stat").write_text(TICKS)
    found = processor_time(root)
    second = os.sysconf("SC_CLK_TCK")
    assert found.busy == pytest.approx((100 + 20 + 30 + 6 + 7) / second)
    assert found.stolen == pytest.approx(8 / second)


def test_an_old_kernel_tells_no_steal(root):
    (root / "proc/stat").write_text("cpu  100 20 30 4000 500 6 7\n")
    assert processor_time(root).stolen is None


@pytest.mark.parametrize("text", ["", "cpu\n", "cpu a b c d e f g h\n", "intr 1 2 3 4 5 6 7 8\n"])
def test_without_counters_there_is_nothing(root, text):
    (root / "proc/stat").write_text(text)
    assert processor_time(root) is None


def test_time_of_children_is_our_own():
    burn = "import time; e = time.process_time() + 0.3\nwhile time.process_time() < e: pass"
    before = processor_time()
    subprocess.run([sys.executable, "-c", burn], check=True)
    ended = processor_time()
    assert ended.own - before.own > 0.25
    with subprocess.Popen([sys.executable, "-c", burn + "\ntime.sleep(60)"]) as child:
        deadline = time.monotonic() + 60
        while processor_time().own - ended.own < 0.25 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert processor_time().own - ended.own > 0.25, "of one that still runs"
        child.kill()


def test_whose_time_the_counters_hold(root):
    assert "whole machine" in scope(root)
    (root / "proc/mounts").write_text("lxcfs /proc/stat fuse.lxcfs rw 0 0\n")
    assert "this container alone" in scope(root)
