from quantassay.claims.sources.document import Document, Table
from quantassay.claims.sources.read import read_text


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in (*table.above, table.header, *table.rows) if row]


def of_kind(document: Document, kind: str) -> list[str]:
    return [document.source[one.start : one.end] for one in document.regions if one.kind == kind]


def test_every_cell_has_its_words_and_its_place() -> None:
    text = "| Model | **Top-1** |\n|---|:-:|\n| [net](a/b.onnx) | `71.2` \\|x |\n"
    document = read_text(text)
    (table,) = document.tables
    assert rows(table) == [["Model", "Top-1"], ["net", "71.2 |x"]]
    assert table.header[0].text == text[table.header[0].start : table.header[0].end]
    assert "a/b.onnx" in document.plain
    assert "|" not in document.plain.replace("|x", "")


def test_rows_may_lack_outer_pipes_and_cells() -> None:
    (table,) = read_text("a | b | c\n--- | --- | ---\n1 | 2\n").tables
    assert rows(table) == [["a", "b", "c"], ["1", "2", ""]]


def test_rows_without_a_rule_have_a_header_only_where_figures_follow() -> None:
    (named,) = read_text("| model | wer |\n| small | 4.1 |\n").tables
    (bare,) = read_text("| small | 4.0 |\n| tiny | 4.1 |\n").tables
    assert [cell.text for cell in named.header] == ["model", "wer"]
    assert bare.header == ()
    assert len(bare.rows) == 2


def test_groups_of_columns_stand_above_the_header() -> None:
    heads = "| model | fp32 | | int8 | |\n|--|--|--|--|--|\n| | F1 | EM | F1 | EM |\n"
    text = f"{heads}| a | 1 | 2 | 3 | 4 |\n| b | 5 | 6 | 7 | 8 |"
    (table,) = read_text(text).tables
    assert rows(table)[0] == ["model", "fp32", "fp32", "int8", "int8"]
    assert [cell.text for cell in table.header] == ["", "F1", "EM", "F1", "EM"]


def test_a_table_whose_line_ends_were_lost_is_read() -> None:
    document = read_text("## Loss | m | x | |---|---| | a | 1.5 | | b | 2.5 | So it is small.")
    (table,) = document.tables
    assert rows(table) == [["m", "x"], ["a", "1.5"], ["b", "2.5"]]
    assert table.headings == ("Loss",)


def test_a_table_knows_its_sections_and_its_caption() -> None:
    text = "# Net\n## Old\n# Card\n### Loss\n\n**On the test split**\n\n|a|b|\n|-|-|\n|1|2|\n"
    (table,) = read_text(text).tables
    assert table.headings == ("Card", "Loss")
    assert table.caption == "On the test split"
    (below,) = read_text("|a|b|\n|-|-|\n|1|2|\n\nTable 3: by language\n").tables
    assert below.caption == "Table 3: by language"


def test_headings_of_both_forms() -> None:
    document = read_text("Title\n=====\n\nLower\n---\n\n## Third ##\n\n#hash\n")
    assert [(one.level, document.plain[one.start : one.end]) for one in document.headings] == [
        (1, "Title"),
        (2, "Lower"),
        (2, "Third"),
    ]


def test_comments_are_hidden_and_code_is_not() -> None:
    text = (
        "Kept `<!-- code -->` <!-- gone\n# gone --> on.\n\n```\n<!-- shown -->\n# no heading\n```\n"
    )
    document = read_text(text)
    assert of_kind(document, "comment") == [" gone\n# gone "]
    assert document.hidden.split() == ["gone", "#", "gone"]
    assert "gone" not in document.plain
    assert "shown" in document.plain
    assert document.headings == ()


def test_a_comment_without_an_end_hides_the_rest() -> None:
    document = read_text("Shown.\n\n<!-- never closed\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert document.plain.strip() == "Shown."
    assert document.tables == ()


def test_marks_of_emphasis_go_and_stars_of_footnotes_stay() -> None:
    document = read_text("**Loss:** 0.5 * 2 = _one_, a_b_c, 78.2* and ~~9.9~~ 8.8 &lt; 9 \\*\n")
    words = document.plain.split()
    assert words == [
        "Loss:",
        "0.5",
        "*",
        "2",
        "=",
        "one",
        ",",
        "a_b_c,",
        "78.2*",
        "and",
        "8.8",
        "<",
        "9",
        "*",
    ]


def test_items_and_quotes_are_regions_of_their_own() -> None:
    document = read_text("> Quoted\n> on.\n\n- one\n- [x] two\n  more\n\n3. three\n")
    assert of_kind(document, "prose") == ["Quoted\n> on.", "one", "two\n  more", "three"]
    assert "-" not in document.plain
    assert ">" not in document.plain


def test_indented_code_is_code() -> None:
    document = read_text("Run:\n\n    quantize --bits 4\n\nDone.\n")
    assert of_kind(document, "code") == ["quantize --bits 4"]


def test_tables_in_code_are_tables() -> None:
    (piped,) = read_text("```\n|Tasks|acc|\n|-----|---|\n|arc|0.5|\n```\n").tables
    (drawn,) = read_text(
        "```\n+---+-----+\n| a | b   |\n+---+-----+\n| 1 | 2 |\n+---+-----+\n```"
    ).tables
    assert rows(piped) == [["Tasks", "acc"], ["arc", "0.5"]]
    assert rows(drawn)[-1] == ["1", "2"]


def test_removed_lines_of_a_fenced_diff_are_no_evidence() -> None:
    document = read_text("```diff\n-acc 70.1\n+acc 71.2\n```\n")
    assert "70.1" not in document.plain
    assert "71.2" in document.plain
