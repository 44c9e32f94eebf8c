"""What is wrong with a rubric is said before anything is measured: file, line, key, mend."""

from __future__ import annotations

import pytest

ONE = [
    ({"confidenc": 0.9}, ("confidenc: unknown key (did you mean 'confidence'?)",)),
    ({"confidence": 95}, ("confidence", "must be below 1", "did you mean 0.95?")),
    ({"confidence": "high"}, ("confidence", "wanted a number", "'high'")),
    ({"metrics": [{"name": "top1", "margin": 0}]}, ("metrics[0].margin", "above 0")),
    ({"metrics": [{"name": "top1", "margin": -0.01}]}, ("metrics[0].margin", "above 0")),
    ({"metrics": [{"name": "top1", "margin": "1%"}]}, ("metrics[0].margin", "did you mean 0.01?")),
    ({"metrics": [{"name": "top1", "margin": 5}]}, ("would pass anything", "did you mean 0.05?")),
    ({"metrics": [{"name": "top1", "margin": float("nan")}]}, ("metrics[0].margin",)),
    ({"metrics": [{"name": "top11"}]}, ("metrics[0].name", "'top11'", "did you mean 'top1'?")),
    ({"metrics": []}, ("metrics",)),
    ({"metrics": "top1"}, ("metrics", "wanted a list")),
    ({"strata": [{"column": 3}]}, ("strata[0].column", "wanted text")),
    (
        {"metrics": [{"name": "top1", "by": {"clas": 0.1}}], "strata": ["class"]},
        ("metrics[0].by.clas", "did you mean 'class'?"),
    ),
    ({"reference": "fp16"}, ("reference", "no variant is called 'fp16'")),
    ({"variants": {"low": {"model": "low.onnx", "engine": "onnxruntim"}}}, ("'onnxruntime'?",)),
    (
        {"variants": {"low": {"model": ..., "scheme": "onnxruntime-statc", "of": "fp32"}}},
        ("variants.low.scheme", "did you mean 'onnxruntime-static'?"),
    ),
    ({"task": {"data": {"reader": "tabel"}}}, ("task.data.reader", "did you mean 'table'?")),
    ({"task": {"outputs": {"kind": "logit"}}}, ("task.outputs.kind", "did you mean 'logits'?")),
    ({"task": {"data": ...}}, ("task.data", "missing")),
    ({"variants": {"../low": {"model": "low.onnx"}}}, ("must not contain '/'",)),
]


@pytest.mark.parametrize(("changes", "words"), ONE, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_named_with_file_line_and_key(run, assay, changes, words):
    line = run(changes).refused("assay.yaml:", *words)
    assert line.split("assay.yaml:")[1].split(":")[0].isdigit()
    assert not assay.out.exists()


def test_several_errors_are_several_lines(run, assay):
    outcome = run({"confidenc": 1, "reference": "fp16", "seed": "x"})
    assert outcome.code == 2
    assert len(outcome.errors) >= 2
    assert all("assay.yaml:" in line for line in outcome.errors)
    assert not assay.out.exists()


def test_a_rubric_that_is_not_there_names_its_neighbour(command, assay):
    assay.write()
    command("run", "asay.yaml").refused("asay.yaml", "no such file", "'assay.yaml'")


def test_a_rubric_that_is_a_folder(command, assay):
    (assay.folder / "folder.yaml").mkdir()
    command("run", "folder.yaml").refused("folder.yaml", "is a folder")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("is empty", "quantassay draft")),
        (b"\x93NUMPY\x01\x00\xff\xfe", ("UTF-8",)),
        (b"PK\x03\x04\x00\x00\x00", ("not valid YAML",)),
        (b"just a text", ("must be a mapping",)),
        (b"rubric: [1, 2\n", ("not valid YAML",)),
        (b"a: &a [*a]\n", ("bad.yaml:1",)),
        (b"rubric: x\nrubric: y\n", ("already stands on line 1",)),
        (b"--- \na: 1\n---\nb: 2\n", ("one document",)),
    ],
)
def test_a_rubric_that_is_no_rubric(command, tmp_path, content, words):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    command("run", path).refused("bad.yaml", *words)


def test_a_large_binary_file_is_not_read_whole(command, tmp_path):
    path = tmp_path / "model.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    command("run", path).refused("model.yaml", "is over")


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(command, assay):
    path = assay.write()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert command("run", path, "--out", assay.out).code == 0


def test_the_same_is_said_by_plan(command, assay):
    line = command("plan", assay.write({"confidence": 95})).refused("did you mean 0.95?")
    assert line.count("assay.yaml:") == 1


def test_an_option_that_is_not_there_is_one_line(command):
    command("run", "--colour").refused("--colour")
    command("rnu").refused("rnu")


def test_the_gold_answer_is_no_input(run):
    run({"task": {"data": {"input": {"x": "target"}}}}).refused("task.data.input", "gold answer")
    run({"task": {"data": {"target": "x"}}}).refused("task.data.input", "gold answer")
