"""What outputs say about themselves."""

from __future__ import annotations

import numpy as np

from quantassay.rubrics.trial import look


def test_rows_that_sum_to_one_are_probabilities() -> None:
    trial = look(np.array([[0.9, 0.1], [0.2, 0.8]]), [0, 0], [0, 1])
    assert (trial.kind, trial.width, trial.right, trial.classes) == ("probabilities", 2, 1, None)


def test_other_rows_are_scores() -> None:
    assert look(np.array([[9.0, 1.0], [-2.0, 8.0]]), [0, 1], [0, 1]).kind == "scores"


def test_whole_numbers_in_one_column_are_labels() -> None:
    trial = look(np.array([[3], [4]]), [3, 5], [3, 4, 5])
    assert (trial.kind, trial.right) == ("labels", 1)


def test_class_names_are_guessed_where_their_number_fits() -> None:
    trial = look(np.eye(3), ["ant", "bee", "ant"], ["ant", "bee", "cat"])
    assert trial.classes == ("ant", "bee", "cat")
    assert trial.right == 2


def test_class_names_that_do_not_fit_leave_rightness_open() -> None:
    trial = look(np.eye(3), ["ant", "bee", "ant"], ["ant", "bee"])
    assert (trial.classes, trial.right, trial.unnamed) == (None, None, True)


def test_without_targets_nothing_is_right_or_wrong() -> None:
    assert look(np.eye(3), None, []).right is None


def test_an_image_is_no_answer() -> None:
    assert look(np.zeros((2, 3, 4, 4)), None, []).why == "the output has the shape [2, 3, 4, 4]"


def test_outputs_that_are_not_finite_are_scores() -> None:
    assert look(np.full((2, 3), np.nan), None, []).kind == "scores"
