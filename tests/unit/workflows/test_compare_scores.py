from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import quantassay as qa
from quantassay import Scores
from quantassay.errors import DataError, InputError, UserCodeError

ASKED = [
    Scores("right", "right_ref", "right_cand", margin=0.05),
    Scores("error", "error_ref", "error_cand", cap=2.0, higher_is_better=False),
]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(3)
    n = 5000
    right = rng.random(n) < 0.8
    error = rng.random(n)
    return pa.table(
        {
            "part": rng.choice(["x", "y", "z"], n),
            "right_ref": right,
            "right_cand": right ^ (rng.random(n) < 0.02),
            "error_ref": error,
            "error_cand": error + rng.random(n) ** 9,
        }
    )


def judged(table, cuts, folder, order=1):
    paths = []
    for i, (start, stop) in enumerate(zip([0, *cuts], [*cuts, table.num_rows], strict=True)):
        paths.append(folder / f"{i}.parquet")
        parquet.write_table(table.slice(start, stop - start), paths[-1])
    return qa.compare_scores(paths[::order], ASKED, strata="part")


def test_figures_do_not_depend_on_how_the_table_is_cut(table, tmp_path):
    whole = judged(table, [], tmp_path)
    assert [cell.verdict for cell in whole.cells[:1]] == ["pass"]
    assert len(whole.cells) == 8
    assert judged(table, [1, 700, 4999], tmp_path) == whole
    assert judged(table, [700, 2500], tmp_path, order=-1) == whole
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    assert judged(shuffled, [2000], tmp_path) == whole


def test_it_says_what_compare_says(table, tmp_path):
    parquet.write_table(table, tmp_path / "pairs.parquet")
    found = qa.compare_scores(tmp_path / "pairs.parquet", ASKED[0], strata=["part"])
    ids = [f"s{i:04d}" for i in range(table.num_rows)]
    sides = [
        pa.table({"id": ids, "part": table["part"], "correct": table[f"right_{side}"]})
        for side in ("ref", "cand")
    ]
    known = qa.compare(*sides, metric="exact_match", margin=0.05, strata="part")
    for mine, theirs in zip(found.cells, known.cells, strict=True):
        assert (mine.stratum, mine.n, mine.loss) == (theirs.stratum, theirs.n, theirs.loss)
        assert mine.interval == theirs.interval
    assert found.cells[0].verdict == known.cells[0].verdict == "pass"


def test_a_higher_error_is_a_loss(table, tmp_path):
    found = judged(table, [], tmp_path)
    error = next(cell for cell in found.cells if cell.metric == "error")
    assert error.loss > 0.05
    assert error.verdict is None
    assert error.reason == "no margin was declared"


def test_what_does_not_fit_is_refused(table, tmp_path):
    path = tmp_path / "pairs.parquet"
    parquet.write_table(table, path)
    with pytest.raises(InputError, match="confidence is 95"):
        qa.compare_scores(path, ASKED, confidence=95)
    with pytest.raises(DataError, match=r"'error_ref' holds 0.*give the largest possible"):
        qa.compare_scores(path, Scores("right", "error_ref", "error_cand"))
    with pytest.raises(UserCodeError, match="more than the declared cap"):
        qa.compare_scores(path, Scores("error", "error_ref", "error_cand", cap=0.1))
    with pytest.raises(InputError, match="accepts any loss"):
        Scores("error", "error_ref", "error_cand", cap=0.1, margin=0.1)


def test_a_reference_that_is_never_right_lets_nothing_pass(tmp_path):
    wrong = pa.table({"ref": np.zeros(1000, bool), "cand": np.zeros(1000, bool)})
    parquet.write_table(wrong, tmp_path / "wrong.parquet")
    found = qa.compare_scores(tmp_path / "wrong.parquet", Scores("r", "ref", "cand", margin=0.02))
    assert found.verdict == "insufficient"
    assert "the reference itself scores 0" in found.cells[0].reason


def test_a_shard_or_column_named_twice_is_refused(table, tmp_path):
    path = tmp_path / "pairs.parquet"
    parquet.write_table(table, path)
    with pytest.raises(InputError, match="named twice: each of its samples would count twice"):
        qa.compare_scores([path, tmp_path / "." / "pairs.parquet"], ASKED)
    with pytest.raises(InputError, match="'r' is compared with itself"):
        Scores("right", "r", "r")
    with pytest.raises(InputError, match="a cap lies between"):
        Scores("error", "r", "c", cap=1e300)


def test_samples_without_a_stratum_are_counted(tmp_path):
    some = pa.table({"part": ["x", None, "y"], "ref": [1, 1, 0], "cand": [1, 0, 0]})
    parquet.write_table(some, tmp_path / "some.parquet")
    found = qa.compare_scores(tmp_path / "some.parquet", Scores("r", "ref", "cand"), strata="part")
    assert "1 samples have no 'part': no stratum of it holds them" in found.findings
