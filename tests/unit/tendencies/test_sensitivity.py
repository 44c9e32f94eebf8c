"""What layers do one at a time, from figures alone."""

import numpy as np
import pytest

from quantassay.tendencies.figure import Figure
from quantassay.tendencies.sensitivity import changed, concentration, loudness


def decibels(value, reason=""):
    return Figure(value, 10, "values", reason)


def test_the_share_of_changed_answers():
    found = changed(np.array([1, 2, 3, 4]), np.array([1, 2, 4, 3]))
    assert (found.value, found.n, found.counted) == (0.5, 4, "samples")
    assert changed(np.array(["a", "b"]), np.array(["a", "b"])).value == 0


def test_no_samples_have_no_share():
    found = changed(np.array([]), np.array([]))
    assert found.value is None
    assert found.reason == "no samples"


def test_the_noisiest_layer_has_its_share_of_all_noise():
    # noise over signal: 0.1, 0.01, 0.01
    found = concentration({"a": decibels(10), "b": decibels(20), "c": decibels(20)})
    assert found.value == pytest.approx(0.1 / 0.12)
    assert (found.n, found.counted) == (3, "layers")


def test_layers_without_noise_do_not_count():
    quiet = decibels(None, "no difference at all")
    assert concentration({"a": decibels(30), "b": quiet}).value == 1
    assert concentration({"b": quiet}).reason == "no layer alone makes any difference"
    assert concentration({}).reason == "no layer was looked at"


def test_noise_to_signal_is_high_where_there_is_much():
    assert loudness(decibels(20)).value == -20
    assert loudness(decibels(None, "why")).reason == "why"
