"""Names to objects: what is registered, how it is spelled with options, and the user's own code."""

from .declared import example, required
from .registered import Kind, load, names
from .spelled import configured, registered, spelled
from .user_code import called, load_function, source_digest

__all__ = [
    "Kind",
    "called",
    "configured",
    "example",
    "load",
    "load_function",
    "names",
    "registered",
    "required",
    "source_digest",
    "spelled",
]
