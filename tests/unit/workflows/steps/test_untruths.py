from pathlib import Path

import pytest

from quantassay.records.artifacts import Artifact, Truth
from quantassay.rubrics.variant import Variant
from quantassay.workflows.steps.untruths import percent, untruths
from quantassay.workflows.steps.variants import Prepared


def said(
    name="low",
    precision="int8",
    stored=None,
    model="low.onnx",
    ran_lower=False,
    declared=False,
    **truth,
):
    facts = {"summary": "", "stored": "int8", "layers_low": 4, "layers": 4, **truth}
    one = Prepared(
        name, Variant(model=model, precision=precision if declared else None),
        precision=precision, stored=stored,
        artifact=Artifact(Path(model), "sha256:1", 1), truth=Truth(**{"changed": True, **facts}),
    )  # fmt: skip
    return untruths({name: one}, [] if ran_lower else [name])


def test_what_is_as_it_is_called_is_not_mentioned():
    assert said(low_precision_share=0.99, bits_per_weight=8.4, nearest_share=1.0) == []


@pytest.mark.parametrize(
    ("precision", "stored", "contradicts"),
    [
        ("int4", "int8", True),
        ("int4 weights", "int8", True),
        ("int4 weights", "int4", False),
        ("w4a16", "int4", False),
        ("w4a16", "int8", True),
        ("int8 dynamic", "int8", False),
        ("fp16", "bf16", True),
        ("float32", "fp32", False),
        ("uint8", "int8", False),
        ("mixed", "fp32", False),
        ("undisclosed", "int8", False),
        ("Q4_K_M", "int8", True),
        ("int8", "q8_0", False),
    ],
)
def test_a_precision_that_the_weights_contradict(precision, stored, contradicts):
    found = said(precision=precision, stored=stored)
    assert bool(found) == contradicts
    assert all(f"declared as {precision}, but most of its weights are {stored}" in f for f in found)


def test_what_is_stored_is_told_of_schemes_too():
    assert "most of its weights are int8" in said(precision="int4")[0]


def test_a_part_that_is_low_explains_why_most_is_not():
    (found,) = said(stored="fp32", layers_low=1, low_precision_share=0.2, low_macs_share=0.5)
    assert found == (
        "low: only 1 of 4 layers is in low precision (20 % of the weights, 50 % of the "
        "multiplications)"
    )


def test_the_same_file_that_ran_lower_is_told_as_that():
    (found,) = said(precision="bf16", changed=False, ran_lower=True)
    assert found == "low: the same model as the reference: only what it ran in is lower"
    assert "changed nothing" in said(precision="bf16", changed=False)[0]


def test_full_precision_by_other_words_is_told():
    (found,) = said(precision="four bits, AWQ", stored="fp32", lowered=False, declared=True)
    assert found == (
        "low: declared as 'four bits, AWQ', yet nothing runs, or is stored, in lower precision "
        "than in the reference"
    )
    assert said(precision="fp32", stored="fp32", lowered=False, declared=True) == []


def test_more_bits_than_named():
    assert said(precision="int4", stored="int4", bits_per_weight=5.125) == [
        "low: 5.1 bits per weight, scales included, not 4"
    ]
    assert said(precision="int4", stored="int4", bits_per_weight=4.5) == []


@pytest.mark.parametrize(
    ("name", "model", "share", "compared", "caught"),
    [
        ("w4-GPTQ", "low.onnx", 1.0, 1.0, True),
        ("low", "model-gptq.onnx", 0.9999999, 1.0, True),
        ("gptq", "low.onnx", 0.95, 1.0, False),
        ("gptq", "low.onnx", 1.0, 0.1, False),
        ("gptq", "low.onnx", None, None, False),
        ("rtn", "low.onnx", 1.0, 1.0, False),
    ],
)
def test_gptq_that_is_round_to_nearest(name, model, share, compared, caught):
    found = said(name, model=model, nearest_share=share, compared=compared)
    assert any("in effect round-to-nearest" in text for text in found) == caught


def test_nothing_changed_is_all_that_is_said():
    assert said("gptq", changed=False, lowered=False, nearest_share=1.0, compared=1.0) == [
        "gptq: changed nothing: neither operations nor weights differ from the reference"
    ]


def test_a_share_is_never_rounded_to_all_or_nothing():
    assert [percent(s) for s in (0.0, 1e-12, 1e-4, 0.5, 0.99999, 1 - 1e-12, 1.0)] == [
        "0 %", "under 1e-8 %", "0.01 %", "50 %", "99.999 %", "over 99.9999 %", "100 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "options", "told"),
    [
        ("openvino", {}, []),
        ("onnxruntime", {}, ["b: the same model as a, byte for byte: two names for one result"]),
        ("openvino", {"weight": "QUInt8"}, ["b: the same model as a, byte for byte"]),
    ],
)
def test_one_model_in_two_engines_is_no_surprise(engine, options, told):
    made = {"scheme": "onnxruntime-dynamic", "of": "fp32"}
    declared = (("a", "onnxruntime", {}, ()), ("b", engine, options, ("a",)))
    pair = {
        name: Prepared(
            name, Variant(**made, options=given), runs, precision="int8", stored="int8",
            artifact=Artifact(Path(name), "sha256:1", 1),
            truth=Truth(changed=True, summary="", same_as=same),
        )
        for name, runs, given, same in declared
    }  # fmt: skip
    found = untruths(pair, list(pair))
    assert len(found) == len(told)
    assert all(text.startswith(start) for text, start in zip(found, told, strict=True))
