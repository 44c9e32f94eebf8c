from __future__ import annotations

from pathlib import Path

import pytest

from quantassay.claims.executors.variants import variant_executor, variant_layers
from quantassay.records.artifacts import Artifact, VariantFacts
from quantassay.records.executor import EngineUse, PrecisionUse

FACTS = VariantFacts("int8", "", None, "int8", True, Artifact(Path("m.onnx"), "sha256:1", 9))


def test_an_engine_as_it_was_used():
    use = EngineUse(
        "ort", "1.31", "cpu", 2, "all", options={"b": "2", "a": "1", "source sha256": "ff"},
        asked="fp32", batch=64,
    )  # fmt: skip
    found = variant_layers(use)
    assert found["engine"].facts == {
        "engine": "ort", "version": "1.31", "provider": "cpu", "threads": 2, "graph level": "all",
        "precision asked": "fp32", "batch": 64, "options": ("a=1", "b=2"),
    }  # fmt: skip
    assert found["application"].facts == {"own code": ("source sha256=ff",)}


def test_what_an_engine_does_not_say_is_unknown():
    found = variant_layers(EngineUse("mine", "1", "cpu", None, None, tells=False))
    assert [found["engine"].facts[key] for key in ("threads", "graph level", "batch")] == [
        "unknown"
    ] * 3
    assert set(found["kernels"].facts.values()) == {"unknown"}


def test_operations_are_counted_by_kind_precision_and_execution():
    ran = [
        PrecisionUse("MatMul", "int8", 2, "native", "a"),
        PrecisionUse("MatMul", "int8", 1, "native", "b"),
        PrecisionUse("Conv", "int8", 4, "emulated", "c"),
    ]
    use = EngineUse("ort", "1", "cpu", 1, None, tuple(ran), full_precision={"Add": 3})
    assert variant_layers(use)["kernels"].facts == {
        "below float32": ("3 MatMul int8 native", "4 Conv int8 emulated"),
        "in float32": ("3 Add",),
    }


def test_what_the_engine_tells_of_its_libraries_stands_in_their_layers():
    use = EngineUse("ov", "1", "CPU", 1, None)
    told = {"driver": {"devices": ("CPU: x",)}, "engine": {"build": "b"}}
    found = variant_executor(FACTS, use, told)
    assert found.layers["driver"].facts == {"devices": ("CPU: x",)}
    assert found.layers["engine"].facts["build"] == "b"
    assert (found.precision, found.artifact, found.note) == ("int8", "sha256:1", "")


@pytest.mark.parametrize("note", ["its answers were recorded elsewhere", "no openvino here"])
def test_a_variant_that_did_not_run_has_a_reason_and_no_layers(note):
    found = variant_executor(FACTS, None, note=note)
    assert (found.layers, found.note) == ({}, note)


def test_what_cannot_be_printed_is_spelled_out():
    use = EngineUse("mine", "1\x1b[2J", "cpu", None, None, options={"a": "\n"})
    found = variant_layers(use)["engine"].facts
    assert (found["version"], found["options"]) == ("1\\x1b[2J", ("a=\\n",))
