from dataclasses import replace

import pytest

from quantassay.rubrics.load import load
from quantassay.workflows.steps.folders import default_folder, warnings_of

RUBRIC = """
rubric: {name}
task:
  name: t
  data: {{path: test.csv, id: id, target: y}}
  composition: c
  clusters: unknown
metrics: [{{name: top1, margin: 0.1}}]
reference: a
variants:
  a: {{predictions: a.csv, precision: fp32, calibration: undisclosed}}
  b: {{predictions: b.csv, precision: int8, calibration: undisclosed}}
timing: null
"""


@pytest.fixture
def loaded(tmp_path):
    def load_(name):
        path = tmp_path / "assay.yaml"
        path.write_text(RUBRIC.format(name=name))
        return load(path)

    return load_


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("digits/1", "runs/digits-1"),
        ('"../../etc"', "runs/etc"),
        ('"..."', "runs/unnamed"),
    ],
)
def test_a_rubric_never_names_a_folder_outside_of_runs(loaded, name, folder):
    found = loaded(name)
    assert default_folder(found).as_posix() == folder
    assert default_folder(found, "-select").as_posix() == f"{folder}-select"


def test_warnings_name_no_folder_of_this_machine(loaded):
    found = loaded("digits/1")
    told = replace(found, warnings=(f"{found.path}:3: odd",))
    assert warnings_of(told) == ("assay.yaml:3: odd",)
