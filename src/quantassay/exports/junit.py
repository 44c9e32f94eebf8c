"""Verdicts as JUnit XML, which build servers show as tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from xml.etree.ElementTree import Element, indent, tostring

from quantassay.records.cells import Comparison

from .contract import Claim, TextExport
from .figures import cell_words, label
from .provenance import of_claim, of_variant
from .speeds import throughput_words
from .xml_text import element


@dataclass(frozen=True)
class Case:
    """A test: its name, what came of it, in a line and in figures."""

    name: str
    outcome: str
    line: str
    figures: str


class JUnit(TextExport):
    """A test suite a candidate, a test case a judged cell, and one for the candidate's verdict.

    FAIL of what gates is a failure; INCONCLUSIVE and INSUFFICIENT are skipped, with the reason.
    What is only watched never fails.
    """

    suffix: ClassVar[str] = ".xml"
    drops: ClassVar[tuple[str, ...]] = ("described", "evidence", "declaration", "agreements")

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the document."""
        cases = {name: list(_cases(name, claim)) for name in claim["candidates"]}
        every = [case for each in cases.values() for case in each]
        root = element(None, "testsuites", {"name": claim["rubric"]["name"], **_counts(every)})
        for name, found in cases.items():
            _suite(root, name, found, _properties(name, claim, self.dropped(claim)))
        indent(root, " ")
        body = tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _suite(root: Element, name: str, cases: list[Case], properties: Mapping[str, str]) -> None:
    suite = element(root, "testsuite", {"name": name, **_counts(cases)})
    listed = element(suite, "properties", {})
    for key, value in properties.items():
        element(listed, "property", {"name": key, "value": value})
    for case in cases:
        made = element(suite, "testcase", {"classname": name, "name": case.name})
        if case.outcome == "failure":
            element(made, "failure", {"message": case.line, "type": "fail"}, case.figures)
        elif case.outcome == "skipped":
            element(made, "skipped", {"message": case.line})
        element(made, "system-out", {}, case.figures)


def _cases(name: str, claim: Claim) -> Iterator[Case]:
    candidate = claim["candidates"][name]
    decision = candidate["decision"]
    gates = decision["gate"]
    figures = f"{decision['reason']}; {throughput_words(name, claim)}"
    yield _case("verdict", decision["verdict"], decision["reason"], figures, gates)
    for cell in candidate["accuracy"]:
        if cell["verdict"] is not None:
            counts = gates and cell["role"] == "gate"
            words = cell_words(cell, claim)
            yield _case(label(cell), cell["verdict"], cell["reason"], words, counts)


def _case(name: str, verdict: str | None, reason: str, figures: str, counts: bool) -> Case:
    line = f"{(verdict or 'not judged').upper()}: {reason}"
    if not counts and verdict != "pass":
        return Case(name, "skipped", f"watched, does not gate: {line}", figures)
    outcome = {"pass": "", "fail": "failure"}.get(verdict or "", "skipped")
    return Case(name, outcome, line, figures)


def _counts(cases: list[Case]) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(outcomes.count("failure")),
        "errors": "0",
        "skipped": str(outcomes.count("skipped")),
    }


def _properties(name: str, claim: Claim, dropped: tuple[str, ...]) -> dict[str, str]:
    return {
        "reference": claim["reference"]["name"],
        "trade-off": throughput_words(name, claim),
        **{f"candidate {key}": text for key, text in of_variant(claim["candidates"][name])},
        **dict(of_claim(claim, dropped)),
    }
