from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.frontier import Frontier, Point
from quantassay.reports.blocks import Bullets, Section, Table
from quantassay.reports.blocks import Frontier as Chart
from quantassay.reports.frontier import frontier
from quantassay.reports.subject import Subject


@pytest.fixture
def subject(factory: ModuleType) -> Subject:
    result = factory.result()
    return Subject(result.comparison, result.metrics, result)


def changed(subject: Subject, **fields: object) -> Section:
    assert subject.result is not None
    (one,) = subject.result.frontiers
    result = replace(subject.result, frontiers=(replace(one, **fields),))  # type: ignore[arg-type]
    return frontier(replace(subject, result=result))[0]


def sentences(section: Section) -> list[str]:
    return [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def test_nothing_timed_is_no_section(factory: ModuleType) -> None:
    assert frontier(Subject(factory.comparison(), factory.METRICS)) == ()


def test_it_names_the_fastest_that_passes_with_its_guarantee(subject: Subject) -> None:
    first = sentences(frontier(subject)[0])[0]
    assert first.startswith("Fastest that passes on every declared stratum: int8-dynamic, 1.22× [")
    assert "Familywise error at most .025 over 3 candidates." in first


def test_it_says_why_none_is_the_fastest(subject: Subject) -> None:
    made = changed(subject, fastest=None, reason="no candidate passes on every stratum")
    assert sentences(made)[0] == (
        "Fastest that passes on every declared stratum: none; no candidate passes on every stratum."
    )


def test_a_stratum_whose_fastest_is_another_is_told(subject: Subject) -> None:
    said = [text for text in sentences(frontier(subject)[0]) if "digit=0" in text]
    assert said == [
        "Another is the fastest that passes on digit=0, digit=1, digit=2, digit=3, digit=4, "
        "digit=5 and 3 more: int8-static, not int8-dynamic."
    ]
    rows = tables(frontier(subject)[0])[1].rows
    assert [row[0].text for row in rows][-2:] == ["digit=8", "rare=rare"]


def test_strata_that_agree_are_one_sentence_and_no_table_on_a_terminal(subject: Subject) -> None:
    assert subject.result is not None
    (one,) = subject.result.frontiers
    alike = tuple(replace(part, fastest="int8-dynamic") for part in one.strata)
    made = changed(subject, strata=alike)
    assert "The same on each of 11 strata." in sentences(made)
    assert tables(made)[1].few == 0


def test_a_pass_that_the_shared_level_does_not_give_is_told(subject: Subject) -> None:
    assert subject.result is not None
    (one,) = subject.result.frontiers
    points = tuple(
        replace(point, passes=False) if point.variant == "fp16" else point
        for point in one.whole.points
    )
    made = changed(subject, whole=replace(one.whole, points=points))
    assert any("fp16 passes by itself, but not at the level shared" in s for s in sentences(made))


def test_the_chart_says_what_the_table_says(subject: Subject) -> None:
    section = frontier(subject)[0]
    (drawn,) = [block for block in section.blocks if isinstance(block, Chart)]
    rows = {row[0].text: row for row in tables(section)[0].rows}
    assert list(rows) == ["int8-poor", "int8-static", "int8-dynamic", "fp32", "fp16"]
    for pair in drawn.pairs:
        row = rows[pair.name]
        assert pair.text == f"{row[2].text}, loss {row[3].text} pp"
        assert pair.tone == row[4].tone
    assert [pair.name for pair in drawn.pairs if pair.fastest] == ["int8-dynamic"]
    assert [pair.name for pair in drawn.pairs if pair.dominated] == ["fp16"]
    assert (drawn.margin, drawn.margin_text) == (2.0, "margin 2 pp")


def test_what_is_not_known_is_said(subject: Subject) -> None:
    assert subject.result is not None
    (one,) = subject.result.frontiers
    lone = Point("vendor", "int8", 2.0, None, None, None, None, False)
    made = changed(subject, whole=replace(one.whole, points=(*one.whole.points, lone)))
    (row,) = [row for row in tables(made)[0].rows if row[0].text == "vendor"]
    assert [value.text for value in row[2:6]] == ["2.00×, no interval", "undefined", "NOT JUDGED",
                                                  "no"]  # fmt: skip
    assert row[-1].text == "undefined"
    (drawn,) = [block for block in made.blocks if isinstance(block, Chart)]
    assert "vendor" not in [pair.name for pair in drawn.pairs]
    assert "without both figures: 1 variant" in drawn.note


def test_costs_stand_in_the_table_with_their_unit(subject: Subject) -> None:
    table = tables(frontier(subject)[0])[0]
    assert table.columns[-1].name == "Cost of 1,000 right answers, s of the executor"
    assert table.rows[1][-1].text == "6.67 [6.33, 7.07]"
    free = tuple(replace(p, cost=None, cost_interval=None) for p in _whole(subject).whole.points)
    made = changed(subject, whole=replace(_whole(subject).whole, points=free))
    assert "Cost" not in tables(made)[0].columns[-1].name


def _whole(subject: Subject) -> Frontier:
    assert subject.result is not None
    return subject.result.frontiers[0]


def test_other_metrics_have_a_section_of_their_own(subject: Subject) -> None:
    assert subject.result is not None
    one = _whole(subject)
    result = replace(subject.result, frontiers=(replace(one, metric="brier"), one))
    first, rest = frontier(replace(subject, result=result))
    assert first.brief and not rest.brief
    assert [b.title for b in first.blocks if isinstance(b, Chart)] == [
        "Throughput against loss of top1"
    ]
    assert [b.title for b in rest.blocks if isinstance(b, Chart)] == [
        "Throughput against loss of brier"
    ]
