"""The page: what was measured again, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import flips, flips_page, tiny, tiny_page
from .answers import MODELS
from .comparing import cell
from .evidence import Evidence, evidence
from .flips_checks import flipped
from .markdown import loss, percent, table
from .tiny_run import Ran, ran

HEAD = """# Published results, measured again

<!-- Written by python -m benchmarks.reproductions: edit the code, then run it again. -->

Paired results that others published on quantized models, from their answers or files, laid beside
what this product finds in them. Their data are not part of the project:

```console
$ python -m benchmarks.reproductions --cases FOLDER --write
```

wants a folder with `llm_flips/`, the files of `results/` of
[quantization-flips-small-llms](https://github.com/ab-ch90/quantization-flips-small-llms), and
`tiny_cifar10/`, [two TFLite files and a table of images](published-models.md). Statements are
quoted with the commit at which their file was read. Disclosed is `yes`, `partial` or `no` by the
[definitions of the audit](audit.md), judged by hand from all that could be read, beside what
`quantassay audit` says of the README alone. No package that this project installs holds the answers
of a quantized model one by one.

## In short

"""
COLUMNS = ("result", "published", "here", "verdict", "disclosed of six")


def flips_part(found: Evidence) -> str:
    """Write the part on language models."""
    return "\n".join(flips_page.section(found))


def tiny_part(found: Ran) -> str:
    """Write the part on ResNet8."""
    return "\n".join(tiny_page.section(found))


def flips_rows(found: Evidence) -> list[list[str]]:
    """Return one row a language model."""
    qwen, phi = MODELS
    arc = cell(found.comparisons[qwen], "int4", benchmark="ARC-Challenge")
    mmlu = cell(found.comparisons[phi], "int4", benchmark="MMLU")
    below, given = flips.OTHER_RANGE[0], str(flips.PUBLICATION.given)
    return [
        [
            "Qwen2.5-1.5B-Instruct in 4 bits, largest loss",
            "“up to five points”",
            f"{loss(arc)} points on ARC-Challenge: agrees",
            f"**{arc.verdict}** at {percent(arc.margin or 0.0, 0)} points",
            given,
        ],
        [
            "Phi-3.5-mini-instruct in 4 bits, flips on MMLU",
            f"“just below” {below} %",
            f"{flipped(found.counts(phi, 'int4', benchmark='MMLU'))}: agrees",
            f"**{mmlu.verdict}** at {percent(mmlu.margin or 0.0, 0)} points, loss {loss(mmlu)}",
            given,
        ],
    ]


def tiny_row(found: Ran) -> list[str]:
    """Return the row of ResNet8."""
    whole = next(one for one in found.result.comparison.cells if not one.stratum)
    return [
        "ResNet8 in int8, top-1",
        f"{tiny.TOP1.words}: 0.2 points",
        f"{loss(whole, 2)} points on JPEG copies: compatible",
        f"**{whole.verdict}** at {percent(whole.margin or 0.0)} points",
        str(tiny.PUBLICATION.given),
    ]


def short(rows: Sequence[Sequence[str]]) -> str:
    """Write the table at the top."""
    return "\n".join(table(COLUMNS, rows)) + "\n\n"


def page(folder: Path) -> str:
    """Write all of it; half a minute."""
    answers, images = evidence(folder / "llm_flips"), ran(folder / "tiny_cifar10")
    top = short([*flips_rows(answers), tiny_row(images)])
    return HEAD + top + flips_part(answers) + "\n" + tiny_part(images)
