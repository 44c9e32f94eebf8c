from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.verdicts.cells import judge
from quantassay.verdicts.labels import awaiting_labels


@pytest.fixture
def cell(group):
    return judge("int8", "fp32", [group([(3, 0, 1000)], [0.01])], 0.95)[0]


def one(cell, changed=3, missing=3):
    return awaiting_labels([cell], [changed], [missing])[0]


def test_a_pass_needs_no_more_labels(cell):
    found = one(cell)
    assert (found.verdict, found.changed, found.labels_needed) == ("pass", 3, 0)
    assert "3 of 1,000 outputs changed" in found.reason
    assert "at most 0.008742, below the margin of 0.01" in found.reason
    assert found.losses is found.gains is found.needed_n is None


def test_an_open_cell_says_how_many(cell):
    found = one(replace(cell, verdict="inconclusive"), changed=12, missing=9)
    assert (found.changed, found.labels_needed) == (12, 9)
    assert "label at most 9 of 1,000 samples to decide" in found.reason


def test_of_one_label_no_fewer_would_do(cell):
    found = one(replace(cell, verdict="inconclusive"), changed=1, missing=1)
    assert "label 1 of 1,000 samples to decide" in found.reason


def test_once_all_are_labelled_nothing_else_is_said(cell):
    found = one(cell, missing=0)
    assert found == replace(cell, changed=3, labels_needed=0)


def test_too_few_samples_stay_too_few(cell):
    found = one(replace(cell, verdict="insufficient", reason="too few"))
    assert (found.reason, found.labels_needed) == ("too few", 0)


def test_what_is_described_says_what_it_lacks(cell):
    found = one(replace(cell, verdict=None, role="described", reason="no margin was declared"))
    assert found.labels_needed == 0
    assert found.reason.startswith("no margin was declared; 3 of 1,000 outputs changed")
