"""Folders of causal language models, going into LLM Compressor and coming out of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...errors import ArtifactError
from ...plugins.installed import installed
from ...plugins.quiet import quietly
from ..quiet import one_line_errors

PACKAGES = ("llmcompressor", "compressed-tensors", "transformers", "torch")
NOISY = ("llmcompressor", "compressed_tensors")


def require(module: str) -> Any:
    """Import a module of the ``llm-quant`` extra (best in an environment of its own)."""
    with installed("making this variant", "llm-quant"):
        return import_module(module)


@contextmanager
def at_work(reference: Path, scheme: str) -> Iterator[None]:
    """Keep progress bars, logs and warnings back; turn any failure into one line.

    Raises
    ------
    ArtifactError
        If anything but an error of this package is raised inside.
    """
    silent = redirect_stdout(StringIO()), redirect_stderr(StringIO())
    with one_line_errors(reference, scheme), silent[0], silent[1], quietly():
        # it turns its log on when it is imported
        session = require("llmcompressor.core").create_session
        for name in NOISY:
            require("loguru").logger.disable(name)
        with session():
            yield


def check_folder(reference: Path, scheme: str) -> None:
    """Refuse what is no folder of a model with safe weights that nobody quantized yet.

    Raises
    ------
    ArtifactError
        If it is not.
    """
    if not (reference / "config.json").is_file():
        msg = f"{reference}: no folder of a model: it must hold config.json and *.safetensors"
        raise ArtifactError(msg)
    if not any(reference.glob("*.safetensors")):
        msg = (
            f"{reference}: no weights in *.safetensors; pickled weights are not read: save the "
            "model again with save_pretrained"
        )
        raise ArtifactError(msg)
    if is_quantized(reference):
        msg = f"{reference}: is quantized already; scheme {scheme!r} starts from full precision"
        raise ArtifactError(msg)


def load(folder: Path) -> Any:
    """Load a causal language model on the processor; quantized weights as they are computed with.

    No code of the folder is run, and nothing is fetched.
    """
    transformers = require("transformers")
    # left to itself, a compressed model has no weights until its first batch
    whole = {"quantization_config": transformers.CompressedTensorsConfig(dequantize=True)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            dtype="auto",
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            **(whole if is_quantized(folder) else {}),
        )
    return model.eval()


def is_quantized(folder: Path) -> bool:
    """Return whether a folder's ``config.json`` tells of quantized weights."""
    return b'"quantization_config"' in (folder / "config.json").read_bytes()


def quantize(reference: Path, modifiers: Sequence[Any], loader: Any | None, out: Path) -> None:
    """Apply modifiers to a model and save what comes out.

    Parameters
    ----------
    reference, out : Path
        Folders of the model and of the variant.
    modifiers : sequence
        LLM Compressor's.
    loader : torch.utils.data.DataLoader or None
        Calibration batches; None where weights alone decide.
    """
    model = load(reference)
    require("llmcompressor").oneshot(
        model=model,
        processor=False,  # None: it looks for one, and fails where the folder holds no tokenizer
        recipe=list(modifiers),
        dataset=loader,
        pipeline="datafree" if loader is None else "sequential",
    )
    model.save_pretrained(out, save_compressed=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        if (reference / name).is_file():
            (out / name).write_bytes((reference / name).read_bytes())


def has_tokenizer(folder: Path) -> bool:
    """Return whether texts can be turned into tokens."""
    return (folder / "tokenizer.json").is_file()


def write(reference: Path, out: Path, scheme: str, make: Callable[[Path], None]) -> None:
    """Have a variant made in a folder beside ``out``; it appears whole or not at all.

    Parameters
    ----------
    reference, out : Path
        Folders of the model and of the variant.
    scheme : str
        Whose name an error carries.
    make : callable
        Is given a folder with room for the variant in ``variant``.

    Raises
    ------
    ArtifactError
        If it fails, or the folder cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent.resolve()) as folder:
            with at_work(reference, scheme):
                make(Path(folder))
            (Path(folder) / "variant").replace(out)
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror}"
        raise ArtifactError(msg) from error
