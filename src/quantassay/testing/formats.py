"""Formats, on a model file of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy2, copytree
from tempfile import TemporaryDirectory

from quantassay.errors import ArtifactError
from quantassay.formats.contract import Format
from quantassay.records.contents import Contents, StoredWeight

from .files import files_of
from .laws.contract import obeying, refusing, require


def check_format(format_: Format, model: Path) -> None:
    """Check everything that every format obeys.

    Parameters
    ----------
    format_
        As it is registered.
    model
        A small model file, or folder, of this format. Files that are called as it is, but for the
        suffix, are taken for its own.

    Raises
    ------
    AssertionError
        In one line: the format, and what it does otherwise.
    """
    laws = (
        _is_declared,
        _recognizes_its_own,
        _identifies_every_byte,
        _refuses_what_is_not_there,
        _refuses_what_is_cut_short,
        _counts_what_it_holds,
        _reads_its_weights,
    )
    for law in laws:
        with obeying(format_, law.__name__.strip("_").replace("_", " ")), _copied(model) as copy:
            law(format_, copy)


def _is_declared(format_: Format, model: Path) -> None:
    require(bool(format_.name), "name is empty")
    require(isinstance(format_.suffixes, tuple) and bool(format_.suffixes), "suffixes are not said")
    require(bool(format_.engine), "engine is not said")


def _recognizes_its_own(format_: Format, model: Path) -> None:
    require(format_.recognizes(model), f"not {model.name}")
    require(not format_.recognizes(model.parent), "a folder that holds one")


def _identifies_every_byte(format_: Format, model: Path) -> None:
    found = format_.identify(model)
    require(found == format_.identify(model), "it says otherwise the second time")
    held = sum(path.stat().st_size for path in files_of(model))
    require(found.bytes == held, f"bytes is {found.bytes}; its files have {held}")
    for path in files_of(model):
        whole = path.read_bytes()
        for at in {0, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            told = _digest(format_, model)
            require(told != found.digest, f"byte {at} of {path.name} makes no difference")
        path.write_bytes(whole)


def _digest(format_: Format, model: Path) -> str:
    """Return a model's digest; '' where it is refused."""
    try:
        return format_.identify(model).digest
    except ArtifactError:
        return ""


def _refuses_what_is_not_there(format_: Format, model: Path) -> None:
    missing = model.with_name(f"missing{format_.suffixes[0]}")
    with refusing(ArtifactError, "identify"):
        format_.identify(missing)
    with refusing(ArtifactError, "contents"):
        format_.contents(missing)


def _refuses_what_is_cut_short(format_: Format, model: Path) -> None:
    largest = max(files_of(model), key=lambda path: path.stat().st_size)
    whole = largest.read_bytes()
    for length in (0, len(whole) // 2, len(whole) - 1):
        largest.write_bytes(whole[:length])
        with refusing(ArtifactError, f"{length} of {len(whole)} bytes"):
            format_.identify(model)
            format_.contents(model)


def _counts_what_it_holds(format_: Format, model: Path) -> None:
    found = format_.contents(model)
    require(isinstance(found, Contents), f"contents are {type(found).__name__}, no Contents")
    require(found == format_.contents(model), "contents are others the second time")
    require(found.format == format_.name, f"they are of format {found.format!r}")
    over = [kind for kind, n in found.low_ops.items() if not 0 < n <= found.ops.get(kind, 0)]
    require(not over, f"low_ops has more {over} than ops")
    for low, total in (found.layers, found.macs or (0, 0)):
        require(0 <= low <= total, f"{low} in low precision of {total}")
    for one in found.weights:
        require(bool(one.kind and one.digest), f"a weight without kind or digest: {one}")
        right = (one.elements > 0) == (one.bits > 0) and one.elements >= 0 <= one.bits
        require(right, f"{one.elements} elements in {one.bits} bits")


def _reads_its_weights(format_: Format, model: Path) -> None:
    for one in getattr(format_, "stored_weights", lambda _: ())(model):
        require(isinstance(one, StoredWeight), f"{type(one).__name__} is no StoredWeight")
        numbers = one.read()
        require(numbers is not None, f"{one.name}: contradicts itself")
        if numbers is not None:
            require(numbers.values.shape == one.shape, f"{one.name}: {numbers.values.shape}")


@contextmanager
def _copied(model: Path) -> Iterator[Path]:
    """Yield a copy of a model that a law may damage."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / model.name
        if model.is_dir():
            copytree(model, copy)
        else:
            for path in files_of(model):
                copy2(path, folder)
        yield copy
