"""Exported programs as a format."""

from __future__ import annotations

from pathlib import Path

from ...records.artifacts import Artifact
from ...records.contents import Contents
from ..digests import by_bytes
from .archive import PROGRAM, checked
from .graph import read
from .vetting import made_by


class Exported:
    """A ``.pt2`` file that ``torch.export.save`` wrote; torch is not needed to look into it."""

    name = "exported"
    suffixes = (".pt2",)
    engine = "pytorch"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether the file is called ``.pt2``."""
        return path.suffix == ".pt2" and path.is_file()

    @staticmethod
    def identify(path: Path) -> Artifact:
        """Check that a program is whole and that loading it runs no code; digest its bytes.

        Raises
        ------
        ArtifactError
            If it is missing, damaged, or holds a pickle, a compiled library or unknown text.
        """
        return by_bytes(path, made_by(checked(path)[PROGRAM]))

    @staticmethod
    def checked(path: Path) -> dict[str, bytes]:
        """Return the members of the archive that loading needs, each of them checked.

        Raises
        ------
        ArtifactError
            As for `identify`.
        """
        return checked(path)

    @staticmethod
    def contents(path: Path) -> Contents:
        """Read operations and weights off the graph.

        Raises
        ------
        ArtifactError
            As for `identify`.
        """
        return read(path, checked(path))
