"""The two files of OpenVINO IR: are they whole, are they safe, which bytes are they."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.parsers import expat

from ...errors import ArtifactError
from ...records.artifacts import Artifact
from ..digests import several

HEAD = 4096
LARGEST = 1 << 29  # the graph alone; weights lie in the other file


def looks_like_ir(path: Path) -> bool:
    """Return whether a file is called ``.xml`` and begins as OpenVINO IR does."""
    if path.suffix.lower() != ".xml" or not path.is_file():
        return False
    with path.open("rb") as file:
        return b"<net " in file.read(HEAD)


def inspect_ir(path: Path) -> Artifact:
    """Check a graph and its weights, and identify them by content.

    Neither document types nor entities are accepted in the graph, and no constant may lie outside
    the weights file.

    Raises
    ------
    ArtifactError
        If a file is missing, truncated, too large, or not OpenVINO IR.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    if path.stat().st_size > LARGEST:
        msg = f"{path}: larger than {LARGEST >> 20} MB without its weights: is it OpenVINO IR?"
        raise ArtifactError(msg)
    graph = _Graph()
    graph.read(path)
    files, weights = {path.name: path}, path.with_suffix(".bin")
    if weights.is_file():
        files[weights.name] = weights
    elif graph.end:
        msg = f"{path}: its weights {weights.name!r} are missing; copy them beside it"
        raise ArtifactError(msg)
    if graph.end > (weights.stat().st_size if weights.is_file() else 0):
        msg = f"{path}: its weights {weights.name!r} are truncated; copy them again"
        raise ArtifactError(msg)
    # under names of their own: a copy of the model is the same model
    renamed = {f"model{file.suffix}": file for file in files.values()}
    return several(path, renamed, graph.version)


class _Graph:
    """What has to be known of a graph before OpenVINO is given it."""

    def __init__(self) -> None:
        self.version = ""
        self.end = 0
        self._root = ""

    def read(self, path: Path) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            with path.open("rb") as file:
                parser.ParseFile(file)
        except (expat.ExpatError, ValueError) as error:
            msg = f"{path}: damaged or not OpenVINO IR ({error}); export or copy it again"
            raise ArtifactError(msg) from error
        except OSError as error:
            msg = f"{path}: cannot be read: {error.strerror}"
            raise ArtifactError(msg) from error

    def _element(self, name: str, facts: dict[str, str]) -> None:
        if not self._root:
            self._root = name
            if name != "net":
                msg = f"begins with {name!r}, not with 'net'"
                raise ValueError(msg)
            self.version = f"IR version {facts['version']}" if "version" in facts else ""
        if name == "data" and "offset" in facts and "size" in facts:
            self.end = max(self.end, _place(facts["offset"]) + _place(facts["size"]))

    def _doctype(self, *_: Any) -> None:
        msg = "it declares a document type, which no model needs"
        raise ValueError(msg)


def _place(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        msg = f"{text[:40]!r} is no place in a file"
        raise ValueError(msg)
    return int(text)
