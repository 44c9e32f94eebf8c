"""The options of the transformers engine, and what a model folder says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ..errors import ArtifactError, PluginError, nearest

TASKS = ("causal", "embedding", "classification")
POOLINGS = ("mean", "cls", "last")
OUTPUTS = ("next", "loglikelihood", "choices", "text")
DTYPES = ("float32", "bfloat16", "float16")
CHOICES = {"task": TASKS, "pooling": POOLINGS, "output": OUTPUTS, "dtype": DTYPES}
LARGEST = 1 << 24
#: how a sentence-transformers folder spells what this engine does
SPELLED = {"lasttoken": "last", "cls": "cls", "mean": "mean"}
LEGACY = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "last",
}
STEPS = ("Transformer", "Pooling", "Normalize")


@dataclass(frozen=True)
class TransformersOptions:
    """What a rubric asks of the engine; None: as the folder says."""

    threads: int = 1
    task: str | None = None
    pooling: str | None = None
    normalize: bool | None = None
    max_length: int | None = None
    dtype: str = "float32"
    output: str = "next"
    max_new_tokens: int = 64


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


def read_options(given: Mapping[str, Any]) -> TransformersOptions:
    """Check the names and values of options.

    Raises
    ------
    PluginError
        If one is unknown or wrong.
    """
    known = [field.name for field in fields(TransformersOptions)]
    types = get_type_hints(TransformersOptions)
    for key, value in given.items():
        if key not in known:
            msg = f"engine 'transformers' has no option {key!r}{nearest(key, known)}; there are: "
            raise PluginError(msg + ", ".join(known))
        wanted = CHOICES.get(key)
        if wanted and value not in wanted:
            listed = ", ".join(wanted)
            msg = f"option {key!r} of engine 'transformers' is one of {listed}; got {value!r}"
            raise PluginError(msg)
        kinds = get_args(types[key]) or (types[key],)
        whole = int in kinds
        if type(value) not in kinds or (whole and value is not None and not 1 <= value <= LARGEST):
            what = "a whole number of at least 1" if whole else "true or false"
            msg = f"option {key!r} of engine 'transformers' is {what}; got {value!r}"
            raise PluginError(msg)
    return TransformersOptions(**given)


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


def require(*names: str) -> list[Any]:
    """Import modules, or say how to get them.

    Raises
    ------
    PluginError
        If one is not installed.
    """
    try:
        return [import_module(name) for name in names]
    except ModuleNotFoundError as error:
        if error.name not in names:
            raise
        msg = f"engine 'transformers' needs {error.name}: pip install 'quantassay[torch]'"
        raise PluginError(msg) from error


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
