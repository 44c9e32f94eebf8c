from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.claims.executors.compare import compared, compared_variants
from quantassay.records.executor import (
    LAYERS,
    Criterion,
    ExecutorSpecification,
    Layer,
    VariantExecutor,
)
from quantassay.records.executor_comparison import FactDifference

TEXT = st.sampled_from(["unknown", "none", "a", "b"])
FACTS = st.dictionaries(
    st.sampled_from(["x", "y", "z"]),
    st.one_of(TEXT, st.integers(0, 2), st.lists(TEXT, max_size=2).map(tuple)),
    max_size=3,
)
LAYER = st.builds(Layer, FACTS, FACTS)
LAYER_MAP = st.dictionaries(st.sampled_from(LAYERS), LAYER, max_size=4)
CRITERIA = st.none() | st.builds(
    Criterion,
    st.dictionaries(
        st.sampled_from(["top1", "brier"]),
        st.dictionaries(st.sampled_from(["overall", "digit"]), st.sampled_from([0.01, 0.02])),
    ),
    st.just(0.95),
    st.sampled_from([None, 1.5]),
    st.booleans(),
)
VARIANT = st.builds(VariantExecutor, st.just("int8"), st.none(), LAYER_MAP, CRITERIA)
SPEC = st.builds(
    ExecutorSpecification,
    st.sampled_from(["now", "then"]),
    LAYER_MAP,
    st.dictionaries(st.sampled_from(["one", "two"]), VARIANT, max_size=2),
)


@given(SPEC)
def test_an_executor_is_the_same_as_itself(found):
    same = compared(found, found)
    assert not same.differs
    assert same.one == same.other
    assert [one.layer for one in same.layers] == list(LAYERS)


@given(SPEC, SPEC)
def test_swapping_the_sides_mirrors_the_comparison(one, other):
    there, back = compared(one, other), compared(other, one)
    assert (there.one, there.other) == (back.other, back.one)
    assert there.alone == back.alone[::-1]
    assert mirrored(there.criteria) == set(back.criteria)
    for first, second in zip(there.layers, back.layers, strict=True):
        assert (first.layer, first.standing) == (second.layer, second.standing)
        assert set(first.unrecorded) == set(second.unrecorded)
        assert mirrored(first.differences) == set(second.differences)


def mirrored(found):
    return {FactDifference(one.fact, one.other, one.one, one.variants) for one in found}


@given(SPEC, SPEC)
def test_nothing_differs_where_digests_are_the_same(one, other):
    found = compared(one, other)
    if found.one == found.other:
        assert not found.differs


def standing(found, layer):
    return next(one for one in found.layers if one.layer == layer)


def test_a_fact_that_one_side_does_not_know_does_not_differ(spec, changed):
    found = compared(spec, changed("processor", {"boost": "on"}))
    assert not found.differs
    assert standing(found, "processor").unrecorded == ("boost",)
    assert standing(found, "processor").standing == "same"


def test_a_layer_that_one_side_lacks_is_not_recorded(spec):
    alone = replace(spec, layers={"framework": spec.layers["framework"]})
    found = compared(spec, alone)
    assert standing(found, "processor").standing == "not recorded"
    assert standing(found, "os").standing == "not recorded"
    assert not found.differs


def test_what_is_so_of_several_variants_is_said_once(spec):
    variants = {
        name: replace(one, layers={**one.layers, "engine": Layer({"engine": "ov"})})
        for name, one in spec.variants.items()
    }
    found = compared(spec, replace(spec, variants=variants))
    assert standing(found, "engine").differences == (
        FactDifference("engine", "ort", "ov", ("fp32", "int8")),
    )
    assert found.differing == ("engine",)


def test_lists_have_no_order_and_numbers_are_no_words(spec, changed):
    assert not compared(
        spec, changed("framework", {"packages": ("torch 2.13", "numpy 2.4")})
    ).differs
    assert compared(spec, changed("engine", {"threads": "1"}, "fp32")).differing == ("engine",)


def test_circumstances_differ_without_a_difference(spec):
    warm = Layer(spec.layers["processor"].facts, {"MHz now": "900"})
    assert not compared(spec, replace(spec, layers={**spec.layers, "processor": warm})).differs


def test_another_criterion_is_a_difference_of_no_layer(spec):
    int8 = replace(spec.variants["int8"], criterion=Criterion({}, 0.9, None, gate=True))
    found = compared(spec, replace(spec, variants={**spec.variants, "int8": int8}))
    assert found.differing == ()
    assert found.differs
    assert {one.fact for one in found.criteria} == {
        "margin of top1 @ overall", "margin of top1 @ digit", "confidence", "speedup",
    }  # fmt: skip


def test_variants_of_one_side_alone_count_where_both_have_some(spec):
    fewer = replace(spec, variants={"int8": spec.variants["int8"]})
    assert compared(spec, fewer).alone == (("fp32",), ())
    assert compared(spec, fewer).differs
    assert not compared(spec, replace(spec, variants={})).differs


def test_variants_of_other_names_are_compared_with_what_they_run_on(spec, changed):
    other = changed("processor", {"model": "Other CPU"})
    found = compared_variants(spec, "fp32", other, "int8")
    assert found.differing == ("engine", "processor")
    assert standing(found, "kernels").standing == "not recorded"
    with pytest.raises(KeyError):
        compared_variants(spec, "fp32", other, "int4")
