"""Contrasts along the axes of a study: places by what differs, then what they share."""

from __future__ import annotations

from ..records.cross import At, CrossContrast
from .blocks import Column, Section, Table, Value
from .cross_view import View, ends
from .figures import NOT_APPLICABLE, UNDEFINED, known, number, significant
from .names import short

SHOWN = 80
_FIELDS = ("task", "model", "scheme", "metric")


def contrasts(view: View) -> tuple[Section, ...]:
    """Tabulate the contrasts, those that leave zero out first; nothing where there are none."""
    named = [one.largest for one in view.found.answers if one.largest is not None]
    found = sorted(view.found.contrasts, key=lambda one: (one not in named, *_order(one)))
    if not found:
        return ()
    settled = sum(one.settled for one in found)
    table = Table(
        caption=f"{settled:,} of {len(found):,} contrasts leave zero out; those first that "
        "sentences above name, then the surest",
        columns=(
            Column("Along"),
            Column("Compared", prose=True),
            Column("Difference, pp of the largest loss", numeric=True),
            Column("Factor", prose=True),
            Column("Leaves zero out"),
            Column("Undefined, because", brief=False, prose=True),
        ),
        rows=tuple(_row(one) for one in found),
        note="All these intervals hold at once: each follows from intervals of losses that do.",
        source="study.json",
        few=12,
    ).head(SHOWN)
    return (Section("contrasts", "Contrasts", (table,)),)


def _order(one: CrossContrast) -> tuple[bool, float]:
    """Put settled ones first, then those whose interval is farthest from zero."""
    if ends(one.interval) is None:
        return True, 1.0
    return not one.settled, -one.beyond_zero


def _row(one: CrossContrast) -> tuple[Value, ...]:
    return (
        Value(" x ".join(one.axes)),
        Value(compared(one)),
        Value(figure(one), known(one.estimate)),
        Value(factor(one) or NOT_APPLICABLE),
        Value("yes" if one.settled else "no" if ends(one.interval) else UNDEFINED),
        Value(one.reason or NOT_APPLICABLE),
    )


def share(amount: float) -> str:
    """Write a share of the largest loss."""
    return f"{number(100 * amount)} pp"


def figure(one: CrossContrast) -> str:
    """Write a contrast with its interval: ``12.30 pp [8.10, 16.50]``."""
    found, amount = ends(one.interval), known(one.estimate)
    if amount is None:
        return UNDEFINED
    if found is None:
        return f"{share(amount)}, no interval"
    return f"{share(amount)} [{', '.join(number(100 * end) for end in found)}]"


def factor(one: CrossContrast) -> str:
    """Say how many times one penalty goes into the other; of an interaction, its two factors."""
    low, high = one.factor or (None, None)
    if low is not None and high is not None:
        said = f"{significant(low)} to {significant(high)} times"
    elif low is not None:
        said = f"at least {significant(low)} times"
    else:
        said = "" if high is None else f"at most {significant(high)} times"
    return f"between the two factors: {said}" if said and len(one.axes) > 1 else said


def compared(one: CrossContrast) -> str:
    """Name what is compared by what differs, then say what all have in common.

    Examples
    --------
    >>> place = lambda model: ((At("digits", model, "int8"), "top1"),)
    >>> compared(CrossContrast(("model",), place("b"), place("a"), None, None))
    'b less a (digits / int8 / top1)'
    """
    places = [_fields(*each) for each in (*one.more, *one.less)]
    varying = [field for field in _FIELDS if len({place[field] for place in places}) > 1]
    shared = " / ".join(short(places[0][field]) for field in _FIELDS if field not in varying)
    pairs = [
        f"{_name(more, varying)} less {_name(less, varying)}"
        for more, less in zip(one.more, one.less, strict=True)
    ]
    said = pairs[0] if len(pairs) == 1 else " less ".join(f"({pair})" for pair in pairs)
    return f"{said} ({shared})" if shared else said


def _fields(at: At, metric: str) -> dict[str, str]:
    return {"task": at.task, "model": at.model, "scheme": at.scheme, "metric": metric}


def _name(place: tuple[At, str], varying: list[str]) -> str:
    return " / ".join(short(_fields(*place)[field]) for field in varying) or "the same"
