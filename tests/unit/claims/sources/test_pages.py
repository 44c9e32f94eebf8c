from quantassay.claims.sources.read import read_text

PAGE = """<!DOCTYPE html><html><head><title>Net</title><style>.x{}</style></head><body>
<h2>Loss &amp; size</h2><!-- was 71.9 -->
<p>Top-1 is <b>71.2</b> on <a href="https://data.example/set">the set</a>.</p>
<script>var secret = 1;</script>
<table><caption>By model</caption>
<thead><tr><th rowspan="2">Model</th><th colspan="2">Top-1</th></tr>
<tr><th>FP32</th><th>INT8</th></tr></thead>
<tbody><tr><td>small<br>net</td><td>71.9</td><td>71&#46;2</td></tr></tbody></table>
<ul><li>one<li>two</ul></body></html>
"""


def test_a_page_has_headings_prose_and_no_scripts() -> None:
    document = read_text(PAGE)
    assert document.kind == "html"
    assert [document.plain[one.start : one.end].split() for one in document.headings] == [
        ["Loss", "&", "size"]
    ]
    assert "secret" not in document.plain
    assert "71.9" in document.hidden
    assert "https://data.example/set" in document.plain
    prose = [
        document.source[one.start : one.end] for one in document.regions if one.kind == "prose"
    ]
    assert prose[-2:] == ["one", "two"]


def test_spans_are_unfolded_and_heads_stacked() -> None:
    (table,) = read_text(PAGE).tables
    assert [cell.text for cell in table.above[0]] == ["Model", "Top-1", "Top-1"]
    assert [cell.text for cell in table.header] == ["Model", "FP32", "INT8"]
    assert [cell.text for cell in table.rows[0]] == ["small net", "71.9", "71.2"]
    assert table.caption == "By model"
    assert table.headings == ("Loss & size",)


def test_a_table_of_tags_within_markdown() -> None:
    text = (
        "## Loss\n\n<table>\n<tr><td><b>a</b></td><td><b>b</b></td></tr>\n"
        "<tr><td>**1**</td><td>2<sup>1</sup></td></tr>\n</table>\n\nAfter.\n"
    )
    document = read_text(text)
    (table,) = document.tables
    assert [cell.text for cell in table.header] == ["a", "b"]
    assert [cell.text for cell in table.rows[0]] == ["1", "2 1"]
    assert [one.kind for one in document.regions] == ["heading", "table", "prose"]


def test_tables_within_tables_are_read_each() -> None:
    text = "<table><tr><td>x</td><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>"
    outer, inner = read_text(text).tables
    assert [cell.text for cell in inner.rows[0]] == ["1", "2"]
    assert [cell.text for cell in outer.rows[0]] == ["x", "1 2"]


def test_struck_words_are_no_evidence() -> None:
    document = read_text("Top-1 is <del>70.0</del> 71.2, with `<pad>` kept.")
    assert "70.0" not in document.plain
    assert "<pad>" in document.plain
