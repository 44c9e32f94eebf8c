"""Ctrl-C, kill -9 and a second run beside the first: nothing measured is lost or measured twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

SLOW = """\
import time
from pathlib import Path

def predict(x):
    time.sleep({seconds})
    with Path(__file__).with_name("calls.txt").open("a") as file:
        file.write(f"{{len(x)}}\\n")
    return x * {factor}
"""
RUBRIC = {
    "variants": {"low": {"model": ..., "engine": "python:slow:predict"}},
    "inference": {"batch": 16},
}
BATCHES = 25
# parts are kept every two seconds; here more often, so that the test need not wait
STARTED = (
    "import sys, quantassay.runs.inference as inference, quantassay.__main__ as cli; "
    "inference.FLUSH_SECONDS = 0.2; sys.exit(cli.run_command(sys.argv[1:]))"
)


@pytest.fixture
def slow(assay, monkeypatch):
    """An assay whose candidate takes a while, and counts the batches it answers."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    assay.write(RUBRIC)
    write(assay)
    yield assay
    sys.modules.pop("slow", None)


def write(assay, seconds=0.05, factor=1.01):
    assay.module("slow", SLOW.format(seconds=seconds, factor=factor))


def calls(assay):
    path = assay.folder / "calls.txt"
    return len(path.read_text().splitlines()) if path.exists() else 0


def parts(assay):
    return [p for p in (assay.folder / "cache").rglob("*.npy") if not p.name.startswith(".")]


def begun(assay, *options):
    return subprocess.Popen(
        [sys.executable, "-c", STARTED, "run", "assay.yaml", "--out", str(assay.out), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a suite that runs in the background ignores interruptions, and its children would too
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def wait_for(running, condition):
    until = time.monotonic() + 60
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)


def predictions(folder):
    return {p.name: p.read_bytes() for p in (folder / "predictions").iterdir()}


@pytest.fixture
def undisturbed(slow, command):
    """What the candidate's predictions are when nothing happens."""
    write(slow, seconds=0)
    folder = slow.folder / "undisturbed"
    assert command("run", "assay.yaml", "--out", folder).code == 0
    (slow.folder / "calls.txt").unlink()
    sys.modules.pop("slow", None)
    write(slow)
    return predictions(folder)


def test_ctrl_c_keeps_what_was_measured(slow, undisturbed, command):
    with begun(slow) as running:
        wait_for(running, lambda: calls(slow) >= 5)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (130, "")
    assert err.splitlines()[-1].startswith("interrupted: run it again")
    assert "Traceback" not in err and "error:" not in err
    assert not (slow.out / "verdicts.json").exists()
    assert slow.left_over() == []
    before = calls(slow)
    assert 5 <= before < BATCHES
    assert command("run", "assay.yaml", "--out", slow.out).code == 0
    assert calls(slow) == BATCHES
    assert predictions(slow.out) == undisturbed


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_goes_on_where_it_was(slow, undisturbed, command, way):
    kept = len(parts(slow))
    with begun(slow) as running:
        wait_for(running, lambda: len(parts(slow)) >= kept + 3)  # the reference is one
        running.send_signal(way)
        running.communicate(timeout=30)
    assert running.returncode == -way
    assert not (slow.out / "verdicts.json").exists()
    before = calls(slow)
    assert 0 < before < BATCHES
    assert command("run", "assay.yaml", "--out", slow.out).code == 0
    again = calls(slow) - before
    assert 0 < again < BATCHES - 3
    assert predictions(slow.out) == undisturbed


def test_a_function_that_changed_meanwhile_is_run_anew(slow, command):
    with begun(slow) as running:
        wait_for(running, lambda: calls(slow) >= 12)
        running.kill()
        running.communicate(timeout=30)
    (slow.folder / "calls.txt").unlink()
    write(slow, seconds=0, factor=-1)
    assert command("run", "assay.yaml", "--out", slow.out).code == 1
    assert calls(slow) == BATCHES


def test_data_that_changed_meanwhile_are_run_anew(slow, command):
    with begun(slow) as running:
        wait_for(running, lambda: calls(slow) >= 12)
        running.kill()
        running.communicate(timeout=30)
    (slow.folder / "calls.txt").unlink()
    slow.data(slow.values + 0.001)
    assert command("run", "assay.yaml", "--out", slow.out).code == 0
    assert calls(slow) == BATCHES


def test_a_second_run_in_the_same_folder_is_turned_away(slow, command):
    with begun(slow) as running:
        wait_for(running, lambda: calls(slow) >= 1)
        command("run", "assay.yaml", "--out", slow.out).refused("another run", "--out")
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert calls(slow) == BATCHES


def test_two_runs_with_one_cache_do_not_mix(slow, undisturbed, command):
    model = {"variants": {"low": {"model": "low.onnx", "engine": ...}}}
    slow.write({**RUBRIC, **model}, "other.yaml")
    with begun(slow) as running:
        other = slow.folder / "other"
        for _ in range(3):
            assert command("run", "other.yaml", "--out", other).code == 0
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert predictions(slow.out) == undisturbed


def test_a_line_of_the_journal_that_was_cut_off_is_written_again(run, assay):
    assert run().code == 0
    journal = assay.out / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert run().code == 0
    assert "finished" in journal.read_text("utf-8").splitlines()[-1]


def test_a_damaged_part_of_the_cache_is_measured_again(run, assay):
    assert run().code == 0
    wanted = predictions(assay.out)
    for part in parts(assay):
        content = bytearray(part.read_bytes())
        content[-1] ^= 1
        part.write_bytes(content)
    assert run().code == 0
    assert predictions(assay.out) == wanted


def test_a_damaged_artefact_of_the_cache_is_made_again(run, assay):
    low = {"model": ..., "scheme": "onnxruntime-dynamic", "of": "fp32"}
    changes = {"variants": {"low": low}}
    assert run(changes).code == 0
    wanted = predictions(assay.out)
    (path,) = (assay.folder / "cache" / "artifacts").rglob("*.onnx")
    for content in (path.read_bytes()[:50], (assay.folder / "fp32.onnx").read_bytes()):
        path.write_bytes(content)
        assert run(changes).code == 0
        assert predictions(assay.out) == wanted


@pytest.mark.long
def test_killed_at_any_moment_it_ends_the_same(slow, undisturbed, command):
    for delay in (0.3, 0.6, 0.9, 1.2, 1.5, 1.8, 2.1, 2.4, 2.7):
        with begun(slow) as running:
            time.sleep(delay)
            running.kill()
            running.communicate()
    assert command("run", "assay.yaml", "--out", slow.out).code == 0
    assert predictions(slow.out) == undisturbed
