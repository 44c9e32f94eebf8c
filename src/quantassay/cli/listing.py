"""`list`: what is installed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from .app import AsJson, app
from .shown import print_json, print_text


class Listing(StrEnum):
    """What `list` can list."""

    METRICS = "metrics"
    AGREEMENTS = "agreements"
    ENGINES = "engines"
    FORMATS = "formats"
    SCHEMES = "schemes"
    READERS = "readers"
    THROUGHPUT_LOGS = "throughput_logs"
    EXPORTS = "exports"
    BACKENDS = "backends"


@app.command("list")
def listing(
    kind: Annotated[Listing, typer.Argument(help="What to list.")], as_json: AsJson = False
) -> None:
    """List what is installed, with a line on each."""
    from ..workflows.list import entries, facts

    if as_json:
        print_json(facts(kind.value))
        return
    found = entries(kind.value)
    width = max(map(len, found), default=0)
    for name, line in found.items():
        print_text(f"{name:<{width}}  {line}")
