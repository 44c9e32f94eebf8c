from __future__ import annotations

import pandas as pd
import pytest

from quantassay.errors import InputError, PairingError
from quantassay.workflows.steps.gold import gold_of, refuse_overwriting
from quantassay.workflows.steps.tables import Columns, read


def tables(*targets, **more):
    return [
        read(
            pd.DataFrame({"id": [*"abc"], "prediction": [0, 1, 2], "target": one, **more}),
            Columns(),
        )
        for one in targets
    ]


def gold(recorded, labels=None):
    return gold_of(recorded, [f"t{i}" for i in range(len(recorded))], labels, Columns())


def test_all_targets_are_targets():
    target, labels = gold(tables([0, 1, 2], [None, 1, None]))
    assert (target.tolist(), labels) == ([0, 1, 2], None)


def test_what_one_table_lacks_another_may_have():
    target, labels = gold(tables([0, None, None], [None, 1, None]))
    assert target is None
    assert labels.known.tolist() == [True, True, False]
    assert labels.target[:2].tolist() == [0, 1]


def test_labels_fill_the_rest():
    rest = pd.DataFrame({"id": ["c", "b"], "target": [2, 1]})
    target, labels = gold(tables([0, None, None]), rest)
    assert (target.tolist(), labels) == ([0, 1, 2], None)


def test_numbers_and_text_are_one_name():
    rest = pd.DataFrame({"id": ["b", "c"], "target": ["1", "none"]})
    target, _ = gold(tables([0, None, None]), rest)
    assert target.tolist() == ["0", "1", "none"]


def test_nothing_at_all_is_known():
    target, labels = gold(tables([None] * 3))
    assert target is None
    assert not labels.known.any()


def test_correctness_takes_the_place_of_targets():
    assert gold(tables([0, None, None], correct=[1, 1, 0])) == (None, None)


def test_contradictions_are_refused():
    with pytest.raises(PairingError, match="t0 and t1 disagree"):
        gold(tables([0, None, 2], [0, None, 1]))
    with pytest.raises(PairingError, match="labels disagree"):
        gold(tables([0, None, 2]), pd.DataFrame({"id": ["a"], "target": [9]}))


def test_other_ids_and_contradictions_name_the_file(tmp_path):
    path = tmp_path / "filled.csv"
    path.write_text("id,target\nzz,1\n")
    with pytest.raises(PairingError, match=r"filled\.csv: 1 ids are not in the test set: 'zz'"):
        gold(tables([0, None, 2]), str(path))
    path.write_text("id,target\na,1\n")
    with pytest.raises(PairingError, match=r"t0 and .*filled\.csv disagree"):
        gold(tables([0, None, 2]), path)


@pytest.mark.parametrize(
    "held",
    [
        "id,target\na,cat\n",
        "id,target\na,\nb,0\n",
        "id,prediction,target\na,0,\n",
        "notes\n",
        b"\xff\xfe\x00",
    ],
)
def test_what_others_wrote_is_never_written_over(tmp_path, held):
    path = tmp_path / "there.csv"
    path.write_bytes(held if isinstance(held, bytes) else held.encode())
    with pytest.raises(InputError, match="is there already"):
        refuse_overwriting(path, [])


@pytest.mark.parametrize("held", ["", "id,target\n", "id,target\na,\nb, \n"])
def test_an_empty_list_may_be_written_again(tmp_path, held):
    path = tmp_path / "there.csv"
    path.write_text(held)
    refuse_overwriting(path, [tables([0, 1, 2])[0].table, None, tmp_path / "ref.csv"])
    refuse_overwriting(tmp_path / "new.csv", [])


def test_an_input_is_never_written_over(tmp_path):
    path = tmp_path / "ref.csv"
    (tmp_path / "link.csv").symlink_to(path)
    for asked in (path, tmp_path / "x" / ".." / "ref.csv", tmp_path / "link.csv"):
        with pytest.raises(InputError, match="is read by this comparison"):
            refuse_overwriting(asked, [None, "other.csv", str(path)])
