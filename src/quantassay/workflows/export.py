"""The verdicts of a finished run in another format."""

from __future__ import annotations

import json
from pathlib import Path

from quantassay import plugins
from quantassay.errors import InputError
from quantassay.records.cells import Comparison, comparison_from_plain
from quantassay.runs.files import write_text
from quantassay.runs.history import require_finished


def export(folder: Path, to: str, out: Path | None = None) -> str:
    """Return, and write where ``out`` says so, the verdicts of a run.

    Raises
    ------
    InputError
        If the folder holds no finished run.
    """
    text: str = plugins.load("exports", to).export(read_verdicts(folder))
    if out is not None:
        write_text(out, text)
    return text


def read_verdicts(folder: Path) -> Comparison:
    """Read ``verdicts.json`` of a run folder."""
    path = folder / "verdicts.json"
    require_finished(folder)
    try:
        return comparison_from_plain(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        msg = f"{folder} holds no finished run: there is no verdicts.json; `quantassay run` first"
        raise InputError(msg) from None
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path}: not a comparison of this version ({error}); run again"
        raise InputError(msg) from error
