"""A rubric as a test: ``def test_int8(assay): assay("assay.yaml").must_pass()``.

pytest loads this module in every suite, so it stands beside the package and imports nothing of it
before a test asks: coverage of quantassay itself is not disturbed either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quantassay.records.cells import CandidateVerdict, Cell
    from quantassay.records.result import Result

SHOWN = 20


@dataclass(frozen=True)
class Assayed:
    """What a run found, as a test sees it; ``result`` is all of it."""

    result: Result

    def must_pass(self, candidate: str | None = None) -> None:
        """Fail unless the verdict is a pass: of one candidate, or of all that gate.

        Raises
        ------
        AssertionError
            With the verdicts, the cells that do not pass, and the reason of each.
        """
        __tracebackhide__ = True
        if self._verdict(candidate) != "pass":
            raise AssertionError("\n".join(self._why(candidate)))

    def _verdict(self, candidate: str | None) -> str | None:
        if candidate is None:
            return self.result.verdict
        if candidate not in self.result.comparison.candidates:
            known = ", ".join(self.result.comparison.candidates)
            msg = f"no candidate is called {candidate!r}; there are: {known}"
            raise AssertionError(msg)
        return self.result.comparison.candidates[candidate].verdict

    def _why(self, candidate: str | None) -> Iterator[str]:
        verdict = self._verdict(candidate) or "no verdict: no margin was declared"
        level = f"losses with {self.result.comparison.confidence:.0%} intervals"
        yield f"{self.result.rubric}: {verdict.upper()} ({level})"
        for name, one in self.result.comparison.candidates.items():
            if candidate in (None, name) and one.verdict != "pass":
                yield from self._of(name, one)
        yield f"report: {Path(self.result.folder) / 'report.html'}"

    def _of(self, name: str, one: CandidateVerdict) -> Iterator[str]:
        gates = "" if one.gate else " (does not gate)"
        yield f"  {name}: {(one.verdict or 'not judged').upper()}{gates}: {one.reason}"
        if one.gate:
            yield from _lines([cell for cell in self.result.cells if cell.candidate == name])


@dataclass(frozen=True)
class Assay:
    """Runs rubrics: relative paths are looked up in each of ``folders``, in order."""

    folders: tuple[Path, ...]

    def __call__(self, rubric: str | Path, *, out: str | Path | None = None) -> Assayed:
        """Run a rubric; ``out`` is the run folder, ``runs/<rubric>`` by default as in the command.

        Raises
        ------
        quantassay.errors.QuantassayError
            If the rubric, its data or its models cannot be used.
        """
        __tracebackhide__ = True
        from quantassay import run

        found = (folder / rubric for folder in self.folders)
        path = next((path for path in found if path.is_file()), None)
        if path is None:
            from quantassay.errors import RubricError

            looked = " nor ".join(dict.fromkeys(str(folder) for folder in self.folders))
            msg = f"no such rubric: {rubric}: it is neither in {looked}"
            raise RubricError(msg)
        return Assayed(run(path, out))


@pytest.fixture
def assay(request: pytest.FixtureRequest) -> Assay:
    """Run a rubric, looked up beside the test, then in the root: ``assay(...).must_pass()``."""
    return Assay((request.path.parent, request.config.rootpath))


def _lines(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the gate cells that do not pass, what fails first."""
    failed = [cell for cell in cells if cell.role == "gate" and cell.verdict != "pass"]
    failed.sort(key=lambda cell: cell.verdict != "fail")
    for cell in failed[:SHOWN]:
        yield f"    {_line(cell)}"
    if len(failed) > SHOWN:
        yield f"    and {len(failed) - SHOWN} cells more that do not pass"


def _line(cell: Cell) -> str:
    from quantassay.records.cells import stratum_label

    ends = "no interval"
    if cell.interval is not None:
        ends = f"[{cell.interval[0]:.4g}, {cell.interval[1]:.4g}]"
    loss = "undefined" if cell.loss is None else f"{cell.loss:.4g} {ends}"
    margin = "none" if cell.margin is None else f"{cell.margin:.4g}"
    where = f"{cell.metric} @ {stratum_label(cell.stratum)}"
    verdict = (cell.verdict or "not judged").upper()
    return f"{verdict}  {where}: loss {loss}, margin {margin}, n {cell.n}: {cell.reason}"
