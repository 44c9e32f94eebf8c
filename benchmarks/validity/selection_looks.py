"""Choosing one of ten candidates look by look, through the decisions of `select` themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quantassay.evidence import Binary
from quantassay.evidence.contract import Evidence
from quantassay.records.cells import Verdict
from quantassay.records.samples import Partition
from quantassay.verdicts.cells import Declared, Group
from quantassay.verdicts.hopeless import HOPE, chances, hopeless
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.overall import candidate_verdict
from quantassay.verdicts.schedule import Schedule, schedule
from quantassay.verdicts.selection import Procedure, Rule, chosen, tried

from .record import Figure, main

ALPHA, MARGIN, PSI, CANDIDATES = 0.025, 0.02, 0.03, 10
SIZES = (700, 1200, 1600, 2000)
AT_ONCE = 400
GO_ON, GIVE_UP, PASS = 0, 1, 2


def measure(quick: bool) -> Iterator[Figure]:
    """Yield how often a choice is wrong, and what giving up costs and saves."""
    draws = 400 if quick else 20_000
    shared, whole = Rulings(ALPHA / CANDIDATES), Rulings(ALPHA)
    rng = np.random.default_rng(9)
    at_margin = walks(rng, (draws, CANDIDATES), MARGIN)
    yield from _errors(at_margin, shared, whole)
    yield from _costs(walks(rng, (draws, 1), MARGIN / 3), shared)
    few = 10 if quick else 200
    lossy = walks(rng, (few, CANDIDATES - 1), 3 * MARGIN)
    yield from _labour(np.concatenate([lossy, walks(rng, (few, 1), 0.0)], axis=1), shared)


def walks(rng: np.random.Generator, shape: tuple[int, int], loss: float) -> np.ndarray:
    """Draw losses and gains up to every look (draws, candidates, looks, 2)."""
    chances = [(PSI + loss) / 2, (PSI - loss) / 2, 1 - PSI] if loss < PSI else [loss, 0, 1 - loss]
    steps = [rng.multinomial(n, chances, shape) for n in np.diff((0, *SIZES))]
    return np.cumsum(np.stack(steps, axis=2)[..., :2], axis=2)


@dataclass(frozen=True)
class Rulings:
    """What `select` decides at a look of each table, at one level; a FAIL is never used.

    Without FAILs candidates are given more looks than they get, so that a wrong pass is no rarer
    than it is.
    """

    level: float

    def plan(self, tables: int = 1) -> Schedule:
        """Return the schedule of the looks at so many cells."""
        sizes = [evidence([(0, 0)] * tables, n) for n in SIZES]
        return schedule(sizes, declared(tables), self.level, "obrien-fleming")

    def of(self, counts: np.ndarray, give_up: bool = True) -> np.ndarray:
        """Return which candidates pass (draws, candidates)."""
        passed, going = np.zeros(counts.shape[:2], bool), np.ones(counts.shape[:2], bool)
        for k in range(len(SIZES)):
            ruling = self._at(k, counts[:, :, k], give_up)
            passed |= going & (ruling == PASS)
            going &= ruling == GO_ON
        return passed

    def _at(self, k: int, tables: np.ndarray, give_up: bool) -> np.ndarray:
        """Return the ruling on every table of a look, each distinct one computed once."""
        distinct, place = np.unique(tables.reshape(-1, 2), axis=0, return_inverse=True)
        parts = np.array_split(distinct, -(-len(distinct) // AT_ONCE))
        found = np.concatenate([self._rulings(k, part.tolist(), give_up) for part in parts])
        return found[place.ravel()].reshape(tables.shape[:-1])

    def _rulings(self, k: int, tables: list[list[int]], give_up: bool) -> np.ndarray:
        sitting = Sitting(("candidate", "reference"), [self.plan(len(tables))], 1 - 2 * self.level)
        sitting.looks = k
        groups = [Group("top1", evidence(tables, SIZES[k]), declared(len(tables)))]
        passed = np.array([cell.verdict == "pass" for cell in sitting.look(groups)])
        lost = {name for name, chance in chances(sitting, groups) if chance < HOPE}
        given_up = np.array([f"top1 @ table={i}" in lost for i in range(len(tables))])
        return np.where(passed, PASS, np.where(given_up & give_up, GIVE_UP, GO_ON))


def declared(tables: int) -> list[Declared]:
    """Return gate cells of one margin, one for each table."""
    return [Declared({"table": str(i)}, MARGIN, "gate") for i in range(tables)]


def evidence(tables: Sequence[Sequence[int]], n: int) -> Evidence:
    """Return the evidence of tables of losses and gains, each a cell."""
    counts = np.array([(b, c, n - b - c) for b, c in tables]).ravel()
    first = np.repeat(np.tile([1.0, 0.0, 1.0], len(tables)), counts)[:, None]
    second = np.repeat(np.tile([0.0, 1.0, 1.0], len(tables)), counts)[:, None]
    labels = tuple({"table": str(i)} for i in range(len(tables)))
    parts = [Partition("table", labels, np.repeat(np.arange(len(tables)), n))]
    value = lambda totals, size: totals[..., 0] / size  # noqa: E731
    return Binary().accumulate(first, second, parts, None, value, True).evidence()


def chooses(procedure: Procedure, passed: np.ndarray) -> np.ndarray:
    """Return in which draws (draws, candidates) some candidate is chosen."""
    rule = Rule(procedure, ALPHA, passed.shape[1])
    order = [str(i) for i in range(passed.shape[1])]
    verdicts = [["pass" if one else None for one in row] for row in passed]
    found = [list(tried(rule, order, lambda i, row=row: row[int(i)])) for row in verdicts]
    return np.array([chosen(one) is not None for one in found])


def _errors(counts: np.ndarray, shared: Rulings, whole: Rulings) -> Iterator[Figure]:
    """All ten candidates are at the margin: whichever is chosen is wrong."""
    rules: Sequence[tuple[str, Procedure, Rulings]] = (
        ("first pass at alpha, fastest first, for comparison", "fastest-first", whole),
        ("select, fastest-first", "fastest-first", shared),
        ("select, fixed-sequence", "fixed-sequence", whole),
    )
    for method, procedure, rulings in rules:
        wrong = chooses(procedure, rulings.of(counts)).mean()
        yield _figure(method, "ten candidates at the margin", "false PASS", float(wrong), counts)


def _costs(counts: np.ndarray, rulings: Rulings) -> Iterator[Figure]:
    """Let a candidate lose a third of its margin: it passes nearly as often if it is given up."""
    power = float(rulings.of(counts, give_up=False).mean())
    given = float(rulings.of(counts).mean())
    law = "one of ten candidates loses a third of the margin"
    yield _figure("select, every look taken", law, "power", power, counts, 0.0)
    yield _figure("select, hopeless ones given up", law, "power", given, counts, power - 0.02)


def _labour(counts: np.ndarray, rulings: Rulings) -> Iterator[Figure]:
    """Try nine that lose three margins before one without loss, FAILs included."""
    law = "nine that lose three margins, then one without loss"
    for method, give_up in (("every look taken", False), ("hopeless ones given up", True)):
        used = [_samples(row, rulings, give_up) for row in counts]
        share = float(np.mean(used)) / (SIZES[-1] * CANDIDATES)
        yield _figure(f"select, {method}", law, "samples used", share, counts, 1.0)


def _samples(counts: np.ndarray, rulings: Rulings, give_up: bool) -> int:
    """Return how many samples the candidates of one draw (candidates, looks, 2) are run on."""
    used: list[int] = []
    plan = rulings.plan()

    def judge(name: str) -> Verdict | None:
        sitting = Sitting((name, "reference"), [plan], 1 - 2 * rulings.level)
        for n, (b, c) in zip(SIZES, counts[int(name)].tolist(), strict=True):
            groups = [Group("top1", evidence([(b, c)], n), declared(1))]
            verdict = candidate_verdict(sitting.look(groups)).verdict
            if verdict in ("pass", "fail") or (give_up and hopeless(sitting, groups)):
                break
        used.append(n)
        return verdict

    list(tried(Rule("fastest-first", ALPHA, CANDIDATES), list(map(str, range(len(counts)))), judge))
    return sum(used)


def _figure(
    method: str, law: str, side: str, rate: float, counts: np.ndarray, bound: float = ALPHA
) -> Figure:
    return Figure(
        method, f"{law}; {100 * PSI:g} % discordant; looks at {', '.join(map(str, SIZES))}",
        SIZES[-1], MARGIN, side, ALPHA, rate, bound, draws=len(counts), discordance=PSI,
    )  # fmt: skip


if __name__ == "__main__":
    main("selection_looks", measure)
