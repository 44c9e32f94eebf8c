"""Keys and types: every complaint with its line, key path and mend."""

from __future__ import annotations

import pytest

DATA = "{path: test.csv, id: image, input: pixels, target: digit}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("confidence: 0.95", "confidense: 0.95", "17: confidense: unknown key (did you mean 'conf"),
        ("  name: digits", "  nam: digits", "3: task.nam: unknown key (did you mean 'name'?)"),
        (
            "confidence: 0.95",
            "composition: x",
            "17: composition: unknown key (it belongs under 'ta",
        ),
        (
            "  name: digits",
            "  name: d\n  seed: 3",
            "4: task.seed: unknown key (it belongs at the t",
        ),
        ("samples: 256", "zzz: 256", "16: calibrations.train.zzz: unknown key (known here: data, "),
        ("samples: 256", "sampels: 2", "16: calibrations.train.sampels: unknown key (did you mean"),
        ("path: test.csv, ", "", "4: task.data.path: missing (the file, relative to the rubric)"),
        ("reference: fp32\n", "", "1: reference: missing (what loss is measured against; the firs"),
        ("  - {name: ece}", "  - {margin: 1}", "10: metrics[1].name: missing (a registered metric"),
        (
            "  name: digits",
            "  name: 3",
            "3: task.name: wanted text, got the number 3 (write '3' in",
        ),
        ("  name: digits", "  name: ", "3: task.name: wanted text, got nothing"),
        ("  name: digits", "  name: ''", "3: task.name: must not be empty"),
        ("  name: digits", f"  name: {'x' * 300}", "3: task.name: is too long: at most 200"),
        (DATA, "test.csv", "4: task.data: wanted a mapping of keys to values, got the text 'test."),
        ("input: pixels", "input: 3", "4: task.data.input: wanted text or a list or a mapping of"),
        ("input: pixels", "input: [f0, 3]", "4: task.data.input[1]: wanted text, got the number 3"),
        ("input: pixels", "input: [f0]", "4: task.data.input: a list needs at least 2 columns: wr"),
        ("input: pixels", "input: []", "4: task.data.input: a list needs at least 2 columns: wr"),
        ("input: pixels", "input: [a, b, a]", "4: task.data.input: 'a' is listed twice"),
        (
            "  - digit",
            "  - 3",
            "6: strata[0]: wanted a mapping of keys to values or just a name, g",
        ),
        ("[8, 9]", "[8, ~]", "7: strata[1].where.digit[1]: wanted text, a number, true or false, "),
        ("[8, 9]", "{a: 1}", "7: strata[1].where.digit: wanted text, a number, true or false or a"),
        ("critical: true", "critical: 1", "7: strata[1].critical: wanted true or false, got the n"),
        ("samples: 256", "samples: 2.5", "16: calibrations.train.samples: wanted a whole number, "),
        ("samples: 256", "samples: '256'", "16: calibrations.train.samples: wanted a whole number"),
        ("samples: 256", "samples: 0", "16: calibrations.train.samples: must be above 0, is 0"),
        ("samples: 256", "method: entropi", "16: calibrations.train.method: must be 'minmax', 'en"),
        ("margin: 0.02", "margin: 0", "9: metrics[0].margin: must be above 0, is 0"),
        ("margin: 0.02", "margin: -0.5", "9: metrics[0].margin: must be above 0, is -0.5"),
        ("margin: 0.02", "margin: .nan", "9: metrics[0].margin: must be a finite number, is nan"),
        ("margin: 0.02", "margin: .inf", "9: metrics[0].margin: must be a finite number, is inf"),
        ("margin: 0.02", "margin: 2%", "9: metrics[0].margin: wanted a number, got the text '2%' "),
        ("margin: 0.02", "margin: yes", "9: metrics[0].margin: wanted a number, got the text 'yes"),
        ("margin: 0.02", "margin: true", "9: metrics[0].margin: wanted a number, got true"),
        ("margin: 0.02", "margin: [1]", "9: metrics[0].margin: wanted a number, got a list"),
        ("margin: 0.02", "margin: {gate: false}", "9: metrics[0].margin.value: missing (the large"),
        ("rare: 0.05", "rare: {value: -1}", "9: metrics[0].by.rare.value: must be above 0, is -1"),
        ("rare: 0.05", "rare: 0", "9: metrics[0].by.rare: must be above 0, is 0"),
        ("0.95", "95", "17: confidence: must be below 1, is 95 (did you mean 0.95?)"),
        ("0.95", "1", "17: confidence: must be below 1, is 1"),
        ("0.95", "0.05", "17: confidence: must be at least 0.7, is 0.05"),
        ("0.95", "95%", "17: confidence: wanted a number, got the text '95%' (did you mean 0.95?)"),
        ("0.95", ".nan", "17: confidence: must be a finite number, is nan"),
        ("confidence: 0.95", "seed: -1", "17: seed: must be at least 0, is -1"),
        (
            "confidence: 0.95",
            "timing: {warmup: 2h}",
            "17: timing.warmup: '2h' is not a duration: w",
        ),
        (
            "confidence: 0.95",
            "timing: {speedup: 20%}",
            "17: timing.speedup: wanted a number, got the text '20%' (a multiple of the refe",
        ),
        (
            "confidence: 0.95",
            "timing: {price: 0.35}",
            "17: timing.price: wanted a mapping of keys to values, got the number 0.35 (its keys: "
            "per_hour, currency)",
        ),
        ("confidence: 0.95", "timing: {blocks: 3}", "17: timing.blocks: must be at least 10, is 3"),
        ("confidence: 0.95", "small_strata: pol", "17: small_strata: must be 'block', 'pool' or '"),
        ("reference: fp32", "reference: []", "11: reference: must not be empty"),
        ("reference: fp32", "reference: {a: 1}", "11: reference: wanted a list, got a mapping"),
        ("fp32: {model: model.onnx}", "fp32: model.onnx", "13: variants.fp32: wanted a mapping of"),
        ("fp32: {model: model.onnx}", "fp32: {}", "13: variants.fp32: name exactly one of 'model'"),
        ("{model: model.onnx}", "{model: a, predictions: b}", "13: variants.fp32: name exactly on"),
        ("{model: model.onnx}", "{model: a, engine: 'python:a:b'}", "13: variants.fp32: name exac"),
        (", of: fp32", "", "14: variants.int8: 'scheme' and 'of' go together"),
        ("{model: model.onnx}", "{model: a, options: {b: 1}}", "13: variants.fp32: 'options' are "),
        ("{model: model.onnx}", "{predictions: a, engine: b}", "13: variants.fp32: recorded predi"),
        (
            "  - digit",
            "  - {column: digit, bins: [3, 1]}",
            "6: strata[0]: 'bins' must rise strictl",
        ),
        (
            "  - digit",
            "  - {where: {digit: 1}}",
            "6: strata[0]: a stratum with 'where' needs a 'na",
        ),
        ("  - digit", "  - {name: a}", "6: strata[0]: name exactly one of 'column' and 'where'"),
        (
            "  - digit",
            "  - {name: a, where: {}}",
            "6: strata[0]: 'where' is empty: name a column a",
        ),
        (
            "  - digit",
            "  - {name: a, where: {b: 1}, bins: [1]}",
            "6: strata[0]: 'bins' go with 'co",
        ),
        (
            "  name: digits",
            "  name: d\n  preprocess: {}",
            "4: task.preprocess: name exactly one of",
        ),
        (
            "  name: digits",
            "  name: d\n  preprocess: {tensor: {std: 0}}",
            "4: task.preprocess.tens",
        ),
        (
            "  name: digits",
            "  name: d\n  preprocess: {image: {size: [1]}}",
            "4: task.preprocess.ima",
        ),
    ],
)
def test_each_wrong_value_has_its_line(complaint, old: str, new: str, said: str) -> None:
    text = complaint((old, new))
    assert f"assay.yaml:{said}" in text
    assert "nput should" not in text
    assert "pydantic" not in text


def test_a_misspelt_key_of_a_metric_is_not_an_option(complaint) -> None:
    assert complaint(("margin: 0.02", "marginn: 0.02")) == (
        "assay.yaml:9: metrics[0].marginn: unknown key (did you mean 'margin'?)"
    )


def test_shorthand_and_long_form_are_the_same(rubrics) -> None:
    long = rubrics.load(
        ("  - digit\n", "  - {column: digit}\n"),
        ("margin: 0.02", "margin: {value: 0.02, gate: true}"),
        ("- {name: ece}", "- ece"),
        ("reference: fp32", "reference: [fp32]"),
    )
    assert long.digest == rubrics.load().digest


@pytest.mark.parametrize(
    ("written", "seconds"), [("2s", 2.0), ("500ms", 0.5), ("1 min", 60.0), ("3", 3.0)]
)
def test_durations(rubrics, written: str, seconds: float) -> None:
    loaded = rubrics.load(("confidence: 0.95", f"timing: {{duration: {written}}}"))
    assert loaded.rubric.timing.duration == seconds
