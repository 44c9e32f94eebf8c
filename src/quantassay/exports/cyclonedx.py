"""A machine-learning bill of materials: CycloneDX 1.6 as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from quantassay.records.cells import Comparison, stratum_label

from .contract import Claim, TextExport
from .figures import cell_words, label, loss_words, number
from .provenance import of_claim, of_variant
from .speeds import cost, counted, paired_speed, throughput_words

SHA256 = re.compile(r"^(?:sha256:)?([0-9a-f]{64})$")


class CycloneDx(TextExport):
    """A CycloneDX 1.6 ML-BOM: each model with its figures by slice, intervals and limits.

    Margins, methods and verdicts stand in properties named ``quantassay:...``.
    """

    suffix: ClassVar[str] = ".cdx.json"
    drops: ClassVar[tuple[str, ...]] = ("evidence", "declaration", "agreements")

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the document."""
        bom = {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{_serial(claim)}",
            "version": 1,
            "metadata": {
                "timestamp": claim["made"],
                "tools": {"components": [_tool(claim)]},
                "properties": _properties(of_claim(claim, self.dropped(claim))),
            },
            "components": [_reference(claim), *(_candidate(n, claim) for n in claim["candidates"])],
        }
        return json.dumps(bom, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _serial(claim: Claim) -> str:
    """Return an id that the same claim gets again."""
    return str(uuid5(NAMESPACE_URL, json.dumps(claim, sort_keys=True)))


def _tool(claim: Claim) -> dict[str, str]:
    return {"type": "application", "name": "quantassay", "version": claim["quantassay"]}


def _properties(pairs: Iterator[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": f"quantassay:{name}", "value": value} for name, value in pairs if value]


def _model(variant: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model as a component: what it is, and the digest of its file."""
    artifact = variant["artifact"]
    digest = SHA256.match(artifact["digest"]) if artifact else None
    return {
        "type": "machine-learning-model",
        "bom-ref": f"variant:{variant['name']}",
        "name": variant["name"],
        "description": f"{variant['origin']}, {variant['precision']}",
        **({"hashes": [{"alg": "SHA-256", "content": digest[1]}]} if digest else {}),
    }


def _reference(claim: Claim) -> dict[str, Any]:
    reference = claim["reference"]
    return {
        **_model(reference),
        "modelCard": {"modelParameters": _parameters(claim)},
        "properties": _properties(of_variant(reference)),
    }


def _candidate(name: str, claim: Claim) -> dict[str, Any]:
    candidate = claim["candidates"][name]
    ancestor = {"type": "machine-learning-model", "name": claim["reference"]["name"]}
    return {
        **_model(candidate),
        "pedigree": {"ancestors": [ancestor], "notes": "measured against it, as the reference"},
        "modelCard": {
            "modelParameters": _parameters(claim),
            "quantitativeAnalysis": {"performanceMetrics": list(_figures(candidate, claim))},
            "considerations": {
                "technicalLimitations": list(_limits(name, claim)),
                "performanceTradeoffs": [_tradeoff(name, claim)],
            },
            "properties": _properties(
                (f"cell:{label(cell)}", cell_words(cell, claim)) for cell in candidate["accuracy"]
            ),
        },
        "properties": _properties(of_variant(candidate)),
    }


def _parameters(claim: Claim) -> dict[str, Any]:
    task = claim["task"]
    facts = {"digest": task["digest"], "n": str(task["n"]), "clusters": task["clusters"]}
    contents = {"properties": _properties((name, value) for name, value in facts.items())}
    data = {
        "type": "dataset", "name": task["task"], "contents": contents,
        "description": f"test set, {task['n']} samples: {task['composition']}",
    }  # fmt: skip
    return {"task": task["task"], "datasets": [data]}


def _figures(candidate: Mapping[str, Any], claim: Claim) -> Iterator[dict[str, Any]]:
    for cell in candidate["accuracy"]:
        part = {"slice": stratum_label(cell["stratum"])} if cell["stratum"] else {}
        if cell["candidate_value"] is not None:
            yield {"type": cell["metric"], "value": number(cell["candidate_value"]), **part}
        if cell["loss"] is not None:
            kind = f"loss of {cell['metric']} against {cell['reference']}"
            ends = _interval(cell["interval"])
            yield {"type": kind, "value": number(cell["loss"]), **part, **ends}
    speed = paired_speed(candidate)
    if speed is not None:
        how = f"{speed['protocol']}, {speed['batch']} samples per query"
        ends = _interval(speed["throughput_interval"])
        kind = f"throughput, {counted(speed)} per second, {how}"
        yield {"type": kind, "value": number(speed["throughput"]), **ends}
        if speed["ratio"] is not None:
            kind = f"throughput over that of {claim['reference']['name']}"
            ends = _interval(speed["ratio_interval"])
            yield {"type": kind, "value": number(speed["ratio"]), **ends}
    price = cost(candidate["name"], claim)
    if price is not None:
        kind = f"cost of a thousand right answers, {price[2]}"
        yield {"type": kind, "value": number(price[0]), **_interval(price[1])}


def _interval(ends: Sequence[float] | None) -> dict[str, Any]:
    if ends is None:
        return {}
    return {"confidenceInterval": {"lowerBound": number(ends[0]), "upperBound": number(ends[1])}}


def _limits(name: str, claim: Claim) -> Iterator[str]:
    """Yield what a reader must not take for granted: what did not pass, is missing, was found."""
    candidate = claim["candidates"][name]
    decision = candidate["decision"]
    if decision["verdict"] != "pass":
        yield f"verdict {decision['verdict'] or 'none'}: {decision['reason']}"
    for cell in candidate["accuracy"]:
        if cell["verdict"] not in ("pass", None):
            yield f"{label(cell)}: {cell['verdict']}: {cell['reason']}; {loss_words(cell, claim)}"
    for stratum in decision["uncovered"]:
        yield f"{stratum}: no margin covers it"
    for item in claim["missing"]:
        yield f"not disclosed: {item}"
    yield from claim["findings"]


def _tradeoff(name: str, claim: Claim) -> str:
    whole = (c for c in claim["candidates"][name]["accuracy"] if not c["stratum"])
    said = [cell_words(cell, claim) for cell in whole if cell["loss"] is not None]
    return "; ".join([*said, throughput_words(name, claim)])
