"""What a folder of a model says of itself: its task, and how sentences are made of tokens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from .options import POOLINGS, TASKS, TransformersOptions

#: how a sentence-transformers folder spells what this engine does
SPELLED = {"lasttoken": "last", "cls": "cls", "mean": "mean"}
LEGACY = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "last",
}
STEPS = ("Transformer", "Pooling", "Normalize")


@dataclass(frozen=True)
class ModelFolder:
    """A folder of a model: its ``config.json``, and how sentences are made of tokens."""

    path: Path
    config: Mapping[str, Any]
    pooling: str | None
    normalize: bool
    max_length: int | None

    @property
    def quantized(self) -> str:
        """The method that quantized the weights; '' where none did."""
        return str((self.config.get("quantization_config") or {}).get("quant_method", ""))


def read_folder(path: Path) -> ModelFolder:
    """Read what a folder says of its model, and refuse weights that are no safetensors.

    Raises
    ------
    ArtifactError
        If it is no folder of a model, holds pickled weights alone, or says what cannot be run.
    """
    if not (path / "config.json").is_file():
        msg = f"{path}: not a folder of a model: it must hold config.json"
        raise ArtifactError(msg)
    if not any(path.glob("*.safetensors")):
        msg = (
            f"{path}: no weights in *.safetensors; pickled weights (.bin, .pt) can run code when "
            "they are read, and are refused: save them again with safe_serialization"
        )
        raise ArtifactError(msg)
    sentence = _json(path / "sentence_bert_config.json")
    return ModelFolder(
        path,
        _json(path / "config.json"),
        _pooling(path),
        any(step == "Normalize" for step in _steps(path)),
        sentence.get("max_seq_length"),
    )


def task_of(options: TransformersOptions, folder: ModelFolder) -> str:
    """Return what the model is for: as asked, else as its folder says.

    Raises
    ------
    ArtifactError
        If it does not say.
    """
    if options.task is not None:
        return options.task
    named = (folder.config.get("architectures") or [""])[0]
    if folder.pooling is not None:
        return "embedding"
    if named.endswith(("ForCausalLM", "LMHeadModel")):
        return "causal"
    if named.endswith("ForSequenceClassification"):
        return "classification"
    if named.endswith("Model"):
        return "embedding"
    msg = (
        f"{folder.path}: its architecture is {named or 'not named'}: say what it is for, "
        f"'engine_options: {{task: ...}}': {', '.join(TASKS)}"
    )
    raise ArtifactError(msg)


def _steps(path: Path) -> list[str]:
    """Return the steps of a sentence-transformers folder, by the last part of their names."""
    file = path / "modules.json"
    found = _json(file) if file.is_file() else []
    steps = [str(one.get("type", "")).rsplit(".", 1)[-1] for one in found]
    other = [step for step in steps if step not in STEPS]
    if other:
        msg = f"{file}: the step {other[0]!r} is not run by this engine, only {', '.join(STEPS)}"
        raise ArtifactError(msg)
    return steps


def _pooling(path: Path) -> str | None:
    """Return how a sentence-transformers folder pools tokens; None where it says nothing."""
    file = path / "1_Pooling" / "config.json"
    if not file.is_file():
        return None
    said = _json(file)
    legacy = [name for key, name in LEGACY.items() if said.get(key) is True]
    others = [key for key in said if key.startswith("pooling_mode_") and said[key] is True]
    found = SPELLED.get(str(said.get("pooling_mode", "")))
    if found is None and len(legacy) == len(others) == 1:
        found = legacy[0]
    if found is None:
        shown = said.get("pooling_mode", others)
        msg = f"{file}: pools by {shown}, which is not one of {', '.join(POOLINGS)}"
        raise ArtifactError(msg)
    return found


def _json(file: Path) -> Any:
    if not file.is_file():
        return {}
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError, OSError) as error:
        msg = f"{file}: no readable JSON ({type(error).__name__}); copy or save the model again"
        raise ArtifactError(msg) from error
