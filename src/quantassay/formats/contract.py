"""What a format of model files must offer."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from ..records.artifacts import Artifact
from ..records.contents import Contents


class Format(Protocol):
    """Tells model files of one format from others, and what they hold.

    Attributes
    ----------
    name : str
        Such as ``onnx``; engines and schemes name the formats that they take.
    suffixes : tuple of str
        Of the file's name; ``""`` for a folder. Schemes write the first.
    engine : str
        What runs such a file where the rubric names no engine.
    stored_weights : callable, optional
        Static; returns the matrices of a file as a sequence of `StoredWeight`, to be read one at a
        time. Where it is there, it is told too how a scheme rounded them.
    """

    name: str
    suffixes: tuple[str, ...]
    engine: str

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether a path looks like this format; nothing is loaded."""
        ...

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that a model is whole and safe to open, and identify it by content.

        Raises
        ------
        ArtifactError
            If it is missing, damaged, or stored outside its folder.
        PluginError
            If what reads it is not installed.
        """
        ...

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read operations and weights.

        Raises
        ------
        ArtifactError
            If it cannot be read.
        PluginError
            If what reads it is not installed.
        """
        ...
