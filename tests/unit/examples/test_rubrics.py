import pytest

from quantassay.rubrics.load import load


@pytest.mark.parametrize("name", ["digits", "filetype", "own"])
def test_rubric_loads_without_a_warning(examples, name):
    assert load(examples / name / "assay.yaml").warnings == ()
