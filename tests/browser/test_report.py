"""The page as a browser shows it: with and without scripts, on a phone, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quantassay.reports.document import comparison_document, document
from quantassay.reports.html import render

from .conftest import CHROMIUM

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make test")
pytestmark = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} is absent"
)

PHONE = {"width": 375, "height": 667}
DESKTOP = {"width": 1280, "height": 800}


@dataclass
class Watch:
    """What a page did besides being shown."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(factory: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = {
        "run": document(factory.result()),
        "pass": document(factory.passing()),
        "wide": document(factory.wide(200)),
        "compare": comparison_document(factory.comparison(), factory.METRICS),
    }
    folder = tmp_path_factory.mktemp("reports")
    for name, each in made.items():
        (folder / f"{name}.html").write_text(render(each), encoding="utf-8")
    return folder


@contextmanager
def opened(browser: Any, path: Path, **options: Any) -> Iterator[tuple[Any, Watch]]:
    context = browser.new_context(**({"viewport": DESKTOP} | options))
    page, watch = context.new_page(), Watch()
    page.on("request", lambda request: watch.requests.append(request.url))
    page.on("console", lambda message: watch.complaints.append(message.text))
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (watch.dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(path.as_uri())
    yield page, watch
    context.close()


@pytest.mark.parametrize("name", ["run", "pass", "wide", "compare"])
def test_it_asks_for_nothing_and_complains_of_nothing(
    browser: Any, folder: Path, name: str
) -> None:
    with opened(browser, folder / f"{name}.html") as (page, watch):
        page.wait_for_timeout(100)
        asked = [url for url in watch.requests if not url.startswith("data:")]
        assert asked == [(folder / f"{name}.html").as_uri()]
        assert watch.complaints == []
        assert watch.dialogs == []


def test_a_stratum_named_script_is_text(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, watch):
        assert page.locator("main script").count() == 0
        assert page.locator("body > script").count() == 1
        label = page.locator(".forest .label", has_text="<script>alert(1)</script>").first
        assert label.is_visible()
        assert watch.dialogs == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_verdict_is_in_the_first_viewport(
    browser: Any, folder: Path, viewport: dict[str, int]
) -> None:
    with opened(browser, folder / "run.html", viewport=viewport) as (page, _):
        verdict = page.locator("header .verdict")
        assert verdict.inner_text().split() == ["✗", "FAIL"]
        box = verdict.bounding_box()
        assert box["y"] + box["height"] < viewport["height"] / 2
        assert page.title().startswith("FAIL")


@pytest.mark.parametrize("name", ["run", "wide", "compare"])
@pytest.mark.parametrize("width", [320, 375, 768])
def test_a_phone_never_scrolls_sideways(browser: Any, folder: Path, name: str, width: int) -> None:
    with opened(browser, folder / f"{name}.html", viewport={"width": width, "height": 667}) as (
        page,
        _,
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.locator("#cells .table")
        assert wide.evaluate("box => box.scrollWidth > box.clientWidth")


def test_it_reads_without_javascript(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html", java_script_enabled=False) as (page, watch):
        assert page.locator("header .verdict").is_visible()
        assert page.locator("#cells tbody tr").count() > 50
        assert page.locator("button").count() == 0
        assert page.locator("svg[role=img]").is_visible()
        assert page.locator(".forest .strip svg").first.is_visible()
        assert watch.complaints == []


def test_the_style_survives_its_own_policy(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        colour = page.locator("header .verdict").evaluate("e => getComputedStyle(e).color")
        assert colour == "rgb(161, 38, 38)"


def test_the_keyboard_reaches_and_sorts_a_column(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        for _press in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText").startswith("Loss of top1"):
                break
        head = page.locator("#candidates th[scope=col]", has_text="Loss of top1")
        assert head.locator("button").evaluate("e => e === document.activeElement")
        names = page.locator("#candidates tbody th")
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        assert names.all_inner_texts() == [
            "fp16",
            "int8-dynamic",
            "int8-static",
            "int8-poor",
            "fp32",
        ]
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        assert names.all_inner_texts() == [
            "int8-poor",
            "int8-static",
            "int8-dynamic",
            "fp16",
            "fp32",
        ]


def test_names_sort_with_their_numbers(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "wide.html") as (page, _):
        head = page.locator("#cells th[scope=col]", has_text="Stratum")
        head.locator("button").click()
        strata = page.locator("#cells tbody td:nth-child(3)").all_inner_texts()
        assert strata[:3] == ["class=class-00000", "class=class-00001", "class=class-00002"]
        assert strata[-1] == "overall"


def test_headings_landmarks_and_names(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(e => +e.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert page.get_by_role("banner").count() == 1
        assert page.get_by_role("main").count() == 1
        assert page.get_by_role("contentinfo").count() == 1
        assert page.get_by_role("navigation", name="Contents").count() == 1
        assert page.get_by_role("img", name="Throughput against loss of top1").count() == 1
        assert page.get_by_role("table", name="Every cell against fp32").count() == 1
        assert page.evaluate("document.documentElement.lang") == "en"
        unnamed = "all => all.filter(e => !e.innerText.trim()).length"
        assert page.eval_on_selector_all("button, a, th, caption, figcaption", unnamed) == 0


def test_verdicts_have_a_word_and_a_symbol(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        texts = page.locator(".verdict").all_inner_texts()
        assert len(texts) > 50
        for text in texts:
            symbol, word = text.split()[:2]
            assert symbol in "✓✗~○–"
            assert word in {"PASS", "FAIL", "INCONCLUSIVE", "INSUFFICIENT", "NOT"}


def test_links_of_the_contents_lead_somewhere(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        broken = "all => all.filter(a => !document.querySelector(a.getAttribute('href'))).length"
        assert page.eval_on_selector_all("a[href^='#']", broken) == 0


def test_forest_marks_stand_where_their_figures_say(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "run.html") as (page, _):
        row = page.locator(".forest").first.locator("li", has_text="digit=8")
        low, high = (row.locator(".range").get_attribute(each) for each in ("x1", "x2"))
        margin = row.locator(".margin").get_attribute("x1")
        assert float(margin.rstrip("%")) < float(low.rstrip("%")) < float(high.rstrip("%"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_differ(browser: Any, folder: Path, scheme: str) -> None:
    with opened(browser, folder / "run.html", color_scheme=scheme) as (page, _):
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(252, 252, 250)", "dark": "rgb(20, 24, 28)"}[scheme]


def test_print_shows_every_row(browser: Any, folder: Path) -> None:
    with opened(browser, folder / "wide.html") as (page, _):
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation").is_visible()
        box = page.locator("#cells .table")
        assert box.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
        assert len(page.pdf(prefer_css_page_size=True)) > 10_000
