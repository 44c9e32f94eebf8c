"""What was checked of a claim, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["agrees", "differs", "not checked"]
#: what the two sides of a difference are called
Sides = tuple[str, str]
RECOMPUTED: Sides = ("the claim says", "recomputed")
ITSELF: Sides = ("the claim says", "by its own data")
DISCLOSED: Sides = ("its disclosures say", "its data say")
RUBRIC: Sides = ("the claim says", "its rubric says")
JOURNAL: Sides = ("the claim says", "the journal says")
CLAIM_FILE: Sides = ("this file is", "the journal committed to")
FILES: Sides = ("the file is", "the journal committed to")
HERE: Sides = ("the claim says", "the file here")
EXPECTED: Sides = ("of a run", "of this one")
FILE_AGAIN: Sides = ("the file says", "recomputed")
JOURNAL_AGAIN: Sides = ("the journal says", "recomputed")
ABSENT = "not in the claim"
COMMITTED: Sides = ("the digest given is", "it is")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a claim says: as it is claimed, and as it was found, or why not checked.

    ``sides`` say in words what `claimed` and `found` are.
    """

    what: str
    outcome: Outcome
    claimed: str = ""
    found: str = ""
    sides: Sides = RECOMPUTED

    def __str__(self) -> str:
        """Say in one line what differs, or what was found."""
        if self.outcome != "differs" or not self.claimed:
            return self.found
        if self.claimed == ABSENT:
            return f"{ABSENT}; {self.sides[1]}: {self.found}"
        return f"{self.sides[0]}: {self.claimed}; {self.sides[1]}: {self.found}"


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


def differs(what: str, claimed: object, found: object, sides: Sides = RECOMPUTED) -> Check:
    """Return a check of what is not as claimed; `claimed` is empty where `found` says it all."""
    return Check(what, "differs", str(claimed), str(found), sides)


def unchecked(what: str, why: str) -> Check:
    """Return a check that could not be made, with the reason."""
    return Check(what, "not checked", found=why)
