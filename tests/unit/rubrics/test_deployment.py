"""A deployment file says what is wrong with it, line by line."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from quantassay.errors import RubricError
from quantassay.rubrics.deployment_load import declared, deployment_schema, load_deployment

EXAMPLE = Path(__file__).parents[3] / "examples" / "digits" / "deployment.yaml"
DIGEST = "ab" * 32


def refused(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RubricError) as error:
        load_deployment(path)
    return str(error.value).replace(f"{path}:", "").splitlines()


def read(tmp_path: Path, text: str):
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    return declared(load_deployment(path).file)


def test_the_example_loads_and_fits_the_schema() -> None:
    there = declared(load_deployment(EXAMPLE).file)
    assert there.mix["domain"] == {"in-domain": 0.9, "shifted": 0.1}
    jsonschema.validate(yaml.safe_load(EXAMPLE.read_text()), deployment_schema())
    jsonschema.Draft202012Validator.check_schema(deployment_schema())


def test_a_name_is_enough_and_says_nothing_else(tmp_path) -> None:
    there = read(tmp_path, "deployment: x")
    assert there.name == "x"
    assert not there.mix
    assert (there.task, there.base, there.metric, there.executor) == (None, None, None, {})


def test_text_stands_for_a_part(tmp_path) -> None:
    there = read(
        tmp_path,
        f"deployment: x\ntask: digits\nmodel: {{base: a.onnx, quantized: {DIGEST}}}\n"
        "metric: top1\nreference: fp32\ncalibration: 64 samples\ncritical: [digit=8]\n"
        "executor: {threads: 2, instructions: [avx2, amx]}\n",
    )
    assert there.base is not None
    assert there.quantized is not None
    assert (there.base.path, there.quantized.digest) == ("a.onnx", f"sha256:{DIGEST}")
    assert (there.task, there.metric, there.calibration) == ("digits", "top1", "64 samples")
    assert there.critical[0].stratum == {"digit": "8"}
    assert there.executor == {"threads": "2", "instructions": "avx2, amx"}


def test_counts_become_shares(tmp_path) -> None:
    there = read(tmp_path, "deployment: x\nmix: {digit: {'1': 30, '8': 10}}")
    assert there.mix["digit"] == {"1": 0.75, "8": 0.25}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("metrik: top1", "2: metrik: unknown key (did you mean 'metric'?)"),
        ("executor: {procesor: x}",
         "2: executor.procesor: unknown key (did you mean 'processor'?)"),
        ("metric: {name: top1, margin: 2%}", "2: metric.margin: wanted a number, got the text '2%' "
         "(did you mean 0.02?)"),
        ("metric: {name: top1, margin: -1}", "2: metric.margin: must be above 0, is -1"),
        ("metric: {margin: 0.1}", "2: metric.name: missing (as in the claim)"),
        ("mix: {digit: {'1': 0.5, '2': 0.6}}",
         "2: mix: the shares of 'digit' sum to 1.1: they sum to 1, or are whole counts"),
        ("mix: {digit: {'1': 1.0e+308, '2': 1.0e+308}}",
         "2: mix: the shares of 'digit' sum to no number: they sum to 1, or are whole counts"),
        ("mix: {digit: {}}",
         "2: mix: the shares of 'digit' sum to 0: they sum to 1, or are whole counts"),
        ("mix: {digit: {'1': -0.5, '2': 1.5}}", "2: mix.digit.1: must be at least 0, is -0.5"),
        ("mix: {digit: {'1': .nan}}", "2: mix.digit.1: must be a finite number, is nan"),
        ("critical: [digit]",
         "2: critical[0]: 'digit' names no stratum: write 'digit=8', or {stratum: {digit: 8}}"),
        ("task: {test_set: abc}",
         "2: task.test_set: 'abc' is no digest: write 'sha256:' and 64 hexadecimal digits"),
        ("executor: {threads: 0}", "2: executor.threads: must be above 0, is 0"),
        ("production: {}", "2: production.path: missing (the file, relative to this one)"),
        ("deployment: y", "2: deployment: this key already stands on line 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(tmp_path, text: str, line: str) -> None:
    assert refused(tmp_path, f"deployment: x\n{text}\n") == [line]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the deployment is empty"),
        ("[1, 2]", "the deployment must be a mapping"),
        ("a: [b", "not valid YAML"),
        ("deployment: !!python/object:os.system x", "is not allowed"),
        ("deployment: x\n" + "\n".join(f"k{i}: &a{i} [{'*a%d, ' % (i - 1) * 9 if i else 'x'}]"
                                        for i in range(9)), "more than 20,000 values"),
        ("deployment: " + "[" * 500, "nested more than 32 deep"),
        ("deployment: x\n" + "# " + "x" * 1_000_001, "a deployment is a page"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused(tmp_path, text: str, words: str) -> None:
    assert words in " ".join(refused(tmp_path, text))


def test_a_missing_file_says_what_is_beside_it(tmp_path) -> None:
    (tmp_path / "deployment.yaml").write_text("deployment: x")
    with pytest.raises(RubricError, match=r"no such file \(did you mean 'deployment.yaml'\?\)"):
        load_deployment(tmp_path / "deploiment.yaml")
