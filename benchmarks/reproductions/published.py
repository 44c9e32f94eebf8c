"""What a publication says: sentences with their places, and the six disclosures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Given = Literal["yes", "partial", "no"]
ITEMS = ("task", "model", "metric", "reference", "calibration", "per stratum")


@dataclass(frozen=True)
class Statement:
    """A sentence or figure in the publication's words, and where in it.

    ``quoted`` is false of figures whose words could not be read.
    """

    words: str
    where: str
    quoted: bool = True

    def __str__(self) -> str:
        """Write the words, in quotation marks where they are the publication's."""
        return f"“{self.words}”" if self.quoted else self.words


@dataclass(frozen=True)
class Checked:
    """A statement beside what was found: ``outcome`` in a word or two, and ``why`` it differs."""

    statement: Statement
    ours: str
    outcome: str
    why: str = ""


@dataclass(frozen=True)
class Disclosure:
    """One of the six: how far it is given, by which words, and what the audit said of the README.

    ``words`` are the publication's, or empty; ``remark`` is ours.
    """

    item: str
    given: Given
    words: str
    where: str
    audit: Given
    remark: str


@dataclass(frozen=True)
class Publication:
    """A publication at one commit, with its six disclosures in the order of ``ITEMS``."""

    title: str
    url: str
    commit: str
    disclosures: tuple[Disclosure, ...]

    def __post_init__(self) -> None:
        if tuple(one.item for one in self.disclosures) != ITEMS:
            msg = f"{self.title}: the six disclosures are {', '.join(ITEMS)}, in this order"
            raise ValueError(msg)

    @property
    def audited(self) -> int:
        """How many of the six the audit found in full in the README."""
        return sum(one.audit == "yes" for one in self.disclosures)

    @property
    def given(self) -> int:
        """How many of the six are given in full."""
        return sum(one.given == "yes" for one in self.disclosures)
