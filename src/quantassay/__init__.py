"""What a quantization scheme really costs one model on one task, under a declared rubric.

Importing this loads no engine and no numerical library; each name is imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .workflows.audit import audit as audit
    from .workflows.compare import compare as compare
    from .workflows.compare_scores import Scores as Scores
    from .workflows.compare_scores import compare_scores as compare_scores
    from .workflows.diagnose import diagnose as diagnose
    from .workflows.draft import draft as draft
    from .workflows.foretell import foretell as foretell
    from .workflows.join import join as join
    from .workflows.plan import plan as plan
    from .workflows.run import run as run
    from .workflows.select import select as select
    from .workflows.study import study as study
    from .workflows.transfer import transfer as transfer
    from .workflows.verify import verify as verify

_HOMES = {
    "Scores": "compare_scores",
    "audit": "audit",
    "compare": "compare",
    "compare_scores": "compare_scores",
    "diagnose": "diagnose",
    "draft": "draft",
    "foretell": "foretell",
    "join": "join",
    "plan": "plan",
    "run": "run",
    "select": "select",
    "study": "study",
    "transfer": "transfer",
    "verify": "verify",
}
__all__ = [
    "Scores",
    "audit",
    "compare",
    "compare_scores",
    "diagnose",
    "draft",
    "foretell",
    "join",
    "plan",
    "run",
    "select",
    "study",
    "transfer",
    "verify",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        # a submodule never hides the function: `workflows` holds both under one name
        return getattr(import_module(f".workflows.{_HOMES[name]}", __name__), name)
    if name == "stats":
        return import_module(".stats", __name__)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "stats"]
