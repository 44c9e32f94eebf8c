"""An Ed25519 signature over the exact bytes of a claim, in a file beside it."""

from __future__ import annotations

import base64
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quantassay.errors import InputError, PluginError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCHEMA = "quantassay/signature/1"
ALGORITHM = "Ed25519"
MOST_BYTES = 1 << 20


def signature_path(claim: Path) -> Path:
    """Return where the signature of a claim stands: beside it, with ``.sig`` added."""
    return claim.with_name(f"{claim.name}.sig")


def new_key(path: Path) -> Path:
    """Write a private key that only its owner can read, and the public one; return the latter.

    Raises
    ------
    InputError
        If one of both files is there already, or cannot be written.
    """
    serialization, ed25519 = _cryptography()
    private = ed25519.Ed25519PrivateKey.generate()
    text = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = path.with_suffix(".public.pem")
    if public.exists():
        msg = f"{public}: is there already; a key is never written over: choose another name"
        raise InputError(msg)
    _write_once(path, text, 0o600)
    _write_once(public, _public_pem(private.public_key()), 0o644)
    return public


def sign(content: bytes, key: Path) -> str:
    """Return the signature file of some bytes.

    Raises
    ------
    InputError
        If the key is not an Ed25519 private key in PEM (PKCS8) without a password.
    """
    private = _private(key)
    value = {
        "schema": SCHEMA,
        "algorithm": ALGORITHM,
        "digest": f"sha256:{sha256(content).hexdigest()}",
        "public_key": _public_pem(private.public_key()).decode(),
        "signature": base64.b64encode(private.sign(content)).decode(),
    }
    return json.dumps(value, indent=1) + "\n"


def check(content: bytes, signature: bytes, key: bytes | None) -> str | None:
    """Return what is wrong with a signature of some bytes; None where it holds.

    Parameters
    ----------
    content
        What was signed.
    signature
        The content of the signature file.
    key
        A public key in PEM that must have signed; None: that of the signature file.

    Raises
    ------
    InputError
        If the key given is not an Ed25519 public key.
    """
    _cryptography()
    from cryptography.exceptions import InvalidSignature

    try:
        value = json.loads(signature)
        own, signed = value["public_key"].encode(), base64.b64decode(value["signature"])
        described = value["schema"], value["algorithm"], value["digest"]
        public = _public(own)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "it is no signature file that `quantassay sign` wrote"
    if described[:2] != (SCHEMA, ALGORITHM):
        return f"it is {described[0]!s:.40} by {described[1]!s:.40}, not {SCHEMA} by {ALGORITHM}"
    if described[2] != f"sha256:{sha256(content).hexdigest()}":
        return f"it is for other bytes than this file: {described[2]!s:.80}"
    if key is not None and _fingerprint(_given(key)) != _fingerprint(public):
        return f"it was made with another key: {_fingerprint(public)}"
    try:
        public.verify(signed, content)
    except InvalidSignature:
        return "it is not for these bytes by its key"
    return None


def fingerprint(signature: bytes) -> str:
    """Return the fingerprint of the key in a signature file that holds."""
    return _fingerprint(_public(json.loads(signature)["public_key"].encode()))


def read_small(path: Path) -> bytes:
    """Return the content of a key or signature file.

    Raises
    ------
    InputError
        If it cannot be read, or is too long to be one.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    if len(content) > MOST_BYTES:
        msg = f"{path}: too long for a key or a signature"
        raise InputError(msg)
    return content


def _private(path: Path) -> Ed25519PrivateKey:
    serialization, ed25519 = _cryptography()
    content = read_small(path)
    try:
        found = serialization.load_pem_private_key(content, password=None)
    except TypeError as error:
        msg = f"{path}: has a password; write it without one: openssl pkey -in {path.name} -out ..."
        raise InputError(msg) from error
    except Exception as error:
        msg = f"{path}: no private key in PEM (PKCS8); `quantassay sign --new-key FILE` makes one"
        raise InputError(msg) from error
    if not isinstance(found, ed25519.Ed25519PrivateKey):
        msg = f"{path}: {type(found).__name__.strip('_')} is no Ed25519 private key"
        raise InputError(msg)
    private: Ed25519PrivateKey = found
    return private


def _given(content: bytes) -> Any:
    try:
        return _public(content)
    except (ValueError, TypeError) as error:
        msg = "--key: no Ed25519 public key in PEM; `quantassay sign --new-key` writes one beside"
        raise InputError(msg) from error


def _public(content: bytes) -> Any:
    """Return the public key in PEM bytes; a ValueError where there is none."""
    serialization, ed25519 = _cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        found = serialization.load_pem_public_key(content)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, ed25519.Ed25519PublicKey):
        msg = "not Ed25519"
        raise TypeError(msg)
    return found


def _public_pem(public: Any) -> bytes:
    serialization, _ = _cryptography()
    found: bytes = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return found


def _fingerprint(public: Any) -> str:
    return f"sha256:{sha256(public.public_bytes_raw()).hexdigest()}"


def _write_once(path: Path, content: bytes, mode: int) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        msg = f"{path}: is there already; a key is never written over: choose another name"
        raise InputError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise InputError(msg) from error


def _cryptography() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ModuleNotFoundError as error:
        msg = "signatures need a package: pip install 'quantassay[sign]'"
        raise PluginError(msg) from error
    return serialization, ed25519
