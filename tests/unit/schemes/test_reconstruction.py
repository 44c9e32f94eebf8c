"""The error of a quantized layer, and the name that it allows."""

from pathlib import Path

import numpy as np
import pytest

from quantassay.errors import ArtifactError
from quantassay.schemes.reconstruction import (
    Inputs,
    Reconstruction,
    compare,
    reconstruction_error,
)

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 6)).astype(np.float32)
W = RNG.normal(size=(4, 6)).astype(np.float32)
Q = np.round(W)


def seen(*parts):
    inputs = Inputs(6)
    for part in parts:
        inputs.add(part)
    return inputs


def test_is_what_its_formula_says():
    by_hand = np.sum((X @ W.T - X @ Q.T) ** 2) / np.sum((X @ W.T) ** 2)
    assert reconstruction_error(seen(X), W, Q) == pytest.approx(by_hand, rel=1e-5)


def test_a_worked_example():
    # outputs 1*1 + 2*1 = 3 and 3; quantized 2*1 + 2*1 = 4: (1 + 1) / (9 + 9)
    inputs = Inputs(2)
    inputs.add(np.ones((2, 2)))
    assert reconstruction_error(inputs, np.array([[1, 2]]), np.array([[2, 2]])) == 1 / 9


def test_batches_and_axes_add_up():
    parts = seen(X[:20].reshape(4, 5, 6), X[20:])
    assert parts.rows == 50
    assert reconstruction_error(parts, W, Q) == pytest.approx(
        reconstruction_error(seen(X), W, Q), rel=1e-12
    )


def test_an_equal_weight_has_no_error_and_a_silent_layer_none_at_all():
    assert reconstruction_error(seen(X), W, W) == 0
    assert reconstruction_error(seen(np.zeros_like(X)), W, Q) is None


def test_inputs_that_never_occur_do_not_count():
    used = X.copy()
    used[:, 0] = 0
    changed = W.copy()
    changed[:, 0] += 100
    assert reconstruction_error(seen(used), W, changed) == pytest.approx(0, abs=1e-12)


def test_layers_that_nobody_changed_are_left_out():
    inputs = {"a": seen(X), "b": seen(X), "c": seen(np.zeros_like(X))}
    found = compare(
        inputs, {"a": W, "b": W, "c": W}, {"a": Q, "b": W, "c": Q}, {"a": Q * 2, "b": W, "c": Q}
    )
    assert set(found.scheme) == set(found.simpler) == {"a"}
    assert found.error < found.simpler_error


@pytest.mark.parametrize("error", [1.0, 0.995, 1.5, float("nan")])
def test_a_name_that_is_not_earned_is_refused_with_both_figures(error):
    found = Reconstruction({"a": error * 0.02}, {"a": 0.02})
    with pytest.raises(ArtifactError, match=rf"model: .*gptq.* is {error * 0.02:.4g}, that of RTN"):
        found.require_better(Path("model"), "gptq", "RTN")


def test_a_name_that_is_earned_is_kept():
    Reconstruction({"a": 0.01, "b": 0.03}, {"a": 0.02, "b": 0.025}).require_better(
        Path("model"), "gptq", "RTN"
    )


def test_nothing_quantized_is_refused():
    with pytest.raises(ArtifactError, match="no layer"):
        Reconstruction({}, {}).require_better(Path("model"), "gptq", "RTN")
