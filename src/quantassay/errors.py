"""What can go wrong, as a tree.

QuantassayError
├── InputError            the user's input is wrong: exit code 2
│   ├── RubricError       a key or value of the rubric (file, line, key)
│   ├── DataError         a table, a column, a sample
│   ├── PairingError      two sets of predictions that do not match
│   ├── ArtifactError     a model file that cannot be used
│   ├── PluginError       a name that nothing is registered under, a missing extra
│   └── UserCodeError     the user's own function raised or returned the wrong thing
└── RunFolderError        the run folder is in use, damaged or not writable: exit code 2

Every message is one line: what, where, how to mend.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class QuantassayError(Exception):
    """Anything that the user can act on."""


class InputError(QuantassayError):
    """The input is wrong."""


class RubricError(InputError):
    """A key or a value of the rubric is wrong."""


class DataError(InputError):
    """A table, a column or a sample is wrong."""


class PairingError(InputError):
    """Two sets of predictions do not match."""


class ArtifactError(InputError):
    """A model file cannot be used."""


class PluginError(InputError):
    """A name is not registered, or the extra that provides it is not installed."""


class UserCodeError(InputError):
    """The user's own function raised, or returned something of the wrong shape."""


class RunFolderError(QuantassayError):
    """The run folder is in use, damaged or not writable."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` where a known name is close, else an empty string."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def some(items: Sequence[object], limit: int = 5) -> str:
    """Name the first few items and count the rest: ``'a', 'b' and 3 more``."""
    shown = ", ".join(repr(str(item)) for item in items[:limit])
    rest = len(items) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown


def reason(error: BaseException, most: int = 300) -> str:
    """Return an exception's words in one line, its kind where it has none; cut to ``most``."""
    return (" ".join(str(error).split()) or type(error).__name__)[:most]


def one_line(error: BaseException, most: int = 300) -> str:
    """Return an exception's kind and words in one line, cut to ``most``."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:most]
