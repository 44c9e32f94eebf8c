import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.errors import DataError, UserCodeError
from quantassay.readers import InputStream, build_preprocess
from quantassay.readers.data.table.reader import Table

N = 23
X = np.arange(N * 3, dtype=np.float32).reshape(N, 3)
Y = np.arange(N) % 4


@pytest.fixture
def path(tmp_path):
    x = pa.FixedSizeListArray.from_arrays(pa.array(X.reshape(-1)), 3)
    table = pa.table({"id": [f"s{i}" for i in range(N)], "x": x, "z": X[:, 0], "y": Y})
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=5)
    return tmp_path / "t.parquet"


@pytest.mark.parametrize("batch", [1, 4, 7, 23, 100])
def test_batches_have_exactly_the_declared_size(path, batch):
    found = list(InputStream(Table, path, batch, input="x"))
    assert [start for start, _ in found] == list(range(0, N, batch))
    assert [len(feeds[""]) for _, feeds in found[:-1]] == [batch] * (len(found) - 1)
    np.testing.assert_array_equal(np.concatenate([feeds[""] for _, feeds in found]), X)


@pytest.mark.parametrize("start", [0, 1, 8, 22, 23, 50])
def test_a_stream_resumes_from_any_row(path, start):
    found = list(InputStream(Table, path, 4, input="x").resumed(start))
    rest = np.concatenate([feeds[""] for _, feeds in found]) if found else X[:0]
    np.testing.assert_array_equal(rest, X[start:])
    assert not found or found[0][0] == start


def test_rows_are_counted_after_where(path):
    stream = InputStream(Table, path, 2, input="x", where={"y": [1, 2]})
    kept = X[np.isin(Y, [1, 2])]
    found = list(stream.resumed(3))
    np.testing.assert_array_equal(np.concatenate([feeds[""] for _, feeds in found]), kept[3:])


def test_a_stream_can_be_read_again(path):
    stream = InputStream(Table, path, 4, input="x")
    assert len(list(stream)) == len(list(stream)) == 6


def test_inputs_by_the_names_of_the_model(path):
    (_, feeds), *_ = InputStream(Table, path, 4, input={"image": "x", "age": "z", "again": "x"})
    assert list(feeds) == ["image", "age", "again"]
    np.testing.assert_array_equal(feeds["again"], X[:4])
    (_, feeds), *_ = InputStream(Table, path, 4, input={"image": "x"})
    assert list(feeds) == ["image"]


def test_the_only_column_left_is_the_input(path, tmp_path):
    (_, feeds), *_ = InputStream(Table, path, 4, exclude=["id", "y", "z"])
    np.testing.assert_array_equal(feeds[""], X[:4])
    with pytest.raises(DataError, match=r"input is not declared: name a column, or a list.*: x, z"):
        list(InputStream(Table, path, 4, exclude=["id", "y"]))


def test_a_user_function_sees_the_batches_that_the_model_sees(path, tmp_path):
    (tmp_path / "seen.py").write_text(
        "sizes = []\n"
        "def prepare(rows):\n"
        "    sizes.append((len(rows), tuple(rows.schema.names)))\n"
        "    return rows.column(0).flatten().to_numpy().reshape(len(rows), -1) * 2\n"
        "def fails(rows):\n    raise KeyError('gone')\n"
    )
    preprocess = build_preprocess("seen:prepare", tmp_path)
    stream = InputStream(Table, path, 10, input="x", preprocess=preprocess)
    np.testing.assert_array_equal(np.concatenate([f[""] for _, f in stream]), X * 2)
    import seen

    assert seen.sizes == [(10, ("x",)), (10, ("x",)), (3, ("x",))]
    failing = InputStream(
        Table, path, 10, input="x", preprocess=build_preprocess("seen:fails", tmp_path)
    )
    with pytest.raises(UserCodeError, match=r"seen:fails: raised KeyError: 'gone' \(rows 5 to 14"):
        list(failing.resumed(5))


def test_a_row_without_a_value_is_named(tmp_path):
    table = pa.table({"x": [[1.0], [2.0], None, [3.0]]})
    pq.write_table(table, tmp_path / "t.parquet")
    stream = InputStream(Table, tmp_path / "t.parquet", 2, input="x")
    with pytest.raises(DataError, match=r"t\.parquet: row 2: column 'x' has no value"):
        list(stream)
    named = InputStream(Table, stream.path, 2, input="x", ids=np.array(["a", "b", "c", "d"]))
    with pytest.raises(DataError, match=r"sample 'c' \(row 2\)"):
        list(named)


def test_rows_of_unequal_length_are_named(tmp_path):
    pq.write_table(pa.table({"x": [[1.0], [2.0], [2.0], [3.0, 4.0]]}), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=r"row 3: column 'x' has 2 values where others have 1"):
        list(InputStream(Table, tmp_path / "t.parquet", 2, input="x"))


def test_text_is_fed_as_it_is(tmp_path):
    table = pa.table({"x": ["a", "bb", "c"], "choices": [["p", "q"], ["r", "s"], ["t", "u"]]})
    pq.write_table(table, tmp_path / "t.parquet")
    batches = list(InputStream(Table, tmp_path / "t.parquet", 2, input={"a": "x", "b": "choices"}))
    assert batches[0][1]["a"].tolist() == ["a", "bb"]
    assert batches[1][1]["b"].tolist() == [["t", "u"]]


def test_text_is_no_tensor(path):
    declared = build_preprocess({"tensor": {"dtype": "float32"}}, path.parent)
    with pytest.raises(DataError, match=r"'id' holds string, not numbers; declare 'preprocess'"):
        list(InputStream(Table, path, 2, input="id", preprocess=declared))


def test_text_that_is_missing_or_of_unequal_length_is_named(tmp_path):
    for column, said in (
        (["a", None], "row 1: column 'x' has no value"),
        ([["a"], ["b", "c"]], "row 1: column 'x' has 2 values where others have 1"),
        ([["a"], [None]], "column 'x' has lists with missing values"),
    ):
        pq.write_table(pa.table({"x": column}), tmp_path / "t.parquet")
        with pytest.raises(DataError, match=said):
            list(InputStream(Table, tmp_path / "t.parquet", 2, input="x"))


def test_contents_are_by_sample_and_independent_of_the_batch(path, tmp_path):
    contents = InputStream(Table, path, 4, input="x").contents()
    assert contents.shape == (N,)
    assert len(set(contents.tolist())) == N
    np.testing.assert_array_equal(contents, InputStream(Table, path, 9, input="x").contents())
    (tmp_path / "t.csv").write_text("z,y\n" + "\n".join(f"{v},0" for v in X[:, 0]))
    other = InputStream(Table, tmp_path / "t.csv", 9, input="z").contents()
    known = InputStream(
        Table, path, 9, input="z", preprocess=build_preprocess({"tensor": {}}, tmp_path)
    )
    assert set(other.tolist()).isdisjoint(contents.tolist())
    same = InputStream(
        Table,
        tmp_path / "t.csv",
        5,
        input="z",
        preprocess=build_preprocess({"tensor": {}}, tmp_path),
    )
    np.testing.assert_array_equal(same.contents(), known.contents())


WIDE = ["c", "a", "b"]


@pytest.fixture
def wide(tmp_path):
    """Write features in a column each: whole numbers, fractions, and true or false."""
    rows = [f"s{i},{i},{i / 4},{str(i % 2 == 0).lower()},red" for i in range(N)]
    (tmp_path / "w.csv").write_text("id,a,b,c,colour\n" + "\n".join(rows))
    return tmp_path / "w.csv"


def expected(n=N):
    return np.array([[i % 2 == 0, i, i / 4] for i in range(n)])


@pytest.mark.parametrize("where", [None, {"colour": "red"}])
@pytest.mark.parametrize("batch", [1, 4, 100])
def test_listed_columns_are_one_input_in_the_order_of_the_list(wide, batch, where):
    found = [f for _, f in InputStream(Table, wide, batch, input=WIDE, where=where)]
    assert {tuple(feeds) for feeds in found} == {("",)}
    array = np.concatenate([feeds[""] for feeds in found])
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, expected().astype(np.float32))


def test_listed_columns_are_scaled_as_a_vector_is(wide):
    spec = {"tensor": {"shape": [1, 3], "divide": 2.0, "dtype": "float16"}}
    stream = InputStream(Table, wide, 4, input=WIDE, preprocess=build_preprocess(spec, wide.parent))
    (_, feeds), *_ = stream
    assert feeds[""].dtype == np.float16
    np.testing.assert_array_equal(feeds[""], expected(4).reshape(4, 1, 3) / 2)
    spec = {"tensor": {"mean": [1.0, 2.0, 3.0]}}
    declared = build_preprocess(spec, wide.parent)
    (_, feeds), *_ = InputStream(Table, wide, 4, input=WIDE, preprocess=declared)
    np.testing.assert_array_equal(feeds[""], expected(4) - [1, 2, 3])


def test_whole_numbers_stay_exact_for_a_declared_type(tmp_path):
    big = 2**53 + 1
    pq.write_table(pa.table({"a": [big, 1], "b": [2, 3]}), tmp_path / "t.parquet")
    declared = build_preprocess({"tensor": {"dtype": "int64"}}, tmp_path)
    stream = InputStream(Table, tmp_path / "t.parquet", 2, input=["a", "b"], preprocess=declared)
    [(_, feeds)] = stream
    assert feeds[""].tolist() == [[big, 2], [1, 3]]


def test_a_user_function_gets_the_listed_columns_as_they_are(wide, tmp_path):
    (tmp_path / "named.py").write_text(
        "names = []\n"
        "def prepare(rows):\n"
        "    names.append(tuple(rows.schema.names))\n"
        "    return rows.column('a').to_numpy()\n"
    )
    preprocess = build_preprocess("named:prepare", tmp_path)
    [(_, feeds)] = InputStream(Table, wide, N, input=["colour", "a"], preprocess=preprocess)
    assert feeds[""].tolist() == list(range(N))
    import named

    assert named.names == [("colour", "a")]


def test_a_listed_column_without_a_value_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,1\n2,2\n3,\n4,4\n")
    stream = InputStream(Table, tmp_path / "t.csv", 2, input=["a", "b"], ids=np.array(list("wxyz")))
    with pytest.raises(DataError, match=r"t\.csv: sample 'y' \(row 2\): column 'b' has no value"):
        list(stream)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (["red", "blue"], r"string \('red'\)"),
        ([[1.0], [2.0]], r"list<.*> \(\[1\.0\]\)"),
        (pa.array(["red", "blue"]).dictionary_encode(), r"string \('red'\)"),
    ],
)
@pytest.mark.parametrize("spec", [None, {"tensor": {}}])
def test_a_listed_column_that_holds_no_numbers_is_named(tmp_path, values, shown, spec):
    pq.write_table(pa.table({"a": [1, 2], "b": values}), tmp_path / "t.parquet")
    declared = build_preprocess(spec, tmp_path)
    stream = InputStream(Table, tmp_path / "t.parquet", 2, input=["a", "b"], preprocess=declared)
    with pytest.raises(
        DataError, match=rf"t\.parquet: row 0: column 'b' holds {shown}, not a single number"
    ):
        list(stream)


def test_a_listed_value_beyond_float32_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,1.5\n2,1e39\n")
    stream = InputStream(Table, tmp_path / "t.csv", 2, input=["a", "b"])
    with pytest.raises(DataError, match=r"row 1: column 'b' has 1e\+39, which float32 cannot hold"):
        list(stream)


def test_an_image_is_a_single_column(wide):
    declared = build_preprocess({"image": {}}, wide.parent)
    with pytest.raises(DataError, match=r"decodes one column, but 'input' lists 3"):
        list(InputStream(Table, wide, 2, input=WIDE, preprocess=declared))


@pytest.mark.parametrize("spec", [None, {"tensor": {}}])
def test_several_columns_are_never_fed_undeclared(wide, spec):
    stream = InputStream(
        Table, wide, 2, preprocess=build_preprocess(spec, wide.parent), exclude=["id", "colour"]
    )
    with pytest.raises(
        DataError,
        match=r"w\.csv: task\.data\.input is not declared: name a column, or a list of columns; "
        r"there are: a, b, c$",
    ):
        list(stream)
    assert len(list(stream.rows())) == 12


@pytest.mark.parametrize("start", [0, 1, 5, 11])
def test_only_the_rows_that_are_marked(path, start):
    only = np.arange(N) % 2 == 1
    found = list(InputStream(Table, path, 4, input="x", only=only).resumed(start))
    rest = np.concatenate([feeds[""] for _, feeds in found]) if found else X[:0]
    np.testing.assert_array_equal(rest, X[only][start:])
    assert [len(feeds[""]) for _, feeds in found[:-1]] == [4] * max(len(found) - 1, 0)


def test_no_row_marked_is_no_batch(path):
    assert list(InputStream(Table, path, 4, input="x", only=np.zeros(N, bool))) == []


def test_marks_beyond_a_file_that_grew_are_not_missed(path):
    only = np.ones(7, bool)
    found = list(InputStream(Table, path, 4, input="x", only=only))
    np.testing.assert_array_equal(np.concatenate([feeds[""] for _, feeds in found]), X[:7])


def test_a_row_is_named_as_in_the_file_where_only_some_are_read(tmp_path):
    pq.write_table(pa.table({"x": [[1.0], [2.0], None, [4.0]]}), tmp_path / "t.parquet")
    only, ids = np.array([False, True, True, False]), np.array(["a", "b", "c", "d"])
    stream = InputStream(Table, tmp_path / "t.parquet", 2, input="x", ids=ids, only=only)
    with pytest.raises(DataError, match=r"sample 'c' \(row 2\)"):
        list(stream)
