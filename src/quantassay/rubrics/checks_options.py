"""Options that a variant's scheme or engine does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import PluginError, nearest
from ..plugins import Kind
from .problems import Path
from .variant import Variant
from .vocabulary import Vocabulary


def options(variant: Variant, at: Path, vocabulary: Vocabulary) -> Iterator[tuple[Path, str]]:
    """Yield each option that the scheme, or the engine where one is named, does not know."""
    yield from _unknown("schemes", variant.scheme, variant.options, (*at, "options"), vocabulary)
    options, at = variant.engine_options, (*at, "engine_options")
    yield from _unknown("engines", variant.engine, options, at, vocabulary)


def _unknown(
    kind: Kind, name: str | None, given: Mapping[str, Any], at: Path, vocabulary: Vocabulary
) -> Iterator[tuple[Path, str]]:
    if name is None or not given or name not in vocabulary.names(kind):
        return
    try:
        known = vocabulary.takes(kind, name)
    except PluginError as error:
        yield at, str(error)
        return
    if known is None:
        return
    for option in given.keys() - set(known):
        told = f"{kind[:-1]} {name!r} has no option {option!r}{nearest(option, known)}"
        yield (*at, option), f"{told}; there are: {', '.join(known)}"
