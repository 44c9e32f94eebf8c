"""A study as a document: the answers, one table, one chart, then what they rest on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..records.cross import Cross
from .blocks import Banner, Bullets, Document, Section
from .cross_answers import answers, held
from .cross_contrasts import contrasts
from .cross_losses import losses
from .cross_outcomes import outcomes
from .cross_rules import definitions, reading, reproduce, rests_on
from .cross_strata import strata
from .cross_table import SOURCE, table
from .cross_view import View
from .figures import confidence
from .names import counted, several
from .triple import label
from .wording import one_line

#: of single runs; more are in the file only
FINDINGS = 40
#: in which findings of many runs may differ and be one
_FIGURE = re.compile(r"(?<=\s)\d+\.\d+(?=[\s:;,])")


def document(found: Cross) -> Document:
    """Return the report of a study: the answers about its axes, one table, one chart, the rest.

    Raises
    ------
    ValueError
        If a triple is called robust, and a loss of its surface does not pass.
    """
    view = View(found)
    _check(view)
    return Document(
        title=view.name,
        subtitle=f"{counted(len(view.tasks), 'task')} x {counted(len(view.models), 'model')} x "
        f"{counted(len(view.schemes), 'scheme')}: {counted(len(view.ran), 'triple')} measured, "
        f"{confidence(found.confidence)} confidence; {found.made}",
        banner=Banner("unjudged", held(view), (), tuple(_cautions(view)), word="STUDY"),
        sections=(
            answers(view),
            Section("cross", "Every triple", (table(view),), brief=True),
            *losses(view),
            *outcomes(view),
            *strata(view),
            *_left_out(view),
            *contrasts(view),
            *_listed("findings", "Findings", tuple(_findings(view))),
            definitions(view),
            reading(view),
            rests_on(view),
            reproduce(view),
        ),
        confidence=one_line(found.confidence),
        footer=(f"quantassay {found.quantassay}", f"study {found.digest}"),
    )


def _check(view: View) -> None:
    robust = {
        cell.at: set(cell.triple.surface)
        for cell in view.ran
        if cell.triple is not None and cell.triple.outcome == "robust"
    }
    for one in view.found.penalties:
        name = label(one.metric, one.stratum)
        if name in robust.get(one.at, ()) and one.verdict != "pass":
            msg = f"{view.at(one.at)} is called robust, but {name} is {one.verdict}"
            raise ValueError(msg)


def _cautions(view: View) -> Iterator[str]:
    amended = [view.at(cell.at) for cell in view.found.cells if cell.amendments]
    if amended:
        yield f"Amended after results had been seen: {several(amended, 5)}."
    again = [view.at(cell.at) for cell in view.found.cells if cell.looks > 1]
    if again:
        yield (
            f"Results were computed more than once under one rubric: {several(again, 5)}; the "
            "stated error rates hold for one computation."
        )
    untrue = [view.at(cell.at) for cell in view.found.cells if cell.true is False]
    if untrue:
        yield f"The scheme did not do what its name says: {several(untrue, 5)}."


def _findings(view: View) -> Iterator[str]:
    """Yield the findings of the study, then those of its runs, one for all that it holds of."""
    yield from view.found.findings
    of: dict[str, list[tuple[str, str]]] = {}
    for cell in view.found.cells:
        for text in cell.findings:
            of.setdefault(_FIGURE.sub("", text), []).append((text, view.at(cell.at)))
    for said in list(of.values())[:FINDINGS]:
        text = said[0][0]
        same = dict.fromkeys(name for each, name in said if each == text)
        others = {name for _, name in said} - set(same)
        rest = f" (and with other figures {counted(len(others), 'more triple')})" if others else ""
        yield f"{several(tuple(same), 2)}{rest}: {text}"
    if len(of) > FINDINGS:
        yield f"{counted(len(of) - FINDINGS, 'more finding')} of single runs, in {SOURCE}"


def _left_out(view: View) -> tuple[Section, ...]:
    """Name the triples that were not measured, with the reasons."""
    lines = (f"{view.at(cell.at)}: {cell.reason}" for cell in view.left_out)
    return _listed("left-out", "Triples left out", tuple(lines))


def _listed(key: str, title: str, lines: tuple[str, ...]) -> tuple[Section, ...]:
    return (Section(key, title, (Bullets(lines),), brief=True),) if lines else ()
