"""Which reader opens a throughput log, from what it looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from quantassay import plugins
from quantassay.errors import InputError, nearest
from quantassay.readers.files.listing import entries

KIND: plugins.Kind = "throughput_logs"


def throughput_reader_of(path: Path, name: str | None = None) -> Any:
    """Return the reader of a throughput log: the one named, else the one that recognizes it.

    Raises
    ------
    InputError
        If there is no such file, or not exactly one reader recognizes it.
    PluginError
        If no reader has the name.
    """
    if name is not None:
        return plugins.load(KIND, name)
    if not path.exists():
        beside = [item.name for item in entries(path.parent)]
        msg = f"{path}: no such file or folder{nearest(path.name, beside)}"
        raise InputError(msg)
    found = [one for one in plugins.names(KIND) if plugins.load(KIND, one).recognizes(path)]
    if len(found) == 1:
        return plugins.load(KIND, found[0])
    if found:
        msg = f"{path}: could be read by {' or '.join(found)}: name one with --reader"
    else:
        known = ", ".join(plugins.names(KIND))
        msg = f"{path}: no throughput log of a known format: {known}; name one with --reader"
    raise InputError(msg)
