"""A study on real models: what is run, what is run again, and what is not believed."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import onnx
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import quantassay as qa
from quantassay.errors import InputError, RubricError, RunFolderError
from quantassay.workflows.report import report

DIGITS = Path(__file__).parents[3] / "examples" / "digits"
RUBRIC = """
rubric: digits/1
task:
  name: handwritten-digits
  data: {path: test.parquet, id: image_id, input: pixels, target: digit}
  preprocess: {tensor: {shape: [1, 8, 8], divide: 16}}
  outputs: {kind: logits}
  composition: in-domain
  clusters: independent
metrics: [{name: top1, margin: 0.1}]
reference: full
variants:
  full: {model: one.onnx}
  other: {scheme: onnxruntime-fp16, of: full}
timing: null
"""
STUDY = """
study: small/1
tasks:
  digits:
    rubric: task/digits.yaml
    models: {one: {model: task/one.onnx}, two: {model: two.onnx}}
schemes:
  fp16: {scheme: onnxruntime-fp16}
  dynamic: {scheme: onnxruntime-dynamic}
"""
ALL = [f"digits/{model}/{scheme}" for model in ("one", "two") for scheme in ("fp16", "dynamic")]


class Told:
    """Listens to the stages of a study, and may stop it."""

    def __init__(self, stop: str = "") -> None:
        self.heard: list[str] = []
        self.stop = stop

    def stage(self, text, total=None):
        self.heard.append(text)
        if self.stop and self.stop in text:
            raise KeyboardInterrupt
        return lambda done: None

    @property
    def ran(self) -> list[str]:
        """The cells that were run, in order, each once."""
        cells = [text.partition("(")[2].partition(")")[0] for text in self.heard if "(" in text]
        return list(dict.fromkeys(name.replace(" / ", "/") for name in cells))


def make_folder(folder: Path, rows: int = 120) -> None:
    test = pq.read_table(DIGITS / "test.parquet")
    test = test.filter(pc.equal(test["domain"], "in-domain")).slice(0, rows)
    (folder / "task").mkdir(parents=True)
    pq.write_table(test, folder / "task" / "test.parquet")
    shutil.copy(DIGITS / "fp32.onnx", folder / "task" / "one.onnx")
    shutil.copy(DIGITS / "fp32.onnx", folder / "two.onnx")
    (folder / "task" / "digits.yaml").write_text(RUBRIC)
    (folder / "study.yaml").write_text(STUDY)


def study(told: Told | None = None):
    return qa.study("study.yaml", progress=told)


def journals(folder: Path = Path("runs/small-1")) -> dict[str, bytes]:
    return {
        path.relative_to(folder / "cells").parents[1].as_posix(): path.read_bytes()
        for path in sorted(folder.glob("cells/*/*/*/run/journal.jsonl"))
    }


def events(cell: str, event: str) -> list[dict]:
    lines = (Path("runs/small-1/cells") / cell / "run" / "journal.jsonl").read_text().splitlines()
    return [entry["data"] for entry in map(json.loads, lines) if entry["event"] == event]


def written() -> dict:
    return json.loads(Path("runs/small-1/study.json").read_text())


def without_time(found: dict) -> dict:
    return {key: value for key, value in found.items() if key != "made"}


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder in which the study was run without interruption, and the cache of it."""
    folder, cache = tmp_path_factory.mktemp("study"), tmp_path_factory.mktemp("cache")
    make_folder(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(cache))
        patch.chdir(folder)
        told = Told()
        study(told)
        assert told.ran == ALL
    return folder, cache


@pytest.fixture
def here(finished, tmp_path, monkeypatch):
    """A copy of that folder to work in."""
    folder, cache = finished
    shutil.copytree(folder, tmp_path / "here")
    monkeypatch.setenv("QUANTASSAY_CACHE", str(cache))
    monkeypatch.chdir(tmp_path / "here")
    return journals()


def test_every_cell_is_an_ordinary_run(here):
    found = written()
    assert [cell["at"] for cell in found["cells"]] == [
        dict(zip(("task", "model", "scheme"), name.split("/"), strict=True)) for name in ALL
    ]
    assert {one["triple"]["outcome"] for one in found["cells"]} <= {
        "robust", "fragile", "undetermined",
    }  # fmt: skip
    assert all(one["true"] and one["folder"].startswith("cells/digits/") for one in found["cells"])
    for name in ALL:
        folder = Path("runs/small-1/cells") / name
        assert qa.verify(folder / "run").agrees
        claim = json.loads((folder / "run" / "claim.json").read_text())
        assert claim["rubric"]["name"] == f"small/1--{name.replace('/', '--')}"
        assert claim["task"]["path"] == "test.parquet"
        # no folder of this machine stands in what is published
        assert str(Path.cwd().parent) not in (folder / "run" / "claim.json").read_text()
    assert Path("runs/small-1/study.html").is_file()
    assert Path("runs/small-1/study.md").is_file()


def test_the_rubric_of_a_cell_runs_by_itself(here):
    cell = Path("runs/small-1/cells/digits/two/dynamic")
    result = qa.run(cell / "assay.yaml", out="alone")
    told = json.loads((cell / "run" / "verdicts.json").read_text())
    assert result.cells[0].loss == told["cells"][0]["loss"]
    assert result.variants[0].artifact.path.name == "two.onnx"


def test_a_finished_study_runs_nothing_and_says_the_same(here):
    before, told = written(), Told()
    study(told)
    assert "4 cells: 4 finished before, 0 to run" in told.heard
    assert not told.ran
    assert journals() == here
    assert without_time(written()) == without_time(before)


def test_an_interrupted_study_goes_on_and_says_what_an_uninterrupted_one_does(here, monkeypatch):
    whole = written()
    shutil.rmtree("runs")
    with pytest.raises(KeyboardInterrupt):
        study(Told(stop="cell 3 of 4"))
    before, told = journals(), Told()
    assert [*before][:2] == ["digits/one/dynamic", "digits/one/fp16"]
    study(told)
    assert told.ran == ALL[2:]
    assert {name: journals()[name] for name in ALL[:2]} == {name: before[name] for name in ALL[:2]}
    assert without_time(written()) == without_time(whole)


def test_a_changed_option_runs_only_its_own_cells_and_is_an_amendment(here):
    edit("study.yaml", "{scheme: onnxruntime-dynamic}",
         "{scheme: onnxruntime-dynamic, options: {per_channel: true}}")  # fmt: skip
    told = Told()
    found = study(told)
    assert told.ran == ["digits/one/dynamic", "digits/two/dynamic"]
    for name in ("digits/one/fp16", "digits/two/fp16"):
        assert journals()[name] == here[name]
    changed = {one["key"]: one["new"] for one in events("digits/one/dynamic", "amendment")}
    assert changed["variants.dynamic.options.per_channel"] == "true"
    assert [cell.amendments > 0 for cell in found.cells] == [False, True, False, True]


def test_a_changed_margin_is_an_amendment_of_every_cell_of_the_task(here):
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.2")
    told = Told()
    study(told)
    assert told.ran == ALL
    for name in ALL:
        changed = events(name, "amendment")
        assert [(one["key"], one["old"], one["new"]) for one in changed] == [
            ("metrics.top1.margin.value", "0.1", "0.2")
        ]
        assert journals()[name].startswith(here[name])


def test_a_scheme_that_is_added_runs_only_its_own_cells(here):
    edit("study.yaml", "schemes:\n", "schemes:\n  int4: {scheme: onnxruntime-int4}\n")
    told = Told()
    study(told)
    assert told.ran == ["digits/one/int4", "digits/two/int4"]
    assert {name: journals()[name] for name in ALL} == here


def test_a_scheme_that_is_taken_away_is_told_of(here):
    edit("study.yaml", "  fp16: {scheme: onnxruntime-fp16}\n", "")
    told = Told()
    found = study(told)
    assert not told.ran
    assert found.findings[0] == (
        "run here before, and declared in the study no more: digits / one / fp16, "
        "digits / two / fp16"
    )


def test_changed_data_runs_the_cells_of_its_task_again(here):
    table = pq.read_table("task/test.parquet")
    pq.write_table(table.slice(0, 100), "task/test.parquet")
    told = Told()
    found = study(told)
    assert told.ran == ALL
    assert {one.n for one in found.penalties} == {100}
    assert "test set" in [one["key"] for one in events(ALL[0], "amendment")]


def test_a_changed_model_runs_its_own_cells_again(here):
    model = onnx.load("two.onnx")
    model.producer_name = "another"
    onnx.save(model, "two.onnx")
    told = Told()
    study(told)
    assert told.ran == ALL[2:]


def test_a_scheme_that_cannot_be_applied_is_told_and_the_rest_goes_on(here):
    edit("study.yaml", "schemes:\n",
         "schemes:\n  some: {scheme: onnxruntime-dynamic, options: {ops: [LSTM]}}\n")  # fmt: skip
    told = Told()
    found = study(told)
    refused = [cell for cell in found.cells if cell.at.scheme == "some"]
    assert len(refused) == 2
    assert all(cell.triple is None and "LSTM" in cell.reason for cell in refused)
    assert all(str(Path.cwd()) not in cell.reason for cell in refused)
    assert not any(cell.reason for cell in found.cells if cell.at.scheme != "some")
    # it is tried again: what is missing may have been installed
    again = Told()
    study(again)
    assert again.ran == ["digits/one/some", "digits/two/some"]
    assert [cell["reason"] for cell in written()["cells"]] == [cell.reason for cell in found.cells]


def test_a_scheme_that_starts_from_another_format_is_told_and_the_rest_goes_on(here):
    edit("study.yaml", "schemes:\n", "schemes:\n  levels: {scheme: gguf}\n")
    found = study()
    reasons = [cell.reason for cell in found.cells]
    assert "starts from gguf; one.onnx is onnx" in reasons[0]
    assert [bool(reason) for reason in reasons] == [True, False, False] * 2
    assert journals().keys() > here.keys()


def test_a_note_that_lies_is_not_believed(here):
    cells = Path("runs/small-1/cells/digits")
    note = json.loads((cells / "one/fp16/cell.json").read_text())
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.09")
    # the digest of what it would be run on now, beside the journal of what it was run on
    shutil.copytree("runs", "aside")
    study()
    lie = {**json.loads((cells / "one/fp16/cell.json").read_text()), "journal": note["journal"]}
    shutil.rmtree("runs")
    shutil.move("aside", "runs")
    (cells / "one/fp16/cell.json").write_text(json.dumps(lie))
    told = Told()
    study(told)
    assert told.ran == ALL
    assert events(ALL[0], "amendment")


@pytest.mark.parametrize("note", ["", "[]", "{}", "nothing", '{"schema": 1}', "[" * 10_000])
def test_a_note_that_is_none_is_as_good_as_no_note(here, note):
    (Path("runs/small-1/cells") / ALL[0] / "cell.json").write_text(note)
    told = Told()
    study(told)
    assert told.ran == ALL[:1]


def test_a_run_folder_that_was_changed_by_hand_is_run_again(here):
    run = Path("runs/small-1/cells") / ALL[0] / "run"
    (run / "predictions" / "fp16.parquet").write_bytes(
        (run / "predictions" / "fp32.parquet").read_bytes()
    )
    told = Told()
    study(told)
    assert told.ran == ALL[:1]
    assert qa.verify(run).agrees


def test_a_journal_that_was_changed_by_hand_is_refused_before_anything_runs(here):
    edit("study.yaml", "schemes:\n", "schemes:\n  int4: {scheme: onnxruntime-int4}\n")
    cell = Path("runs/small-1/cells") / ALL[3]
    path = cell / "run" / "journal.jsonl"
    path.write_bytes(path.read_bytes().replace(b"fp32", b"fp33", 1))
    note = json.loads((cell / "cell.json").read_text())
    note["journal"] = f"sha256:{sha256(path.read_bytes()).hexdigest()}"
    (cell / "cell.json").write_text(json.dumps(note))
    told = Told()
    with pytest.raises(RunFolderError, match=r"by hand; .* is deleted") as refused:
        study(told)
    assert "\n" not in str(refused.value)
    assert not told.ran


def test_verdicts_that_were_changed_by_hand_are_refused_before_anything_runs(here):
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.2")
    run = Path("runs/small-1/cells") / ALL[3] / "run"
    edit(str(run / "verdicts.json"), '"pass"', '"fail"')
    told = Told()
    with pytest.raises(RunFolderError, match=r"by hand; .* is deleted"):
        study(told)
    assert not told.ran
    shutil.rmtree(run.parent)
    study(told)
    assert told.ran == ALL


def test_two_studies_in_one_folder_at_once_are_refused(here):
    from quantassay.runs.folder import RunFolder

    with RunFolder(Path("runs/small-1")), pytest.raises(RunFolderError, match="another run has"):
        study()


def test_the_folder_of_a_run_is_refused(here):
    with pytest.raises(RunFolderError, match="a study has a folder of its own"):
        qa.study("study.yaml", out=Path("runs/small-1/cells") / ALL[0] / "run")


def test_a_folder_holds_one_study(here):
    edit("study.yaml", "small/1", "other/1")
    with pytest.raises(RunFolderError, match=r"holds the study 'small/1'.*study\.yaml:2: study"):
        qa.study("study.yaml", out="runs/small-1")
    assert journals() == here


@pytest.mark.parametrize("verb", [qa.run, qa.diagnose])
def test_a_run_does_not_go_into_the_folder_of_a_study(here, verb):
    before = sorted(Path("runs/small-1").rglob("*"))
    with pytest.raises(RunFolderError, match=r"runs/small-1: holds a study; name another folder"):
        verb("task/digits.yaml", out="runs/small-1")
    assert sorted(Path("runs/small-1").rglob("*")) == before


def test_a_damaged_model_is_told_before_anything_is_written(here):
    shutil.rmtree("runs")
    Path("two.onnx").write_text("no model")
    with pytest.raises(InputError, match=r"two\.onnx: .*not an ONNX model"):
        study()
    assert not Path("runs").exists()


def test_what_takes_a_run_says_where_the_runs_of_a_study_are(here):
    with pytest.raises(RunFolderError, match="holds a study: name the folder of a run in it"):
        report(Path("runs/small-1"))
    with pytest.raises(InputError, match="is the folder of a study: name that of a run in it"):
        qa.verify("runs/small-1")
    cell = Path("runs/small-1/cells") / ALL[0]
    with pytest.raises(InputError, match=f"is a folder: name {cell}/run$"):
        qa.verify(cell)


def test_what_is_wrong_with_the_data_is_told_before_anything_is_written(here):
    shutil.rmtree("runs")
    edit("task/digits.yaml", "target: digit", "target: digits")
    with pytest.raises(InputError, match="did you mean 'digit'"):
        study()
    assert not Path("runs").exists()


def test_a_stray_rubric_key_is_told_with_its_own_file_and_line(here):
    edit("task/digits.yaml", "margin: 0.1", "margn: 0.1")
    with pytest.raises(RubricError, match=r"task/digits\.yaml:10: metrics\[0\].*margn"):
        study()


def test_code_of_ones_own_is_looked_up_beside_the_rubric_of_the_task(here):
    edit("task/digits.yaml", "{tensor: {shape: [1, 8, 8], divide: 16}}", "ours_of_a_study:prepare")
    Path("task/ours_of_a_study.py").write_text(
        "import numpy as np\n\n\ndef prepare(rows):\n"
        "    pixels = np.stack([np.asarray(x) for x in rows['pixels'].to_pylist()])\n"
        "    return (pixels.reshape(-1, 1, 8, 8) / 16).astype('float32')\n"
    )
    told = Told()
    found = study(told)
    assert told.ran == ALL
    assert found.cells[0].truth
    edit("task/ours_of_a_study.py", "/ 16", "/ 16.0")
    again = Told()
    study(again)
    assert again.ran == ALL


def test_an_outcome_that_was_not_got_at_first_is_marked_in_its_own_row(here):
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.2")
    study()
    edit("task/digits.yaml", "margin: 0.2", "margin: 0.3")
    study()
    text = Path("runs/small-1/study.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith("| digits / one / fp16 |"))
    assert ", amended twice" in row.split("|")[2]
    assert "4 of them not at the first try" in text
    assert "after results of the triple had been seen" in text


def test_another_confidence_is_an_amendment_of_every_cell_and_told(here):
    edit("study.yaml", "study: small/1", "study: small/1\nconfidence: 0.8")
    found = study()
    assert all(cell.amendments for cell in found.cells)
    assert "the confidence was changed after results had been told: first 0.95, now 0.8" in (
        found.findings
    )


def test_a_deleted_run_folder_is_told_of_by_the_study(here):
    shutil.rmtree(Path("runs/small-1/cells") / ALL[0])
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.3")
    found = study()
    assert [cell.anew for cell in found.cells] == [1, 0, 0, 0]
    assert found.cells[0].amendments == 0
    assert any("begun anew" in one and "digits / one / fp16" in one for one in found.findings)
    text = Path("runs/small-1/study.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith("| digits / one / fp16 |"))
    assert ", begun anew once" in row.split("|")[2]
    # and it stays so
    assert study().findings == found.findings


def test_a_scheme_under_another_name_is_told_of_though_its_folders_are_deleted(here):
    edit("study.yaml", "  fp16: {scheme", "  half: {scheme")
    for model in ("one", "two"):
        shutil.rmtree(Path("runs/small-1/cells/digits") / model / "fp16")
    said = " | ".join(study().findings)
    assert "measured only after results of others had been told: 'digits / one / half'" in said
    assert "measured before, and deleted since: 'cells/digits/one/fp16/run'" in said


def test_a_journal_of_the_study_that_was_changed_by_hand_is_refused(here):
    path = Path("runs/small-1/journal.jsonl")
    path.write_text(path.read_text().replace('"confidence": 0.95', '"confidence": 0.8'))
    study()  # the last line alone can be rewritten: each holds the digest of the one before
    path.write_text(path.read_text().replace('"confidence": 0.8', '"confidence": 0.9', 1))
    with pytest.raises(RunFolderError, match="by hand"):
        study()


def test_one_file_under_two_names_is_told_of(here):
    assert (
        "digits: 'one', 'two' are one model file, and count as models of their own"
        in (written()["findings"])
    )


def test_what_differs_beside_the_axis_is_told_of(here):
    shutil.copy(DIGITS / "fp32.onnx", "task/other.onnx")
    model = onnx.load("task/other.onnx")
    model.producer_name = "another"
    model.graph.initializer[0].raw_data = bytes(len(model.graph.initializer[0].raw_data))
    onnx.save(model, "task/other.onnx")
    edit(
        "study.yaml",
        "schemes:\n",
        "  more: {rubric: task/digits.yaml, models: {one: {model: task/other.onnx}}}\nschemes:\n",
    )
    edit(
        "study.yaml",
        "{scheme: onnxruntime-dynamic}",
        "{scheme: onnxruntime-dynamic, tasks: {more: {options: {per_channel: true}}}}",
    )
    said = study().findings
    assert any("dynamic differs between tasks in 'options'" in one for one in said)
    assert any("a model of its own by the name of 'one'" in one for one in said)


def test_metrics_in_another_order_are_the_same_study_by_another_headline(here):
    edit("task/digits.yaml", "[{name: top1, margin: 0.1}]", "[{name: top1, margin: 0.1}, brier]")
    assert study().headline == {"digits": "top1"}
    edit(
        "task/digits.yaml",
        "[{name: top1, margin: 0.1}, brier]",
        "[brier, {name: top1, margin: 0.1}]",
    )
    edit("study.yaml", "schemes:\n", "schemes:\n  int4: {scheme: onnxruntime-int4}\n")
    told = Told()
    found = study(told)
    assert told.ran == ["digits/one/int4", "digits/two/int4"]
    assert found.headline == {"digits": "brier"}
    assert "digits was first told of by 'top1', which is not its first metric now" in found.findings


def test_a_folder_deleted_before_the_study_told_of_it_is_known_too(here):
    shutil.rmtree("runs")
    with pytest.raises(KeyboardInterrupt):
        study(Told(stop="cell 2 of 4"))
    shutil.rmtree(Path("runs/small-1/cells") / ALL[0])
    edit("task/digits.yaml", "margin: 0.1", "margin: 0.3")
    assert [cell.anew for cell in study().cells] == [1, 0, 0, 0]
