from __future__ import annotations

from dataclasses import replace

from quantassay.claims.executors.compare import compared
from quantassay.claims.executors.words import comparison_words, described, differing_words
from quantassay.records.executor import Criterion, VariantExecutor

NAMES = "a.json", "b.json"


def words(one, other):
    return list(comparison_words(compared(one, other), NAMES))


def test_two_that_are_the_same(spec):
    assert words(spec, spec) == [
        "same: engine, kernels, framework, processor",
        "not recorded on both sides: application, os, driver, limits",
        "not told on both sides: processor (boost)",
    ]
    assert differing_words(compared(spec, spec), NAMES) == ""


def test_another_processor_without_the_instructions_of_a_precision(spec, changed):
    other = changed("processor", {"model": "Old CPU", "instructions": ("avx2", "avx512f")})
    found = words(spec, other)
    assert found[0] == (
        "processor: instructions: avx512_vnni in a.json alone, avx512f in b.json alone; int8 may "
        "run emulated in b.json; model Some CPU against Old CPU"
    )
    assert found[1].startswith("  so: kernels are chosen by instructions: the loss may differ")
    assert "int8 may run emulated in b.json" in words(other, spec)[0].replace("a.json", "b.json")


def test_a_variable_set_otherwise_stands_against_what_it_was(spec, changed):
    one = changed("limits", {"variables": ("OMP_NUM_THREADS=1", "KMP_AFFINITY=none")})
    other = changed("limits", {"variables": ("OMP_NUM_THREADS=2",)})
    found = list(comparison_words(compared(one, other), NAMES))
    assert found[0] == (
        "limits: variables: KMP_AFFINITY none against not set, OMP_NUM_THREADS 1 against 2"
    )


def test_other_threads_of_one_variant_and_another_criterion(spec, changed):
    other = changed("engine", {"threads": 8}, "int8")
    int8 = replace(other.variants["int8"], criterion=Criterion({}, 0.95, 1.2, gate=True))
    found = words(spec, replace(other, variants={**other.variants, "int8": int8}))
    assert found[0] == "engine: threads of int8 2 against 8"
    assert "criterion: margin of top1 @ overall of int8 0.02 against none" in found


def test_variants_that_one_side_has_alone(spec):
    fewer = replace(spec, variants={"int8": spec.variants["int8"]})
    assert "variants of a.json alone: fp32" in words(spec, fewer)


def test_one_line_has_room_for_three_facts_of_a_layer(spec, changed):
    facts = {f"fact {i}": "x" for i in range(5)}
    other = changed("processor", {name: "y" for name in facts})
    found = differing_words(compared(changed("processor", facts), other), NAMES)
    assert found == (
        "processor (fact 0 x against y; fact 1 x against y; fact 2 x against y; and 2 more)"
    )


def test_an_executor_line_by_line(spec):
    found = list(described(spec))
    assert found[0].startswith("executor sha256:")
    assert "  instructions: avx2, avx512_vnni" in found
    assert "  MHz now: 2100 (at the moment)" in found
    assert "  criterion: none declared" in found
    assert (
        "  criterion: loss of top1 @ overall at most 0.02, top1 @ digit at most 0.1; confidence "
        "0.95; speed-up over 1.2"
    ) in found


def test_a_layer_that_was_shown_before_is_not_shown_again(spec):
    twin = replace(spec, variants={**spec.variants, "twin": spec.variants["int8"]})
    found = list(described(twin))
    assert sum(line.strip() == "threads: 2" for line in found) == 1
    assert [line for line in found if line.endswith(", as int8")]


def test_names_of_others_move_no_cursor(spec):
    odd = replace(spec, variants={"\x1b[2J": VariantExecutor("\x07", "\n", {}, note="\r")})
    found = [*described(odd), *words(spec, odd)]
    assert all(line.isprintable() for line in found)
