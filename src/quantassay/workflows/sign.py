"""A signature on a claim, and the keys for it."""

from __future__ import annotations

from pathlib import Path

from quantassay.claims.reading import read_claim_file
from quantassay.claims.signature import new_key, sign, signature_path
from quantassay.errors import InputError
from quantassay.runs.files import write_text

__all__ = ["new_key", "sign_claim"]


def sign_claim(claim: str | Path, key: str | Path) -> Path:
    """Write the signature of a claim beside it and return where.

    Raises
    ------
    InputError
        If it is no claim of this version, or the key cannot be used.
    """
    file = read_claim_file(Path(claim))
    if file.claim is None:
        msg = f"{claim}: {file.problems[0]}: no whole claim of this version; run again"
        raise InputError(msg)
    path = signature_path(file.path)
    write_text(path, sign(file.content, Path(key)))
    return path
