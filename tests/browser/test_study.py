"""The chart of a study as a browser draws it: at any width, in print, without colour."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quantassay.reports.cross import document
from quantassay.reports.html import render
from quantassay.reports.tendencies import document as tendencies_document

from .conftest import CHROMIUM
from .test_report import opened

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} is absent"
)

WIDTHS = [320, 375, 768, 900, 1152, 1280, 1920]
MEASURE = """selectors => [...document.querySelectorAll(selectors)]
  .flatMap(e => [...e.getClientRects()])
  .map(box => ({x: box.x, y: box.y, width: box.width, height: box.height}))
  .filter(box => box.width > 1 && box.height > 1)"""
#: marks and lines of text of each row, but for a label that is there for a screen reader alone
ROWS = """() => [...document.querySelectorAll("#losses .strips li:not(.group)")].map(row => {
  const boxes = selector => [...row.querySelectorAll(selector)]
    .filter(e => getComputedStyle(e).opacity !== "0")
    .flatMap(e => [...e.getClientRects()])
    .map(box => ({x: box.x, y: box.y, width: box.width, height: box.height}))
    .filter(box => box.width > 1);
  return {marks: boxes(".strip .mark"), texts: boxes(".by, .of, .figure, .facts, .ruled .verdict")};
})"""


@pytest.fixture(scope="module")
def folder(
    factory: ModuleType, studies: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    made = {
        "study": document(studies.study()),
        "large": document(studies.large()),
        "one": document(studies.one_cell()),
        "tendencies": tendencies_document(
            studies.tendencies(), factory.comparison(), factory.METRICS
        ),
    }
    for name, each in made.items():
        (folder / f"{name}.html").write_text(render(each), encoding="utf-8")
    return folder


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return across > 1 and down > 2


def inside(box: dict[str, float], of: dict[str, float]) -> bool:
    return of["x"] - 1 <= box["x"] and box["x"] + box["width"] <= of["x"] + of["width"] + 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["study", "one"])
def test_nothing_of_the_chart_is_outside_or_covered(
    browser: Any, folder: Path, name: str, width: int
) -> None:
    with opened(browser, folder / f"{name}.html", viewport={"width": width, "height": 800}) as (
        page,
        _,
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        figure = page.locator("#losses figure").bounding_box()
        rows = page.evaluate(ROWS)
        assert len(rows) == {"study": 16, "one": 1}[name]
        assert page.locator("#losses .strip").first.bounding_box()["width"] > 200
        for row in rows:
            marks, texts = row["marks"], row["texts"]
            assert len(texts) >= 3
            assert all(inside(box, figure) for box in (*marks, *texts))
            assert [p for p in combinations(texts, 2) if overlap(*p)] == []
            assert [(m, t) for m in marks for t in texts if overlap(m, t)] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["study", "one"])
def test_ticks_of_the_axis_are_inside_and_apart(
    browser: Any, folder: Path, name: str, width: int
) -> None:
    with opened(browser, folder / f"{name}.html", viewport={"width": width, "height": 800}) as (
        page,
        _,
    ):
        ticks = page.evaluate(MEASURE, "#losses .axis text:not(.axis-title)")
        figure = page.locator("#losses figure").bounding_box()
        assert len(ticks) >= 4
        assert all(inside(tick, figure) for tick in ticks)
        assert [pair for pair in combinations(ticks, 2) if overlap(*pair)] == []


def test_rows_of_a_chart_never_cover_each_other(browser: Any, folder: Path) -> None:
    for width in (320, 900, 1280):
        with opened(browser, folder / "study.html", viewport={"width": width, "height": 800}) as (
            page,
            _,
        ):
            rows = page.evaluate(MEASURE, "#losses .strips li")
            assert len(rows) == 19
            assert [pair for pair in combinations(rows, 2) if overlap(*pair)] == []


def ends(line: Any) -> list[float]:
    return [float(line.get_attribute(each).rstrip("%")) for each in ("x1", "x2")]


def test_marks_stand_where_their_figures_say(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "study.html") as (page, _):

        def at(scheme: str, model: str, group: int) -> float:
            rows = page.locator(f"#losses .group:nth-of-type({group}) ~ li")
            row = rows.filter(has_text=scheme).filter(has_text=model).first
            return float(row.locator(".strip svg[x] .mark").evaluate(
                "e => parseFloat(e.parentNode.getAttribute('x'))"
            ))  # fmt: skip

        places = [
            at("fp16", "as-trained", 1),
            at("int8-static", "as-trained", 1),
            at("int8-static", "outliers", 1),
            at("int4", "as-trained", 1),
            at("int4", "outliers", 1),
        ]
        assert places == sorted(places)
        row = page.locator("#losses li.shaped").first
        low, high = (
            float(row.locator(".range").get_attribute(e).rstrip("%")) for e in ("x1", "x2")
        )
        least, most = (
            float(row.locator("line.outer").get_attribute(e).rstrip("%")) for e in ("x1", "x2")
        )
        assert least < low < high < most


def test_models_are_told_apart_without_colour(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "study.html") as (page, _):
        kinds = {
            (row.locator(".of").inner_text().strip(), tuple(row.locator(".mark").evaluate_all(
                "all => all.map(e => e.tagName + '.' + e.getAttribute('class'))"
            )))
            for row in page.locator("#losses li.shaped").all()
            if row.locator(".mark").count() == 2
        }  # fmt: skip
        assert kinds == {
            ("as-trained", ("circle.mark", "circle.mark")),
            ("outliers", ("path.mark open", "path.mark open")),
        }
        margin = page.locator("#losses line.margin").first
        assert margin.evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
        widths = [
            float(page.locator(f"#losses line.{name}").first.evaluate(
                "e => parseFloat(getComputedStyle(e).strokeWidth)"
            ))
            for name in ("range", "outer")
        ]  # fmt: skip
        assert widths[0] >= 3 * widths[1]


def test_the_drawing_has_its_figures_in_words(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "study.html") as (page, watch):
        listed = page.get_by_role("list", name="Loss of each triple, pp, by task, scheme and model")
        assert listed.count() == 1
        texts = page.locator("#losses li.shaped").all_inner_texts()
        assert len(texts) == 16
        assert all("[" in text or "undefined" in text or "not measured" in text for text in texts)
        assert page.locator("#losses .strip svg:not([aria-hidden])").evaluate_all(
            "all => all.filter(e => !e.closest('[aria-hidden=true]')).length"
        ) == 0  # fmt: skip
        assert "Scale: linear up to 2 pp" in page.locator("#losses .note").inner_text().replace(
            "\u00a0", " "
        )
        assert watch.complaints == [] and watch.dialogs == []


def test_a_study_and_tendencies_never_scroll_sideways(browser: Any, folder: Path) -> None:
    for name in ("study", "large", "one", "tendencies"):
        for width in (320, 768):
            with opened(
                browser, folder / f"{name}.html", viewport={"width": width, "height": 667}
            ) as (page, watch):
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert watch.complaints == [] and watch.dialogs == []


def test_a_study_has_a_word_in_place_of_a_verdict(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "study.html") as (page, _):
        assert page.locator("header .verdict").inner_text() == "STUDY"
        assert page.title() == "STUDY · three-axes/1"
        assert page.locator("#verdicts").count() == 0
        broken = "all => all.filter(a => !document.querySelector(a.getAttribute('href'))).length"
        assert page.eval_on_selector_all("a[href^='#']", broken) == 0
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(e => +e.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1


def test_the_keyboard_opens_what_is_folded_and_print_shows_it(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "tendencies.html") as (page, _):
        layers = page.locator("details").first
        row = layers.locator("tbody tr").first
        assert not row.is_visible()
        layers.locator("summary").focus()
        page.keyboard.press("Enter")
        assert row.is_visible()
        page.keyboard.press("Enter")
        page.emulate_media(media="print")
        box = row.bounding_box()
        assert box is not None and box["height"] > 5
        assert len(page.pdf(prefer_css_page_size=True)) > 10_000
