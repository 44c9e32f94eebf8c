"""The command line: arguments in, one workflow, an exit code out; one command, one file."""

from . import (
    audit,
    compare,
    draft,
    executor,
    export,
    join,
    listing,
    plan,
    report,
    run,
    select,
    sign,
    transfer,
    verify,
)
from .app import BAD_INPUT, INTERNAL, INTERRUPTED, PASS, app

__all__ = [
    "BAD_INPUT",
    "INTERNAL",
    "INTERRUPTED",
    "PASS",
    "app",
    "audit",
    "compare",
    "draft",
    "executor",
    "export",
    "join",
    "listing",
    "plan",
    "report",
    "run",
    "select",
    "sign",
    "transfer",
    "verify",
]
