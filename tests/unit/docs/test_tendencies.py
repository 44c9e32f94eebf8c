"""The page of tendencies says what the code says, and what was measured."""

from __future__ import annotations

from pathlib import Path

from quantassay.tendencies.definitions import DEFINITIONS, definition

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tendencies.md").read_text(encoding="utf-8")
FIGURES = (ROOT / "benchmarks" / "foretelling" / "figures.csv").read_text(encoding="utf-8")


def test_the_first_sentence_says_what_they_are_not():
    first = next(line for line in PAGE.splitlines() if line and line[0] not in "#<")
    assert first.startswith("Tendencies are shown, never decisive: no verdict")


def test_every_tendency_has_its_row():
    for name, one in DEFINITIONS.items():
        row = next((line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")), None)
        assert row is not None, f"{name} has no row in docs/tendencies.md: python docs/generate.py"
        assert f"| {one.said} values |" in row, name


def test_every_figure_is_of_a_tendency_that_is_defined():
    names = {line.split(",")[2] for line in FIGURES.splitlines()[1:]}
    assert all(definition(name) for name in names)
    assert names


def test_every_measured_tendency_stands_in_the_page():
    measured = PAGE.partition("## Measured here")[2]
    for name in {line.split(",")[2] for line in FIGURES.splitlines()[1:]}:
        assert f"| `{name}` |" in measured, f"{name}: python docs/generate.py"
