"""Whether two sides say the same of one axis: by digest, by words, or not at all."""

from __future__ import annotations

from quantassay.records.transfer import Axis, By, Status

from .layers import UNSAID


def norm(text: str | None) -> str:
    """Return words as they are compared: case and runs of spaces do not count."""
    return " ".join((text or "").casefold().split())


def digest_of(text: str | None) -> str:
    """Return a digest without its prefix, as it is compared."""
    return norm(text).removeprefix("sha256:")


def made(name: str, status: Status, by: By, claim: str | None, there: str | None, why: str) -> Axis:
    """Return an axis that gates unless it is the same."""
    return Axis(name, status, by, claim, there, why, gates=status != "same")


def implicit(name: str, claim: str | None, there: str | None) -> Axis:
    """Return the axis of which one side, or neither, says anything."""
    silent = " and ".join(
        who for who, said in (("the claim", claim), ("the deployment", there)) if said is None
    )
    verb = "do" if " and " in silent else "does"
    return made(name, "implicit", "", claim, there, f"{silent} {verb} not say")


def compared(name: str, claim: str | None, there: str | None, kind: By = "definition") -> Axis:
    """Compare what both sides say in words; where one says nothing the axis is implicit."""
    said, there = said_of(claim), said_of(there)
    if said is None or there is None:
        return implicit(name, said, there)
    if norm(said) == norm(there):
        return made(name, "same", kind, said, there, "both say the same")
    return made(name, "differs", kind, said, there, f"{said} → {there}")


def said_of(text: str | None) -> str | None:
    """Return words that say something; None of those that say nothing."""
    return None if norm(text) in UNSAID else text


def short(digest: str) -> str:
    """Return the start of a digest, as it is shown."""
    return f"sha256:{digest_of(digest)[:16]}"
