from __future__ import annotations

import pytest

from quantassay.claims.transfer.claimed import read_claim
from quantassay.claims.transfer.matched import matching
from quantassay.errors import DataError
from quantassay.records.deployment import Deployment, ModelReference

from .conftest import variant


@pytest.fixture
def several(raw, write):
    one = raw["candidates"]["int8"]
    other = variant("int4", scheme="awq")
    poor = variant("poor", scheme="awq", gate=False)
    more = {key: one[key] for key in ("decision", "accuracy", "throughput")}
    raw["candidates"] |= {"int4": {**other, **more}, "poor": {**poor, **more}}
    return read_claim(write(raw))


def names(claim, **said) -> list[str]:
    return [one.name for one in matching(claim, Deployment("d", **said))]


def test_a_digest_tells_before_a_name_before_a_scheme(several) -> None:
    digest = "sha256:" + b"int4".hex().ljust(64, "0")
    assert names(several, quantized=ModelReference(name="int8", digest=digest)) == ["int4"]
    assert names(several, quantized=ModelReference(name="Int8"), scheme="awq") == ["int8"]
    assert names(several, scheme="awq") == ["int4"]
    assert names(several, candidate="poor") == ["poor"]


def test_what_tells_nothing_leaves_all_that_gate(several) -> None:
    assert names(several) == ["int8", "int4"]
    assert names(several, quantized=ModelReference(digest="sha256:" + "0" * 64)) == ["int8", "int4"]


def test_a_candidate_that_is_not_there(several, raw, write) -> None:
    with pytest.raises(DataError, match=r"no candidate 'int3' \(did you mean"):
        names(several, candidate="int3")
    with pytest.raises(DataError, match="has no candidate"):
        names(read_claim(write({**raw, "candidates": {}})))
