from quantassay.claims.sources.read import read_text

TEXT = """
Model zoo
=========

Images
------

.. Scores before the fix: 70.0

Scores of ``net_v1`` by `the tool <https://tool.example>`_, see :ref:`here`::

    run --bits 8

.. list-table:: Top-1 by model
   :widths: 1 2
   :header-rows: 1

   * - Model
     - INT8
   * - **small**
     - 71.2
   * - large
       net
     - 75.1

.. csv-table:: Sizes
   :header: "Model", "MB"

   "small, v2", 24
   large,90

+-------+------+
| a     | b    |
+=======+======+
| 1     | two  |
|       | more |
+-------+------+

====  ====
 x     y
====  ====
1     2.5
3     4.5
====  ====
"""


def test_the_parts_of_rest() -> None:
    document = read_text(TEXT)
    assert document.kind == "rest"
    assert [one.level for one in document.headings] == [1, 2]
    assert "70.0" in document.hidden
    assert "70.0" not in document.plain
    assert "https://tool.example" in document.plain
    assert "`" not in document.plain
    assert [
        document.source[one.start : one.end] for one in document.regions if one.kind == "code"
    ] == ["run --bits 8"]


def test_tables_of_every_form() -> None:
    tables = read_text(TEXT).tables
    shown = [
        [[cell.text for cell in row] for row in (table.header, *table.rows)] for table in tables
    ]
    assert shown == [
        [["Model", "INT8"], ["small", "71.2"], ["large net", "75.1"]],
        [["Model", "MB"], ["small, v2", "24"], ["large", "90"]],
        [["a", "b"], ["1", "two more"]],
        [["x", "y"], ["1", "2.5"], ["3", "4.5"]],
    ]
    assert [table.caption for table in tables[:2]] == ["Top-1 by model", "Sizes"]
    assert tables[0].headings == ("Model zoo", "Images")
