"""What every export obeys: it gets the whole claim, and names what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from quantassay.records.cells import Comparison

from .parts import PARTS

Claim = Mapping[str, Any]


class Export:
    """A format. ``drops`` are the parts of a claim (`PARTS`) that it has no room for."""

    drops: ClassVar[tuple[str, ...]] = ()

    def dropped(self, claim: Claim) -> tuple[str, ...]:
        """Return in words what this claim holds and the export does not."""
        return tuple(words for name in self.drops if (words := PARTS[name].found(claim)))


class TextExport(Export):
    """A format that is one file of text; ``suffix`` is how its name ends."""

    suffix: ClassVar[str] = ""

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the file.

        Raises
        ------
        InputError
            If the format has no way to hold this claim.
        """
        raise NotImplementedError


class PlaceExport(Export):
    """A format that is written to a place, such as a server; ``place`` is where by default."""

    place: ClassVar[str] = ""

    def write(self, claim: Claim, comparison: Comparison, place: str, files: Sequence[Path]) -> str:
        """Write the claim with the files of its run, and return where it lies, in a line.

        Raises
        ------
        InputError
            If the place cannot be written to.
        PluginError
            If what the format needs is not installed.
        """
        raise NotImplementedError
