from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.result import Result
from quantassay.reports.document import document
from quantassay.reports.markdown import LONGEST, escape, render


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", "a\\|b"),
        ("<script>", "&lt;script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("*b* _i_ `c` ~s~ $x$", "\\*b\\* \\_i\\_ \\`c\\` \\~s\\~ \\$x\\$"),
        ("[x](y)", "[x]\\(y)"),
        ("@me", "@<!-- -->me"),
        ("#12", "#<!-- -->12"),
        ("https://x.y www.x.y", "https:<!-- -->//x.y www<!-- -->.x.y"),
        ("1.23 pp [0.31, 2.20]", "1.23 pp [0.31, 2.20]"),
        ("a\nb", "a\\\\nb"),
    ],
)
def test_names_cannot_be_markup(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_the_verdict_is_the_first_line(factory: ModuleType) -> None:
    lines = render(document(factory.result())).splitlines()
    assert lines[0] == "## ✗ FAIL digits-int8/1: handwritten-digits"
    assert lines[2].startswith("**Beyond a declared margin: int8-static.**")


def test_no_html_but_folds_and_comments(factory: ModuleType) -> None:
    text = render(document(factory.result()))
    for ours in ("<details><summary>", "</summary>", "</details>", "<!-- -->", "<sub>", "</sub>"):
        text = text.replace(ours, "")
    assert "<" not in text


def test_tables_keep_their_columns(factory: ModuleType) -> None:
    width = 0
    for line in render(document(factory.result())).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace("\\|", "").count("|")
        width = width or cells
        assert cells == width, line


@pytest.mark.parametrize("strata", [200, 10_000])
def test_a_wide_report_still_fits_a_comment(factory: ModuleType, strata: int) -> None:
    text = render(document(factory.wide(strata)))
    assert len(text) <= LONGEST
    assert "rows are shown; the rest are in verdicts.json" in text


def test_a_command_with_backticks_stays_in_its_fence(factory: ModuleType) -> None:
    result: Result = replace(factory.result(), reproduce="echo ```\n# x")
    assert "````sh\necho ```\n# x\n````" in render(document(result))
