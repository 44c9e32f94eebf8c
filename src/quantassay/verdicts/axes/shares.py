"""Losses as shares of the largest loss, and what follows from their intervals alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from quantassay.records.cross import Ends, Penalty

Factor = tuple[float | None, float | None]
#: a share that is no larger is zero: what is left of rounding is no loss
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Share:
    """A penalty over the largest loss of its metric: 1 is all that can be lost, negative a gain.

    ``low`` and ``high`` hold together with those of all others; ``estimate`` is None where some
    gold answer that it depends on is missing.
    """

    estimate: float | None
    low: float
    high: float

    @property
    def middle(self) -> float:
        """The estimate; the middle of the interval where there is none."""
        return (self.low + self.high) / 2 if self.estimate is None else self.estimate


def share_of(penalty: Penalty) -> Share | None:
    """Return a whole-set penalty as a share; None where it has no interval that holds at once."""
    ends, largest = penalty.at_once, penalty.largest
    if penalty.stratum or ends is None or largest is None or not 0 < largest < inf:
        return None
    estimate = None if penalty.loss is None else penalty.loss / largest
    # nothing loses more than the largest loss, whatever a bound says of few samples
    low, high = (min(end / largest, 1.0) for end in ends)
    return Share(estimate, low, high)


def difference(more: Share, less: Share) -> Share:
    """Return how much larger the first is: both arms of both intervals, added."""
    known = more.estimate is not None and less.estimate is not None
    estimate = more.middle - less.middle if known else None
    return Share(estimate, more.low - less.high, more.high - less.low)


def factor(more: Share, less: Share) -> tuple[Factor | None, str]:
    """Return how many times the second goes into the first, or why nothing is said.

    The low end f means that the first is f times the second at least, also where the second may be
    zero or a gain; the high end is open there.
    """
    if more.low <= NOTHING:
        return None, "no factor: the larger penalty is not settled above zero"
    if less.high <= NOTHING:
        return None, "no factor: the smaller penalty is zero at most, and no multiple of it is more"
    return (more.low / less.high, more.high / less.low if less.low > NOTHING else None), ""


def ratio_of_factors(
    first: tuple[Share, Share], second: tuple[Share, Share]
) -> tuple[Factor | None, str]:
    """Return the factor of the first two over that of the second two, or why nothing is said."""
    if any(one.low <= NOTHING for one in (*first, *second)):
        return None, "no factor: not all four penalties are settled above zero"
    (a, b), (c, d) = first, second
    low, high = a.low * d.low / (b.high * c.high), a.high * d.high / (b.low * c.low)
    return (low, high), ""


def ends_of(share: Share) -> Ends:
    """Return both ends."""
    return share.low, share.high
