from __future__ import annotations

import re

import pytest

from quantassay import errors


def test_the_tree_of_the_docstring_is_the_tree():
    drawn = re.findall(r"^[│├└─ ]*(\w+Error)\b", errors.__doc__, re.MULTILINE)
    real = [name for name in vars(errors) if name.endswith("Error")]
    assert sorted(drawn) == sorted(real)
    parents = {name: getattr(errors, name).__base__.__name__ for name in real}
    assert parents["RunFolderError"] == parents["InputError"] == "QuantassayError"


def test_everything_wrong_with_the_input_is_one_branch():
    for name in ("RubricError", "DataError", "PairingError", "ArtifactError", "PluginError",
                 "UserCodeError"):  # fmt: skip
        assert issubclass(getattr(errors, name), errors.InputError)
    assert issubclass(errors.InputError, errors.QuantassayError)
    assert not issubclass(errors.RunFolderError, errors.InputError)


@pytest.mark.parametrize(
    ("name", "found"),
    [("top2", " (did you mean 'top1'?)"), ("zebra", ""), ("", "")],
)
def test_nearest(name, found):
    assert errors.nearest(name, ["top1", "brier"]) == found


def test_some_counts_the_rest():
    assert errors.some(["a", "b"]) == "'a', 'b'"
    assert errors.some(list("abcdefg")) == "'a', 'b', 'c', 'd', 'e' and 2 more"
    assert errors.some([1, 2, 3], limit=2) == "'1', '2' and 1 more"


def test_what_others_raise_is_one_line_that_is_not_empty():
    assert errors.reason(ValueError("a\n  b")) == "a b"
    assert errors.reason(ValueError()) == "ValueError"
    assert errors.one_line(ValueError("a\n  b")) == "ValueError: a b"
    assert len(errors.reason(ValueError("x" * 999))) == 300
