import numpy as np
import pytest
from tests.models.two_layers import by_gptq, by_onnxruntime, two_layers

from quantassay.formats.onnx import Onnx
from quantassay.records.contents import Dequantized, StoredWeight
from quantassay.schemes.rounding import as_stored, differing, rounded


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return two_layers(tmp_path_factory.mktemp("model") / "fp32.onnx")


@pytest.fixture(scope="module")
def read(model):
    """The weights of the model quantized by this name."""

    def make(name):
        out = model.with_name(f"{name}.onnx")
        (by_gptq(model, out) if name == "ours" else by_onnxruntime(model, out, name))
        return Onnx.stored_weights(out)

    return make


def stored(name, values, step=None):
    values = np.asarray(values, np.float32)
    ends = (None, None) if step is None else (values.min(), values.max())
    grid = None if step is None else np.float32(step)
    found = Dequantized(values, grid, *(None if e is None else np.asarray(e) for e in ends))
    return StoredWeight(name, values.shape, step is not None, lambda: found)


@pytest.mark.parametrize("name", ["RTN", "default"])
def test_round_to_nearest_is_all_rounded(model, read, name):
    found = rounded(Onnx.stored_weights(model), read(name))
    assert found.nearest == found.compared == found.total == 128 * 64 + 64 * 8


def test_the_gptq_of_onnxruntime_is_round_to_nearest(model, read):
    found = rounded(Onnx.stored_weights(model), read("GPTQ"))
    assert found.compared == found.total
    assert found.nearest / found.compared > 0.9999


def test_gptq_is_not(model, read):
    found = rounded(Onnx.stored_weights(model), read("ours"))
    assert found.compared == found.total
    assert 0.5 < found.nearest / found.compared < 0.97


def test_the_gptq_of_onnxruntime_hardly_differs_from_its_round_to_nearest(read):
    assert differing(read("GPTQ"), read("RTN")) < 1e-3
    assert differing(read("ours"), read("RTN")) is None
    assert differing(read("RTN"), read("RTN")) == 0


def test_clipped_weights_are_rounded():
    """What lies beyond the grid's end belongs at its end."""
    source = [stored("w", [[0.1, 9.0], [-1.1, 2.0]])]
    assert rounded(source, [stored("w", [[0.0, 2.0], [-1.0, 2.0]], 1)]).nearest == 4
    assert rounded(source, [stored("w", [[0.0, 1.0], [-1.0, 2.0]], 1)]).nearest == 3


def test_weights_that_were_rescaled_are_not():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(64, 64))
    half = [stored("w", np.round(values * 0.6 / 0.1) * 0.1, 0.1)]
    found = rounded([stored("w", values)], half)
    assert found.compared == 4096
    assert found.nearest < 0.3 * 4096


def test_a_weight_is_found_under_another_name_and_transposed():
    rng = np.random.default_rng(1)
    values, other = rng.normal(size=(2, 40, 40))
    made = [stored("unnamed", np.round(values.T / 0.1) * 0.1, 0.1)]
    found = rounded([stored("other", other), stored("this", values)], made)
    assert (found.nearest, found.compared) == (1600, 1600)


def test_of_two_names_within_another_the_longer_is_meant():
    rng = np.random.default_rng(2)
    first, tenth = rng.normal(size=(2, 16, 16))
    source = [stored("w1", first), stored("w10", tenth)]
    assert rounded(source, [stored("w10_Q4", np.round(tenth, 1), 0.1)]).nearest == 256


def test_a_weight_of_no_source_is_not_compared():
    rng = np.random.default_rng(3)
    source = [stored("w", rng.normal(size=(30, 30)))]
    found = rounded(source, [stored("w", np.round(rng.normal(size=(30, 30))), 1)])
    assert (found.nearest, found.compared, found.total) == (0, 0, 900)


def test_a_weight_that_contradicts_itself_is_not_compared():
    broken = StoredWeight("w", (2, 2), True, lambda: None)
    assert rounded([stored("w", np.ones((2, 2)))], [broken]).compared == 0
    assert differing([broken], [broken]) is None


def test_scales_that_are_no_numbers_round_nothing():
    source = [stored("w", np.ones((4, 4)))]
    assert rounded(source, [stored("w", np.ones((4, 4)), np.nan)]).nearest == 0
    assert differing([stored("w", np.ones((4, 4)), np.nan)], [stored("w", np.ones((4, 4)), 1)]) in (
        None,
        1.0,
    )


@pytest.mark.parametrize("name", ["RTN", "default", "ours"])
def test_a_weight_is_found_as_a_variant_stores_it(model, read, name):
    (own,) = [one.read().values for one in Onnx.stored_weights(model) if one.name == "first"]
    found = as_stored("first", own, read(name))
    assert found.shape == own.shape
    assert found.dtype == own.dtype
    assert 0 < np.linalg.norm(found - own) < 0.3 * np.linalg.norm(own)


def test_a_weight_that_lies_turned_is_turned_back():
    own = np.random.default_rng(1).normal(size=(8, 16)).astype(np.float32)
    codes = np.round(own / 0.1) * 0.1
    found = as_stored("w", own, [stored("w_turned", codes.T, 0.1)])
    np.testing.assert_array_equal(found, codes.astype(np.float32))


def test_a_weight_that_was_rescaled_first_is_not_the_same():
    own = np.random.default_rng(1).normal(size=(8, 16)).astype(np.float32)
    scaled = np.round(own * np.linspace(0.8, 1.2, 16) / 0.01) * 0.01
    assert as_stored("w", own, [stored("w", scaled, 0.01)]) is None
    assert as_stored("w", own, [stored("w", own)]) is None
    assert as_stored("w", own, [stored("w", own.astype(np.float16))]) is not None
    assert as_stored("w", own, []) is None
