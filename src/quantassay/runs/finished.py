"""Whether what lies in a run folder is what its last run wrote."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from quantassay.errors import RunFolderError

from .history import written_digest
from .journal import read_entries

#: said of a folder that holds no run itself
STUDY = "holds a study: name the folder of a run in it, cells/TASK/MODEL/SCHEME/run"


def require_finished(folder: Path) -> None:
    """Refuse reports that are not those of the last run in a folder.

    Raises
    ------
    RunFolderError
        If the last run did not finish, or its verdicts were changed by hand.
    """
    if not (folder / "journal.jsonl").exists():
        if not (folder / "verdicts.json").exists():
            return  # there is nothing to check
        msg = f"{folder}: no journal.jsonl, so nothing here can be checked; copy the whole folder"
        raise RunFolderError(msg)
    entries = [entry for entry, _ in read_entries(folder / "journal.jsonl")]
    if not entries or entries[-1].event != "finished":
        what = "the last run did not finish, or is going on; run it again"
        msg = f"{folder}: {STUDY if (folder / 'cells').is_dir() else what}"
        raise RunFolderError(msg)
    results = [written_digest(entry) for entry in entries if entry.event == "results"]
    path = folder / "verdicts.json"
    if path.exists() and [sha256(path.read_bytes()).hexdigest()] != results[-1:]:
        msg = f"{path}: changed by hand, or not of this run; use a new run folder"
        raise RunFolderError(msg)


def claim_in(path: Path) -> Path:
    """Return the claim file of a finished run where a folder is named, else the file itself.

    Raises
    ------
    RunFolderError
        If the last run did not finish, or its verdicts were changed by hand.
    """
    if not path.is_dir():
        return path
    require_finished(path)
    return path / "claim.json"
