from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from quantassay.claims.build import claim
from quantassay.claims.executors.consistency import executor_differences
from quantassay.claims.executors.machine import machine_layers
from quantassay.claims.executors.variants import variant_executor
from quantassay.claims.schema import Claim
from quantassay.records.executor import ExecutorSpecification


@pytest.fixture
def document(result):
    """A claim with its executor specified, as JSON values."""
    made_on = ExecutorSpecification(
        result.made,
        machine_layers(result.machine, result.quantassay),
        {one.name: variant_executor(one, result.engines[one.name]) for one in result.variants},
    )
    return json.loads(json.dumps(claim(replace(result, executor=made_on))))


def problems(document):
    read = TypeAdapter(Claim).validate_json(json.dumps(document), strict=True)
    return [place for place, _, _ in executor_differences(read)]


def test_a_claim_agrees_with_the_executor_that_it_specifies(document):
    assert problems(document) == []


def test_a_claim_without_a_specification_has_nothing_to_differ(document):
    document["executor_specification"] = None
    assert problems(document) == []
    del document["executor_specification"]
    assert problems(document) == []


def test_a_fact_changed_by_hand_is_found_by_its_digests_and_by_the_rest(document):
    document["executor_specification"]["layers"]["processor"]["facts"]["model"] = "Better"
    assert problems(document) == [
        "digest of the whole", "digest of processor", "digest of variants.fp32",
        "digest of variants.int8", "processor.model",
    ]  # fmt: skip


def test_a_variant_that_ran_otherwise_or_is_not_there(document):
    document["candidates"]["int8"]["execution"]["threads"] = 8
    document["candidates"]["int8"]["precision"] = "int4"
    assert problems(document) == ["int8, precision", "int8, engine.threads"]
    del document["executor_specification"]["variants"]["int8"]
    assert problems(document) == ["digest of the whole", "int8"]


def test_a_variant_that_the_rest_of_the_claim_does_not_tell_of(document):
    del document["candidates"]["int8"]
    assert problems(document) == ["int8"]
