from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from rich.console import Console

from quantassay.records.planned import Curve, Outlook, OverallOutlook, Planned, PlannedCell
from quantassay.reports.planning import render
from quantassay.reports.planning_chart import chart, svg
from quantassay.reports.planning_words import conclusions, probability

OUTLOOK = Outlook(
    discordance=0.03,
    spread=0.17,
    needed=933,
    needed_each=1500,
    power=0.42,
    power_at_floor=0.171,
    detectable=0.0123,
    half_width=0.0071,
    least=183,
    basis="3.0% of answers change",
    method="exact enumeration",
)
WORSE = replace(OUTLOOK, needed=2100, power=0.9999)
CELL = PlannedCell(
    "top1", {}, "gate", 0.02, 896, 896.0, 183, (OUTLOOK, WORSE), 183, None, "fraction", 1.0
)
MEAN = replace(
    CELL,
    metric="nll",
    stratum={"part": "a" * 30},
    role="watch",
    margin=0.01,
    unit="nats",
    cap=10.0,
    outlooks=(replace(OUTLOOK, needed=6178, uncapped=1050, method="normal"), OUTLOOK),
)
UNKNOWN = replace(CELL, metric="f1-micro", outlooks=(Outlook(why="needs a pilot"),) * 2)
SMALL = replace(CELL, stratum={"part": "b"}, size=10.0, n=10)
OVERALL = OverallOutlook(15, 0.38, 0.13, 0.68, 0.993)
CURVES = (
    Curve("top1", "3 %", (0.01, 0.02, 0.04), (3332, 933, None), (368, 183, 91)),
    Curve("top1", "5 %", (0.01, 0.02, 0.04), (5000, 1413, 400), (368, 183, 91)),
)
PLANNED = Planned(
    rubric="digits/1",
    n=896,
    confidence=0.95,
    power=0.9,
    scenarios=("3 %", "5 %"),
    cells=(CELL, SMALL, MEAN, UNKNOWN),
    overall={"3 %": OVERALL, "5 %": None},
    curves=CURVES,
    assumptions=("samples stand for others",),
    warnings=("the pilot is small",),
    largest_n=640,
)

ONE = replace(
    PLANNED,
    cells=tuple(replace(cell, outlooks=cell.outlooks[:1]) for cell in PLANNED.cells),
    scenarios=("3 %",),
    overall={"3 %": OVERALL},
    curves=CURVES[:1],
)


NAMES = "metric stratum margin n floor changes needed for all at floor power detects half-width"
FULL = ["3 % 933 1,500 .17 .42 1.23 pp 0.71 pp", "5 % 2,100 1,500 .17 >.99 1.23 pp 0.71 pp"]


def words(text: str) -> list[str]:
    """Lines with one space between words."""
    return [" ".join(line.split()) for line in text.splitlines()]


def printed(planned: Planned, width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, markup=False)
    render(planned, console)
    return console.file.getvalue()


def said(planned: Planned) -> str:
    return "\n".join(conclusions(planned))


def test_every_figure_has_its_n_margin_alpha_and_method():
    text = printed(PLANNED)
    assert "n 896, confidence 95 % two-sided (alpha .025 a side)" in text
    assert "power .90" in text
    lines = words(text)
    at = lines.index(NAMES)
    assert lines[at + 1 : at + 3] == [f"top1 overall 2 pp 896 183 {FULL[0]}", FULL[1]]
    assert "top1: exact enumeration" in text


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("planned", [PLANNED, ONE])
def test_no_width_crops_a_figure(planned, width):
    text = printed(planned, width)
    assert max(map(len, text.splitlines())) <= width
    said = " ".join(text.split())
    for cell in planned.cells[:3]:
        for outlook in cell.outlooks:
            assert f"{outlook.needed:,}" in said
    for name in ("needed", "for all", "at floor", "power", "detects", "half-width", "1.23 pp"):
        assert name in said
    assert said.count("0.0123 nats") == len(planned.scenarios)


def test_what_is_expected_stands_beneath_a_cell_where_a_line_is_too_long():
    lines = words(printed(PLANNED, 80))
    at = lines.index("top1 @ overall: margin 2 pp, n 896, floor 183")
    assert lines[at - 1] == "changes needed for all at floor power detects half-width"
    assert lines[at + 1 : at + 3] == FULL


def test_figures_are_spelled_where_not_even_columns_fit():
    text = " ".join(printed(PLANNED, 40).split())
    spelled = "5 %: needed 2,100, for all 1,500, at floor .17, power >.99, detects 1.23 pp"
    assert "floor 183 3 %: needed 933, for all 1,500, at floor .17, power .42, detects" in text
    assert spelled in text


def test_many_scenarios_against_the_margin_are_cut_into_blocks():
    curves = tuple(replace(CURVES[0], scenario=f"{k}.25 %") for k in range(1, 13))
    text = printed(replace(PLANNED, curves=curves), 80)
    assert all(f"{k}.25 %" in text for k in range(1, 13))
    assert text.count("3,332") == 12
    assert text.count("<- declared") == 2


def test_one_scenario_is_shown_in_full():
    text = printed(ONE)
    assert f"top1 overall 2 pp 896 183 {FULL[0]}" in words(text)
    assert "detects: the smallest margin" in text


def test_a_single_cell_has_no_size_for_all():
    text = printed(replace(ONE, cells=ONE.cells[:1]))
    assert "for all" not in text
    assert "top1 overall 2 pp 896 183 3 % 933 .17 .42 1.23 pp 0.71 pp" in words(text)


@pytest.mark.parametrize("width", [30, 80, 200])
def test_strict_bounds_have_floors_and_no_sizes(width):
    bare = tuple(replace(cell, outlooks=()) for cell in (CELL, SMALL))
    never = replace(CELL, metric="f1", floor=None, floor_n=None, outlooks=(), why="no proven bound")
    strict = replace(
        PLANNED, cells=(*bare, never), scenarios=(), overall={}, curves=(), strict=True
    )
    text = " ".join(printed(strict, width).split())
    assert text.count("no sample size is worked out for strict bounds") == 1
    assert "f1 @ overall at 2 pp: no proven bound" in text
    assert not any(word in text for word in ("needed:", "power", "detects", "changes", "933"))
    assert "183" in text
    assert "none" in text


def test_a_floor_that_nothing_tells_is_not_none():
    cell = replace(UNKNOWN, floor=None, floor_n=None)
    text = printed(replace(PLANNED, rubric="", cells=(cell,), curves=()))
    assert "f1-micro overall 2 pp 896 – 3 %" in " ".join(text.split())
    assert "can never" not in text


def test_warnings_come_before_the_figures():
    text = printed(PLANNED)
    assert text.index("warning: the pilot is small") < text.index("933")


def test_without_a_test_set_nothing_is_said_of_it():
    cell = replace(CELL, n=None, size=None, outlooks=(replace(OUTLOOK, power=None),))
    none = replace(PLANNED, rubric="", n=None, cells=(cell,), scenarios=("3 %",), overall={})
    text = printed(none)
    assert "no test set yet" in text
    assert "detects" not in text
    assert "*" not in text


def test_nothing_to_plan():
    first, *rest = words(printed(replace(PLANNED, cells=(), curves=()), 80))
    assert first == "nothing to plan: no margin is declared"
    assert "'margin: 0.02'" in " ".join(rest)


def test_the_overall_pass_with_its_bounds():
    text = said(PLANNED)
    assert "3 %: power of the overall PASS .38 if the 15 gate cells are independent" in text
    assert ".13 to .68 whatever their dependence" in text
    assert "for .90 each needs .9930" in text
    assert "5 %: power of the overall PASS is undefined" in text
    single = replace(PLANNED, overall={"3 %": replace(OVERALL, cells=1)})
    assert "power of the PASS .38 at n 896" in said(single)


def test_what_can_never_pass_and_what_is_undefined():
    text = said(PLANNED)
    assert "can never pass: top1 @ part=b at 2 pp: needs n 183 at the least, has 10" in text
    assert "f1-micro, 3 %, 5 %: needs a pilot" in text
    nothing = replace(CELL, floor=None, floor_n=None)
    assert "no n suffices" in said(replace(PLANNED, cells=(nothing,)))
    unknown = replace(UNKNOWN, n=None, floor=None, floor_n=None)
    assert "can never" not in said(replace(PLANNED, cells=(unknown,)))


def test_floors_caps_stops_and_warnings():
    text = said(PLANNED)
    assert "at its floor a cell can pass, but seldom does: power there is .17" in text
    assert "the cap of 10 costs nll @ part=" in text
    assert "5,128 samples: 6,178 are needed, without it 1,050" in text
    assert "takes n 640 at most" in text
    low = replace(CELL, outlooks=(OUTLOOK, replace(OUTLOOK, power_at_floor=0.4)))
    assert "power there is .17 to .40" in said(replace(PLANNED, cells=(low,)))


def test_an_expected_loss_is_said():
    assert "whose true loss is 30 % of each margin" in printed(replace(PLANNED, loss=0.3))


def test_what_a_pilot_showed_is_said_once():
    seen = replace(OUTLOOK, basis="2 % change, pilot n 300", source="pilot")
    many = tuple(replace(CELL, stratum={"part": str(i)}, outlooks=(seen,)) for i in range(9))
    lines = said(replace(PLANNED, cells=many, scenarios=("pilot",))).splitlines()
    (line,) = [line for line in lines if "pilot n 300" in line]
    assert "part=0" in line
    assert "and 3 more" in line


def test_probabilities():
    assert [probability(p) for p in (None, 0.0, 0.5, 0.994, 0.996, 1.0)] == [
        "–", ".00", ".50", ".99", ">.99", ">.99",
    ]  # fmt: skip


def test_the_chart_is_svg_with_every_line_and_this_test_set():
    root = ET.fromstring(svg(PLANNED))
    names = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for wanted in (
        "3 % change",
        "5 % change",
        "floor",
        "this test set: n 896",
        "margin declared",
        "margin, pp",
    ):
        assert wanted in names
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 3


def test_more_samples_are_higher_and_wider_margins_further_right():
    (panel,) = chart(PLANNED).panels
    line = next(line for line in panel.lines if line.name == "5 % change")
    xs, ys = zip(*(map(float, point.split(",")) for point in line.points.split()), strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys)
    assert panel.top < panel.there < panel.bottom
    labels = sorted(line.label_y for line in panel.lines)
    assert all(second - first >= 15 for first, second in pairwise(labels))


def test_what_comes_from_outside_is_escaped():
    cell = replace(CELL, metric='<script>"&', stratum={"a": "<b>"})
    curve = replace(CURVES[0], metric='<script>"&')
    text = svg(replace(PLANNED, cells=(cell,), curves=(curve,)))
    assert "<script>" not in text
    ET.fromstring(text)


def test_a_chart_without_test_set_or_curves():
    none = replace(PLANNED, n=None, cells=(replace(CELL, n=None),))
    assert "this test set" not in svg(none)
    empty = replace(PLANNED, curves=(replace(CURVES[0], needed=(None, None, None)),))
    assert [line.name for line in chart(empty).panels[0].lines] == ["floor"]
    ET.fromstring(svg(replace(PLANNED, curves=())))
