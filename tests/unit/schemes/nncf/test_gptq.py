import numpy as np
import openvino
import pytest
from openvino import opset13 as op

from quantassay.errors import ArtifactError, PluginError
from quantassay.formats.openvino import OpenVinoIr
from quantassay.schemes.nncf import gptq as nncf_gptq
from quantassay.schemes.nncf.gptq import NncfGptq
from quantassay.schemes.nncf.layers import Weights, layer_inputs, linear_layers
from quantassay.schemes.nncf.openvino_files import load
from quantassay.schemes.nncf.samples import ModelInput, Samples
from quantassay.testing import check_scheme

RNG = np.random.default_rng(0)
WIDTH = 64
# inputs that depend on each other: what GPTQ makes use of
MIX = RNG.normal(size=(8, WIDTH)) + 0.3 * RNG.normal(size=(8, WIDTH))
X = (RNG.normal(size=(96, 8)) @ MIX + 0.1 * RNG.normal(size=(96, WIDTH))).astype(np.float32)
BATCHES = [{"": X[start : start + 32]} for start in range(0, 96, 32)]
OPTIONS = {"group_size": 32, "all_layers": True}


def saved(path, transposed=True):
    """Save two layers, their weights stored by output as PyTorch does, or by input."""
    x = op.parameter([-1, WIDTH], np.float32, name="x")
    x.output(0).set_names({"x"})
    made = x
    for name in ("first", "second"):
        w = RNG.normal(size=(WIDTH, WIDTH)).astype(np.float32) / 8
        made = op.matmul(made, op.constant(w), False, transposed, name=name)
        made = op.relu(made)
    made.output(0).set_names({"y"})
    openvino.save_model(openvino.Model([op.result(made)], [x], "m"), path, compress_to_fp16=False)
    return path


@pytest.fixture
def linear(tmp_path):
    return saved(tmp_path / "m.xml")


def test_it_keeps_the_contract(linear):
    check_scheme(NncfGptq, linear, BATCHES, OPTIONS)


def test_weights_are_int4(linear, tmp_path):
    NncfGptq.quantize(linear, BATCHES, OPTIONS, tmp_path / "q.xml")
    found = OpenVinoIr.contents(tmp_path / "q.xml")
    assert found.layers == (2, 2)
    assert found.stored == "int4"


def test_the_last_layer_stays_wider(linear, tmp_path):
    NncfGptq.quantize(linear, BATCHES, {"group_size": 32, "mode": "int4_asym"}, tmp_path / "q.xml")
    kinds = [item.kind for item in OpenVinoIr.contents(tmp_path / "q.xml").weights]
    assert {"int4", "int8"} <= set(kinds)


def test_the_name_is_refused_where_rounding_does_as_well(linear, tmp_path, monkeypatch):
    """A quantizer that rounds, and calls it GPTQ."""
    real = nncf_gptq._compressed

    def rounded(nncf, model, samples, chosen, *, gptq):
        return real(nncf, model, samples, chosen, gptq=False)

    monkeypatch.setattr(nncf_gptq, "_compressed", rounded)
    with pytest.raises(ArtifactError, match=r"not what its name says here: over 2 layers"):
        NncfGptq.quantize(linear, BATCHES, OPTIONS, tmp_path / "q.xml")
    assert not list(tmp_path.glob("q.*"))


def test_weights_stored_by_input_are_refused_with_the_reason(tmp_path):
    path = saved(tmp_path / "m.xml", transposed=False)
    with pytest.raises(ArtifactError, match=r"'nncf-gptq' failed on this model: .*[Tt]ranspose"):
        NncfGptq.quantize(path, BATCHES, OPTIONS, tmp_path / "q.xml")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "int3"}, "'mode' .* one of int4_sym, int4_asym; got 'int3'"),
        ({"group_size": 1.5}, "'group_size' .* must be a whole number"),
        ({"ignored": ["frist"]}, r"no 'frist' \(did you mean 'first'\?\)"),
    ],
)
def test_options_are_checked(linear, tmp_path, options, message):
    with pytest.raises(PluginError, match=message):
        NncfGptq.quantize(linear, BATCHES, options, tmp_path / "q.xml")


def test_a_group_that_does_not_divide_the_layer_is_told(linear, tmp_path):
    with pytest.raises(ArtifactError, match=r"'nncf-gptq' failed on this model: .*group") as raised:
        NncfGptq.quantize(linear, BATCHES, {**OPTIONS, "group_size": 48}, tmp_path / "q.xml")
    assert "\n" not in str(raised.value)


def test_an_ignored_layer_stays(linear, tmp_path):
    NncfGptq.quantize(linear, BATCHES, {**OPTIONS, "ignored": ["first"]}, tmp_path / "q.xml")
    assert OpenVinoIr.contents(tmp_path / "q.xml").layers == (1, 2)


@pytest.mark.parametrize("transposed", [True, False])
def test_what_a_layer_is_fed_and_multiplies_with(tmp_path, transposed):
    model = load(saved(tmp_path / "m.xml", transposed))
    weights = Weights(model)
    assert list(linear_layers(model)) == list(weights) == ["first", "second"]
    samples = Samples(BATCHES, (ModelInput("x", "float32", (None, WIDTH)),), tmp_path, "s")
    seen = layer_inputs(model, samples)
    assert seen["first"].rows == 96
    wide = X.astype(np.float64)
    np.testing.assert_allclose(seen["first"].moments, wide.T @ wide, rtol=1e-5)
    fed = np.maximum(wide @ weights["first"].T, 0)
    np.testing.assert_allclose(seen["second"].moments, fed.T @ fed, rtol=1e-4, atol=1e-3)
