"""The files of a model folder that say something of a loss, as one text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from quantassay.errors import InputError

from .decoding import LONGEST, check, decoded

CARDS = ("README.md", "readme.md", "Readme.md", "README.rst", "README.txt", "README")
SETTINGS = (
    "config.json",
    "quantize_config.json",
    "quantization_config.json",
    "quant_config.json",
    "hf_quant_config.json",
    "recipe.yaml",
    "recipe.yml",
)
RESULTS = ".eval_results"
MOST_RESULTS = 100


def folder_texts(folder: Path) -> list[tuple[str, str]]:
    """Return the name and the text of each file, the card first.

    Links that lead out of the folder are not followed, but into the store of a local cache of the
    Hugging Face hub, where ``snapshots`` hold only links to ``blobs``.

    Raises
    ------
    InputError
        If there is none, one is no text, or they are too long together.
    """
    found = []
    length = 0
    for path in _paths(folder):
        text = decoded(path)
        length += len(text) + 1
        if length > LONGEST:
            msg = f"{folder}: too long: at most {LONGEST:,} characters are read of a folder"
            raise InputError(msg)
        if text.strip():
            check(text, str(path))
            found.append((path.relative_to(folder).as_posix(), text))
    if not found:
        msg = (
            f"{folder}: holds no model card and no quantization settings; looked for README.md,"
            f" {', '.join(SETTINGS)} and {RESULTS}/*.yaml"
        )
        raise InputError(msg)
    return found


def _paths(folder: Path) -> Iterator[Path]:
    within = [folder.resolve()]
    if folder.resolve().parent.name == "snapshots":
        within.append(folder.resolve().parent.parent / "blobs")
    card = next((folder / name for name in CARDS if (folder / name).is_file()), None)
    results = folder / RESULTS
    try:
        listed = sorted(results.iterdir()) if results.is_dir() else []
    except OSError:
        listed = []
    listed = [path for path in listed if path.suffix in (".yaml", ".yml", ".json")]
    for path in [card, *(folder / name for name in SETTINGS), *listed[:MOST_RESULTS]]:
        if path is not None and path.is_file() and _inside(path, within):
            yield path


def _inside(path: Path, within: list[Path]) -> bool:
    target = path.resolve()
    return any(target.is_relative_to(one) for one in within)
