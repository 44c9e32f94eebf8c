from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.artifacts import Truth, VariantFacts
from quantassay.records.executor import EngineUse, PrecisionUse
from quantassay.workflows.steps.grounds import UNCHANGED, grounds, lowered, misnamed, unchanged


def variant(precision: str) -> VariantFacts:
    return VariantFacts("fp32", "m.xml", None, precision, gate=True)


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
    assert lowered(variant(precision), use(*kinds)) == ""
    assert lowered(variant(precision), None) == ""


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


def test_every_candidate_falls_with_its_reference() -> None:
    both = [variant("fp32"), made("nncf-int8", None), made(None, Truth(changed=False, summary=""))]
    both[2] = replace(both[2], name="copy")
    found = grounds("fp32", both, {"fp32": use("bf16")})
    assert found["int8"].startswith("fp32 is no fp32")
    assert found["copy"] == UNCHANGED
    assert grounds("fp32", both[:2], {"fp32": use()}) == {}
