"""Write the reference pages from the code: ``python docs/generate.py [--check]``.

Every key, metric, agreement, engine, scheme, reader, export and command has its row because the
code has it; a test fails where a page is stale. Pages without the mark are written by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pages.audit import audit_page
from pages.commands import commands_page
from pages.registered import plugin_page
from pages.rubric import rubric_page
from pages.statistics import statistics_page
from pages.support import support_page
from pages.tendencies import tendencies_page
from pages.validity import validity_page
from pages.validity_chart import validity_chart

from quantassay import plugins
from quantassay.claims.executors.document import executor_schema
from quantassay.claims.schema import claim_schema
from quantassay.claims.transfer.schema import transfer_schema
from quantassay.exports.audit_json import audit_schema
from quantassay.exports.json import comparison_schema
from quantassay.rubrics.cross.schema import study_schema
from quantassay.rubrics.deployment_load import deployment_schema
from quantassay.rubrics.schema import schema_text

HERE = Path(__file__).parent

PLUGINS: dict[plugins.Kind, tuple[str, str]] = {
    "metrics": (
        "Metrics",
        "What is measured, with targets. The evidence says how rows become bounds on the loss.",
    ),
    "agreements": (
        "Agreements",
        "How close a candidate stays to the reference; shown, never judged.",
    ),
    "engines": (
        "Engines",
        "What runs a model: `variants: {name: {engine: ..., engine_options: {option: value}}}`. "
        "Where no engine is named, a model runs in that of its format, and a variant made `of` "
        "another in the same as that, or, where its scheme writes another format, in what the "
        "scheme names. Which schemes and engines were run together: [support](support.md).",
    ),
    "formats": (
        "Formats",
        "Model files: `variants: {name: {model: ...}}`. A format is recognized by name; it says "
        "which bytes a model is, which weights and operations it holds, and what runs it where no "
        "engine is named. A file of no known format is identified by its bytes alone.",
    ),
    "schemes": (
        "Schemes",
        "What quantizes: `variants: {name: {scheme: ..., of: ..., options: {option: value}}}`, and "
        "`calibration: ...` where samples are needed ([how](calibration.md)). A scheme that cannot "
        "do what its name says stops the run.",
    ),
    "readers": ("Readers", "What opens data: `data: {reader: ..., path: ...}`."),
    "throughput_logs": (
        "Throughput logs",
        "What `quantassay join` reads as the throughput half of a claim, to be joined to its "
        "accuracy half ([how](join.md)). A log alone is never reported. A file is recognized by "
        "its first bytes; `--reader NAME` names its format.",
    ),
    "exports": (
        "Exports",
        "What a claim can be written as: `quantassay export PATH --to FORMAT`, of a run folder or "
        "a `claim.json`. Hardly a format has room for all of a claim: each says on stderr, and in "
        "the file where it can, what it leaves out; none writes a throughput without its "
        "accuracy. Formats that describe one model want `--candidate NAME`. Findings of an audit "
        "as SARIF: `quantassay audit PATH --sarif FILE`. What each format holds:",
    ),
}


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every generated file with its content."""
    yield HERE / "rubric.md", rubric_page()
    for what, (title, intro) in PLUGINS.items():
        yield HERE / f"{what}.md", plugin_page(title, intro, what)
    yield HERE / "audit.md", audit_page()
    yield HERE / "commands.md", commands_page()
    yield HERE / "statistics.md", statistics_page()
    yield HERE / "support.md", support_page()
    yield HERE / "tendencies.md", tendencies_page()
    yield HERE / "validity.md", validity_page()
    yield HERE / "validity.svg", validity_chart()
    yield HERE / "schemas" / "rubric.schema.json", schema_text()
    for name, schema in (
        ("audit", audit_schema()),
        ("claim", claim_schema()),
        ("comparison", comparison_schema()),
        ("deployment", deployment_schema()),
        ("executor", executor_schema()),
        ("study", study_schema()),
        ("transfer", transfer_schema()),
    ):
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        yield HERE / "schemas" / f"{name}.schema.json", text


def stale() -> list[str]:
    """Return the files that are missing or not what the code says."""
    return [
        str(path.relative_to(HERE))
        for path, text in pages()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write the pages, or with ``--check`` say which are stale."""
    if "--check" in sys.argv[1:]:
        found = stale()
        print("\n".join(f"stale: docs/{name}" for name in found) or "every page is current")
        return 1 if found else 0
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
