"""The frontier as a browser draws it: nothing outside, nothing covered, figures of the table."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quantassay.reports.document import document
from quantassay.reports.html import render

from .conftest import CHROMIUM
from .test_report import opened

pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} is absent"
)

WIDTHS = [320, 375, 768, 900, 1280, 1920]


@pytest.fixture(scope="module")
def folder(factory: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frontiers")
    for name in ("result", "crowded"):
        made = document(getattr(factory, name)())
        (folder / f"{name}.html").write_text(render(made), encoding="utf-8")
    return folder


@pytest.fixture(params=["result", "crowded"])
def page_of(request: pytest.FixtureRequest, folder: Path) -> Path:
    return folder / f"{request.param}.html"


def boxes(page: Any, selector: str) -> list[dict[str, float]]:
    found = [each.bounding_box() for each in page.locator(f"#frontier .plane-xy {selector}").all()]
    return [box for box in found if box is not None]


@pytest.mark.parametrize("width", WIDTHS)
def test_marks_and_rectangles_stand_inside_the_plot(
    browser: Any, page_of: Path, width: int
) -> None:
    with opened(browser, page_of, viewport={"width": width, "height": 800}) as (page, _):
        plot = page.locator("#frontier .plane-xy").bounding_box()
        drawn = [*boxes(page, "rect.box"), *boxes(page, ".mark")]
        assert len(drawn) >= 8
        for box in drawn:
            assert box["x"] >= plot["x"] - 8
            assert box["x"] + box["width"] <= plot["x"] + plot["width"] + 8
            assert box["y"] >= plot["y"] - 8
            assert box["y"] + box["height"] <= plot["y"] + plot["height"] + 8


@pytest.mark.parametrize("width", WIDTHS)
def test_no_label_covers_another(browser: Any, page_of: Path, width: int) -> None:
    with opened(browser, page_of, viewport={"width": width, "height": 800}) as (page, _):
        shown = "name" if width > 896 else "digit"
        hidden = {"name": "digit", "digit": "name"}[shown]
        assert boxes(page, f"text.{hidden}") == []
        labels = [*boxes(page, f"text.{shown}"), *boxes(page, "text.margin-text")]
        count = page.locator("#frontier .legend").first.locator("li").count()
        assert len(labels) == count + (2 if shown == "name" else 1)
        assert [pair for pair in combinations(labels, 2) if overlap(*pair)] == []


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    # the box of a text is as tall as its line, 23 pixels here; its letters take 15 of them
    return across > 1 and down > 8


def test_the_legend_says_what_the_table_says(browser: Any, page_of: Path) -> None:
    with opened(browser, page_of) as (page, _):
        rows = {
            row.locator("th").inner_text(): row.locator("td").all_inner_texts()
            for row in page.locator("#frontier table").first.locator("tbody tr").all()
        }
        items = page.locator("#frontier .legend").first.locator("li").all()
        assert len(items) == len(rows) - 1
        for item in items:
            precision, ratio, loss, verdict, *_ = rows[item.locator("b").inner_text()]
            assert item.locator(".precision").inner_text() == precision
            assert item.locator(".pair").inner_text().replace("\u00a0", " ") == (
                f"{ratio}, loss {loss} pp"
            )
            assert item.locator(".verdict").inner_text() == verdict


def test_marks_stand_where_their_figures_say(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "crowded.html") as (page, _):
        at = {
            page.locator("#frontier .legend li b").nth(int(n) - 1).inner_text(): box
            for n in range(1, 9)
            for box in [page.locator(f"#frontier svg[data-n='{n}'] .mark").bounding_box()]
        }
        margin = page.locator("#frontier line.margin").bounding_box()["y"]
        assert at["int4-rtn"]["y"] < margin < at["w4a16-gptq"]["y"] < at["bf16"]["y"]
        order = ["fp16-emulated", "bf16", "int8-dynamic", "int8-static-per-channel", "int4-rtn"]
        places = [at[name]["x"] for name in order]
        assert places == sorted(places)


def test_the_chosen_and_the_dominated_are_told_without_colour(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "crowded.html") as (page, _):
        assert page.locator("#frontier .ring").count() == 1
        dashed = page.locator("#frontier rect.dominated")
        assert dashed.count() == 1
        assert dashed.evaluate("e => getComputedStyle(e).strokeDasharray") != "none"
        tags = page.locator("#frontier .legend .tag").all_inner_texts()
        assert tags == ["fastest that passes", "dominated by int8-dynamic"]
        names = page.locator("#frontier text.name").all_text_contents()
        assert sum(text.startswith("✓ ") for text in names) == 5


def test_it_is_an_image_with_a_name_and_words(browser: Any, page_of: Path) -> None:
    with opened(browser, page_of) as (page, watch):
        image = page.get_by_role("img", name="Throughput against loss of top1")
        assert image.count() == 1
        words = image.locator("desc").evaluate("e => e.textContent").replace("\u00a0", " ")
        assert "holds both at once with 95 % confidence" in words
        assert watch.complaints == []
