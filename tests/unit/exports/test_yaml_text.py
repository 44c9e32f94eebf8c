from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from quantassay.exports.yaml_text import left_out, yaml_text

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.dictionaries(TEXT, TEXT | st.floats(allow_nan=False) | st.none())))
def test_anything_reads_back_as_it_was(value):
    assert yaml.safe_load(yaml_text(value, left_out(["one thing\nand: another"]))) == value


def test_what_yaml_would_take_for_something_else_is_quoted():
    values = ["yes", "null", "1e3", "2026-01-01", "- a", "{b}", "#c", "*d", "!e", "0x1f", "~"]
    assert yaml.safe_load(yaml_text(values)) == values
