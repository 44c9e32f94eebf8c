"""What a text says of a loss, what it leaves unsaid, and what does not follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Presence = Literal["yes", "partial", "no"]
Grade = Literal["measured with counts", "measured", "cited", "asserted"]
ITEMS = (
    "task", "model_base", "model_quantized", "metric", "reference", "calibration", "strata",
    "composition", "sample_size",
)  # fmt: skip
SIX = ITEMS[:7]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the source, verbatim: characters ``start`` to ``end`` of ``file``, from ``line`` on.

    Places count from 0, lines from 1.
    """

    text: str
    start: int
    end: int
    line: int = 1
    file: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Whether one item of the checklist is disclosed, in which words, and why they count."""

    answer: Presence
    quotes: tuple[Quote, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not follow, or cannot be determined, with the words that it rests on.

    ``rule`` is the stable name of the check that found it; ``doubt`` is not set where it is
    information, and nothing fails to hold together.
    """

    rule: str
    finding: str
    quotes: tuple[Quote, ...]
    doubt: bool = True


@dataclass(frozen=True)
class ClaimAudit:
    """One claim of a text: every item of the checklist, and what its figures do not bear out.

    ``questions`` are to be put to the author, the one that matters most first.
    """

    headline: str
    items: Mapping[str, Item]
    arithmetic: tuple[Finding, ...]
    contradictions: tuple[Finding, ...]
    grade: Grade
    grade_why: str
    questions: tuple[str, ...]

    @property
    def decision_grade(self) -> bool:
        """Whether every item of the checklist of six is disclosed; presence, not truth."""
        return all(self.items[name].answer == "yes" for name in SIX)

    @property
    def has_gaps(self) -> bool:
        """Whether any of the nine items is not disclosed, or a finding raises a doubt."""
        undisclosed = any(item.answer != "yes" for item in self.items.values())
        return undisclosed or any(one.doubt for one in (*self.contradictions, *self.arithmetic))


@dataclass(frozen=True)
class Audit:
    """Every claim of one source, the headline first.

    ``claimed`` is whether the source says anything of a quantized model; where it does not, its one
    claim is empty.
    """

    source: str
    kind: str
    claims: tuple[ClaimAudit, ...]
    claimed: bool = True

    @property
    def has_gaps(self) -> bool:
        """Whether any claim lacks an item, or does not hold together."""
        return self.claimed and any(claim.has_gaps for claim in self.claims)
