"""The table of schemes and engines: what the tests ran, and what nobody did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from quantassay import plugins

from .tables import page, table

COMBINATIONS = Path(__file__).parents[2] / "tests" / "combinations"
INTRO = (
    "Every scheme in every engine that opens what it writes: run by a test on a real model, or "
    "not run, with the reason. The rows come from the tests that passed: "
    "`QUANTASSAY_UPDATE_GOLDEN=1` writes them anew, and a test fails where a pair has no row. The "
    "variant of each was checked to be what its scheme's name says."
)
ALONE = "Engines by themselves, on models as they are published or trained"


def ran() -> list[dict[str, Any]]:
    """Return what the tests ran: scheme (None for an engine alone), engine, model, test, by."""
    path = COMBINATIONS / "ran.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def not_run() -> list[dict[str, str]]:
    """Return what was not run, each with its reason: scheme (or none), engine, why."""
    path = COMBINATIONS / "not_run.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def pairs() -> Iterator[tuple[str, str]]:
    """Yield every scheme with every engine that opens what it writes."""
    for name in plugins.names("schemes"):
        scheme = plugins.load("schemes", name)
        writes = scheme.reads if scheme.writes == "same" else (scheme.writes,)
        for engine in plugins.names("engines"):
            if set(writes) & set(plugins.load("engines", engine).formats):
                yield name, engine


def support_page() -> str:
    """Return the page."""
    rows = [_row(scheme, engine) for scheme, engine in pairs()]
    alone = [_row(None, engine) for engine in plugins.names("engines")]
    more = [
        [f"`{one['engine']}` {one.get('with', '')}".strip(), "not run", one["why"]]
        for one in not_run()
        if "scheme" not in one and "with" in one
    ]
    return page(
        "What was run",
        INTRO,
        table(["scheme", "engine", "run by", "on"], rows),
        f"## {ALONE}",
        table(["engine", "run by", "on"], [row[1:] for row in alone] + more),
    )


def _row(scheme: str | None, engine: str) -> list[str]:
    mine = [one for one in ran() if (one["scheme"], one["engine"]) == (scheme, engine)]
    head = [f"`{scheme}`", f"`{engine}`"]
    if mine:
        by, on = ({one[key]: None for one in mine} for key in ("by", "model"))
        return [*head, ", ".join(f"`{each}`" for each in by), "; ".join(on)]
    why = [
        one["why"]
        for one in not_run()
        if (one.get("scheme"), one["engine"]) == (scheme, engine) and "with" not in one
    ]
    return [*head, "not run", "; ".join(why)]
