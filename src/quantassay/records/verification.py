"""What was checked of a claim, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["agrees", "differs", "not checked"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a claim says: as it is claimed, and as it was found, or why not checked."""

    what: str
    outcome: Outcome
    claimed: str = ""
    found: str = ""


@dataclass(frozen=True)
class Verification:
    """Every check of one claim, against its run folder where there is one."""

    claim: str
    run: str | None
    checks: tuple[Check, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing that was checked differs; what was not checked is not counted."""
        return not any(check.outcome == "differs" for check in self.checks)


def agrees(what: str, found: str) -> Check:
    """Return a check of what is as claimed."""
    return Check(what, "agrees", found=found)


def differs(what: str, claimed: object, found: object) -> Check:
    """Return a check of what is not as claimed."""
    return Check(what, "differs", str(claimed), str(found))


def unchecked(what: str, why: str) -> Check:
    """Return a check that could not be made, with the reason."""
    return Check(what, "not checked", found=why)
