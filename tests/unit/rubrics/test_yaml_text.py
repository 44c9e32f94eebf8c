"""What is written reads back as what was meant."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay.rubrics.tree import parse
from quantassay.rubrics.yaml_text import aligned, wrapped, yaml_text

# YAML itself has no way to write half of a surrogate pair.
text = st.text(st.characters(exclude_categories=["Cs"]))


@settings(deadline=None)
@given(text | st.integers(-(10**9), 10**9) | st.booleans())
def test_any_scalar_survives_in_block_and_flow(value: object) -> None:
    written = yaml_text(value)
    assert parse(f"a: {written}", "").values == {"a": value}
    assert parse(f"a: [{written}]", "").values == {"a": [value]}
    assert yaml.safe_load(f"a: [{written}]") == {"a": [value]}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("image_id", "image_id"),
        ("data/test.csv", "data/test.csv"),
        ("two words", "two words"),
        ("007", '"007"'),
        ("no", '"no"'),
        ("naïve", '"naïve"'),
        ("a\tb", '"a\\U00000009b"'),
        ("7", '"7"'),
        ("true", '"true"'),
        ("a: b", '"a: b"'),
        ("a # b", '"a # b"'),
        ("", '""'),
        (7, "7"),
    ],
)
def test_quotes_stand_only_where_they_must(value: object, written: str) -> None:
    assert yaml_text(value) == written


def test_comments_stand_one_under_the_other() -> None:
    assert list(aligned([("a: 1", "x"), ("long: 2", "y"), ("b: 3", "")])) == [
        "a: 1     # x",
        "long: 2  # y",
        "b: 3",
    ]


@pytest.mark.parametrize("count", [1, 2, 40, 784])
def test_a_list_takes_as_many_lines_as_it_needs(count: int) -> None:
    items = [f"column_{at}" for at in range(count)]
    lines = list(wrapped("    input: [", items, "]"))
    assert yaml.safe_load("\n".join(lines)) == {"input": items}
    assert max(map(len, lines)) <= 100
    assert len(lines) <= 1 + sum(map(len, items)) // 60
