"""A signature on a claim, and the keys for it."""

from __future__ import annotations

from pathlib import Path

from quantassay.claims.reading import read_claim_file
from quantassay.claims.signature import fingerprint, new_key, read_small, sign, signature_path
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
    path, text = signature_path(file.path), sign(file.content, Path(key))
    _refuse_another_signer(path, text)
    write_text(path, text)
    return path


def _refuse_another_signer(path: Path, text: str) -> None:
    if not path.exists():
        return
    try:
        signer = fingerprint(read_small(path))
    except (ValueError, KeyError, TypeError, AttributeError):
        signer = "nobody that can be told"
    if signer != fingerprint(text.encode()):
        msg = f"{path}: signed by {signer} already; move it away to sign with another key"
        raise InputError(msg)
