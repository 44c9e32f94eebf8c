from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from importlib.resources import files
from types import ModuleType

import pytest

from quantassay.records.cells import Comparison
from quantassay.reports.document import comparison_document, document
from quantassay.reports.html import render

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{ 7*7 }}\u202e"


def test_a_hostile_name_is_text_everywhere(factory: ModuleType) -> None:
    comparison: Comparison = factory.comparison()
    cells = tuple(
        replace(cell, candidate=HOSTILE, metric=HOSTILE, reference=HOSTILE, method=HOSTILE,
                reason=HOSTILE, stratum={HOSTILE: HOSTILE} if cell.stratum else {})
        for cell in comparison.cells
        if cell.candidate == "int8-static"
    )  # fmt: skip
    ruling = replace(comparison.candidates["int8-static"], reason=HOSTILE, uncovered=(HOSTILE,))
    made = replace(
        comparison,
        reference=HOSTILE,
        cells=cells,
        candidates={HOSTILE: ruling},
        agreements=(),
        findings=(HOSTILE,),
    )
    page = render(comparison_document(made, factory.METRICS))
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert "\u202e" not in page


def test_everything_of_a_run_reaches_the_page(factory: ModuleType) -> None:
    result = factory.result()
    variants = tuple(replace(each, origin=HOSTILE, engine=HOSTILE) for each in result.variants)
    page = render(document(replace(result, variants=variants, reproduce=HOSTILE)))
    assert page.count("<script>") == 1
    for section in document(result).sections:
        assert f'<section id="{section.key}"' in page


def test_the_page_asks_for_nothing(factory: ModuleType) -> None:
    page = render(document(factory.result()))
    assert "default-src 'none'" in unescape(page)
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:,)""", page)
    assert "url(" not in page and "@import" not in page
    assert 'style="' not in page and " onclick" not in page


def test_ten_thousand_strata_stay_small(factory: ModuleType) -> None:
    page = render(document(factory.wide(10_000)))
    assert len(page.encode()) < 5_000_000
    assert "The 30 most telling of 10,000 strata are drawn" in page


def test_ids_are_unique_and_labels_point_at_them(factory: ModuleType) -> None:
    page = render(document(factory.result()))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for group in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(group.split()) <= set(ids)


def test_rows_are_as_wide_as_their_head(factory: ModuleType) -> None:
    page = render(document(factory.result()))
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        widths = {len(re.findall(r"<t[hd][ >]", row)) for row in rows}
        assert len(widths) == 1
        assert "<caption>" in table and 'scope="col"' in table and 'scope="row"' in table


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    *[(text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "head")],
    *[(tone, f"{tone}-bg") for tone in ("pass", "fail", "open", "none")],
    ("ink", "open-bg"),
    ("fail", "card"),
    ("open", "card"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast_is_aa(scheme: str, text: str, ground: str) -> None:
    css = files("quantassay.reports").joinpath("report.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", roots[scheme == "dark"]))
    assert _contrast(colours[text], colours[ground]) >= 4.5
