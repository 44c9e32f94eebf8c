import pytest

from quantassay.claims.sources.diff import is_diff
from quantassay.claims.sources.read import read_text

PLAIN = """ # Card
 
 | |INT8|FP32|
 |---|---|---|
-| F1 |89.6|90.4|
+| F1 |90.2|90.4|
+
+Made with a tool.
"""
HUNKS = f"diff --git a/R.md b/R.md\n--- a/R.md\n+++ b/R.md\n@@ -1,5 +1,7 @@\n{PLAIN}"
PAGE = (
    "R.md CHANGED\n@@ -1,2 +1,2 @@ It was so:\n1\n \n2\n- Loss is 0.9.\n3\n kept\n"
    "1\n \n2\n+ Loss is 0.5.\n3\n kept\n"
)


@pytest.mark.parametrize("text", [PLAIN, HUNKS])
def test_removed_lines_are_no_evidence(text: str) -> None:
    document = read_text(text)
    assert document.kind == "diff"
    assert "89.6" not in document.plain
    (table,) = document.tables
    assert [[cell.text for cell in row] for row in table.rows] == [["F1", "90.2", "90.4"]]
    assert table.headings == ("Card",)
    assert "+" not in document.plain


def test_a_diff_as_a_page_shows_it() -> None:
    document = read_text(PAGE)
    assert "0.9" not in document.plain
    assert "Loss is 0.5." in document.plain


def test_no_sentence_reaches_over_a_removed_line() -> None:
    document = read_text("@@ -1,3 +1,2 @@\n It is\n-far\n near.\n")
    assert all("far" not in document.quote(one.start, one.end).text for one in document.regions)


@pytest.mark.parametrize(
    "text",
    [
        "- one\n- two\n+ three\n",
        "- a\n  on\n- b\n",
        "-0.5\n+0.7\n",
        "+ only\n+ added\n",
        " indented\n more\n",
    ],
)
def test_lists_and_figures_are_no_diff(text: str) -> None:
    assert not is_diff(text)
