"""YAML in, plain values and lines out."""

from __future__ import annotations

import math
import re

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.tree import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("", None),
        ("1e-3", 0.001),
        ("1.", 1.0),
        (".5", 0.5),
        ("-3", -3),
        ("007", "007"),
        ("00.5", "00.5"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("'3'", "3"),
        ("!!str 3", "3"),
        ('"true"', "true"),
        (".inf", math.inf),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = parse(f"a: {text}", "f").values["a"]
    assert found == value
    assert type(found) is type(value)


def test_lines_are_those_of_the_keys() -> None:
    tree = parse("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", "f")
    assert tree.lines[("a",)] == 1
    assert tree.lines[("a", "c")] == 3
    assert tree.lines[("a", "c", 1, "y")] == 5


def test_aliases_and_merges_are_followed() -> None:
    text = "base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nboth: {<<: [*b, {z: 4}]}\n"
    values = parse(text, "f").values
    assert values["own"] == {"x": 1, "y": 3}
    assert values["both"] == {"x": 1, "y": 2, "z": 4}


BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\nb: 2\na: 3\n", "f:3: a: this key already stands on line 1"),
        ("a:\n  b: 1\n  b: 2\n", "f:3: a.b: this key already stands on line 2"),
        ("1: a\n", "f:1: a key must be text (write '1' in quotes)"),
        ("a:\n  true: 1\n", "f:2: a: a key must be text (write 'true' in quotes)"),
        ("? [a]\n: 1\n", "f:1: a key must be plain text"),
        ("a: !!python/name:os.system x\n", "f:1: a: the tag !!python/name:os.system is not"),
        ("a: !secret x\n", "f:1: a: the tag !secret is not allowed: write plain YAML"),
        ("a: 1\nb: {<<: 3}\n", "f:2: b: '<<' wants a mapping, or a list of mappings"),
        ("a: " + "9" * 5000, "f:1: a: a number of 5000 digits"),
        ('a: "\\ud800"', "f:1: a: half of a surrogate pair is no character"),
        ("a: &x [*x]\n", "f:1: an alias contains itself: write the values out"),
        (BOMB, "more than 20,000 values: is this data, or are aliases nested?"),
        ("a: " + "[" * 500, "f:1: nested more than 32 deep"),
        ("a: [1, 2\nb: 3\n", "f:2: not valid YAML: expected ',' or ']'"),
        ("a: b: c\n", "f:1: not valid YAML: mapping values are not allowed here (a text with"),
        ("a:\n\tb: 1\n", "f:2: not valid YAML: found character '\\t' that cannot start any token"),
        ("a: *nowhere\n", "f:1: not valid YAML: found undefined alias 'nowhere'"),
        ("a: 1\n---\nb: 2\n", "f:2: a rubric is one document: remove the second '---'"),
        ("a: 1\nb: \x07\n", "f:2: not valid YAML: the character '\\x07' is not allowed"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(RubricError, match=re.escape(complaint)) as caught:
        parse(text, "f")
    assert "\n" not in str(caught.value)
