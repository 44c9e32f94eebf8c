"""PyTorch as an engine: a digit classifier, eager and compiled, and files that would run code."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest

from quantassay.engines.pytorch.engine import PyTorch
from quantassay.errors import ArtifactError, DataError, PluginError, UserCodeError
from quantassay.formats.exported import Exported
from quantassay.formats.state_dict import StateDict
from quantassay.testing import check_engine

torch = pytest.importorskip("torch", reason="torch is not installed: make test-torch")
pytest.importorskip("safetensors", reason="not installed: make test-torch")

from tests.models import torch_digits as made  # noqa: E402

engine = pytest.mark.combination(scheme=None, engine="pytorch", model="digit classifier")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("torch")
    made.write_module(folder, "digit_net")
    made.write_states(folder)
    made.write_program(folder / "digits.pt2")
    return folder


@pytest.fixture(scope="module")
def built(folder):
    return {"module": "digit_net:build", "folder": folder}


@pytest.fixture(scope="module")
def pixels():
    return made.digits()[0][1200:]


def opened(path, built, **options):
    return PyTorch.open(path, {**({} if path.suffix == ".pt2" else built), **options})


@engine
@pytest.mark.parametrize("name", ["digits.pt2", "digits.safetensors", "digits.pt"])
def test_obeys_what_every_engine_obeys(name, folder, built, pixels):
    options = {} if name.endswith(".pt2") else built
    check_engine(PyTorch, folder / name, {"": pixels[:32]}, options)


@engine
@pytest.mark.parametrize("name", ["digits.pt2", "digits.safetensors", "digits.pt"])
def test_answers_as_plain_torch_does(name, folder, built, pixels):
    session = opened(folder / name, built)
    outputs = session.run({"": pixels})
    np.testing.assert_array_equal(outputs["output"], made.logits(pixels))
    right = outputs["output"].argmax(1) == made.digits()[1][1200:]
    assert right.mean() > 0.9


@engine
@pytest.mark.long
@pytest.mark.parametrize("name", ["digits.pt2", "digits.safetensors"])
def test_compiled_answers_nearly_the_same_whatever_the_batch(name, folder, built, pixels):
    session = opened(folder / name, built, mode="compiled")
    for rows in (64, 17, 1):
        found = session.run({"": pixels[:rows]})["output"]
        np.testing.assert_allclose(found, made.logits(pixels[:rows]), atol=1e-4)
    use = session.use()
    assert use.options["compiled parts"] == "1"
    assert use.graph_level == "compiled"
    assert sum(use.full_precision.values()) == 3


@engine
def test_what_ran_is_read_off_a_batch(folder, built, pixels):
    session = opened(folder / "digits.safetensors", built)
    assert session.use().full_precision == {}
    session.run({"": pixels[:4]})
    use = session.use()
    assert (use.asked, use.full_precision, use.precisions) == ("f32", {"addmm": 3}, ())
    assert (use.version, use.provider, use.threads) == (torch.__version__, "cpu", 1)
    assert session.deterministic is None


@engine
def test_bfloat16_is_told_where_it_ran(folder, built, pixels):
    session = opened(folder / "digits.pt2", built, precision="bf16")
    found = session.run({"": pixels})["output"]
    assert found.dtype == np.float32
    assert 0 < np.abs(found - made.logits(pixels)).max() < 1
    use = session.use()
    assert [(one.op, one.precision, one.count) for one in use.precisions] == [("addmm", "bf16", 3)]
    assert (use.asked, use.full_precision) == ("bf16", {})


def test_weights_in_half_floats_stay_so(folder, built, tmp_path, pixels):
    path = tmp_path / "half.pt"
    torch.save({k: v.bfloat16() for k, v in made.trained().state_dict().items()}, path)
    session = opened(path, built)
    with pytest.raises(DataError, match=r"PyTorch refused a batch of float32 \(4, 64\): .*dtype"):
        session.run({"": pixels[:4]})
    contents = StateDict.contents(path)
    assert contents.stored == "bf16"
    assert contents.layers == (3, 3)


def test_several_inputs_and_outputs_go_by_name(folder, tmp_path, pixels):
    from digit_net import both

    torch.save(both().state_dict(), tmp_path / "both.pt")
    session = PyTorch.open(tmp_path / "both.pt", {"module": "digit_net:both", "folder": folder})
    assert session.inputs == ("left",)
    found = session.run({"left": pixels[:5], "right": pixels[:5] * 2})
    assert {name: array.shape for name, array in found.items()} == {"one": (5, 3), "other": (5, 2)}
    assert session.outputs == ("one", "other")
    alone = session.run({"": pixels[:5]})
    np.testing.assert_array_equal(alone["one"], found["one"])
    assert not np.array_equal(alone["other"], found["other"])
    with pytest.raises(DataError, match=r"takes 'left', 'right', got 'left', 'up'; map them"):
        session.run({"left": pixels[:5], "up": pixels[:5]})


def test_several_inputs_of_a_program(folder, tmp_path, pixels):
    from digit_net import both

    free = {"left": {0: torch.export.Dim("n")}, "right": {0: torch.export.Dim("n")}}
    given = torch.from_numpy(pixels[:4])
    program = torch.export.export(both(), (given,), {"right": given}, dynamic_shapes=free)
    torch.export.save(program, tmp_path / "both.pt2")
    session = PyTorch.open(tmp_path / "both.pt2", {})
    assert session.inputs == ("left", "right")
    found = session.run({"right": pixels[:7], "left": pixels[:7] * 2})
    assert {name: array.shape for name, array in found.items()} == {"one": (7, 3), "other": (7, 2)}


def test_random_numbers_are_noticed(folder, tmp_path):
    torch.save({"a": torch.zeros(1)}, tmp_path / "none.pt")
    with pytest.raises(ArtifactError, match=r"not of the module that digit_net:random builds"):
        PyTorch.open(tmp_path / "none.pt", {"module": "digit_net:random", "folder": folder})
    from digit_net import random

    given = torch.zeros(2, 3)
    torch.export.save(torch.export.export(random(), (given,)), tmp_path / "random.pt2")
    session = PyTorch.open(tmp_path / "random.pt2", {})
    session.run({"": given.numpy()})
    assert session.deterministic is False


def test_a_fixed_batch_is_told_and_kept(tmp_path, pixels):
    session = PyTorch.open(made.write_program(tmp_path / "four.pt2", batch=4), {})
    assert session.fixed_batch == 4
    with pytest.raises(DataError, match=r"takes float32 of shape \(4, 64\), got float32 of \(5,"):
        session.run({"": pixels[:5]})


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ({"x": np.zeros((2, 64), np.float32)}, r"inputs are 'input', got 'x'; map them"),
        ({"": np.zeros((2, 64))}, r"takes float32 of shape \(any, 64\), got float64 of \(2, 64\)"),
        ({"": np.zeros((2, 63), np.float32)}, r"shape \(any, 64\), got float32 of \(2, 63\)"),
        ({"": np.zeros(64, np.float32)}, r"shape \(any, 64\), got float32 of \(64,\)"),
        ({"": np.array(["a", "b"])}, r"shape \(any, 64\), got <U1"),
    ],
)
def test_wrong_arrays_are_named_in_one_line(batch, message, folder):
    with pytest.raises(DataError, match=message) as raised:
        PyTorch.open(folder / "digits.pt2", {}).run(batch)
    assert "\n" not in str(raised.value)


def test_words_are_no_tensor(folder, built):
    with pytest.raises(DataError, match=r"input 'input' is <U1, which no tensor can hold"):
        opened(folder / "digits.pt", built).run({"": np.array(["a"])})


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, PluginError, r"holds weights only: name the function that builds the module"),
        ({"module": "digit_net:raises"}, UserCodeError, r"raises: raised ValueError: no way"),
        ({"module": "digit_net:no_module"}, UserCodeError, r"returned int; expected a torch"),
        ({"module": "digit_net:buld"}, UserCodeError, r"did you mean 'build'"),
        ({"module": "digit_net:both"}, ArtifactError, r"is not of the module that digit_net:both"),
        ({"module": 3}, PluginError, r"'module' .* must be text; got 3"),
        ({"mode": "fast"}, PluginError, r"'mode' of engine 'pytorch' is one of eager, compiled"),
        ({"threads": 0}, PluginError, r"whole number from 1 to 1024; got 0"),
        ({"thread": 1}, PluginError, r"no option 'thread' \(did you mean 'threads'\?\)"),
        ({"device": "cuda"}, PluginError, r"no CUDA device, or torch .* is built without it"),
    ],
)
def test_options_are_checked(options, error, message, folder):
    if options.get("device") == "cuda" and torch.cuda.is_available():
        pytest.skip("this machine has such a device")
    with pytest.raises(error, match=message) as raised:
        PyTorch.open(folder / "digits.pt", {"folder": folder, **options})
    assert "\n" not in str(raised.value)


def test_a_missing_compiler_is_an_error(folder, monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(PluginError, match=r"needs a C\+\+ compiler and 'no-such-compiler' is not"):
        PyTorch.open(folder / "digits.pt2", {"mode": "compiled"})


def test_an_environment_that_lets_float32_run_in_less_is_refused(folder, monkeypatch):
    monkeypatch.setenv("ONEDNN_DEFAULT_FPMATH_MODE", "BF16")
    with pytest.raises(PluginError, match=r"lets float32 run in less; unset it"):
        PyTorch.open(folder / "digits.pt2", {})


def refused(path, form, mark, message):
    for look in (form.identify, form.contents, lambda path: PyTorch.open(path, OPTIONS)):
        with pytest.raises(ArtifactError, match=message) as raised:
            look(path)
        assert "\n" not in str(raised.value)
        assert not mark.exists()


def runs_in_torch(path, mark):
    """The payload is real: torch itself runs it, whatever it then says of the file."""
    with contextlib.suppress(Exception):
        torch.export.load(path).module()(torch.zeros(2, 64))
    assert mark.exists()


OPTIONS = {"module": "digit_net:build", "folder": "."}


@pytest.mark.parametrize("name", ["hostile.pt", "hostile.pth", "hostile.safetensors"])
def test_a_pickle_by_another_name_is_not_read(name, tmp_path):
    path, mark = tmp_path / name, tmp_path / "ran"
    path.write_bytes(made.pickled(mark))
    refused(path, StateDict, mark, r"a bare pickle, which could run code and is not read")


@pytest.mark.parametrize("name", ["hostile.pt", "hostile.safetensors"])
def test_an_archive_with_more_than_tensors_is_not_unpickled(name, tmp_path):
    path, mark = tmp_path / name, tmp_path / "ran"
    path.write_bytes(made.saved_with(mark))
    refused(path, StateDict, mark, r"is not unpickled: Unsupported global: [^;]*; save 'module")


def test_a_pickle_called_a_program_is_not_read(tmp_path):
    path, mark = tmp_path / "hostile.pt2", tmp_path / "ran"
    path.write_bytes(made.pickled(mark))
    refused(path, Exported, mark, r"damaged, or not an exported program")
    path.write_bytes(made.saved_with(mark))
    refused(path, Exported, mark, r"holds the member '[^']*data.pkl', which could run code")


def test_hostile_sample_inputs_run_in_torch_and_not_here(folder, tmp_path, pixels):
    mark = tmp_path / "ran"
    hostile = made.saved_with(mark)
    path = made.rewritten(
        folder / "digits.pt2",
        tmp_path / "hostile.pt2",
        lambda name, data: hostile if name.endswith("sample_inputs/model.pt") else data,
    )
    session = PyTorch.open(path, {})
    np.testing.assert_array_equal(session.run({"": pixels})["output"], made.logits(pixels))
    assert not mark.exists()
    runs_in_torch(path, mark)


def pickled_weight(hostile):
    def change(name, data):
        if name == "data/weights/weight_0":
            return hostile
        if name == "data/weights/model_weights_config.json":
            config = json.loads(data)
            config["config"]["0.weight"]["use_pickle"] = True
            return json.dumps(config).encode()
        return data

    return change


def test_a_pickled_weight_runs_in_torch_and_is_refused_here(folder, tmp_path):
    mark, path = tmp_path / "ran", tmp_path / "hostile.pt2"
    made.rewritten(folder / "digits.pt2", path, pickled_weight(made.saved_with(mark)))
    refused(path, Exported, mark, r"holds the weight '0.weight' as a pickle, which could run code")
    runs_in_torch(path, mark)


def sizes_of(program):
    return program["graph_module"]["graph"]["tensor_values"]["input"]["sizes"][0]["as_expr"]


@pytest.mark.parametrize("what", ["size", "guard"])
def test_text_that_torch_evaluates_is_not_evaluated_here(what, folder, tmp_path):
    mark, path = tmp_path / "ran", tmp_path / "hostile.pt2"
    touch = f"__import__('pathlib').Path({str(mark)!r}).touch()"

    def change(program):
        if what == "size":
            sizes_of(program)["expr_str"] = f"[{touch}, Symbol('s0')][1]"
        else:
            program["guards_code"] = [f"{touch} is None"]

    made.with_graph(folder / "digits.pt2", path, change)
    if what == "size":
        refused(path, Exported, mark, r"holds the size .\[__import__")
    else:  # guards are dropped: shapes and types are checked here
        session = PyTorch.open(path, {})
        session.run({"": np.zeros((2, 64), np.float32)})
    assert not mark.exists()
    runs_in_torch(path, mark)


def first_target(target):
    def change(program):
        program["graph_module"]["graph"]["nodes"][0]["target"] = target

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (first_target("torch.hub.os.system"), r"the operator 'torch.hub.os.system'"),
        (first_target("torch.ops.aten.from_file.default"), r"operator 'torch.ops.aten.from_file"),
        (first_target("torch.ops.aten.save.default"), r"the operator 'torch.ops.aten.save"),
        (first_target("torch.ops.higher_order.cond"), r"operator 'torch.ops.higher_order.cond'"),
        (lambda program: program.update({"extra\nimport os": 1}), r"the name 'extra\\nimport os'"),
        (
            lambda program: program["graph_module"]["graph"]["nodes"][0].update(name="a; b()"),
            r"the name 'a; b\(\)'",
        ),
        (
            lambda program: program["graph_module"]["module_call_graph"][0]["signature"].update(
                in_spec='[1, {"type": "os.system", "context": "null", "children_spec": []}]'
            ),
            r"of the type 'os.system'",
        ),
        (
            lambda program: sizes_of(program).update(expr_str="Pow(Integer(9), Integer(99))"),
            r"size",
        ),
        (lambda program: sizes_of(program).update(expr_str="9" * 30), r"the size '999"),
    ],
)
def test_a_graph_says_nothing_but_operations(change, message, folder, tmp_path):
    path = made.with_graph(folder / "digits.pt2", tmp_path / "hostile.pt2", change)
    refused(path, Exported, tmp_path / "ran", message)


@pytest.mark.parametrize(
    "member",
    [
        "data/aotinductor/model/evil.so",
        "data/constants/opaque_obj_0",
        "data/constants/custom_obj_0",
    ],
)
def test_members_that_run_code_are_refused(member, folder, tmp_path):
    import zipfile

    path = made.rewritten(folder / "digits.pt2", tmp_path / "more.pt2", lambda _, data: data)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"archive/{member}", b"anything")
    refused(path, Exported, tmp_path / "ran", rf"holds the member 'archive/{member}', which could")


@pytest.mark.parametrize("name", ["digits.pt2", "digits.safetensors", "digits.pt"])
def test_a_truncated_file_is_named_in_one_line(name, folder, tmp_path):
    data = (folder / name).read_bytes()
    form = Exported if name.endswith(".pt2") else StateDict
    for length in (0, 10, len(data) // 2, len(data) - 5):
        path = tmp_path / name
        path.write_bytes(data[:length])
        refused(path, form, tmp_path / "ran", r"damaged|packed|holds")


def test_a_changed_byte_of_a_weight_is_noticed(folder, tmp_path):
    data = bytearray((folder / "digits.pt2").read_bytes())
    at = data.index(made.trained()[0].weight.numpy().tobytes()[:64])
    data[at + 9] ^= 1
    (tmp_path / "changed.pt2").write_bytes(data)
    refused(tmp_path / "changed.pt2", Exported, tmp_path / "ran", r"damaged.*CRC")


def test_what_a_program_holds(folder, tmp_path):
    found = Exported.contents(folder / "digits.pt2")
    assert dict(found.ops) == {"aten.linear": 3, "aten.relu": 2}
    assert (found.layers, found.macs) == ((0, 3), (0, 64 * 96 + 96 * 96 + 96 * 10))
    assert (found.stored, dict(found.low_ops)) == ("fp32", {})
    assert Exported.identify(folder / "digits.pt2").version == f"made by torch {torch.__version__}"
    again = Exported.contents(made.write_program(tmp_path / "again.pt2"))
    assert again.structure == found.structure
    weights = {one.digest for one in StateDict.contents(folder / "digits.pt").weights}
    assert weights == {one.digest for one in found.weights}


def test_multiplications_of_a_convolution(folder, tmp_path, pixels):
    from digit_net import convolutions

    given = torch.from_numpy(pixels[:4])
    program = torch.export.export(
        convolutions(), (given,), dynamic_shapes=({0: torch.export.Dim.DYNAMIC},)
    )
    torch.export.save(program, tmp_path / "conv.pt2")
    found = Exported.contents(tmp_path / "conv.pt2")
    assert found.macs == (0, 6 * 6 * 4 * 3 * 3)
    session = PyTorch.open(tmp_path / "conv.pt2", {})
    session.run({"": pixels[:4]})
    assert sum(session.use().full_precision.values()) == 1


def test_saving_again_changes_no_byte(folder):
    safe, saved = folder / "digits.safetensors", folder / "digits.pt"
    assert {one.digest for one in StateDict.contents(safe).weights} == {
        one.digest for one in StateDict.contents(saved).weights
    }
    assert StateDict.contents(safe).structure == StateDict.contents(saved).structure
