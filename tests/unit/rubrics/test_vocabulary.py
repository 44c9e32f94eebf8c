"""What installed plugins tell a rubric."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from quantassay import plugins
from quantassay.errors import InputError
from quantassay.rubrics.vocabulary import Installed

INSTALLED = Installed()
CALIBRATED = {
    "llmcompressor-gptq", "llmcompressor-smoothquant", "nncf-gptq", "nncf-int8",
    "nncf-smoothquant", "onnxruntime-static",
}  # fmt: skip


def required(name: str) -> list[str]:
    found = plugins.load("metrics", name)
    return [
        field.name
        for field in fields(found)
        if field.init and field.default is MISSING and field.default_factory is MISSING
    ]


@pytest.mark.parametrize("name", plugins.names("metrics"))
def test_every_metric_can_be_asked(name: str) -> None:
    assert INSTALLED.options(name) is not None
    if required(name):
        with pytest.raises(InputError, match=required(name)[0]):
            INSTALLED.traits(name, {})
        return
    traits = INSTALLED.traits(name, {})
    assert traits.label
    assert traits.described or traits.limit or traits.uncapped


def test_required_options_are_those_of_the_question() -> None:
    assert required("recorded") == ["column"]
    assert INSTALLED.traits("recorded", {"column": "acc", "binary": True}).label == "acc"


def test_described_metrics_say_why() -> None:
    assert "biased" in INSTALLED.traits("ece", {}).described
    assert INSTALLED.traits("top1", {}).described == ""


def test_limits_are_those_of_the_metric() -> None:
    assert INSTALLED.traits("top1", {}).limit == 1
    assert INSTALLED.traits("brier", {}).limit == 2
    assert INSTALLED.traits("nll", {"clip": 10.0}).limit == 10
    assert INSTALLED.traits("nll", {}).uncapped


def test_labels_name_the_options() -> None:
    assert INSTALLED.traits("topk", {"k": 3}).label == "top3"


def test_options_have_types() -> None:
    assert INSTALLED.options("topk") == {"k": int}


def test_wrong_options_are_input_errors() -> None:
    with pytest.raises(InputError, match="k is 0"):
        INSTALLED.traits("topk", {"k": 0})


@pytest.mark.parametrize("name", plugins.names("schemes"))
def test_every_scheme_says_whether_it_needs_samples(name: str) -> None:
    assert INSTALLED.needs_calibration(name) is (name in CALIBRATED)
