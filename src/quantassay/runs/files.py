"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
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
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        msg = f"cannot write {path}: {error.strerror}; {mend(error)}"
        raise RunFolderError(msg) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it; it appears whole or not at all.

    Raises
    ------
    RunFolderError
        If the disk is full or the place is not writable; nothing half-written stays.
    """
    if source.is_file():
        with source.open("rb") as file:
            write_atomically(target, partial(shutil.copyfileobj, file))
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as work:
            copied = Path(shutil.copytree(source, Path(work) / "copied"))
            if target.exists():
                target.replace(Path(work) / "before")
            copied.replace(target)
    except (OSError, shutil.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        msg = f"cannot write {target}: {reason}"
        raise RunFolderError(msg) from error


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
