"""How problems are written."""

from __future__ import annotations

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.problems import Path, Problem, dotted, line_of, listed, raise_all


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("metrics", 0, "by", "digit"), "metrics[0].by.digit"),
        (("variants", "a b"), "variants['a b']"),
        (("variants", "int8-static"), "variants.int8-static"),
        (("by", "<script>"), "by.<script>"),
    ],
)
def test_key_paths(path: Path, text: str) -> None:
    assert dotted(path) == text


def test_the_line_is_that_of_the_nearest_part_that_was_written() -> None:
    lines = {("a",): 3, ("a", "b"): 4}
    assert line_of(lines, ("a", "b", "c", 0)) == 4
    assert line_of(lines, ("x",)) == 1


def test_problems_are_listed_once_and_by_line() -> None:
    one, two = Problem(9, ("a",), "x"), Problem(2, (), "y")
    assert listed("f", [one, two, one]) == "f:2: y\nf:9: a: x"


def test_no_problem_raises_nothing() -> None:
    raise_all("f", [])
    with pytest.raises(RubricError, match="f:1: x"):
        raise_all("f", [Problem(1, (), "x")])
