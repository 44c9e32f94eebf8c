from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.cells import POOLED, CandidateVerdict, Cell, Comparison, Verdict
from quantassay.reports.document import comparison_document, document
from quantassay.reports.overview import overview
from quantassay.reports.subject import Subject
from quantassay.reports.verdict import banner, check


@pytest.fixture
def passing(factory: ModuleType) -> Comparison:
    found: Comparison = factory.passing().comparison
    return found


def _with_cell(comparison: Comparison, **changes: object) -> Comparison:
    cell: Cell = replace(comparison.cells[0], **changes)  # type: ignore[arg-type]
    return replace(comparison, cells=(cell,))


@pytest.mark.parametrize("verdict", ["fail", "insufficient", "inconclusive", None])
def test_a_pass_over_a_worse_candidate_is_refused(
    passing: Comparison, verdict: Verdict | None
) -> None:
    worse = {**passing.candidates, "int8": CandidateVerdict(verdict, "")}
    with pytest.raises(
        ValueError, match=f"overall verdict is pass, but that of 'int8' is {verdict}"
    ):
        comparison_document(replace(passing, candidates=worse))


def test_a_worse_candidate_that_does_not_gate_leaves_the_pass(passing: Comparison) -> None:
    worse = {**passing.candidates, "int8": CandidateVerdict("fail", "", gate=False)}
    made = comparison_document(replace(passing, candidates=worse))
    assert made.banner.tone == "pass"
    assert "Measured, but outside the overall verdict: int8 (FAIL)." in made.banner.cautions


@pytest.mark.parametrize("verdict", ["fail", "insufficient", "inconclusive", None])
def test_a_pass_over_a_worse_gate_cell_is_refused(
    passing: Comparison, verdict: Verdict | None
) -> None:
    with pytest.raises(ValueError, match=f"its cell top1 is {verdict}"):
        check(_with_cell(passing, verdict=verdict))


@pytest.mark.parametrize(
    "changes", [{"interval": (0.0, 0.021)}, {"interval": (0.0, float("nan"))}, {"margin": None}]
)
def test_a_pass_beyond_its_margin_is_refused(
    passing: Comparison, changes: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="passes with an interval up to its margin"):
        check(_with_cell(passing, **changes))


def test_watch_cells_do_not_decide(passing: Comparison) -> None:
    check(_with_cell(passing, role="watch", verdict="fail"))


def test_an_unjudged_candidate_is_named(passing: Comparison) -> None:
    more = {**passing.candidates, "mystery": CandidateVerdict(None, "no margin was declared")}
    made = comparison_document(replace(passing, verdict="inconclusive", candidates=more))
    assert "Not judged: mystery." in made.banner.cautions
    assert made.banner.headline == "Neither within nor beyond the declared margins: mystery."


def test_a_cell_over_all_may_be_named_overall(passing: Comparison) -> None:
    bad = CandidateVerdict("inconclusive", "", deciding=("top1 @ overall",))
    cell = replace(passing.cells[0], verdict="inconclusive", reason="open", needed_n=4000)
    made = comparison_document(
        replace(passing, verdict="inconclusive", candidates={"fp16": bad}, cells=(cell,))
    )
    assert made.banner.rulings[0].deciding == ("top1 (above); open; about n 4,000 would settle it",)


@pytest.mark.parametrize("needed", [None, 898])
def test_no_n_is_named_that_would_settle_nothing(passing: Comparison, needed: int | None) -> None:
    bad = CandidateVerdict("inconclusive", "1 of 1 gate cell: open", deciding=("top1",))
    cell = replace(passing.cells[0], verdict="inconclusive", reason="open", needed_n=needed)
    made = comparison_document(
        replace(passing, verdict="inconclusive", candidates={"fp16": bad}, cells=(cell,))
    )
    assert made.banner.rulings[0].deciding == ("top1 (above)",)


@pytest.mark.parametrize(
    ("said", "reason", "added"),
    [
        ("1 of 2 gate cells: too few", "too few: 4 there", "top1 (above); 4 there"),
        ("1 of 2 gate cells: beyond", "beyond (p 0.01)", "top1 (above); (p 0.01)"),
        ("1 of 2 gate cells: open", "open", "top1 (above)"),
        ("2 of 2 gate cells fail, for different reasons", "open", "top1 (above); open"),
    ],
)
def test_a_cell_adds_to_the_reason_of_its_candidate(
    passing: Comparison, said: str, reason: str, added: str
) -> None:
    bad = CandidateVerdict("fail", said, deciding=("top1",))
    cell = replace(passing.cells[0], verdict="fail", reason=reason)
    made = comparison_document(
        replace(passing, verdict="fail", candidates={"fp16": bad}, cells=(cell,))
    )
    assert made.banner.rulings[0].deciding == (added,)


def test_the_banner_names_what_decides_and_the_table_every_metric(factory: ModuleType) -> None:
    subject = Subject(factory.comparison(), factory.METRICS)
    named = [fact.split(":")[0] for fact in banner(subject).rulings[1].facts]
    assert named[0] == "top1"
    assert not set(named) & {"f1", "brier", "nll", "ece"}
    (section,) = overview(subject)
    rows = [row[0].text for row in section.blocks[0].rows if row[0].text.startswith("overall")]
    assert [row.removeprefix("overall: ") for row in rows] == ["top1", "f1", "brier", "nll", "ece"]
    run = banner(Subject(factory.comparison(), factory.METRICS, factory.result())).rulings[1]
    assert [fact.split(":")[0] for fact in run.facts if "loss" in fact][:1] == ["top1"]
    assert not any(fact.startswith("brier") for fact in run.facts)


def test_judged_strata_that_are_not_shown_are_counted(factory: ModuleType) -> None:
    static, fp16, *_ = banner(Subject(factory.comparison(), factory.METRICS)).rulings
    assert fp16.facts[-1].startswith(
        "12 cells of strata judged: see the JSON form (--json); worst against its margin: top1 @"
    )
    assert fp16.facts[-1].endswith("INSUFFICIENT at its margin of 10 pp, watched")
    assert static.facts[-1] == "10 other cells of strata judged: see the JSON form (--json)"
    bare = factory.comparison()
    cells = tuple(replace(c, interval=None) if c.stratum else c for c in bare.cells)
    unknown = banner(Subject(replace(bare, cells=cells), factory.METRICS)).rulings[1]
    assert unknown.facts[-1] == "12 cells of strata judged: see the JSON form (--json)"


def test_what_is_in_a_pool_is_named(passing: Comparison) -> None:
    gate = passing.cells[0]
    pool = replace(gate, stratum={"digit": POOLED})
    inside = replace(gate, stratum={"digit": "8"}, role="watch")
    made = comparison_document(replace(passing, cells=(gate, pool, inside)))
    assert made.banner.rulings[0].limits == ("top1 @ digit=(small strata) holds digit=8",)


def test_many_deciding_cells_are_counted(factory: ModuleType) -> None:
    made = comparison_document(factory.wide(200).comparison)
    last = made.banner.rulings[0].deciding[-1]
    assert last.endswith(" more cells: see the JSON form (--json)")
    assert not last.startswith("and")


def test_strict_bounds_are_said_in_the_header(factory: ModuleType, passing: Comparison) -> None:
    assert comparison_document(passing).subtitle == "95 % confidence"
    strict = replace(passing, strict=True)
    assert comparison_document(strict).subtitle == "95 % confidence, strict bounds"
    made = document(replace(factory.passing(), comparison=strict))
    assert "95 % confidence, strict bounds, 2026" in made.subtitle


def test_a_pass_names_what_it_does_not_cover(factory: ModuleType) -> None:
    made = document(factory.passing())
    assert made.banner.headline == (
        "fp16 is within every margin that gates. The declared speed-up is reached: fp16."
    )
    assert "No gate cell covers 1 stratum: digit." in made.banner.cautions


def test_what_is_uncovered_differently_stands_with_each(passing: Comparison) -> None:
    more = {**passing.candidates, "int8": CandidateVerdict("pass", "", uncovered=("a", "b"))}
    made = comparison_document(replace(passing, candidates=more))
    by_name = {ruling.name: ruling.limits for ruling in made.banner.rulings}
    assert by_name["int8"] == ("2 strata not covered by any gate cell: a, b",)
    assert by_name["fp16"] == ("1 stratum not covered by any gate cell: digit",)


def test_the_worst_gating_candidate_comes_first(factory: ModuleType) -> None:
    made = banner(Subject(factory.comparison(), factory.METRICS))
    assert [ruling.name for ruling in made.rulings] == [
        "int8-static",
        "fp16",
        "int8-dynamic",
        "int8-poor",
    ]
    assert made.headline == "Beyond a declared margin: int8-static."


def test_deciding_cells_carry_their_figures(factory: ModuleType) -> None:
    ruling = banner(Subject(factory.comparison(), factory.METRICS)).rulings[0]
    assert ruling.deciding[0] == (
        "top1 @ digit=8: loss 23.33 pp [12.14, 34.52] (n 90, margin 10 pp, paired binary, E+M)"
    )
    assert ruling.facts[0].endswith("against fp32")


def test_throughput_is_never_said_without_its_loss(factory: ModuleType) -> None:
    result = factory.result()
    bare = replace(result.comparison, cells=())
    for ruling in document(replace(result, comparison=bare, others=())).banner.rulings:
        assert ruling.facts == ()


def test_a_candidate_that_changed_nothing_is_marked(factory: ModuleType) -> None:
    made = document(factory.result()).banner
    assert made.cautions[0].startswith("int8-dynamic changed nothing")
    dynamic = next(ruling for ruling in made.rulings if ruling.name == "int8-dynamic")
    assert dynamic.limits == ("changed nothing: this verdict says nothing about a scheme",)


def test_nothing_judged_says_so(passing: Comparison) -> None:
    cell = replace(passing.cells[0], margin=None, verdict=None, role="described")
    candidates = {"fp16": CandidateVerdict(None, "no margin was declared")}
    bare = replace(passing, verdict=None, candidates=candidates, cells=(cell,))
    made = comparison_document(bare)
    assert made.banner.tone == "unjudged"
    assert made.banner.headline == "Nothing was judged: no margin was declared."
