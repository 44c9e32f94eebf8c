"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from quantassay.errors import RunFolderError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_atomically(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write beside the file, then rename over it.

    Raises
    ------
    RunFolderError
        If the disk is full or the place is not writable; nothing half-written stays.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        msg = f"cannot write {path}: {error.strerror}; {mend(error)}"
        raise RunFolderError(msg) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file atomically."""
    write_atomically(path, lambda file: file.write(text.encode()))


def write_json(path: Path, value: Any) -> None:
    """Write plain values as JSON atomically."""
    write_text(path, json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False))


def mend(error: OSError) -> str:
    """Say what helps against an operating-system error."""
    if error.errno in FULL:
        return "make room and run again: what was measured is kept"
    return "choose another folder with --out, or set QUANTASSAY_CACHE for the cache"
