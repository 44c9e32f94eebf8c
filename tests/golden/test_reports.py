"""The made-up result in every rendering, against what was reviewed and committed.

QUANTASSAY_UPDATE_GOLDEN=1 writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from quantassay.reports import console, cross, html, markdown, tendencies
from quantassay.reports.document import Document, comparison_document, document

HERE = Path(__file__).parent / "reports"


class Text(HTMLParser):
    """What a reader of the page sees, a block a line."""

    INLINE = frozenset({"span", "a", "svg", "text", "title", "desc", "button", "strong", "code"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in {"style", "script"}
        self.parts.append(" " if tag in self.INLINE | {"td", "th"} else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data.replace("\n", " "))


def as_html_text(made: Document) -> str:
    parser = Text()
    parser.feed(html.render(made))
    lines = (re.sub(r"[ \u00a0]+", " ", line).strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(filter(None, lines)) + "\n"


def as_console(made: Document) -> str:
    stream = io.StringIO()
    console.render(made, Console(file=stream, width=80, legacy_windows=False))
    return stream.getvalue()


RENDERERS: dict[str, Callable[[Document], str]] = {
    "md": markdown.render,
    "console.txt": as_console,
    "html.txt": as_html_text,
}


def made(name: str, factory: ModuleType, studies: ModuleType) -> Document:
    match name:
        case "run":
            return document(factory.result())
        case "compare":
            return comparison_document(factory.comparison(), factory.METRICS)
        case "study":
            return cross.document(studies.study())
        case _:
            found, measured = studies.tendencies(), factory.comparison()
            return tendencies.document(found, measured, factory.METRICS)


@pytest.mark.parametrize("suffix", RENDERERS)
@pytest.mark.parametrize("name", ["run", "compare", "study", "tendencies"])
def test_report_is_as_reviewed(
    name: str, suffix: str, factory: ModuleType, studies: ModuleType
) -> None:
    text = RENDERERS[suffix](made(name, factory, studies))
    path = HERE / f"{name}.{suffix}"
    if os.environ.get("QUANTASSAY_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
