from __future__ import annotations

import numpy as np
import pyarrow as pa

from quantassay.readers.columns.features import MOST_COLUMNS, features, together


def test_every_kind_of_column() -> None:
    table = pa.table(
        {
            "age": [1, None, 3],
            "size": [0.5, 1.5, 2.5],
            "word": ["a", "bb", None],
            "on": [True, False, True],
            "label": [1, 2, 1],
            "pixels": pa.array([[1, 2], [3, 4], [5, 6]]),
            "probabilities": pa.array([[0.2, 0.8], [0.9, 0.1], [0.5, 0.5]]),
            "when": pa.array([1, 2, 3], pa.timestamp("s")),
        }
    )
    found = features(table, ["label"])
    assert np.isnan(found.numbers["age"]).tolist() == [False, True, False]
    assert found.numbers["pixels[1]"].tolist() == [2, 4, 6]
    assert found.numbers["largest probability"].tolist() == [0.8, 0.9, 0.5]
    assert found.numbers["word (characters)"][:2].tolist() == [1, 2]
    assert found.categories["word"].tolist() == ["a", "bb", "(missing)"]
    assert found.categories["label"].tolist() == ["1", "2", "1"]
    assert found.categories["on"].tolist() == ["true", "false", "true"]
    assert "timestamp" in found.left_out["when"]


def test_wide_lists_are_thinned_and_ragged_ones_left_out() -> None:
    wide = features(pa.table({"x": pa.array(np.zeros((2, 5000)).tolist())}))
    assert len(wide.numbers) == MOST_COLUMNS
    assert "1,024 of 5,000 places" in wide.left_out["x"]
    ragged = features(pa.table({"x": [[1, 2], [3]]}))
    assert not ragged.numbers
    assert "x" in ragged.left_out


def test_only_what_both_sides_have_is_kept() -> None:
    first = features(pa.table({"a": [1.0, 2.0], "b": ["x", "y"], "c": [[1], [2]]}))
    second = features(pa.table({"a": ["p", "q"], "b": ["x", "y"], "c": [[1, 2], [3, 4]]}))
    dropped = together(first, second)
    assert set(first.numbers) == set(second.numbers) == {"b (characters)", "c[0]"}
    assert set(first.categories) == set(second.categories) == {"b"}
    assert {"a", "c[1]"} <= set(dropped)


def test_texts_of_many_values_are_compared_by_length_alone() -> None:
    texts = pa.table({"t": [f"text {i}" for i in range(60)]})
    first, second = features(texts), features(texts)
    assert together(first, second) == {}
    assert (set(first.numbers), first.categories) == ({"t (characters)"}, {})


def test_what_is_missing_on_either_side_is_a_category() -> None:
    first = features(pa.table({"a": [1.0, None, 3.0], "b": [1.0, 2.0, 3.0]}))
    second = features(pa.table({"a": [1.0, 2.0], "b": [1.0, 2.0]}))
    together(first, second)
    assert first.categories["a is missing"].tolist() == ["no", "yes", "no"]
    assert second.categories["a is missing"].tolist() == ["no", "no"]
    assert set(first.categories) == {"a is missing"}
