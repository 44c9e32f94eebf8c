"""What was declared first stays visible, and nobody rewrites what happened."""

from __future__ import annotations

import json

import numpy as np
import pytest


def events(assay):
    lines = (assay.out / "journal.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["event"] for line in lines]


@pytest.fixture
def worse(assay):
    """A candidate that loses about a tenth of the samples."""
    assay.model("low.onnx", np.diag([0.2, 1, 1, 1]))
    return assay


LAX = {"metrics": [{"name": "top1", "margin": 0.3}]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (LAX, ("margin", "0.05", "0.3")),
        ({"variants": {"low": {"gate": False}}}, ("gate", "true", "false")),
        ({"confidence": 0.8}, ("confidence", "0.95", "0.8")),
        ({"metrics": [{"name": "f1", "margin": 0.3}]}, ("metrics", "not declared")),
        ({"task": {"data": {"where": {"target": [1, 2, 3]}}}}, ("where",)),
        ({"task": {"data": {"where": {"target": [1, 2, 3]}}}}, ("test set", "sha256")),
        ({"small_strata": "watch"}, ("strata", "block", "watch")),
    ],
)
def test_what_was_amended_after_results_is_shown_old_and_new(run, worse, change, words):
    assert run().code == 1
    outcome = run(change)
    assert outcome.code != 2, outcome.stderr
    for name in ("report.md", "report.html"):
        text = (worse.out / name).read_text("utf-8")
        assert "mend" in text
        for word in words:
            assert word in text, (name, word)
    claim = json.loads((worse.out / "claim.json").read_text("utf-8"))
    assert "amend" in json.dumps(claim).lower()


def test_changing_it_back_is_shown_too(run, worse):
    for changes in (None, LAX, None):
        run(changes)
    assert events(worse).count("amendment") == 2
    text = (worse.out / "report.md").read_text("utf-8")
    assert text.count("0.3") >= 2


def test_answers_that_lie_in_the_folder_count_as_seen(run, worse, monkeypatch):
    import quantassay.workflows.run as workflow

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(workflow, "time_variants", stop)
        assert run().code == 130
    assert (worse.out / "predictions" / "low.parquet").is_file()
    assert run(LAX).code == 0
    assert events(worse).count("amendment") == 1


def test_a_margin_that_changed_before_anything_was_measured_is_no_amendment(run, worse):
    worse.model("low.onnx")
    (worse.folder / "low.onnx").write_bytes(b"cut off")
    run().refused("low.onnx")
    worse.model("low.onnx", np.diag([0.2, 1, 1, 1]))
    assert run(LAX).code == 0
    assert "amendment" not in events(worse)


def test_results_under_one_rubric_are_counted_as_looks(run, worse):
    run()
    worse.model("low.onnx", np.diag([0.6, 1, 1, 1]))
    run()
    worse.model("low.onnx", np.eye(4) * 1.01)
    assert run().code == 0
    assert "3" in (worse.out / "report.md").read_text("utf-8").split("ook")[0][-200:]
    journal = (worse.out / "journal.jsonl").read_text("utf-8").splitlines()
    measured = [json.loads(line)["data"] for line in journal if '"measured"' in line]
    assert len({each["variants"]["low"] for each in measured}) == 3


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace("0.05", "0.3"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:-1], lines[-1].replace("finished", "finishef"), "{}"],
        lambda lines: [*lines, '{"data": {}, "event": "finished"}'],
        lambda lines: [*lines, "not json"],
        lambda lines: [*lines, lines[-1]],
    ],
)
def test_a_journal_that_was_changed_by_hand(run, command, assay, tamper):
    assert run().code == 0
    journal = assay.out / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines()
    journal.write_text("\n".join(tamper(lines)) + "\n", "utf-8")
    for outcome in (run(), command("report", assay.out), command("export", assay.out)):
        line = outcome.refused("journal.jsonl:", "changed by hand", "new run folder")
        assert line.split("journal.jsonl:")[1].split(":")[0].isdigit()


def test_verdicts_that_were_changed_by_hand(run, command, worse):
    assert run().code == 1
    path = worse.out / "verdicts.json"
    path.write_text(path.read_text("utf-8").replace('"fail"', '"pass"'), "utf-8")
    command("export", worse.out).refused("verdicts.json", "changed by hand")
    command("report", worse.out, "--format", "json").refused("verdicts.json", "changed by hand")
    run().refused("verdicts.json", "changed by hand")


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_journal_that_forgets_what_was_seen(run, worse, kept):
    assert run().code == 1
    journal = worse.out / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines(keepends=True)
    journal.write_text("".join(lines[:kept]), "utf-8")
    run(LAX).refused("verdicts.json", "changed by hand")
    journal.unlink()
    run(LAX).refused("verdicts.json", "changed by hand")


@pytest.mark.parametrize("words", [("report",), ("report", "--format", "json"), ("export",)])
def test_reports_of_an_earlier_run_do_not_stand_for_the_last(run, command, assay, words):
    assert run().code == 0
    name, *options = words
    assert command(name, assay.out, *options).code == 0
    (assay.folder / "low.onnx").write_bytes(b"cut off")
    run().refused("low.onnx")
    command(name, assay.out, *options).refused(str(assay.out), "did not finish")


def test_a_folder_without_a_run(command, tmp_path):
    command("report", tmp_path).refused("no finished run", "quantassay run")
    command("export", tmp_path).refused("no finished run", "quantassay run")
    command("report", tmp_path / "nowhere").refused("nowhere")


def test_a_format_that_is_not_there_names_its_neighbour(run, command, assay):
    run()
    command("report", assay.out, "--format", "markdwn").refused("did you mean 'markdown'?")
    command("export", assay.out, "--to", "jsn").refused("did you mean 'json'?")
