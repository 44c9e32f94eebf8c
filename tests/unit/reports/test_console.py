from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType

import pytest
from rich.console import Console

from quantassay.records.result import Result
from quantassay.reports.blocks import Banner, Column, Section, Table, Value
from quantassay.reports.console import render
from quantassay.reports.document import Document, document


def _print(result: Result, width: int = 80, **options: object) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, legacy_windows=False, **options)  # type: ignore[arg-type]
    render(document(result), console)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(factory: ModuleType, width: int) -> None:
    assert max(map(len, _print(factory.result(), width).splitlines())) <= width


def test_the_verdict_comes_first_and_figures_are_whole(factory: ModuleType) -> None:
    text = _print(factory.result(), 200)
    assert text.startswith("✗ FAIL  Beyond a declared margin: int8-static.")
    assert ", loss 2.12 pp [0.81, 3.42] (n 898, margin 2 pp, paired binary, E+M)" in text
    assert "throughput 1.86× [1.80, 1.93] against fp32 (offline, 24 random blocks)" in text


def test_no_colour_where_it_is_piped(factory: ModuleType) -> None:
    assert "\x1b" not in _print(factory.result())
    assert "\x1b[1;31m✗ FAIL" in _print(
        factory.result(), force_terminal=True, color_system="standard"
    )


def test_names_are_neither_markup_nor_escapes(factory: ModuleType) -> None:
    result: Result = replace(factory.result(), findings=("[red]x[/red] \x1b[31m \u202e",))
    text = _print(result, 200)
    assert "[red]x[/red] \\x1b[31m \\u202e" in text
    assert "\x1b" not in text


def test_a_terminal_without_unicode_gets_ascii(factory: ModuleType) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    render(document(factory.result()), Console(file=stream, width=80))
    text = raw.getvalue().decode("ascii")
    assert text.startswith("x FAIL")
    assert "[-0.47, 0.47]" in text
    stream.close()


def test_a_long_heading_takes_no_letters_from_another_column() -> None:
    table = Table(
        "",
        (Column("Name"), Column("A heading that is long", numeric=True), Column("Why", prose=True)),
        tuple((Value("x" * 30), Value("1"), Value("fewer than enough")) for _ in range(3)),
    )
    section = Section("a", "A", (table,), brief=True)
    made = Document("", "", Banner("unjudged", "", ()), (section,), "")
    stream = io.StringIO()
    render(made, Console(file=stream, width=66, legacy_windows=False))
    assert "fewer than" in stream.getvalue()


def test_columns_that_do_not_fit_are_printed_below_with_their_rows() -> None:
    names = [f"variant-{place}" for place in range(6)]
    rows = [
        (Value("activation-kurtosis"), *(Value(f"{10**8 + place:,}") for place in range(6))),
        (Value("layer-noise"), Value("71.2"), *[Value("–")] * 5),
    ]
    columns = (Column("Tendency", prose=True), *(Column(name, numeric=True) for name in names))
    section = Section("x", "x", (Table("", columns, tuple(rows)),), brief=True)
    stream = io.StringIO()
    made = Document("", "", Banner("unjudged", "", ()), (section,), "")
    render(made, Console(file=stream, width=80, legacy_windows=False))
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    assert all(text.count(name) == 1 for name in names)
    assert all(f"100,000,00{place}" in text for place in range(6))
    assert text.count("activation-kurtosis") == text.count("Tendency") > 1
    assert text.count("layer-noise") == 1
