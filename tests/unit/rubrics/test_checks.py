"""Names that must exist, and declarations without meaning."""

from __future__ import annotations

import re

import pytest

FP32 = "fp32: {model: model.onnx}"
INT8 = "int8: {scheme: onnxruntime-static, of: fp32, calibration: train}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reference: fp32", "reference: fp31", "11: reference: no variant is called 'fp31' (did y"),
        ("reference: fp32", "reference: [fp32, x]", "11: reference[1]: no variant is called 'x'"),
        ("reference: fp32", "reference: [fp32, fp32]", "11: reference[1]: 'fp32' is listed twice"),
        (f"  {INT8}\n", "", "12: variants: needs a second variant: there is no candidate beside"),
        (
            FP32,
            "fp32: {model: m, gate: false}",
            "13: variants.fp32.gate: the deciding reference is",
        ),
        (
            "reference: fp32",
            "reference: int8",
            "11: reference: 'int8' is itself made from 'fp32', ",
        ),
        (
            "onnxruntime-static",
            "onnxruntime-statc",
            "14: variants.int8.scheme: no scheme is called",
        ),
        (
            ", calibration: train",
            "",
            "14: variants.int8.scheme: onnxruntime-static sets ranges from",
        ),
        (
            "calibration: train",
            "calibration: tran",
            "14: variants.int8.calibration: no calibration",
        ),
        (
            "onnxruntime-static",
            "onnxruntime-dynamic",
            "14: variants.int8.calibration: onnxruntime-",
        ),
        ("of: fp32", "of: fp31", "14: variants.int8.of: no variant is called 'fp31' (did you mean"),
        ("of: fp32", "of: int8", "14: variants.int8.of: a circle: int8 of int8"),
        (FP32, "fp32: {predictions: a}", "14: variants.int8.of: 'fp32' has no model file for a sc"),
        (
            FP32,
            "fp32: {model: m, engine: onxruntime}",
            "13: variants.fp32.engine: no engine is cal",
        ),
        (
            FP32,
            "fp32: {engine: python:serve}",
            "13: variants.fp32.engine: 'python:serve' is not of",
        ),
        (
            FP32,
            "fp32: {engine: 'python:a:'}",
            "13: variants.fp32.engine: 'python:a:' is not of the",
        ),
        ("int8:", "../int8:", "14: variants['../int8']: must not contain '/': names become file n"),
        ("int8:", "a\\b:", "14: variants['a\\\\b']: must not contain '\\\\': names become"),
        ("int8:", "..:", "14: variants['..']: must not be dots, or begin or end with a space"),
        ("int8:", '"in\\tt8":', "14: variants['in\\tt8']: must not contain control characters"),
        (
            "int8:",
            "FP32:",
            "14: variants.FP32: differs from 'fp32' only in case: one file for both",
        ),
        ("int8:", f"{'x' * 101}:", "is longer than 100 bytes: names become file names"),
        (
            "{path: test.csv,",
            "{reader: tabel, path: test.csv,",
            "4: task.data.reader: no reader is",
        ),
        ("{path: test.csv,", "{where: {}, path: test.csv,", "4: task.data.where: is empty: name a"),
        ("target: digit", "target: image", "4: task.data.target: 'image' is already the id"),
        ("input: pixels", "input: [f0, digit]", "4: task.data.input: 'digit' is the gold answer"),
        (
            "input: pixels, target: digit}",
            "input: [f0, f1]}\n  preprocess: {image: {}}",
            "4: task.data.input: lists columns, but 'preprocess: image' decodes a single one",
        ),
        (
            "{path: train.csv}",
            "{path: train.csv, input: [f0, f0]}",
            "16: calibrations.train.data.input: 'f0' is listed twice",
        ),
        ("{path: train.csv}", "{path: ./test.csv}", "16: calibrations.train.data: is the test set"),
        (
            "{path: train.csv}",
            "{reader: x, path: a}",
            "16: calibrations.train.data.reader: no read",
        ),
    ],
)
def test_each_wrong_name_has_its_line(complaint, old: str, new: str, said: str) -> None:
    assert f"assay.yaml:{said}" in complaint((old, new)) or said in complaint((old, new))


def test_a_longer_circle_is_said_once(complaint) -> None:
    text = complaint(
        (
            INT8,
            "a: {scheme: onnxruntime-dynamic, of: b}\n"
            "  b: {scheme: onnxruntime-dynamic, of: c}\n"
            "  c: {scheme: onnxruntime-dynamic, of: a}",
        )
    )
    assert text == "assay.yaml:14: variants.a.of: a circle: a of b of c of a"


def test_a_chain_of_schemes_is_no_circle(rubrics) -> None:
    more = f"{INT8}\n  again: {{scheme: onnxruntime-dynamic, of: int8}}"
    assert rubrics.load((INT8, more)).rubric.candidates == ("int8", "again")


def test_a_made_reference_may_decide_when_its_origin_is_shown_too(rubrics) -> None:
    loaded = rubrics.load(("reference: fp32", "reference: [int8, fp32]"))
    assert loaded.rubric.references == ("int8", "fp32")
    assert loaded.rubric.candidates == ("fp32",)


def test_a_recorded_variant_describes_its_calibration_in_words(rubrics) -> None:
    theirs = "theirs: {predictions: a.csv, calibration: 512 files of theirs}"
    rubrics.load((INT8, f"{INT8}\n  {theirs}"))


def test_calibration_on_another_part_of_the_same_file_is_allowed(rubrics) -> None:
    rubrics.load(("{path: train.csv}", "{path: test.csv, where: {split: train}}"))


def test_what_is_not_used_yet_is_announced(rubrics) -> None:
    named = "  name: d\n  production: {path: traffic.csv}"
    [note] = rubrics.load(("  name: digits", named)).warnings
    assert "4: task.production: is recorded; nothing" in note


def test_a_declared_speedup_is_used(rubrics) -> None:
    assert rubrics.load(("confidence: 0.95", "timing: {speedup: 1.2}")).warnings == ()


def test_a_share_is_no_speedup(rubrics) -> None:
    [note] = rubrics.load(("confidence: 0.95", "timing: {speedup: 0.2}")).warnings
    assert "17: timing.speedup: is a multiple of the reference's throughput" in note


def test_a_scheme_that_cannot_be_imported_is_said_with_its_line(rubrics, complaint) -> None:
    from quantassay.errors import PluginError
    from quantassay.rubrics import load
    from quantassay.rubrics.vocabulary import Installed

    class Broken(Installed):
        def needs_calibration(self, scheme: str) -> bool | None:
            msg = f"scheme {scheme!r} needs the package 'onnx', which is not installed"
            raise PluginError(msg)

    with pytest.raises(Exception, match=r"14: variants.int8.scheme: .* needs the package 'onnx'"):
        load.load(rubrics.write(), Broken())


@pytest.mark.parametrize(
    ("variant", "complaint_of"),
    [
        (
            "{scheme: onnxruntime-static, of: fp32, calibration: train, options: {metod: entropy}}",
            r"14: variants.int8.options.metod: scheme 'onnxruntime-static' has no option 'metod' "
            r"\(did you mean 'method'\?\); there are: method, percentile",
        ),
        (
            "{model: int8.onnx, engine: onnxruntime, engine_options: {thread: 2}}",
            r"14: variants.int8.engine_options.thread: engine 'onnxruntime' has no option "
            r"'thread' \(did you mean 'threads'\?\); there are: providers, threads, graph",
        ),
    ],
)
def test_an_option_that_there_is_not_is_said_with_its_line(
    complaint, variant: str, complaint_of: str
) -> None:
    old = "{scheme: onnxruntime-static, of: fp32, calibration: train}"
    assert re.search(complaint_of, complaint((old, variant)))
