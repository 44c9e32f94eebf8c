"""A machine that does not play along: full disks, closed doors, readers that leave."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from quantassay.__main__ import run_command

ROOT = os.geteuid() == 0
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@contextmanager
def mounted(folder, size):
    """Mount a small file system of its own, where that is allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if (
        not ROOT
        or not shutil.which("mount")
        or subprocess.run(mount, capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk needs root and the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("size", ["4k", "12k", "24k", "40k", "64k"])
def test_a_disk_that_fills(command, assay, size):
    path = assay.write()
    with mounted(assay.folder / "disk", size) as disk:
        outcome = command("run", path, "--out", disk / "out", "--json")
        outcome.refused("No space left on device", "make room")
        assert not [p for p in disk.rglob("*") if "partial" in p.name]
        left = {p.name for p in disk.rglob("*") if p.is_file()}
        assert "report.html" not in left
        for name in left & {"verdicts.json", "claim.json"}:
            json.loads(next(disk.rglob(name)).read_text("utf-8"))
        assert command("report", disk / "out").code == 2
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        assert command("run", path, "--out", disk / "out", "--json").verdict() == "pass"


def test_a_cache_that_fills_loses_no_measured_part(command, assay, monkeypatch):
    path = assay.write()
    with mounted(assay.folder / "disk", "8k") as disk:
        monkeypatch.setenv("QUANTASSAY_CACHE", str(disk))
        command("run", path, "--out", assay.out).refused("No space left on device", "make room")
        assert assay.left_over() == []


@pytest.mark.parametrize("limit", [1_000, 6_000, 20_000])
def test_files_that_may_not_grow(command, assay, limit):
    path, usual = assay.write(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, usual[1]))
    try:
        outcome = command("run", path, "--out", assay.out, "--json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    outcome.refused("File too large", "make room")
    assert assay.left_over() == []


def _without_privileges():
    """Take from this process what lets root ignore permissions."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


@pytest.fixture
def limited(process):
    """The command line as a user who has to respect permissions."""
    if ROOT and not sys.platform.startswith("linux"):
        pytest.skip("root ignores permissions here")

    def call(*arguments):
        return process(*arguments, preexec_fn=_without_privileges if ROOT else None)

    return call


@pytest.fixture
def shut(tmp_path):
    """Folders and files that may not be used, until the test is over."""
    changed = []

    def shut(path, mode):
        changed.append(path)
        path.chmod(mode)
        return path

    yield shut
    for path in changed:
        path.chmod(0o755)


def test_a_folder_that_may_not_be_written(limited, assay, shut):
    assay.write()
    shut(assay.folder, 0o555)
    limited("run", "assay.yaml").refused("runs", "Permission denied", "--out")
    assert not (assay.folder / "runs").exists()


def test_a_run_folder_that_may_not_be_written(limited, assay, shut):
    assay.write()
    (assay.out / "predictions").mkdir(parents=True)
    shut(assay.out / "predictions", 0o555)
    limited("run", "assay.yaml", "--out", assay.out).refused("Permission denied", "--out")
    assert not (assay.out / "verdicts.json").exists()


def test_a_cache_that_may_not_be_written(limited, assay, shut):
    assay.write()
    (assay.folder / "cache").mkdir()
    shut(assay.folder / "cache", 0o555)
    line = limited("run", "assay.yaml", "--out", assay.out)
    line.refused("Permission denied", "QUANTASSAY_CACHE")
    assert not (assay.out / "verdicts.json").exists()


def test_a_cache_for_artefacts_that_may_not_be_written(limited, assay, shut):
    low = {"model": ..., "scheme": "onnxruntime-dynamic", "of": "fp32"}
    assay.write({"variants": {"low": low}})
    (assay.folder / "cache" / "artifacts").mkdir(parents=True)
    shut(assay.folder / "cache" / "artifacts", 0o555)
    limited("run", "assay.yaml", "--out", assay.out).refused("Permission denied", "cache")


@pytest.mark.parametrize("name", ["test.parquet", "low.onnx"])
def test_a_file_that_may_not_be_read(limited, assay, shut, name):
    assay.write()
    shut(assay.folder / name, 0)
    limited("run", "assay.yaml", "--out", assay.out).refused(name, "ermission denied")


def test_a_rubric_that_may_not_be_read(limited, assay, shut):
    shut(assay.write(), 0)
    limited("run", "assay.yaml", "--out", assay.out).refused("assay.yaml", "not readable")


def test_a_draft_that_may_not_be_written(limited, assay, shut):
    shut(assay.folder, 0o555)
    limited("draft", "test.parquet", "--out", "draft.yaml").refused("draft.yaml", "--out")


def test_a_run_folder_that_is_a_file(command, assay):
    assay.out.write_text("mine")
    command("run", assay.write(), "--out", assay.out).refused(str(assay.out), "--out")
    assert assay.out.read_text() == "mine"


def test_two_runs_in_one_folder(command, assay):
    assay.out.mkdir()
    with (assay.out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command("run", assay.write(), "--out", assay.out).refused("another run", str(assay.out))
        assert {p.name for p in assay.out.iterdir()} == {".lock"}
    assert command("run", assay.write(), "--out", assay.out).code == 0


def test_an_export_that_cannot_be_written(command, assay):
    command("run", assay.write(), "--out", assay.out)
    command("export", assay.out, "--out", assay.folder / "fp32.onnx" / "x.csv").refused("x.csv")


def test_standard_output_that_is_full(process, answers):
    files = answers("ref.parquet"), answers("cand.parquet", wrong=100)
    with Path("/dev/full").open("w") as full:
        outcome = process("compare", *files, "--margin", "0.01", stdout=full)
    assert outcome.code == 2
    assert "No space left on device" in outcome.errors[0]


SHELL = 'set -o pipefail; "$0" -m quantassay {} {} | {}; exit ${{PIPESTATUS[0]}}'


@pytest.mark.parametrize(
    ("way", "reader", "wrong", "code"),
    [
        ("", "true", 100, 1),
        ("", "true", 12, 0),
        ("--json", "head -c 1 > /dev/null", 100, 1),
        ("--json 2>&1", "head -c 1 > /dev/null", 12, 0),
    ],
)
def test_a_reader_that_leaves_early_changes_no_verdict(answers, way, reader, wrong, code):
    answers("ref.parquet"), answers("cand.parquet", wrong=wrong)
    words = "compare ref.parquet cand.parquet --margin 0.05"
    script = SHELL.format(words, way, reader)
    done = subprocess.run(["bash", "-c", script, sys.executable], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")


def test_nobody_to_tell_progress_is_no_reason_to_stop(assay):
    words = f"run {assay.write()} --out {assay.out}"
    script = SHELL.format(words, "2>&1", "head -c 1 > /dev/null")
    done = subprocess.run(["bash", "-c", script, sys.executable], capture_output=True, text=True)
    assert done.returncode == 0
    assert (assay.out / "report.html").is_file()


def test_closed_streams_are_no_pass(assay):
    assay.model("low.onnx", -np.eye(4))
    words = f'run {assay.write()} --out {assay.out} "$@"'
    script = f'"$0" -m quantassay {words} >&- 2>&-'
    done = subprocess.run(["bash", "-c", script, sys.executable], capture_output=True)
    assert done.returncode == 1
    journal = (assay.out / "journal.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in journal] == [
        "rubric",
        "measured",
        "results",
        "published",
        "finished",
    ]


def test_memory_that_runs_out(process, assay):
    outcome = process(
        "run", assay.write(), "--out", assay.out,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20)),
    )  # fmt: skip
    assert outcome.code != 0
    assert not (assay.out / "verdicts.json").exists()


def test_json_is_alone_on_standard_output(assay, answers, capfd):
    answers("ref.parquet"), answers("cand.parquet")
    low = {"model": ..., "scheme": "onnxruntime-dynamic", "of": "fp32"}
    assay.write({"variants": {"low": low}})
    for words in (
        "run assay.yaml --out out --json",
        "compare ref.parquet cand.parquet --json",
        "list metrics --json",
        "plan assay.yaml --json",
        "draft test.parquet --model fp32.onnx --out draft.yaml --json",
        "export out --to json",
        "report out --format json",
    ):
        capfd.readouterr()
        assert run_command(words.split()) == 0
        assert json.loads(capfd.readouterr().out)


def test_errors_leave_standard_output_empty(command, assay):
    outcome = command("run", assay.write({"confidence": 95}), "--json")
    assert outcome.stdout == ""
    outcome.refused()
