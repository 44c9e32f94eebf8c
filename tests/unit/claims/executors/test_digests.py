from __future__ import annotations

from dataclasses import replace

from quantassay.claims.executors.digests import executor_digest, layer_digest, variant_digest
from quantassay.records.executor import Layer


def test_a_digest_is_of_its_facts_in_whatever_order():
    one = layer_digest("os", {"a": 1, "b": ("x", "y")})
    assert one == layer_digest("os", {"b": ("x", "y"), "a": 1})
    assert one != layer_digest("limits", {"a": 1, "b": ("x", "y")})
    assert one != layer_digest("os", {"a": "1", "b": ("x", "y")})
    # computed apart from this code: printf '{"facts":{"a":1},"layer":"os"}' | sha256sum
    assert layer_digest("os", {"a": 1}) == (
        "sha256:249ee1d438bfc0d5cb13853ba21f18412d0e45bfaed4a382306acb0181f506f2"
    )


def test_what_changes_by_itself_is_in_no_digest(spec):
    warm = Layer(spec.layers["processor"].facts, {"MHz now": "900"})
    later = replace(spec, made="later", layers={**spec.layers, "processor": warm})
    assert executor_digest(later) == executor_digest(spec)
    assert variant_digest(later, "int8") == variant_digest(spec, "int8")


def test_a_fact_of_the_machine_is_in_the_digest_of_every_variant(spec, changed):
    other = changed("processor", {"model": "Other CPU"})
    assert executor_digest(other) != executor_digest(spec)
    assert variant_digest(other, "fp32") != variant_digest(spec, "fp32")


def test_a_fact_of_a_variant_is_in_its_digest_alone(spec, changed):
    other = changed("engine", {"threads": 8}, "int8")
    assert executor_digest(other) != executor_digest(spec)
    assert variant_digest(other, "int8") != variant_digest(spec, "int8")
    assert variant_digest(other, "fp32") == variant_digest(spec, "fp32")


def test_a_model_and_a_criterion_are_not_what_ran(spec):
    bare = replace(spec.variants["int8"], artifact="sha256:9", criterion=None)
    other = replace(spec, variants={**spec.variants, "int8": bare})
    assert variant_digest(other, "int8") == variant_digest(spec, "int8")
    assert executor_digest(other) != executor_digest(spec)
