"""Words for verdicts and the sentences that every report shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..records.cells import Cell, Comparison, Verdict
from .blocks import Tone, Value
from .figures import alpha, confidence
from .names import counted, several

WORDS: Mapping[Tone, str] = {
    "pass": "PASS",
    "fail": "FAIL",
    "inconclusive": "INCONCLUSIVE",
    "insufficient": "INSUFFICIENT",
    "unjudged": "NOT JUDGED",
}
SYMBOLS: Mapping[Tone, str] = {
    "pass": "✓",
    "fail": "✗",
    "inconclusive": "~",
    "insufficient": "○",
    "unjudged": "–",
    "warning": "!",
}
#: what decides a verdict where every margin on accuracy is kept
SPEED_ALONE = ("speed-up",)
_SEVERITY: Mapping[Tone, int] = {
    "fail": 0,
    "insufficient": 1,
    "inconclusive": 2,
    "pass": 3,
    "unjudged": 4,
}


def tone(verdict: Verdict | None) -> Tone:
    """Return the tone of a verdict; none is ``unjudged``."""
    return verdict or "unjudged"


def severity(verdict: Verdict | None) -> int:
    """Order verdicts, the worst first."""
    return _SEVERITY[tone(verdict)]


def verdict_value(verdict: Verdict | None, suffix: str = "") -> Value:
    """Return a verdict as an entry of a table."""
    kind = tone(verdict)
    return Value(WORDS[kind] + suffix, float(severity(verdict)), kind)


def role(cell: Cell) -> str:
    """Say what part a cell plays in the verdict."""
    return f"{cell.role}, exploratory" if cell.exploratory else cell.role


def headline(comparison: Comparison) -> str:
    """Say the overall verdict in one sentence."""
    gating = {name: each for name, each in comparison.candidates.items() if each.gate}
    overall = comparison.verdict
    same = [name for name, each in gating.items() if (each.verdict or "inconclusive") == overall]
    at = _at_look(comparison, same)
    match overall:
        case "pass":
            return f"{_all_within(list(gating))}{at}."
        case "fail":
            both = "Beyond a declared margin", "Slower than the declared speed-up"
            return f"{_of_both(comparison, same, *both)}{at}."
        case "insufficient":
            return f"No PASS was possible for {several(same)}{at}."
        case "inconclusive":
            both = (
                "Neither within nor beyond the declared margins",
                "Neither above nor below the declared speed-up",
            )
            return f"{_of_both(comparison, same, *both)}{at}."
        case None if all(cell.margin is None for cell in comparison.cells):
            return "Nothing was judged: no margin was declared."
        case None:
            return "Nothing was judged: no margin decides for any candidate."


def _all_within(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{several(names)} is within every margin that gates"
    return (
        f"All {len(names)} gating candidates are within every margin that gates: {several(names)}"
    )


def _of_both(comparison: Comparison, names: Sequence[str], margins: str, speedup: str) -> str:
    """Name those that a margin decided, then those that throughput alone did."""
    slow = [name for name in names if comparison.candidates[name].deciding == SPEED_ALONE]
    lossy = [name for name in names if name not in slow]
    said = [f"{margins}: {several(lossy)}"] if lossy else []
    return ". ".join([*said, f"{speedup}: {several(slow)}"] if slow else said)


def _at_look(comparison: Comparison, names: Sequence[str]) -> str:
    """Say at which of the declared looks some candidates ended; '' where none was declared."""
    stopping = comparison.stopping
    ended = {} if stopping is None else stopping.candidates
    looks = sorted({ended[name].look for name in names if name in ended})
    if stopping is None or not looks:
        return ""
    said = "decided" if comparison.verdict in ("pass", "fail") else "not decided"
    at = f"look {looks[0]}" if len(looks) == 1 else f"looks {looks[0]} to {looks[-1]}"
    return f"; {said} at {at} of {len(stopping.looks)}"


def reading(level: float, looks: bool = False) -> tuple[str, ...]:
    """Say what loss, interval and confidence mean; ``looks``: several were declared."""
    return (
        "Loss is how much worse the candidate is than the reference, in the metric's unit: "
        "positive is worse, negative is better, whatever the metric's direction. "
        "pp are percentage points.",
        _intervals(level, looks),
        "PASS: the upper end of the interval of loss is below the margin. "
        "FAIL: a loss beyond the margin is shown after Holm's adjustment over the gate cells. "
        "INCONCLUSIVE: neither. INSUFFICIENT: so few samples, or so little declared, that no "
        "result could have been a PASS.",
        "A cell is one metric on one stratum (or the whole test set) of one candidate. A gate cell "
        "has a margin that counts; a watch cell has a margin and is shown; a described cell has no "
        "margin and no verdict. n is the number of paired samples.",
    )


def _intervals(level: float, looks: bool) -> str:
    if not looks:
        return (
            f"Intervals in [brackets] are nominal, {confidence(level)} two-sided: "
            f"alpha {alpha(level)} on each side. They are not adjusted for the number of cells."
        )
    return (
        "Intervals of loss in [brackets] are those of the look at which a cell stands: the alpha "
        f"on each side stands beside them, and all looks at a cell together spend {alpha(level)}. "
        "They are not adjusted for the number of cells. Described cells, agreements and throughput "
        f"have {confidence(level)} intervals of one look, although sampling stopped on what the "
        "other cells showed."
    )


def one_line(level: float, looks: bool = False) -> str:
    """Say in one line how to read a figure; ``looks``: several were declared."""
    if looks:
        return (
            "Loss: positive is worse. [Brackets]: interval at the look named, each side at its "
            f"alpha; all looks together spend {alpha(level)} per side. n: paired samples."
        )
    return (
        f"Loss: positive is worse. [Brackets]: nominal {confidence(level)} two-sided interval, "
        f"alpha {alpha(level)} per side. n: paired samples."
    )


def looks(count: int) -> str:
    """Say how often results were computed under this rubric."""
    if count <= 1:
        return "These are the first results computed under this rubric."
    return (
        f"Results were computed {counted(count, 'time')} under this rubric: "
        "the stated error rates hold for one computation of the results."
    )
