"""`sign`: an Ed25519 signature beside a claim."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .shown import print_text


@app.command()
def sign(
    claim: Annotated[Path | None, typer.Argument(help="A claim.json.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="An Ed25519 private key (PEM, PKCS8, no password).")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", help="Make a private key here, and its public one.")
    ] = None,
) -> None:
    """Sign a claim, so that no one else can change it unseen: writes claim.json.sig.

    Once: `quantassay sign --new-key key.pem`. Then: `quantassay sign claim.json --key key.pem`.
    Whoever has key.public.pem checks it: `quantassay verify claim.json --key key.public.pem`.
    """
    from ..errors import InputError
    from ..workflows.sign import new_key as make
    from ..workflows.sign import sign_claim

    if new_key is not None and claim is None and key is None:
        public = make(new_key)
        print_text(f"wrote {new_key} (keep it to yourself) and {public} (hand it out)")
        return
    if claim is None or key is None or new_key is not None:
        msg = (
            "name a claim and --key, or --new-key alone: first `quantassay sign --new-key "
            "key.pem`, then `quantassay sign claim.json --key key.pem`"
        )
        raise InputError(msg)
    print_text(f"wrote {sign_claim(claim, key)}")
