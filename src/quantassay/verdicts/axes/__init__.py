"""Whether task, model and metric move the penalty: arithmetic on intervals that hold at once.

``contrasts(penalties, headline)`` takes every `Penalty` of a study (those of strata are passed
over) and the first metric of each task, and gives all `CrossContrast`;
``answers(found, penalties, headline)`` one `AxisAnswer` for each axis and each two of them, in
the order of `AXES`; ``conclusion(answers)`` one sentence; ``outcome_counts(cells)`` and
``fragile_at_once(least, alpha)`` what the triples were found to be.
"""

from .answers import AXES, answers
from .concluding import conclusion
from .contrasts import contrasts
from .outcomes import fragile_at_once, outcome_counts
from .shares import Share, share_of

__all__ = [
    "AXES",
    "Share",
    "answers",
    "conclusion",
    "contrasts",
    "fragile_at_once",
    "outcome_counts",
    "share_of",
]
