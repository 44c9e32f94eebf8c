from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.artifacts import Truth, VariantFacts
from quantassay.records.executor import EngineUse, PrecisionUse
from quantassay.workflows.steps.grounds import UNCHANGED, grounds, lowered, misnamed, unchanged


def variant(precision: str, name: str = "fp32") -> VariantFacts:
    return VariantFacts(name, "m.xml", None, precision, gate=True)


def use(*kinds: str, asked: str = "default") -> EngineUse:
    ran = tuple(PrecisionUse("MatMul", kind, 3, "native", "") for kind in kinds)
    return EngineUse("openvino", "2026", "CPU", 1, None, ran, asked=asked)


@pytest.mark.parametrize("precision", ["fp32", "fp64"])
def test_a_reference_that_ran_below_its_name_is_told(precision: str) -> None:
    told = lowered(variant(precision), use("bf16"))
    assert f"fp32 is no {precision}: openvino ran 3 MatMul in bf16 (asked for default)" in told
    assert misnamed([variant(precision)], {"fp32": use("bf16")}) == [told]


@pytest.mark.parametrize(
    ("precision", "kinds"),
    [("fp32", ()), ("bf16", ("bf16",)), ("fp16", ("bf16",)), ("fp32 with int8 parts", ("int8",))],
)
def test_what_ran_as_it_is_said_is_not(precision: str, kinds: tuple[str, ...]) -> None:
    assert lowered(variant(precision, "given"), use(*kinds)) == ""
    assert lowered(variant(precision, "given"), None) == ""


@pytest.mark.parametrize("spelled", ["f32", "FP-32", "float32", "full precision", "float"])
def test_no_spelling_hides_what_a_reference_ran_in(spelled: str) -> None:
    given = variant(spelled, "given")
    assert lowered(given, use("bf16")).startswith("given is no fp32: openvino ran 3 MatMul in bf16")
    assert lowered(given, use("int5"))


def test_a_reference_is_what_its_name_says() -> None:
    assert lowered(variant("fp16"), use("fp16")).startswith("fp32 is no fp32")
    assert lowered(variant("fp32 with fp16 weights"), use("fp16")) == ""


def made(scheme: str | None, truth: Truth | None) -> VariantFacts:
    return VariantFacts("int8", "fp32", scheme, "int8", gate=True, truth=truth)


def test_a_scheme_that_lowered_nothing_is_no_scheme() -> None:
    same = Truth(changed=False, summary="")
    folded = Truth(changed=True, summary="", lowered=False)
    assert unchanged(made(None, same))
    assert unchanged(made("nncf-int8", folded))
    assert not unchanged(made(None, folded))
    assert not unchanged(made(None, None))


def test_the_same_file_in_a_lower_precision_is_a_variant() -> None:
    fp32, same = variant("fp32"), made(None, Truth(changed=False, summary=""))
    assert grounds("fp32", [fp32, same], {"fp32": use(), "int8": use("bf16")}) == {}
    assert grounds("fp32", [fp32, same], {"fp32": use(), "int8": use()}) == {"int8": UNCHANGED}
    scheme = made("nncf-int8", Truth(changed=False, summary=""))
    assert grounds("fp32", [fp32, scheme], {"fp32": use(), "int8": use("bf16")})


@pytest.mark.parametrize(
    ("precision", "name", "truth", "ran", "told"),
    [
        ("int8", "small", Truth(True, "", lowered=False, stored="fp32"), (), "fp32"),
        ("fp32", "int8", Truth(True, "", lowered=False, stored="fp32"), (), "fp32"),
        ("INT4 (GPTQ)", "small", Truth(True, "", stored="int8"), ("int8",), "int8"),
        ("int8", "small", Truth(True, "", stored="fp16"), ("fp16",), "fp16"),
        ("int8", "small", Truth(True, "", stored="fp16"), ("fp16", "int8"), ""),
        ("int8", "small", Truth(True, "", stored="fp32"), (), ""),
        ("int8", "small", Truth(True, "", stored="Q4_K"), (), ""),
        ("int4", "small", Truth(True, "", stored="int8", bits_per_weight=4.5), ("int8",), ""),
        ("int8 simulated in fp32", "int8", Truth(True, "", lowered=False, stored="fp32"), (), ""),
    ],
)
def test_a_candidate_that_is_nowhere_as_narrow_as_it_is_said_to_be(
    precision: str, name: str, truth: Truth, ran: tuple[str, ...], told: str
) -> None:
    one = replace(variant(precision, name), truth=truth)
    found = grounds("fp32", [variant("fp32"), one], {"fp32": use(), name: use(*ran)})
    assert (told in found[name]) if told else not found


def test_what_is_narrow_in_its_file_alone_is_told() -> None:
    one = replace(variant("int8 dynamic", "int8"), truth=Truth(True, "", stored="int8"))
    ran = replace(use("bf16"), full_precision={"Convolution": 3, "FullyConnected": 2})
    assert misnamed([one], {"int8": ran}) == [
        "int8 is int8 in its file alone: openvino ran no operation in it, 5 in full precision"
    ]
    assert misnamed([one], {"int8": replace(ran, precisions=use("int8").precisions)}) == []
    assert misnamed([one], {"int8": replace(ran, tells=False)}) == []


def test_every_candidate_falls_with_its_reference() -> None:
    both = [variant("fp32"), made("nncf-int8", None), made(None, Truth(changed=False, summary=""))]
    both[2] = replace(both[2], name="copy")
    found = grounds("fp32", both, {"fp32": use("bf16")})
    assert found["int8"].startswith("fp32 is no fp32")
    assert found["copy"] == UNCHANGED
    assert grounds("fp32", both[:2], {"fp32": use()}) == {}
