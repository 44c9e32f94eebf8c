"""The archive that ``torch.export.save`` writes: its members, each of them checked.

``torch.export.load`` unpickles sample inputs and weights, runs compiled libraries and evaluates
text. Only what is known to do none of this comes out of here.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, reason
from .vetting import Unsafe, vetted

PROGRAM = "models/model.json"
WEIGHTS = "data/weights/model_weights_config.json"
CONSTANTS = "data/constants/model_constants_config.json"
KEPT = re.compile(
    rf"{re.escape(PROGRAM)}|{re.escape(WEIGHTS)}|{re.escape(CONSTANTS)}"
    r"|data/weights/weight_\d+|data/constants/tensor_\d+"
)
# not needed, or written anew: sample inputs are a pickle
LEFT = re.compile(
    r"archive_format|archive_version|byteorder|\.data/\w+|\.format_version|\.storage_alignment"
    r"|data/sample_inputs/model\.pt|extra/.*"
)
LONGEST_GRAPH = 1 << 28
MEND = "export it again with torch.export.save, from a module of plain tensors"


def checked(path: Path) -> dict[str, bytes]:
    """Return the members of an exported program that loading it needs, none of them a pickle.

    Raises
    ------
    ArtifactError
        If the file is damaged, no exported program, or could run code when loaded.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive)
            return {name: _read(archive, name, members) for name in members}
    except Unsafe as error:
        msg = f"{path}: holds {error}, which could run code when loaded; {MEND}"
        raise ArtifactError(msg) from error
    except (
        zipfile.BadZipFile, OSError, LookupError, ValueError, TypeError, AttributeError,
        NotImplementedError, RuntimeError, EOFError,
    ) as error:  # fmt: skip
        msg = f"{path}: damaged, or not an exported program ({reason(error, 100)}); {MEND}"
        raise ArtifactError(msg) from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.partition("/")[2]
        if info.compress_type != zipfile.ZIP_STORED or name in found:
            msg = f"the member {info.filename[:80]!r}, packed or twice"
            raise Unsafe(msg)
        if KEPT.fullmatch(name):
            found[name] = info
        elif not LEFT.fullmatch(name):
            msg = f"the member {info.filename[:80]!r}"
            raise Unsafe(msg)
        if name == "byteorder" and archive.read(info) != b"little":
            msg = "its weights are in another byte order"
            raise ValueError(msg)
    for name in (PROGRAM, WEIGHTS, CONSTANTS):
        if name not in found or found[name].file_size > LONGEST_GRAPH:
            msg = f"{name} is missing, or too long"
            raise ValueError(msg)
    return found


def _read(archive: zipfile.ZipFile, name: str, members: Mapping[str, zipfile.ZipInfo]) -> bytes:
    data = archive.read(members[name])
    if name not in (PROGRAM, WEIGHTS, CONSTANTS):
        return data
    if name != PROGRAM:
        _check_payloads(json.loads(data)["config"], members, name.rpartition("/")[0])
    return vetted(data)


def _check_payloads(
    config: Mapping[str, Any], members: Mapping[str, zipfile.ZipInfo], folder: str
) -> None:
    for weight, payload in config.items():
        record, meta = f"{folder}/{payload['path_name']}", payload["tensor_meta"]
        if payload["use_pickle"] is not False or meta is None or record not in members:
            msg = f"the weight {weight[:80]!r} as a pickle"
            raise Unsafe(msg)
        sizes = [size["as_int"] for size in meta["sizes"]]
        if members[record].file_size == 0 and 0 not in sizes:
            msg = f"weight {weight[:80]!r} is missing"
            raise ValueError(msg)
