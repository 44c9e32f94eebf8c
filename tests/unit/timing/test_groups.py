from __future__ import annotations

from quantassay.timing.groups import FACTOR, groups

SIZES = {"fp32": 4, "fp16": 2, "int8": 1, "huge": 90}


def test_all_are_open_together_where_they_fit():
    assert groups("fp32", SIZES, room=FACTOR * 97) == [["fp32", "fp16", "int8", "huge"]]


def test_else_the_reference_is_in_every_group():
    assert groups("fp32", SIZES, room=FACTOR * 7) == [["fp32", "fp16", "int8"], ["fp32", "huge"]]


def test_a_candidate_that_never_fits_is_alone_beside_the_reference():
    assert groups("fp32", SIZES, room=0) == [["fp32", "fp16"], ["fp32", "int8"], ["fp32", "huge"]]


def test_the_reference_need_not_come_first():
    assert groups("int8", SIZES, room=FACTOR * 97) == [["int8", "fp32", "fp16", "huge"]]
