import importlib.util
import json
import re
import shutil
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet as pq
import pytest

from quantassay.rubrics.cross.load import load_study
from quantassay.rubrics.load import load

PLUS, MINUS, END = 10, 11, 12
TASKS = ("digits", "filetypes", "retrieval", "sums")
COMMITTED = ("digits", "sums")  # the others' models come from wheels
SUMS = ("sums", "sums-no-norm")  # the twin is the same function


@pytest.fixture(scope="module")
def folder(examples):
    return examples / "three_axes"


@pytest.fixture(scope="module")
def study(folder, tmp_path_factory):
    """The study where nothing was built: what is not committed is an empty file."""
    made = tmp_path_factory.mktemp("built") / "three_axes"
    shutil.copytree(folder, made, ignore=shutil.ignore_patterns("data"))
    shutil.copytree(folder.parent / "digits", made.parent / "digits")
    named = (re.findall(r"data/[\w./-]+", path.read_text()) for path in made.glob("*.yaml"))
    for path in map(made.joinpath, chain(*named)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return load_study(made / "study.yaml")


def script(path):
    spec = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, spec.name, module)  # where dataclasses look for their module
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outliers(folder):
    return script(folder / "outliers.py")


@pytest.fixture(scope="module")
def sums(folder):
    return pq.read_table(folder / "sums.parquet")


@pytest.fixture(scope="module")
def answered(folder, sums):
    """What each model of sums answers to the whole test set (n, 100)."""
    found, options = {}, onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    for name in SUMS:
        session = onnxruntime.InferenceSession(
            folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"]
        )
        parts = np.array_split(tokens(sums), 100)
        found[name] = np.concatenate([session.run(None, {"tokens": part})[0] for part in parts])
    return found


def tokens(table):
    return table["tokens"].combine_chunks().flatten().to_numpy().reshape(len(table), -1)


def worked_out(row):
    """Compute one chain as a person would; return its answer and its number of steps."""
    total, steps = 10 * row[0] + row[1], 0
    for operation, tens, ones in row[2:].reshape(-1, 3):
        if operation != END:
            total += (10 * tens + ones) * {PLUS: 1, MINUS: -1}[operation]
            steps += 1
    return total % 100, steps


def weights(path):
    return {
        each.name: onnx.numpy_helper.to_array(each) for each in onnx.load(path).graph.initializer
    }


def test_answers_and_steps_are_those_of_the_chains(sums):
    found = np.array([worked_out(row) for row in tokens(sums)])
    np.testing.assert_array_equal(found[:, 0], sums["answer"].to_numpy())
    np.testing.assert_array_equal(found[:, 1], sums["steps"].to_numpy())


def test_every_number_of_steps_has_as_many_chains_and_none_twice(sums):
    assert np.bincount(sums["steps"].to_numpy()).tolist() == [0, *[4000] * 6]
    assert len(np.unique(tokens(sums), axis=0)) == len(sums)


def test_no_calibration_chain_is_in_the_test_set(folder, sums):
    others = tokens(pq.read_table(folder / "more-sums.parquet"))
    asked = {row.tobytes() for row in tokens(sums)}
    assert not [row for row in others if row.tobytes() in asked]


@pytest.mark.parametrize("name", SUMS)
def test_every_model_of_sums_is_right_at_every_number_of_steps(sums, answered, name):
    right = answered[name].argmax(1) == sums["answer"].to_numpy()
    steps = sums["steps"].to_numpy()
    assert min(right[steps == k].mean() for k in range(1, 7)) >= 0.95


def test_models_of_sums_are_matched_before_quantization(sums, answered):
    wanted = sums["answer"].to_numpy()
    right = [(answered[name].argmax(1) == wanted).mean() for name in SUMS]
    assert max(right) - min(right) <= 0.01


@pytest.mark.parametrize("name", SUMS)
def test_scores_of_sums_are_logarithms_of_probabilities(answered, name):
    np.testing.assert_allclose(np.exp(answered[name].astype(float)).sum(1), 1, atol=1e-4)


@pytest.mark.parametrize("name", COMMITTED)
def test_a_twin_is_what_the_script_makes_and_the_same_function(folder, outliers, name):
    task = outliers.TASKS[name]
    model, made = (folder / path for path in (task.model, task.twin))
    assert outliers.twin(onnx.load(model), task.pairs) == onnx.load(made)
    apart = outliers.require_same(model.read_bytes(), made.read_bytes(), outliers.feeds(task), name)
    assert apart < 1e-5


@pytest.mark.parametrize("name", COMMITTED)
def test_a_twin_has_channels_that_are_scaled_and_others_that_are_not(folder, outliers, name):
    task = outliers.TASKS[name]
    before, after = (weights(folder / path) for path in (task.model, task.twin))
    scale = {outliers.SCALE, 1 / outliers.SCALE, 1.0}
    for pair in task.pairs:
        nonzero = before[pair.first] != 0
        factors = after[pair.first][nonzero] / before[pair.first][nonzero]
        assert {outliers.SCALE, 1.0} <= set(factors.tolist()) <= scale


def test_a_pair_that_does_not_preserve_the_function_is_refused(folder, outliers):
    task = outliers.TASKS["sums"]
    wrong = [outliers.Pair("step.blocks.0.query.bias", "step.blocks.0.out.bias")]
    source = (folder / task.model).read_bytes()
    made = outliers.twin(onnx.load_model_from_string(source), wrong).SerializeToString()
    with pytest.raises(SystemExit, match="not the same function"):
        outliers.require_same(source, made, outliers.feeds(task), "sums")


def test_a_bias_of_no_layer_is_refused(folder, outliers):
    model = onnx.load(folder / "sums.onnx")
    with pytest.raises(SystemExit, match="not of a convolution or a product"):
        outliers.twin(model, [outliers.Pair("step.norm.bias", "step.digits.bias")])


def test_the_readme_shows_what_the_study_found(folder, study):
    readme = script(folder / "readme.py")
    page = readme.README.read_text()
    found = json.loads(readme.RESULTS.read_text())
    assert page == readme.with_results(page, found)
    front = readme.FRONT.read_text()
    assert front == readme.with_short(front, found)
    assert {(one["task"], one["model"], one["scheme"]) for one in found["cells"]} == {
        (cell.at.task, cell.at.model, cell.at.scheme) for cell in study.cells
    }


def test_what_is_committed_stays_small(folder):
    kept = [
        path
        for path in folder.rglob("*")
        if path.is_file() and not {"data", "__pycache__"} & set(path.relative_to(folder).parts)
    ]
    sizes = [path.stat().st_size for path in kept]
    assert max(sizes) < 1_000_000 and sum(sizes) < 3_000_000


@pytest.mark.parametrize("task", TASKS)
def test_rubric_loads_without_a_warning(folder, task):
    assert load(folder / f"{task}.yaml").warnings == ()


def test_every_task_has_the_same_models_and_schemes(study):
    study = study.file
    assert tuple(study.tasks) == TASKS
    assert all({"as-trained", "outliers"} <= set(task.models) for task in study.tasks.values())
    assert all(scheme.applies(task) for scheme in study.schemes.values() for task in TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_a_rubric_asks_of_its_model_what_the_study_asks(folder, study, task):
    study = study.file
    variants = load(folder / f"{task}.yaml").rubric.variants
    assert set(variants) == {study.reference, *study.schemes}
    for name, scheme in study.schemes.items():
        own = variants[name].model_dump(exclude_defaults=True, exclude={"calibration"})
        assert own == scheme.variant(task) | {"of": study.reference}


def test_the_study_reads_what_the_scripts_write(folder, study, outliers):
    study = study.file
    for name, task in outliers.TASKS.items():
        models = study.tasks[name].models
        assert (models["as-trained"].model, models["outliers"].model) == (task.model, task.twin)
        assert Path(load(folder / f"{name}.yaml").rubric.task.data.path) == Path(task.table)
