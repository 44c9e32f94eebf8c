"""Whether task, model and metric move the penalty: arithmetic on intervals that hold at once.

``shared_level(confidence, losses)`` and ``at_once(evidence, largest, level)`` give the interval of
a penalty; ``contrasts(penalties, headline)`` takes every `Penalty` of a study (those of strata are
passed over) and the first metric of each task, and gives all `CrossContrast`;
``answers(found, penalties, headline)`` one `AxisAnswer` for each axis and each two of them, in
the order of `AXES`; ``conclusion(answers)`` one sentence; ``outcome_counts(cells)`` and
``fragile_at_once(least, alpha)`` what the triples were found to be.
"""

from .answers import AXES, answers
from .at_once import at_once, shared_level
from .concluding import conclusion
from .contrasts import contrasts
from .outcomes import fragile_at_once, outcome_counts
from .shares import Share, share_of

__all__ = [
    "AXES",
    "Share",
    "answers",
    "at_once",
    "conclusion",
    "contrasts",
    "fragile_at_once",
    "outcome_counts",
    "share_of",
    "shared_level",
]
