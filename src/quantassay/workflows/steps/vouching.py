"""Who stands behind the bytes of a claim: a signature, a digest committed beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from quantassay.claims.reading import ClaimFile
from quantassay.claims.signature import check, fingerprint, read_small, signature_path
from quantassay.errors import InputError, PluginError
from quantassay.records.verification import COMMITTED, Check, agrees, differs, unchecked
from quantassay.rubrics.digest import digest as digest_of_rubric
from quantassay.runs.published import digest_of

from .locked import restored

SIGNATURE = "signature"


def signed(file: ClaimFile, key: Path | None) -> Check:
    """Return the check of the signature beside a claim.

    Raises
    ------
    InputError
        If the key given cannot be used.
    """
    path = signature_path(file.path)
    if not path.exists():
        if key is None:
            return unchecked(SIGNATURE, f"there is no {path.name}")
        return differs(SIGNATURE, "", f"there is no {path.name}")
    content = read_small(path)
    try:
        wrong = check(file.content, content, None if key is None else read_small(key))
    except PluginError as error:
        if key is not None:
            raise
        return unchecked(SIGNATURE, str(error))
    if wrong is not None:
        return differs(SIGNATURE, "", f"{path.name}: {wrong}")
    whose = "by the key given" if key else "by a key that nobody vouches for here (--key)"
    return agrees(SIGNATURE, f"{whose}, {fingerprint(content)}")


def committed_to(file: ClaimFile, digest: str, folder: Path | None) -> Check:
    """Return the check of a claim against a digest that was committed to elsewhere.

    It is that of the claim file, of the rubric as locked, or of the journal as it stands.

    Raises
    ------
    InputError
        If it is no SHA-256.
    """
    wanted = digest.strip().lower().removeprefix("sha256:")
    if len(wanted) != 64 or set(wanted) - set("0123456789abcdef"):
        msg = f"--digest {digest[:80]}: not a SHA-256: 64 hexadecimal digits"
        raise InputError(msg)
    for what, found in _digests(file, folder):
        if found.removeprefix("sha256:") == wanted:
            return agrees("committed digest", f"that of {what}")
    neither = "of neither claim, rubric nor journal"
    return differs("committed digest", f"sha256:{wanted}", neither, COMMITTED)


def _digests(file: ClaimFile, folder: Path | None) -> Iterator[tuple[str, str]]:
    yield "the claim file", file.digest
    if file.claim is not None and file.claim["rubric"]["declared"] is not None:
        # of the rubric as it stands in the claim: what it says of its digest is no more than words
        with suppress(InputError, PluginError):
            own = digest_of_rubric(restored(file.claim["rubric"]["declared"]))
            yield "the rubric alone: margins and metrics, no result", own
    if folder is not None and (folder / "journal.jsonl").is_file():
        yield "the journal", digest_of(folder / "journal.jsonl")
