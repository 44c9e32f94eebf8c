"""What keys and types cannot say of a calibration study."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import nearest
from .model import Rubric
from .problems import Path

AT: Path = ("calibration_study",)


def study(rubric: Rubric) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with the calibration study of a rubric, if it declares one."""
    declared = rubric.calibration_study
    if declared is None:
        return
    yield from _of(rubric, declared.of)
    names = [metric.name for metric in rubric.metrics]
    for i, name in enumerate(declared.metrics):
        if name not in names:
            yield (*AT, "metrics", i), f"no metric {name!r} is measured{nearest(name, names)}"
    keys = [stratum.key for stratum in rubric.strata]
    if declared.shifted is not None and declared.shifted not in keys:
        yield (
            (*AT, "shifted"),
            f"no stratum is called {declared.shifted!r}{nearest(declared.shifted, keys)}",
        )
    if rubric.stopping is not None:
        yield AT, "measures the whole test set: it does not go with 'stopping'"


def _of(rubric: Rubric, name: str) -> Iterator[tuple[Path, str]]:
    variant = rubric.variants.get(name)
    if variant is None:
        yield (*AT, "of"), f"no variant is called {name!r}{nearest(name, rubric.variants)}"
    elif variant.scheme is None or variant.calibration is None:
        yield (
            (*AT, "of"),
            f"{name!r} has no calibration to draw anew: name one made by a scheme that has",
        )
    elif name == rubric.references[0]:
        yield (*AT, "of"), f"{name!r} is the deciding reference: it has no loss"
