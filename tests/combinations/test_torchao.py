"""Schemes of torchao, run in PyTorch: a digit classifier in 8, 4 and 3 bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay.engines.pytorch.engine import PyTorch
from quantassay.errors import ArtifactError, PluginError
from quantassay.formats.exported import Exported
from quantassay.formats.state_dict import StateDict
from quantassay.schemes.torchao.int4 import TorchAoInt4
from quantassay.schemes.torchao.int8 import TorchAoInt8
from quantassay.schemes.truth import compare
from quantassay.testing import check_engine, check_scheme

torch = pytest.importorskip("torch", reason="torch is not installed: make test-torch")
pytest.importorskip("torchao", reason="not installed: make test-torch")

from tests.models import torch_digits as made  # noqa: E402

MODEL = "digit classifier"
int8 = pytest.mark.combination(scheme="torchao-int8", engine="pytorch", model=MODEL)
int4 = pytest.mark.combination(scheme="torchao-int4", engine="pytorch", model=MODEL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("torchao")
    made.write_module(folder, "digit_net")
    made.write_states(folder)
    return folder


@pytest.fixture(scope="module")
def built(folder):
    return {"module": "digit_net:build", "folder": str(folder)}


@pytest.fixture(scope="module")
def pixels():
    return made.digits()[0][1200:]


@pytest.fixture
def variant(folder, built, tmp_path):
    def write(scheme, **options):
        out = tmp_path / "variant.safetensors"
        scheme.quantize(folder / "digits.safetensors", None, {**built, **options}, out)
        return out

    return write


def answers(path, built, pixels, **options):
    session = PyTorch.open(path, {**built, **options})
    return session.run({"": pixels})["output"], session.use()


@int8
@pytest.mark.parametrize("activation", ["none", "dynamic"])
def test_int8_obeys_what_every_scheme_obeys(activation, folder, built):
    check_scheme(TorchAoInt8, folder / "digits.pt", None, {**built, "activation": activation})


@int4
def test_int4_obeys_what_every_scheme_obeys(folder, built):
    check_scheme(TorchAoInt4, folder / "digits.safetensors", None, {**built, "group": 16})


@int8
def test_what_int8_makes_is_opened_as_any_model(variant, built, pixels):
    check_engine(PyTorch, variant(TorchAoInt8), {"": pixels[:16]}, built)


@int8
def test_int8_dynamic_multiplies_whole_numbers(variant, built, pixels):
    found, use = answers(variant(TorchAoInt8), built, pixels)
    assert 0 < np.abs(found - made.logits(pixels)).max() < 1
    assert [(one.op, one.precision, one.count, one.execution) for one in use.precisions] == [
        ("_int_mm", "int8", 3, "native")
    ]
    assert dict(use.full_precision) == {}


@int8
def test_int8_weights_alone_are_expanded_to_floats(variant, built, pixels):
    path = variant(TorchAoInt8, activation="none")
    found, use = answers(path, built, pixels)
    assert 0 < np.abs(found - made.logits(pixels)).max() < 0.5
    assert [(one.op, one.precision, one.count, one.execution) for one in use.precisions] == [
        ("linear", "int8", 3, "emulated")
    ]
    weight = made.trained()[0].weight.numpy()
    step = np.abs(weight).max(axis=1, keepdims=True) / 127.5
    stored = StateDict.tensors(path)["0.weight"].dequantize().numpy()
    assert (np.abs(stored - weight) <= step * 0.501).all()
    np.testing.assert_allclose(stored / step, np.round(stored / step), atol=1e-3)


@int4
@pytest.mark.parametrize(("bits", "most"), [(4, 7), (3, 3), (2, 1)])
def test_few_bits_give_few_values(bits, most, variant, built, pixels):
    path = variant(TorchAoInt4, bits=bits)
    weight = StateDict.tensors(path)["0.weight"]
    assert weight.qdata.min() >= -most - 1 and weight.qdata.max() <= most
    assert len(weight.qdata.unique()) > most
    _, use = answers(path, built, pixels)
    assert [(one.op, one.precision, one.count, one.execution) for one in use.precisions] == [
        ("linear", f"int{bits}", 3, "emulated")
    ]
    assert StateDict.contents(path).stored == f"int{bits}"
    assert TorchAoInt4.precision_of({"bits": bits}) == f"int{bits} weights"


@int4
def test_fewer_bits_err_more(variant, built, pixels):
    errors = [
        np.abs(answers(variant(TorchAoInt4, bits=bits), built, pixels)[0] - made.logits(pixels))
        for bits in (8, 4, 3, 2)
    ]
    means = [error.mean() for error in errors]
    assert means == sorted(means) and means[0] < means[-1] / 20


@int8
@int4
@pytest.mark.long
@pytest.mark.parametrize("scheme", [TorchAoInt8, TorchAoInt4])
def test_compiled_answers_nearly_the_same(scheme, variant, built, pixels):
    path = variant(scheme)
    eager, before = answers(path, built, pixels)
    compiled, after = answers(path, built, pixels, mode="compiled")
    np.testing.assert_allclose(compiled, eager, atol=1e-3)
    executed = [[(one.precision, one.execution) for one in use.precisions]
                for use in (before, after)]  # fmt: skip
    assert executed[0] == executed[1]


def test_what_changed_is_told(folder, variant):
    before = StateDict.contents(folder / "digits.safetensors")
    truth = compare(before, StateDict.contents(variant(TorchAoInt8)))
    assert truth.summary == (
        "3 of 3 weight tensors differ; "
        "added 3 int8 weight, activations rounded while it runs; removed 3 fp32 weight; "
        "3 of 3 layers in lower precision"
    )
    assert truth.bits_per_weight == pytest.approx(8.8, abs=0.3)
    truth = compare(before, StateDict.contents(variant(TorchAoInt4, group=64)))
    assert truth.summary.startswith("only 1 of 3 weight tensors differ; added 1 int4 weight;")
    truth = compare(before, StateDict.contents(variant(TorchAoInt8, exclude=["0", "4"])))
    assert (truth.weights_changed, truth.weights_total) == (1, 3)


def test_the_same_weights_with_and_without_rounded_activations_are_two_models(variant):
    weights = [
        StateDict.contents(variant(TorchAoInt8, activation=activation))
        for activation in ("none", "dynamic")
    ]
    assert weights[0].weights == weights[1].weights
    assert weights[0].structure != weights[1].structure


def test_four_bits_take_a_byte_each(variant):
    found = StateDict.contents(variant(TorchAoInt4))
    weights = [one for one in found.weights if one.kind == "int4"]
    assert all(one.bits == 8 * one.elements for one in weights) and len(weights) == 3


@pytest.mark.parametrize(
    ("scheme", "options", "error", "message"),
    [
        (TorchAoInt8, {"activation": "static"}, PluginError, r"one of dynamic, none; got 'static'"),
        (TorchAoInt8, {"exclude": ["1"]}, PluginError, r"'exclude' names no linear layer: '1'"),
        (TorchAoInt8, {"exclude": ["0", "2", "4"]}, ArtifactError, r"changes nothing here: 0 of"),
        (TorchAoInt4, {"group": 7}, ArtifactError, r"changes nothing here: 0 of its 3 linear"),
        (
            TorchAoInt4,
            {"group": 0},
            PluginError,
            r"'group' of scheme 'torchao-int4' must be a whole number of at least 1",
        ),
        (TorchAoInt4, {"bits": 1}, PluginError, r"one of 2, 3, 4, 5, 6, 7, 8; got 1"),
        (TorchAoInt8, {"module": "digit_net:both"}, ArtifactError, r"is not of the module that"),
        (TorchAoInt8, {"module": ""}, PluginError, r"needs the function that builds the module"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(scheme, options, error, message, variant):
    with pytest.raises(error, match=message) as raised:
        variant(scheme, **options)
    assert "\n" not in str(raised.value)


def test_a_module_without_linear_layers_is_refused(folder, built, tmp_path):
    from digit_net import convolutions

    torch.save(convolutions().state_dict(), tmp_path / "conv.pt")
    options = {**built, "module": "digit_net:convolutions"}
    with pytest.raises(ArtifactError, match=r"changes nothing here: it has no linear layer"):
        TorchAoInt8.quantize(tmp_path / "conv.pt", None, options, tmp_path / "out.safetensors")
    assert not (tmp_path / "out.safetensors").exists()


def test_what_is_quantized_already_is_refused(variant, built, tmp_path):
    with pytest.raises(ArtifactError, match=r"is quantized already"):
        TorchAoInt4.quantize(variant(TorchAoInt8), None, built, tmp_path / "out.safetensors")


@pytest.mark.parametrize("kind", ["Float8Tensor", "os.system"])
def test_a_header_that_describes_something_else_is_refused(kind, variant, built):
    path = variant(TorchAoInt8)
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = data[8 : 8 + length].replace(b"Int8Tensor", kind.encode())
    path.write_bytes(len(header).to_bytes(8, "little") + header + data[8 + length :])
    for look in (StateDict.identify, lambda path: PyTorch.open(path, built)):
        with pytest.raises(ArtifactError, match=f"described as '{kind}', which is not read"):
            look(path)


def test_torchs_own_archive_of_quantized_weights_is_read(variant, built, pixels, tmp_path):
    path = variant(TorchAoInt8)
    torch.save(StateDict.tensors(path), tmp_path / "saved.pt")
    found, use = answers(tmp_path / "saved.pt", built, pixels)
    np.testing.assert_array_equal(found, answers(path, built, pixels)[0])
    assert use.precisions[0].op == "_int_mm"
    assert StateDict.contents(tmp_path / "saved.pt") == StateDict.contents(path)


@int8
@int4
@pytest.mark.parametrize("scheme", [TorchAoInt8, TorchAoInt4])
def test_a_program_exported_from_plain_tensors_says_what_it_is(
    scheme, variant, built, pixels, tmp_path
):
    from torchao.utils import unwrap_tensor_subclass

    own = variant(scheme)
    expected, before = answers(own, built, pixels)
    module = PyTorch.open(own, built)._model.module
    given = torch.from_numpy(pixels[:8])
    free = ({0: torch.export.Dim.DYNAMIC},)
    wrapped = torch.export.export(module, (given,), dynamic_shapes=free)
    torch.export.save(wrapped, tmp_path / "wrapped.pt2")
    with pytest.raises(ArtifactError, match=r"holds the weight '0.weight' as a pickle|operator"):
        Exported.identify(tmp_path / "wrapped.pt2")
    plain = torch.export.export(unwrap_tensor_subclass(module), (given,), dynamic_shapes=free)
    torch.export.save(plain, tmp_path / "plain.pt2")
    found, use = answers(tmp_path / "plain.pt2", {}, pixels)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    told = [[replace(one, why="") for one in each.precisions] for each in (before, use)]
    assert told[0] == told[1]
    contents = Exported.contents(tmp_path / "plain.pt2")
    assert contents.layers == (3, 3)
    assert contents.macs == (64 * 96 + 96 * 96 + 96 * 10,) * 2


RUBRIC = """
rubric: digits-torchao/1
task:
  name: handwritten digits
  data: {reader: table, path: test.parquet, id: id, input: pixels, target: digit}
  outputs: {kind: logits}
  composition: in-domain
  clusters: independent
metrics: [{name: top1, margin: 0.05}]
reference: fp32
variants:
  fp32: {model: digits.safetensors, engine_options: {module: "digit_net:build"}}
  dynamic: {scheme: torchao-int8, of: fp32}
  four: {scheme: torchao-int4, of: fp32, options: {bits: 4}}
confidence: 0.95
inference: {batch: 64}
timing: null
seed: 7
"""


@int8
@int4
def test_a_run_from_rubric_to_claim(folder, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from quantassay.workflows.run import run

    pixels, target = (array[1200:] for array in made.digits())
    ids = [f"d{at}" for at in range(len(target))]
    columns = {"id": ids, "pixels": list(pixels), "digit": target}
    pq.write_table(pa.table(columns), folder / "test.parquet")
    (folder / "assay.yaml").write_text(RUBRIC)
    result = run(folder / "assay.yaml", out=tmp_path / "run")
    again = run(folder / "assay.yaml", out=tmp_path / "again")
    for made_by in (result, again):
        uses = made_by.engines
        assert dict(uses["fp32"].full_precision) == {"addmm": 3}
        assert [(one.op, one.execution) for one in uses["dynamic"].precisions] == [
            ("_int_mm", "native")
        ]
        assert [(one.precision, one.execution) for one in uses["four"].precisions] == [
            ("int4", "emulated")
        ]
    found = {one.name: one for one in result.variants}
    assert (found["dynamic"].precision, found["four"].precision) == ("int8 dynamic", "int4 weights")
    digests = [[one.artifact.digest for one in each.variants] for each in (result, again)]
    assert digests[0] == digests[1]
