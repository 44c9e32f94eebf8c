"""Numbers as a reader sees them: with unit, interval and sign; unknown is never zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, isfinite, log10

from ..records.cells import Cell

UNDEFINED = "undefined"
UNLABELLED = "open without targets"
NOT_APPLICABLE = "–"
_NOISE = 1e-12
_MOST_DECIMALS = 9


@dataclass(frozen=True)
class Scale:
    """How one metric is written: fractions as per cent, their losses in percentage points."""

    factor: float
    loss_unit: str
    value_unit: str
    decimals: int

    def of(self, value: float) -> float:
        """Return the value in the unit shown."""
        return value * self.factor


def scale(unit: str) -> Scale:
    """Return how a metric of this unit is written."""
    if unit == "fraction":
        return Scale(100.0, "pp", "%", 2)
    return Scale(1.0, unit, unit, 4)


def known(value: float | None) -> float | None:
    """Return the value where it is a finite number, else None."""
    return value if value is not None and isfinite(value) else None


def number(value: float, decimals: int = 2) -> str:
    """Write a number; one too small for the decimals keeps its first digit.

    Examples
    --------
    >>> number(1234.5), number(-0.004), number(-1e-17)
    ('1,234.50', '−0.004', '0.00')
    """
    value = 0.0 if abs(value) < _NOISE else value
    text = f"{value:,.{decimals}f}"
    if value and not any(digit in text for digit in "123456789"):
        needed = -floor(log10(abs(value)))
        text = f"{value:.{needed}f}" if needed <= _MOST_DECIMALS else f"{value:.0e}"
    return text.replace("-", "−")


def significant(value: float, digits: int = 3) -> str:
    """Write a number with so many digits that count, whatever its size.

    Examples
    --------
    >>> significant(1234.5), significant(0.00123456), significant(0)
    ('1,234', '0.00123', '0')
    """
    if not value:
        return "0"
    decimals = digits - 1 - floor(log10(abs(value)))
    return number(value, max(decimals, 0)) if decimals <= _MOST_DECIMALS else f"{value:.2e}"


def with_unit(text: str, unit: str) -> str:
    """Put the unit behind the number, if there is one."""
    return f"{text} {unit}" if unit else text


def trimmed(value: float, decimals: int) -> str:
    """Write a declared number without trailing zeros: ``2``, ``0.5``."""
    text = number(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def margin(cell: Cell, unit: Scale) -> str:
    """Write the margin of a cell, or say that none stands."""
    if cell.margin is None:
        return "none"
    return with_unit(trimmed(unit.of(cell.margin), 6), unit.loss_unit)


def value(amount: float | None, unit: Scale) -> str:
    """Write a metric's value."""
    amount = known(amount)
    if amount is None:
        return UNDEFINED
    return with_unit(number(unit.of(amount), unit.decimals), unit.value_unit)


def _decimals(ends: Iterable[float], limit: float | None, decimals: int) -> int:
    """Add decimals until rounding no longer makes an end look equal to the margin."""
    if limit is None:
        return decimals
    near = [end for end in ends if abs(end - limit) > _NOISE]
    while decimals < _MOST_DECIMALS and any(
        number(end, decimals) == number(limit, decimals) for end in near
    ):
        decimals += 1
    return decimals


def ends(cell: Cell) -> tuple[float, float] | None:
    """Return the interval of loss where both ends are finite."""
    if cell.interval is None or not all(isfinite(end) for end in cell.interval):
        return None
    return cell.interval


def interval(cell: Cell, unit: Scale) -> str:
    """Write the interval of loss as ``[0.31, 2.20]``, with the decimals the margin asks for."""
    found = ends(cell)
    if found is None:
        return UNDEFINED
    scaled = [unit.of(end) for end in found]
    limit = None if cell.margin is None else unit.of(cell.margin)
    decimals = _decimals(scaled, limit, unit.decimals)
    return bracket(scaled, decimals)


def bracket(bounds: Iterable[float], decimals: int = 2) -> str:
    """Write two ends as ``[0.31, 2.20]``."""
    return f"[{', '.join(number(end, decimals) for end in bounds)}]"


def loss(cell: Cell, unit: Scale) -> str:
    """Write the loss without its interval; a negative one says that it is better."""
    amount = known(cell.loss)
    if amount is None:
        return UNDEFINED if cell.changed is None else UNLABELLED
    limit = None if cell.margin is None else unit.of(cell.margin)
    decimals = _decimals([unit.of(amount)], limit, unit.decimals)
    text = with_unit(number(unit.of(amount), decimals), unit.loss_unit)
    return f"{text} (better)" if amount < -_NOISE else text


def estimate(cell: Cell, unit: Scale) -> str:
    """Write loss and interval: ``1.23 pp [0.31, 2.20]``."""
    if known(cell.loss) is None and cell.changed is not None and ends(cell) is not None:
        return f"{UNLABELLED}, {with_unit(interval(cell, unit), unit.loss_unit)}"
    if known(cell.loss) is None:
        return f"{UNDEFINED}: {cell.reason or 'no reason was recorded'}"
    if ends(cell) is None:
        return f"{loss(cell, unit)}, no interval"
    return f"{loss(cell, unit)} {interval(cell, unit)}"


def estimate_with_n(cell: Cell, unit: Scale) -> str:
    """Write loss, interval and n: ``1.23 pp [0.31, 2.20] (n 898)``."""
    return f"{estimate(cell, unit)} ({size(cell)})"


def in_full(cell: Cell, unit: Scale) -> str:
    """Write loss and interval with n, margin and method; the reference is for the caller."""
    facts = [size(cell), f"margin {margin(cell, unit)}"]
    if cell.changed is not None:
        facts.insert(1, f"{cell.changed:,} changed")
    if cell.look is not None:
        facts.insert(1, look(cell))
    if cell.method:
        facts.append(cell.method)
    return f"{estimate(cell, unit)} ({', '.join(facts)})"


def why_no_interval(cell: Cell) -> str:
    """Say why a loss stands without an interval; '' where it has one, or is undefined itself."""
    return f"; {cell.reason}" if ends(cell) is None and known(cell.loss) is not None else ""


def look(cell: Cell) -> str:
    """Write the look a cell stands at, with its level: ``look 2 of 4, alpha .0015 per side``."""
    if cell.look is None:
        return ""
    return f"look {cell.look.number} of {cell.look.of}, alpha {nominal(cell.look.level)} per side"


def nominal(level: float) -> str:
    """Write a nominal level with two digits: ``.0015``, ``5.4e-07``."""
    return f"{level:.2g}".removeprefix("0")


def size(cell: Cell) -> str:
    """Write n, with the clusters where there are any."""
    if cell.clusters is None:
        return f"n {cell.n:,}"
    return f"n {cell.n:,} in {cell.clusters:,} clusters"


def probability(p: float | None) -> str:
    """Write a p-value; a very small one as a bound."""
    p = known(p)
    if p is None:
        return NOT_APPLICABLE
    return "< .0001" if p < 0.0001 else f"{p:.4f}"


def share(fraction: float, decimals: int = 2) -> str:
    """Write a fraction as per cent."""
    return f"{number(100 * fraction, decimals)} %"


def confidence(level: float) -> str:
    """Write a confidence level: ``95 %``."""
    return f"{trimmed(100 * level, 4)} %"


def alpha(level: float) -> str:
    """Write the error allowed on each side: ``.025``."""
    return f"{(1 - level) / 2:.6f}".rstrip("0").removeprefix("0")


def bytes_text(amount: int | None) -> str:
    """Write a size in kB, MB or GB (powers of ten)."""
    if amount is None:
        return "unknown"
    for unit, power in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if amount >= power:
            return f"{amount / power:,.2f} {unit}"
    return f"{amount:,} bytes"


def ratio(amount: float | None, bounds: tuple[float, float] | None) -> str:
    """Write a throughput ratio with its interval: ``1.83× [1.79, 1.88]``."""
    amount = known(amount)
    if amount is None:
        return "not measured"
    if bounds is None or not all(isfinite(end) for end in bounds):
        return f"{number(amount)}×, no interval"
    return f"{number(amount)}× {bracket(bounds)}"
