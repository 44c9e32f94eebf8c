from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, feather, parquet

from quantassay.errors import DataError
from quantassay.readers.scores import Labels, numbers, score_batches

TABLE = pa.table({"part": ["b", "a", None, "b"], "score": [0.5, 1.0, 0.0, 0.25]})


@pytest.fixture(params=["parquet", "csv", "arrow", "feather"])
def shard(request, tmp_path):
    path = tmp_path / f"scores.{request.param}"
    if request.param == "parquet":
        parquet.write_table(TABLE, path)
    elif request.param == "csv":
        csv.write_csv(TABLE, path)
    else:
        feather.write_feather(TABLE, path, compression="uncompressed")
    return path


def test_every_format_gives_the_same_numbers(shard):
    found = [numbers(b, "score", 1.0)[:, 0] for b in score_batches([shard, shard], ["score"])]
    np.testing.assert_array_equal(np.concatenate(found), [0.5, 1.0, 0.0, 0.25] * 2)


def test_names_are_strata_in_order_and_missing_ones_are_in_none(shard):
    labels = Labels("part")
    batches = list(score_batches([shard], ["score"], ["part"]))
    for batch in batches:
        labels.meet(batch)
    codes = np.concatenate([labels.partition(batch).codes for batch in batches])
    names = [label["part"] for label in labels.labels]
    # an empty text and a missing one are the same in a CSV file
    missing = names.index("") if "" in names else -1
    assert [names[i] if i >= 0 else None for i in codes] == [
        "b", "a", "" if missing >= 0 else None, "b",
    ]  # fmt: skip
    assert names == sorted(names)


def test_a_file_is_read_in_bounded_batches(tmp_path):
    path = tmp_path / "long.parquet"
    parquet.write_table(pa.table({"x": np.zeros(600_000)}), path, row_group_size=600_000)
    sizes = [batch.num_rows for batch in score_batches([path], ["x"])]
    assert sum(sizes) == 600_000
    assert max(sizes) <= 2**18


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [
        ("none.parquet", ["score"], "no such file"),
        ("scores.pickle", ["score"], "formats that can be streamed"),
        ("broken.parquet", ["score"], "cannot be read"),
        ("good.parquet", ["scor"], "did you mean 'score'"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, name, columns, message):
    parquet.write_table(TABLE, tmp_path / "good.parquet")
    (tmp_path / "scores.pickle").write_bytes(b"")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no table")
    with pytest.raises(DataError, match=message) as caught:
        list(score_batches([tmp_path / name], columns))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_scores_that_are_not_numbers_are_refused():
    batch = pa.record_batch({"text": ["a"], "gap": pa.array([None], pa.float64())})
    with pytest.raises(DataError, match="'text' holds string"):
        numbers(batch, "text")
    with pytest.raises(DataError, match="'gap': 1 scores of 1 rows"):
        numbers(batch, "gap")


def test_too_many_values_are_no_strata():
    labels = Labels("id")
    with pytest.raises(DataError, match="over 1000 values"):
        labels.meet(pa.record_batch({"id": [str(i) for i in range(1001)]}))
