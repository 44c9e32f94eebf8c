import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.claims.sources.decoding import MARKUP, MOST_LINES, MOST_MARKUP
from quantassay.claims.sources.read import read_text
from quantassay.claims.sources.sentences import sentences
from quantassay.errors import InputError

PIECES = [
    *'|`*_[]()<>&;#~+-=:.\\" \n\tx5',
    *("||", "|---|---|\n", "| a | 1 |\n", "\n\n", "<table>", "</table>", "<tr>", "<td>", "</td>"),
    *(
        "<th rowspan=3>",
        "<td colspan=4>",
        "<caption>",
        "<!--",
        "-->",
        "```\n",
        "~~",
        "](u)",
        "![",
        "&lt;",
    ),
    *(
        "<br>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<h2>",
        "</h2>",
        "---\n",
        "a: b\n",
        "# T\n",
    ),
    *(
        "+---+---+\n",
        "==== ====\n",
        "-- --\n",
        ".. list-table::\n",
        "   * - ",
        "     - ",
        ".. code::\n\n",
    ),
    *(
        ".. csv-table::\n",
        "::\n\n   ",
        "@@ -1,2 +1,3 @@\n",
        "\n- ",
        "\n+",
        "\n> ",
        "\n    ",
        "\r\n",
        "é",
        "│",
    ),
    *("source: x\n---\n", "Table 1: x\n", "\ufeff", "12\n", "e.g. A. B"),
]
NAMES = st.sampled_from(["-", "card.md", "page.html", "zoo.rst", "change.diff"])


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), NAMES)
def test_every_place_lies_in_the_source(text: str, name: str) -> None:
    try:
        document = read_text(text, name)
    except InputError as error:
        assert "\n" not in str(error)
        return
    assert len(document.plain) == len(document.hidden) == len(text)
    assert [at for at, one in enumerate(text) if one == "\n"] == [
        at for at, one in enumerate(document.plain) if one == "\n"
    ]
    last = 0
    for region in document.regions:
        assert last <= region.start < region.end <= len(text)
        last = region.end
    for table in document.tables:
        rows = [row for row in (table.header, *table.above, *table.rows) if row]
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert table.start <= cell.start <= cell.end <= table.end
    for entry in document.entries:
        assert 0 <= entry.start <= entry.end <= len(text)
    for start, end in sentences(document):
        assert document.quote(start, end).text in text


def shortened(text: str) -> str:
    """Return as much of a text as is read."""
    for mark in (*MARKUP, "\n"):
        limit = MOST_LINES if mark == "\n" else MOST_MARKUP
        while (count := text.count(mark)) > limit:
            text = text[: int(len(text) * min(0.99, limit / count))]
    return text


@pytest.mark.parametrize(
    "unit",
    [
        "<script>", "<!---->", "`<!-- ", "x <!--\n", "<table><tr><td>",
        "<td rowspan=9999 colspan=900>",
        "|a|b|\n|-|-|\n", "+--+--+\n|a|b|\n", "a\n-- --\n", "`", "``` ", "](", "[a](b \"",
        "**a_b~~",
        "&lt;", "> ", ". A", ".", "== ", "<a \"'", ".. x::\n", "\"a\",", "- ", "@@ -1 +1 @@\n",
    ],
)  # fmt: skip
@pytest.mark.long
@pytest.mark.parametrize("name", ["-", "page.html", "zoo.rst"])
def test_work_grows_no_faster_than_the_text(unit: str, name: str) -> None:
    def seconds(length: int) -> float:
        text = shortened(unit * (length // len(unit)))
        taken = []
        for _ in range(3):
            gc.collect()
            begin = time.process_time()
            sentences(read_text(text, name))
            taken.append(time.process_time() - begin)
        return min(taken)

    assert seconds(120_000) < 24 * seconds(15_000) + 0.1
