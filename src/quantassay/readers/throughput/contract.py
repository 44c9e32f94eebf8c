"""What a reader of a throughput log must offer."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from quantassay.records.recorded_speed import RecordedSpeed


class ThroughputLog(Protocol):
    """Reads what one program recorded of a model's speed.

    Attributes
    ----------
    name : str
        As it is registered.
    opens : str
        Which files it takes, in words.
    unit : str
        What it counts, in words.
    tells : str
        What it says of model and executor, in words: that is compared with the accuracy half.
    """

    name: str
    opens: str
    unit: str
    tells: str

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether a file or folder is of this format, from its name and first bytes."""
        ...

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return every measurement of a log.

        Raises
        ------
        DataError
            If it is damaged, contradicts itself, or is of a run that its program calls invalid;
            file and key are named.
        """
        ...
