"""The data files: documented, sorted, and of one mind."""

import re
from importlib.resources import files
from itertools import pairwise

import pytest

from quantassay.claims.lexicons.lexicon import sources, spellings
from quantassay.claims.lexicons.matches import Kind

DATA = list(sources())
PATHS = sorted(
    (
        path
        for path in (files("quantassay.claims.lexicons") / "data").iterdir()
        if ".yaml" in path.name
    ),
    key=lambda path: path.name,
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_each_file_says_what_its_facts_mean(path):
    text = path.read_text(encoding="utf-8")
    header = text[: text.index("\nkind:")]
    facts = set(re.findall(r"(\w+): ", " ".join(re.findall(r"facts: \{([^}]*)\}", text))))
    assert header.startswith("# ")
    assert not {fact for fact in facts if not re.search(rf"\b{fact}\b", header)}


@pytest.mark.parametrize("data", DATA, ids=lambda data: data["kind"])
def test_names_are_sorted_and_of_a_known_kind(data):
    assert data["kind"] in Kind.__args__
    for group in data["groups"]:
        names = [name.casefold() for name in group["names"]]
        assert all(before <= after for before, after in pairwise(names))
        assert all(
            isinstance(alias, str) for aliases in group["names"].values() for alias in aliases
        )


def test_no_spelling_stands_for_two_names():
    seen: dict[tuple[str, tuple[str, ...]], str] = {}
    for data in DATA:
        for name, spelling in spellings(data):
            key = name.kind, name.spelling or tuple(word.lower() for word in spelling)
            assert seen.setdefault(key, name.name) == name.name


def test_patterns_hold_no_quantifier_within_another():
    for data in DATA:
        for pattern in data.get("patterns", ()):
            assert not re.search(r"[+*]\)[+*{]", pattern["match"]), pattern["name"]
