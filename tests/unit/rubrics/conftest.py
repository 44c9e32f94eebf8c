"""A small rubric that is right, and ways of spoiling it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.load import Loaded, load
from quantassay.rubrics.vocabulary import Installed

TEXT = """\
rubric: digits/1
task:
  name: digits
  data: {path: test.csv, id: image, input: pixels, target: digit}
strata:
  - digit
  - {name: rare, where: {digit: [8, 9]}, critical: true}
metrics:
  - {name: top1, margin: 0.02, by: {digit: 0.1, rare: 0.05}}
  - {name: ece}
reference: fp32
variants:
  fp32: {model: model.onnx}
  int8: {scheme: onnxruntime-static, of: fp32, calibration: train}
calibrations:
  train: {data: {path: train.csv}, samples: 256}
confidence: 0.95
"""


class Words(Installed):
    """The installed plugins, except that only the static scheme takes samples."""

    def needs_calibration(self, scheme: str) -> bool | None:
        return scheme == "onnxruntime-static"


@dataclass
class Rubrics:
    """Writes the rubric, with replacements, and loads it."""

    folder: Path

    def write(self, *replacements: tuple[str, str], text: str = TEXT) -> Path:
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path = self.folder / "assay.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def load(self, *replacements: tuple[str, str], text: str = TEXT) -> Loaded:
        return load(self.write(*replacements, text=text), Words())

    def complaint(self, *replacements: tuple[str, str], text: str = TEXT) -> str:
        """Return what loading complains of, each line from the file's name on."""
        with pytest.raises(RubricError) as caught:
            self.load(*replacements, text=text)
        return str(caught.value).replace(f"{self.folder}/", "")


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def rubrics(tmp_path: Path) -> Rubrics:
    return Rubrics(tmp_path)


@pytest.fixture
def complaint(rubrics: Rubrics) -> Callable[..., str]:
    return rubrics.complaint
