"""Every public function of `quantassay.stats`, with the source it gives."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import getdoc, getmodule, signature
from itertools import groupby
from typing import Any

from quantassay import stats

from .tables import page, plain, table

INTRO = """
Arrays in, arrays out: none of it knows of models, rubrics or verdicts. `d` is candidate minus
reference, oriented so that higher is better; a loss is minus its mean. Every level is one-sided:
(1 - confidence) / 2. What is undefined is NaN. How far each holds: [validity](validity.md).

```python
from quantassay import stats

stats.paired_binary(losses=12, gains=2, n=500, margin=0.05)
```
"""


def statistics_page() -> str:
    """Return the page."""
    found = [(name, getattr(stats, name)) for name in stats.__all__]
    found.sort(key=lambda pair: (home(pair[1]), pair[0]))
    return page(
        "Statistics as a library",
        INTRO,
        *(section(module, list(group)) for module, group in groupby(found, lambda p: home(p[1]))),
    )


def home(found: Any) -> str:
    """Return the module that defines a name; of a named tuple or alias, the package."""
    module = getmodule(found)
    return module.__name__ if module else stats.__name__


def section(module: str, functions: list[tuple[str, Any]]) -> str:
    """Return the section of one module: what it is, where it comes from, what it offers."""
    text = plain(getdoc(import_module(module)) or "")
    told = [text, *(getdoc(found) or "" for _, found in functions)]
    sources = list(dict.fromkeys(one for each in told for one in source(each)))
    rows = [[f"`{name}{arguments(found)}`", summary(found)] for name, found in functions]
    return "\n\n".join(
        part
        for part in [
            f"## {module.removeprefix('quantassay.stats.')}",
            text,
            "\n".join(f"- {plain(one)}" for one in sources if one not in " ".join(text.split())),
            table(["function", "what it returns"], rows),
        ]
        if part
    )


def arguments(found: Any) -> str:
    """Return the names of a function's arguments."""
    try:
        return f"({', '.join(signature(found).parameters)})"
    except (TypeError, ValueError):
        return ""


def summary(found: Any) -> str:
    """Return the first sentence of a docstring."""
    return plain((getdoc(found) or "").split("\n\n")[0])


def source(docstring: str) -> list[str]:
    """Return the sentences of a docstring that name a year."""
    first, _, rest = docstring.partition("Parameters\n----------")
    prose = first + rest.partition("Notes\n-----\n")[2].partition("Examples\n--------")[0]
    found = []
    for paragraph in prose.split("\n\n"):
        text = " ".join(paragraph.split())
        # a sentence ends where the next one begins, not after the year of a citation
        sentences = re.split(r"(?<=[a-z0-9`)]\.)\s+(?=[A-Z`])", text)
        found += [one for one in sentences if re.search(r"\b(18|19|20)\d\d\b", one)]
    return found
