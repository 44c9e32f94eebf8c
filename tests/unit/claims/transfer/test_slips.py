from __future__ import annotations

import pytest

from quantassay.claims.transfer.slips import slips
from quantassay.records.deployment import CriticalStratum, Deployment


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"metric": "top-1"}, ("metric",)),
        ({"metric": "aurok"}, ("metric",)),
        ({"mix": {"plaze": {"day": 1.0}}}, ("mix", "plaze")),
        ({"mix": {"place": {"Night": 1.0}}}, ("mix", "place", "Night")),
        ({"critical": (CriticalStratum({"place": "nigth"}),)}, ("critical", 0)),
        ({"critical": (CriticalStratum({"place": "night"}, "auroq"),)}, ("critical", 0, "metric")),
    ],
)
def test_a_letter_off_is_a_slip(claim, said, key) -> None:
    ((where, what),) = slips(claim, Deployment("d", **said))
    assert where == key
    assert "did you mean '" in what
    assert "it has '" in what


@pytest.mark.parametrize(
    "said",
    [
        {"metric": "acc"},
        {"metric": "top5"},
        {"mix": {"country": {"fr": 1.0}}},
        {"mix": {"place": {"day": 0.5, "dawn": 0.5}}},
        {"critical": (CriticalStratum({"place": "night2"}),)},
        {"metric": "top1", "mix": {"place": {"day": 1.0}}},
    ],
)
def test_another_name_is_taken_as_meant(claim, said) -> None:
    assert list(slips(claim, Deployment("d", **said))) == []


def test_every_slip_is_told(claim) -> None:
    said = {
        "metric": "top-1",
        "mix": {"place": {"dya": 0.5, "nigth": 0.5}},
        "critical": (CriticalStratum({"place": "nigth"}),),
    }
    assert len(list(slips(claim, Deployment("d", **said)))) == 3
