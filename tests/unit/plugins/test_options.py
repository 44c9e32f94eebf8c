from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quantassay.errors import PluginError
from quantassay.plugins.options import SET_BY_RUN, read_options


@dataclass(frozen=True)
class Options:
    url: str
    bits: int = field(default=4, metadata={"choices": (2, 4)})
    preset: str | None = field(default=None, metadata={"choices": ("a", "b")})
    threads: int = field(default=1, metadata={"least": 1})
    length: int | None = field(default=None, metadata={"least": 1, "most": 9})
    share: float = field(default=0.5, metadata={"least": 0, "most": 1})
    fast: bool = False
    names: tuple[str, ...] | None = None
    own: Any = "CPU"
    folder: Path = field(default=Path(), metadata=SET_BY_RUN)


def read(**given):
    return read_options(Options, {"url": "x", **given}, "engine 'mine'")


def test_what_is_not_said_is_as_declared():
    assert read() == Options("x")


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("bits", 2, 2),
        ("preset", None, None),
        ("length", None, None),
        ("length", 9, 9),
        ("share", 1, 1),
        ("names", ["a", "b"], ("a", "b")),
        ("names", None, None),
        ("own", {"CUDA": {}}, {"CUDA": {}}),
        ("folder", "there", Path("there")),
    ],
)
def test_a_right_value_is_kept_and_a_list_becomes_a_tuple(name, given, kept):
    assert getattr(read(**{name: given}), name) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"bits": 3}, "option 'bits' of engine 'mine' is one of 2, 4; got 3"),
        ({"bits": 4.0}, "is one of 2, 4; got 4.0"),
        ({"bits": None}, "is one of 2, 4; got None"),
        ({"preset": ["a"]}, "is one of a, b; got ['a']"),
        ({"threads": 0}, "must be a whole number of at least 1; got 0"),
        ({"threads": True}, "must be a whole number of at least 1; got True"),
        ({"threads": None}, "must be a whole number of at least 1; got None"),
        ({"length": 10}, "must be a whole number from 1 to 9; got 10"),
        ({"share": float("nan")}, "must be a number from 0 to 1; got nan"),
        ({"fast": 1}, "must be true or false; got 1"),
        ({"url": 1}, "must be text; got 1"),
        ({"names": "a"}, "must be a list of texts; got 'a'"),
        ({"names": [1]}, "must be a list of texts; got [1]"),
        ({"folder": 1}, "must be a path; got 1"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_should_be(given, said):
    with pytest.raises(PluginError) as error:
        read(**given)
    assert said in str(error.value)


def test_an_unknown_option_is_refused_with_the_nearest_that_a_rubric_may_say():
    with pytest.raises(PluginError) as error:
        read(thread=1)
    assert str(error.value) == (
        "engine 'mine' has no option 'thread' (did you mean 'threads'?); there are: url, bits, "
        "preset, threads, length, share, fast, names, own"
    )


def test_an_option_that_must_be_given_is_named():
    with pytest.raises(PluginError, match=r"^engine 'mine' needs the option 'url'$"):
        read_options(Options, {}, "engine 'mine'")
