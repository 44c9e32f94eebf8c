"""Tendencies as files of a run folder, beside what was measured."""

from __future__ import annotations

from quantassay.records.cells import Comparison
from quantassay.records.plain import plain
from quantassay.records.tendencies import Tendencies
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.reports.tendencies import document
from quantassay.runs.folder import RunFolder

SCHEMA = "quantassay/tendencies/1"
TENDENCIES = ("tendencies.json", "tendencies.md", "tendencies.html")


def write_tendencies(folder: RunFolder, found: Tendencies, comparison: Comparison | None) -> None:
    """Write tendencies into a run folder, with what was measured in the same table."""
    view = document(found, comparison)
    folder.write_json("tendencies.json", {"schema": SCHEMA, **plain(found)})
    folder.write("tendencies.md", markdown(view))
    folder.write("tendencies.html", html(view))
