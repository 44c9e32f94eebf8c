"""Where two sets of plain values differ, figure by figure."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: another processor or library may round a figure otherwise, and no verdict hangs on less
RELATIVE, ABSOLUTE = 1e-6, 1e-9
NOTHING = "nothing"
Difference = tuple[str, str, str]


def differences(claimed: Any, found: Any, where: str = "") -> Iterator[Difference]:
    """Yield (place, as claimed, as found) of all that differs between plain values.

    Numbers agree within a millionth of their size, or 1e-9.
    """
    if isinstance(claimed, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys([*found, *claimed]):
            place = f"{where}.{key}" if where else str(key)
            if key in claimed and key in found:
                yield from differences(claimed[key], found[key], place)
            else:
                yield place, said(claimed.get(key, NOTHING)), said(found.get(key, NOTHING))
    elif _listed(claimed) and _listed(found) and len(claimed) == len(found):
        for at, (one, other) in enumerate(zip(claimed, found, strict=True)):
            yield from differences(one, other, f"{where}[{at}]")
    elif _words(claimed) and _words(found):
        yield where, _listing(claimed, found), _listing(found, claimed)
    elif not _same(claimed, found):
        yield where, said(claimed), said(found)


def said(value: Any) -> str:
    """Return a value in one short line."""
    if isinstance(value, float):
        return f"{value:.10g}"  # finer than what counts as a difference
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _words(value: Any) -> bool:
    return _listed(value) and bool(value) and all(isinstance(one, str) for one in value)


def _listing(own: Sequence[str], other: Sequence[str]) -> str:
    """Say how long a list is, and what the other lacks of it."""
    more = [one for one in own if one not in other]
    return f"{len(own)} entries" + (f", with {said(', '.join(more))}" if more else "")


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _same(claimed: Any, found: Any) -> bool:
    numbers = [isinstance(v, (int, float)) and not isinstance(v, bool) for v in (claimed, found)]
    if all(numbers):
        return math.isclose(claimed, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return type(claimed) is type(found) and bool(claimed == found)
