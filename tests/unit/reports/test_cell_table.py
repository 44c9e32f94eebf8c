from __future__ import annotations

from dataclasses import replace
from types import ModuleType

from quantassay.records.cells import Comparison
from quantassay.reports.blocks import Table
from quantassay.reports.cell_table import ROWS_HELD, cells
from quantassay.reports.subject import Subject


def _table(comparison: Comparison, factory: ModuleType) -> Table:
    block = cells(Subject(comparison, factory.METRICS)).blocks[0]
    assert isinstance(block, Table)
    return block


def _texts(table: Table, row: int) -> dict[str, str]:
    names = [column.name for column in table.columns]
    return dict(zip(names, (value.text for value in table.rows[row]), strict=True))


def test_a_row_says_what_every_number_is(factory: ModuleType) -> None:
    assert _texts(_table(factory.comparison(), factory), 0) == {
        "Candidate": "int8-poor",
        "Metric": "top1",
        "Stratum": "overall",
        "Role": "gate",
        "Verdict": "FAIL",
        "Loss": "22.94 pp",
        "95 % interval": "[19.50, 26.38]",
        "Margin": "2 pp",
        "n": "898",
        "Reference value": "97.60 %",
        "Candidate value": "74.66 %",
        "Losses": "210",
        "Gains": "4",
        "Method": "paired binary, E+M",
        "p within": "0.4213",
        "p beyond, adjusted": "< .0001",
        "Smallest detectable loss": "4.81 pp",
        "n needed": "–",
        "Reason": "loss beyond the margin, Holm-adjusted over 12 gate cells (floor: 184)",
    }


def test_an_undefined_cell_has_no_zero_and_no_none(factory: ModuleType) -> None:
    comparison = replace(factory.comparison(), cells=(factory.undefined("fp16"),), verdict=None)
    row = _texts(_table(comparison, factory), 0)
    assert row["Loss"] == row["95 % interval"] == row["Reference value"] == "undefined"
    assert row["Reason"] == "no sample has this stratum (floor: 72)"
    assert not {"0.0", "0.00 pp", "None", "nan"} & set(row.values())


def test_a_wide_table_is_cut_and_counts_what_it_leaves(factory: ModuleType) -> None:
    comparison: Comparison = factory.wide(10_000).comparison
    table = _table(comparison, factory)
    assert len(table.rows) == ROWS_HELD
    assert table.caption == "2,000 of 10,001 cells against fp32"
    assert "8,001 cells not shown here" in table.note
    assert "the JSON form (--json) has all" in table.note


def test_failed_gate_cells_survive_the_cut(factory: ModuleType) -> None:
    comparison: Comparison = factory.wide(10_000).comparison
    last = replace(comparison.cells[-1], verdict="fail", stratum={"class": "odd"}, loss=-1.0)
    changed = replace(comparison, cells=(*comparison.cells[:-1], last))
    table = _table(changed, factory)
    assert [row[2].text for row in table.rows[:2]] == ["overall", "class=odd"]
