"""The items of a document: each rule asked once."""

from __future__ import annotations

from collections.abc import Callable

from quantassay.claims.audit.items.calibration import calibration
from quantassay.claims.audit.items.composition import composition
from quantassay.claims.audit.items.metric import metric
from quantassay.claims.audit.items.model import model_base, model_quantized
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.audit.items.reference import reference
from quantassay.claims.audit.items.sample_size import sample_size
from quantassay.claims.audit.items.strata import strata
from quantassay.claims.audit.items.task import task
from quantassay.records.audit import ITEMS, Item

RULES: dict[str, Callable[[Reading], Item]] = {
    "task": task,
    "model_base": model_base,
    "model_quantized": model_quantized,
    "metric": metric,
    "reference": reference,
    "calibration": calibration,
    "strata": strata,
    "composition": composition,
    "sample_size": sample_size,
}


def items(reading: Reading) -> dict[str, Item]:
    """Return each item of the checklist, in its order, of a document or of stretches of it."""
    return {name: RULES[name](reading) for name in ITEMS}
