from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from benchmarks.reproductions import tiny
from benchmarks.reproductions.tiny_page import of_200, top1
from benchmarks.reproductions.tiny_run import (
    CLASSES,
    CODES,
    RUBRIC,
    ZERO,
    areas,
    simplified_area,
)

from quantassay.records.cells import Cell
from quantassay.rubrics.tree import parse


def cell(interval, values=(0.75, 0.74)):
    return Cell(
        candidate="int8",
        reference="fp32",
        metric="top1",
        stratum={},
        role="gate",
        n=1000,
        reference_value=values[0],
        candidate_value=values[1],
        delta=values[1] - values[0],
        loss=values[0] - values[1],
        interval=interval,
        method="",
        losses=20,
        gains=10,
        margin=0.005,
        p_within=None,
        p_beyond_adjusted=None,
        verdict="inconclusive",
        reason="",
    )


def test_a_published_loss_is_held_against_the_interval():
    assert top1(cell((0.0, 0.02))).outcome == "loss compatible, level differs"
    assert top1(cell((0.005, 0.02))).outcome == "differs"


def test_three_images_of_two_hundred_tell_nothing():
    row = of_200()
    assert row.statement is tiny.OF_200
    assert "200 images, 3 more wrong" in row.ours
    assert row.ours.count("[−") == 2  # both intervals hold zero


def by_hand(score, positive):
    """The published definition, a threshold and a sample at a time."""
    points = [(1.0, 1.0)]
    for threshold in np.arange(0.0, 1.01, 0.01)[1:]:
        true = sum(s > threshold for s, p in zip(score, positive, strict=True) if p)
        false = sum(s > threshold for s, p in zip(score, positive, strict=True) if not p)
        points.append((true / sum(positive), false / (len(positive) - sum(positive))))
    return sum((t1 + t2) / 2 * (f1 - f2) for (t1, f1), (t2, f2) in pairwise(points))


def test_the_simplified_area_is_that_of_the_published_definition():
    draw = np.random.default_rng(1)
    positive = np.arange(60) % 3 == 0
    score = np.clip(draw.normal(np.where(positive, 0.6, 0.4), 0.2), 0, 1)
    found = simplified_area(score, positive)
    assert found == pytest.approx(by_hand(score.tolist(), positive.tolist()))


def test_codes_lose_what_probabilities_keep():
    draw = np.random.default_rng(2)
    targets = np.array(CLASSES)[np.arange(400) % 10]
    logits = draw.normal(size=(400, 10)) + 2 * (np.array(CLASSES) == targets[:, None])
    given = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    rounded = np.floor(given * CODES) / CODES
    kept, codes = areas(rounded, targets), areas(rounded * CODES + ZERO, targets)
    assert codes.exact == kept.exact
    assert codes.simplified < kept.simplified - 0.1


def test_the_rubric_names_the_files_and_the_classes():
    tree = parse(RUBRIC.format(folder="somewhere"), "assay.yaml")
    plain = str(tree)
    assert "somewhere/resnet8-int8.tflite" in plain
    assert "truck" in plain
