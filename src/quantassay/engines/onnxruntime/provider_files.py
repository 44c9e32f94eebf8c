"""Files that a provider's options name: there where they must be, and recorded by content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from ...errors import ArtifactError
from .providers import PUBLISHED

TABLE = "trt_int8_calibration_table_name"
FOLDER = "trt_engine_cache_path"
PIECE = 1 << 20


def calibration_table(options: Mapping[str, str]) -> Path | None:
    """Return the calibration table that TensorRT is to read, in the folder of the engine cache.

    Raises
    ------
    ArtifactError
        If it is named and not there.
    """
    if TABLE not in options:
        return None
    path = Path(options.get(FOLDER, ".")) / options[TABLE]
    if not path.is_file():
        msg = f"{path}: no such calibration table; write it there, or drop {TABLE!r}"
        raise ArtifactError(msg)
    return path


def recorded(providers: tuple[tuple[str, Mapping[str, str]], ...]) -> dict[str, str]:
    """Return what was asked of the providers; files by their digest, not by where they lie."""
    found = {"providers": ", ".join(name for name, _ in providers)}
    for provider, options in providers:
        short = provider.removesuffix("ExecutionProvider")
        kinds = PUBLISHED.get(provider, {})
        for name, value in sorted(options.items()):
            content = _content(Path(value)) if kinds.get(name) == "path" else value
            found[f"{short} {name}"] = content
        table = calibration_table(options)
        if table is not None:
            found[f"{short} {TABLE}"] = f"{table.name}, {_content(table)}"
    return found


def _content(path: Path) -> str:
    """Say how many files lie at a path, with the SHA-256 of their names and contents."""
    files = sorted(_files(path))
    if not files:
        return "nothing there yet"
    digest = sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as stream:
            while piece := stream.read(PIECE):
                digest.update(piece)
    return f"{len(files)} {'file' if len(files) == 1 else 'files'}, sha256 {digest.hexdigest()}"


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_file())
    elif path.is_file():
        yield path
