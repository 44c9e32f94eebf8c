"""One self-contained HTML page: no network, no need of JavaScript."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from .blocks import Document
from .charts import forest_plot
from .frontier_chart import frontier_plot
from .names import printable
from .wording import SYMBOLS, WORDS

if TYPE_CHECKING:
    from jinja2 import Environment


#: the space between a number and its unit, at which no line should break
_UNIT = re.compile(r"(?<=[0-9]) (?=(?:%|pp|[kMG]B)(?![\w-]))|(?<=\bn) (?=[0-9])")


def render(document: Document) -> str:
    """Return the page as text, to be written as UTF-8."""
    style, script = _asset("report.css"), _asset("sort.js")
    template = _environment().get_template("template.html.j2")
    return template.render(
        document=document,
        style=_trusted(style),
        script=_trusted(script),
        policy=_policy(style, script),
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _trusted(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def _policy(style: str, script: str) -> str:
    """Allow this page's own style and script, by digest, and nothing else."""
    return (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(
        words=WORDS, symbols=SYMBOLS, forest_plot=forest_plot, frontier_plot=frontier_plot
    )
    environment.tests["kind"] = lambda block, name: type(block).__name__ == name
    return environment


def _finalize(value: Any) -> Any:
    """Make text from outside printable; what the template itself trusts stays as it is."""
    if type(value) is not str:
        return value
    return _UNIT.sub("\u00a0", printable(value))
