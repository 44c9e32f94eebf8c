from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay.errors import PairingError
from quantassay.pairing.join import join, same_targets

IDS = np.array(["a", "b", "c", "d"])


@pytest.fixture
def given(make_predictions):
    found = make_predictions(
        labels=[4, 1, 3, 2], scores=np.eye(4), failed=[0], classes=tuple("wxyz")
    )
    return replace(found, ids=np.array(["d", "a", "c", "b"]))


def test_every_column_follows_its_id(given):
    found = join(IDS, given, "int8", allow_missing=False)
    assert found.ids.tolist() == list("abcd")
    assert found.labels.tolist() == [1, 2, 3, 4]
    assert found.failed.tolist() == [False, False, False, True]
    assert found.scores.argmax(axis=1).tolist() == [1, 3, 2, 0]
    assert found.classes == tuple("wxyz")
    assert not found.absent.any()


def only(given, rows):
    return replace(
        given, ids=given.ids[rows], labels=given.labels[rows], scores=given.scores[rows],
        failed=given.failed[rows], absent=given.absent[rows],
    )  # fmt: skip


def test_missing_ids_are_named_and_refused(given):
    with pytest.raises(PairingError, match=r"int8: 2 of 4 samples have no prediction: 'a', 'b'"):
        join(IDS, only(given, [0, 2]), "int8", allow_missing=False)


def test_missing_ids_are_absent_where_that_is_allowed(given):
    found = join(IDS, only(given, [0, 2]), "int8", allow_missing=True)
    assert found.absent.tolist() == [True, True, False, False]
    assert found.failed.tolist() == [False, False, False, True]
    assert found.labels[2:].tolist() == [3, 4]
    assert len(found) == 4


def test_no_predictions_at_all(given):
    found = join(IDS, only(given, []), "int8", allow_missing=True)
    assert found.absent.all()
    assert found.labels.shape == (4,)
    assert found.scores.shape == (4, 4)
    with pytest.raises(PairingError, match="4 of 4"):
        join(IDS, only(given, []), "int8", allow_missing=False)


def test_extra_ids_are_refused_even_where_missing_ones_are_allowed(given):
    odd = replace(given, ids=np.array(["d", "a", "c", "stranger"]))
    with pytest.raises(PairingError, match=r"1 of 4 ids are not in the test set: 'stranger'"):
        join(IDS, odd, "int8", allow_missing=True)


def test_the_same_id_twice_is_refused(given):
    odd = replace(given, ids=np.array(["d", "a", "d", "b"]))
    with pytest.raises(PairingError, match=r"1 ids occur more than once: 'd'"):
        join(IDS, odd, "int8", allow_missing=True)


@pytest.mark.parametrize("close", ["a ", "A", "aa"])
def test_an_id_that_is_nearly_the_same_is_another(given, close):
    odd = replace(given, ids=np.array(["d", close, "c", "b"]))
    with pytest.raises(PairingError, match="not in the test set"):
        join(IDS, odd, "int8", allow_missing=True)


def test_targets_that_agree_in_another_type():
    same_targets(IDS, np.array([1, 2, 3, 4]), np.array(["1", "2", "3", "4"]), ("a", "b"))


def test_targets_that_differ_are_named():
    with pytest.raises(
        PairingError, match=r"x and y disagree on the target of 1 of 4 samples: 'b'"
    ):
        same_targets(IDS, np.array([1, 2, 3, 4]), np.array([1, 9, 3, 4]), ("x", "y"))


def test_an_absent_row_is_not_called_failed(given):
    found = join(IDS, only(given, [0]), "int8", allow_missing=True)
    assert found.absent.tolist() == [True, True, True, False]
    assert found.failed.tolist() == [False, False, False, True]
