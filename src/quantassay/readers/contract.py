"""What a reader must offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

ROWS = 1024


class Reader(Protocol):
    """Reads one kind of file as Arrow record batches, in bounded memory."""

    @staticmethod
    def columns(path: Path) -> pa.Schema:
        """Name the columns of a file and their types.

        Raises
        ------
        DataError
            If the file is missing, empty or damaged.
        """
        ...

    @staticmethod
    def read(
        path: Path,
        columns: Sequence[str] | None = None,
        batch: int = ROWS,
        text: Sequence[str] = (),
    ) -> Iterator[pa.RecordBatch]:
        """Yield rows in file order, at most ``batch`` at a time.

        ``columns`` chooses and orders columns, all by default; those named in ``text`` hold
        names, which are never parsed as numbers, so that ``007`` stays ``007``.

        Raises
        ------
        DataError
            If the file is missing, empty or damaged, or lacks a column.
        """
        ...
