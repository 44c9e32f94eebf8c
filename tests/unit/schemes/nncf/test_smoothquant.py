import numpy as np
import pytest
from tests.models.outliers import inputs, save_block

from quantassay.errors import ArtifactError, PluginError
from quantassay.schemes.nncf import smoothquant as nncf_smoothquant
from quantassay.schemes.nncf.models import OnnxModel
from quantassay.schemes.nncf.smoothquant import NncfSmoothQuant

BATCHES = [{"": inputs(1, 16)}]


@pytest.fixture
def block(tmp_path):
    return save_block(tmp_path / "block.onnx")


def test_scales_of_channels_are_put_in(block, tmp_path):
    NncfSmoothQuant.quantize(block, BATCHES, {}, tmp_path / "q.onnx")
    model = OnnxModel(tmp_path / "q.onnx")
    scales = model.smoothing(model.native)
    assert scales and max(np.ptp(one) for one in scales) > 0.1
    # outlier channels are made smaller, the others hardly
    first = scales[0].ravel()
    assert set(np.argsort(first)[:3]) == {3, 17, 40}


def test_the_name_is_refused_where_nothing_is_smoothed(classifier, batches, tmp_path, monkeypatch):
    """NNCF switched off in silence: the name must not be given."""
    off = nncf_smoothquant.quantized

    def unsmoothed(nncf, model, samples, chosen, transformer, alpha, scheme):
        return off(nncf, model, samples, chosen, transformer, -1.0, scheme)

    monkeypatch.setattr(nncf_smoothquant, "quantized", unsmoothed)
    with pytest.raises(ArtifactError, match="not what its name says here: it smoothed no layer"):
        NncfSmoothQuant.quantize(classifier, batches, {}, tmp_path / "q.onnx")
    assert not (tmp_path / "q.onnx").exists()


def test_a_model_of_convolutions_has_nothing_to_smooth(convolutions, tmp_path):
    batch = {"": np.random.default_rng(0).normal(size=(8, 1, 8, 8)).astype(np.float32)}
    with pytest.raises(ArtifactError, match="it smoothed no layer"):
        NncfSmoothQuant.quantize(convolutions, [batch], {}, tmp_path / "q.onnx")


@pytest.fixture
def convolutions(tmp_path):
    from onnx import helper

    from ..conftest import save

    weights = {"w": np.random.default_rng(0).normal(size=(4, 1, 3, 3))}
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 3])]
    shapes = [("x", ["N", 1, 8, 8])], [("y", ["N", 4, 6, 6])]
    return save(tmp_path / "conv.onnx", nodes, *shapes, weights)


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_alpha_lies_between_0_and_1(block, tmp_path, alpha):
    with pytest.raises(
        PluginError, match=r"'alpha' of scheme 'nncf-smoothquant' must be a number from 0 to 1"
    ):
        NncfSmoothQuant.quantize(block, BATCHES, {"alpha": alpha}, tmp_path / "q.onnx")
