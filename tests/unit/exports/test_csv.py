from __future__ import annotations

import csv
import io
from dataclasses import replace

from quantassay.exports.csv import Csv
from quantassay.records.looks import Look


def rows(comparison):
    return list(csv.DictReader(io.StringIO(Csv().text({}, comparison))))


def test_one_line_a_cell(comparison):
    found = rows(comparison)
    assert [row["stratum"] for row in found] == ["overall", "class=a,b\n<script>"]
    assert (found[0]["loss_low"], found[0]["loss_high"]) == ("-0.01", "0.02")
    assert float(found[0]["loss"]) == 0.01
    assert found[0]["verdict"] == "pass"


def test_what_is_undefined_is_empty_and_not_zero(comparison):
    found = rows(comparison)[1]
    assert [found[name] for name in ("loss", "loss_low", "margin", "verdict")] == [""] * 4
    assert found["n"] == "0"


def test_text_that_a_sheet_would_run_is_quoted_and_figures_are_not(comparison):
    found = rows(comparison)[0]
    assert found["candidate"] == "'=int8"
    assert found["delta"] == "-0.01"


def test_a_look_has_its_number_and_level(comparison):
    cell = replace(comparison.cells[0], look=Look(2, 4, 800, 0.0015, True))
    found = rows(replace(comparison, cells=(cell, comparison.cells[1])))
    assert [(row["look"], row["level"]) for row in found] == [("2", "0.0015"), ("", "")]


def test_no_cells_are_an_empty_table(comparison):
    assert Csv().text({}, replace(comparison, cells=())) == "candidate\n"
