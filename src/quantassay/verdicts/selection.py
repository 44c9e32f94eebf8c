"""Which of several candidates is chosen, and how seldom that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from quantassay.records.cells import Verdict

Procedure = Literal["fastest-first", "fixed-sequence"]


@dataclass(frozen=True)
class Rule:
    """How one candidate is chosen.

    Attributes
    ----------
    procedure
        ``fastest-first`` shares alpha among all candidates and stops at the first pass;
        ``fixed-sequence`` gives each the whole of it and stops at the first that does not pass.
    alpha
        One-sided, of the choice as a whole.
    candidates
        How many were declared, tried or not.

    Notes
    -----
    At most ``alpha`` of all choices fall on a candidate that no pass was right for: by Bonferroni's
    inequality, whatever orders the candidates; and because a fixed sequence errs only where its
    first wrong candidate passes (Maurer, Hothorn and Lehmacher 1995). The first pass at ``alpha``
    itself is wrong in 22 % of choices among ten candidates that are all at their margins.
    """

    procedure: Procedure
    alpha: float
    candidates: int

    @property
    def level(self) -> float:
        """One-sided level at which each candidate is judged."""
        return self.alpha / (self.candidates if self.procedure == "fastest-first" else 1)

    @property
    def confidence(self) -> float:
        """Of the two-sided interval at the level of each candidate."""
        return 1 - 2 * self.level

    def ends(self, verdict: Verdict | None) -> bool:
        """Return whether no candidate is tried after one of this verdict."""
        return (verdict == "pass") == (self.procedure == "fastest-first")


def tried(
    rule: Rule, order: Sequence[str], judge: Callable[[str], Verdict | None]
) -> Iterator[tuple[str, Verdict | None]]:
    """Judge candidates in order until the rule ends; yield each with its verdict.

    ``order`` of a fixed sequence is the declared one; any may stand in the other.
    """
    for name in order:
        verdict = judge(name)
        yield name, verdict
        if rule.ends(verdict):
            return


def chosen(found: Sequence[tuple[str, Verdict | None]]) -> str | None:
    """Return the last candidate that passed, of those that a rule tried; None: none did."""
    return next((name for name, verdict in reversed(found) if verdict == "pass"), None)


def outcome(choice: str | None, verdicts: Sequence[Verdict | None]) -> Verdict:
    """Return what a selection came to.

    ``pass`` where one was chosen, ``fail`` where every candidate that gates failed; else
    ``inconclusive``, or ``insufficient`` where no candidate left open could have passed.

    Parameters
    ----------
    choice
        Who was chosen.
    verdicts
        Of every candidate that gates; None: not tried.
    """
    if choice is not None:
        return "pass"
    left = {verdict for verdict in verdicts if verdict != "fail"}
    if not left:
        return "fail"
    return "insufficient" if left == {"insufficient"} else "inconclusive"


def guarantee(rule: Rule, speedup: float | None) -> str:
    """Say how seldom the choice is wrong, and by which argument."""
    wrong = "at or beyond a margin"
    if speedup is not None:
        wrong += f", or no faster than the declared {speedup:g}×"
    most = f"{_said(rule.alpha)} ({_why(rule)})"
    return f"the probability of choosing a candidate {wrong} is at most {most}"


def _why(rule: Rule) -> str:
    if rule.candidates == 1:
        return f"one candidate, judged at {_said(rule.alpha)}"
    if rule.procedure == "fastest-first":
        return (
            f"Bonferroni over {rule.candidates} declared candidates, tried or not: each is judged "
            f"at {at(rule)}"
        )
    return (
        f"fixed sequence: each is judged at {_said(rule.alpha)} in the declared order, none after "
        "the first that does not pass"
    )


def at(rule: Rule) -> str:
    """Write the level of each candidate: ``.025/3 = .00833``, or ``.025``."""
    if rule.level == rule.alpha:
        return _said(rule.alpha)
    return f"{_said(rule.alpha)}/{rule.candidates} = {_said(rule.level)}"


def after_choice(rule: Rule) -> str:
    """Say what the figures of a candidate are worth that was chosen by them."""
    if rule.candidates == 1:
        return "one candidate was declared: its figures are those of no choice"
    told = "it was chosen by these figures, so that its estimates look better than they are"
    if rule.procedure == "fastest-first":
        return (
            f"{told}; its intervals ({_said(rule.level)} each side) hold all the same: that of any "
            f"one figure misses with probability at most {_said(rule.alpha)} on each side, "
            f"whichever of the {rule.candidates} candidates was chosen"
        )
    return (
        f"{told}; after the choice its margins hold at {_said(rule.alpha)}, while its intervals "
        f"({_said(rule.level)} each side) are those of a candidate named beforehand, and may miss "
        "more often"
    )


def _said(level: float) -> str:
    return f"{level:.3g}".removeprefix("0")
