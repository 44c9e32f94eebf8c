from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest

import quantassay.claims.reading as reading
from quantassay.claims.build import claim
from quantassay.claims.disclosures import disclosures
from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import InputError


@pytest.fixture
def path(result, tmp_path):
    value = claim(replace(result, disclosures=disclosures(result)))
    (tmp_path / "claim.json").write_text(json.dumps(value))
    return tmp_path / "claim.json"


def test_a_claim_reads_back_as_the_result_it_is_of(path, result):
    file = read_claim_file(path)
    found = result_of(file.claim)
    assert found.comparison.cells == result.comparison.cells
    assert found.test_set == result.test_set
    assert found.speeds == result.speeds
    assert found.noise_floor == result.noise_floor
    assert disclosures(found) == disclosures(result)
    assert file.digest == f"sha256:{sha256(path.read_bytes()).hexdigest()}"


def test_what_has_not_the_shape_is_said_part_by_part(path):
    value = json.loads(path.read_text())
    del value["executor"]
    value["confidence"] = "0.95"
    value["surplus"] = 1
    path.write_text(json.dumps(value))
    file = read_claim_file(path)
    assert file.claim is None
    assert set(file.problems) == {
        "executor: is missing",
        "confidence: input should be a valid number",
        "surplus: extra inputs are not permitted",
    }


def test_a_claim_of_any_length_is_not_read(path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 100)
    with pytest.raises(InputError, match="no claim is that long"):
        read_claim_file(path)
