from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from quantassay.errors import InputError, PairingError
from quantassay.workflows.plan import plan

RUBRIC = """
rubric: alike/1
task:
  name: letters
  data: {path: data.csv, id: id, target: target}
  composition: in-domain
  clusters: independent
STRATA
metrics: [METRIC]
reference: one
variants:
  one: {predictions: data.csv, precision: fp32}
  two: {predictions: data.csv, precision: int8, calibration: undisclosed}
"""
PLAIN = "{name: top1, margin: 0.1}"


def rubric(folder: Path, strata: str = "", metric: str = PLAIN, target=None) -> Path:
    n = np.arange(300)
    table = pd.DataFrame(
        {"id": [f"s{i}" for i in n], "target": n % 3 if target is None else target}
    )
    table.assign(prediction=table.target, part=n % 2).to_csv(folder / "data.csv", index=False)
    path = folder / "assay.yaml"
    path.write_text(RUBRIC.replace("STRATA", strata).replace("METRIC", metric))
    return path


def pilot(targets, ids: str = "other", answers: bool = False, **columns):
    """A pilot of 240 samples with these targets in turn; as answers alone where said so."""
    own = np.resize(np.array(targets, dtype=object), 240)
    table = pd.DataFrame({"id": [f"{ids}{i}" for i in range(240)], "prediction": own})
    table = table.assign(**columns)
    if not answers:
        table["target"] = own
    other = table.copy()
    other.loc[:4, "prediction"] = own[1]
    return table, other


@pytest.mark.parametrize("answers", [False, True])
def test_another_task_is_refused(tmp_path, answers):
    what = "answers" if answers else "targets"
    with pytest.raises(
        InputError, match=f"pilot's {what} 'cat', 'dog' are not classes of the test"
    ):
        plan(rubric(tmp_path), pilot=pilot(["cat", "dog"], answers=answers))


def test_some_classes_of_another_task_are_named(tmp_path):
    found = plan(rubric(tmp_path), pilot=pilot([0, 1, 7]))
    assert any("targets '7' are not classes of the test set" in text for text in found.warnings)


@pytest.mark.parametrize("targets", [[0, 1, 2], ["0", "1"], [0.0, 1.0]])
def test_the_same_task_needs_no_warning(tmp_path, targets):
    assert plan(rubric(tmp_path), pilot=pilot(targets)).warnings == ()


def test_the_same_ids_have_the_same_targets(tmp_path):
    path = rubric(tmp_path)
    assert plan(path, pilot=pilot([0, 1, 2], ids="s")).warnings == ()
    assert plan(path, pilot=pilot([0, 1, 2], ids="s", answers=True)).warnings != ()
    with pytest.raises(PairingError, match="the pilot and the test set disagree on the target"):
        plan(path, pilot=pilot([1, 2, 0], ids="s"))


def test_strata_that_a_pilot_does_not_hold_are_named(tmp_path):
    path = rubric(tmp_path, "strata: [part]", "{name: top1, margin: 0.1, by: {part: 0.2}}")
    lost = plan(path, pilot=pilot([0, 1, 2]))
    assert any("matches 'part'" in text for text in lost.warnings)
    foreign = plan(path, pilot=pilot([0, 1, 2], part="elsewhere"))
    assert any("matches 'part'" in text for text in foreign.warnings)
    assert plan(path, pilot=pilot([0, 1, 2], part=np.arange(240) % 2)).warnings == ()


def test_strata_without_margins_need_not_be_there(tmp_path):
    assert plan(rubric(tmp_path, "strata: [part]"), pilot=pilot([0, 1, 2])).warnings == ()


def test_targets_that_are_no_classes_are_not_compared(tmp_path):
    path = rubric(tmp_path, target=[f"answer {i}" for i in range(300)])
    (warning,) = plan(path, pilot=pilot(["42", "43"])).warnings
    assert "nothing shows that the pilot is of this task" in warning
