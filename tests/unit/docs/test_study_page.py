"""The page of `study` says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from quantassay.rubrics.cross import checks, model
from quantassay.rubrics.cross.cell import LEFT_OUT
from quantassay.rubrics.cross.schema import study_schema

PAGE = (Path(__file__).parents[3] / "docs" / "study.md").read_text(encoding="utf-8")
BLOCK = re.findall(r"```yaml\n(study:.*?)```", PAGE, re.DOTALL)


def test_the_study_in_the_page_is_one() -> None:
    (block,) = BLOCK
    jsonschema.Draft202012Validator(study_schema()).validate(yaml.safe_load(block))
    assert model.Study.model_validate(yaml.safe_load(block)).schemes["smoothquant"].only == ["sums"]


@pytest.mark.parametrize(
    "part", [model.Study, model.CrossTask, model.CrossModel, model.CrossScheme]
)
def test_every_key_is_explained(part: type) -> None:
    assert [key for key in part.model_fields if f"`{key}`" not in PAGE] == []  # type: ignore[attr-defined]


def test_what_a_cell_does_not_take_is_told() -> None:
    assert [key for key in ("stopping", "selection", *LEFT_OUT) if f"| `{key}` |" not in PAGE] == []
    assert f"at most {checks.MOST_CELLS:,} cells" in PAGE
