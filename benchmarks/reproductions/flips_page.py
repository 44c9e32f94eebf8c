"""The part of the page that is about quantization-flips-small-llms."""

from __future__ import annotations

from collections.abc import Iterator

from quantassay.records.cells import Cell

from . import flips
from .answers import MODELS
from .comparing import MARGIN, cell
from .evidence import LABELS, Evidence, short
from .flips_checks import MARGINS_SAID, of_model
from .flips_metrics import other_metric
from .flips_pooled import pooled
from .markdown import checked, disclosures, flowing, loss, percent, table

WIDTHS = ("int8", "int4")
PLACE = f"[{flips.URL.rpartition('/')[2]}]({flips.URL}), commit {flips.PUBLICATION.commit}"
INTRO = f"""## Two language models in 8 and 4 bits

{flips.PUBLICATION.title}, {PLACE}. Answers of two of its five models are at hand, at fp16 and in
bitsandbytes' 8 bits and 4 bits (NF4): a letter and its probability a question. Its table of results
is in a PDF that could not be read here. Below are the same columns, to be laid beside it, and the
figures that its abstract, captions and scripts state in words. Its captions changed between two
commits: what Dutta et al. found is 5.7 to 10.9 % of flips at 511d193 and 8.1 to 16.6 % at 7fc46ec,
and flips lean to wrong for “every model” or for “every model except Gemma-2”. Each is quoted with
its commit; which of them the PDF has is not known here.

Margins, fixed before anything was compared: {MARGINS_SAID}. All cells of a model at one width are
one family: where an interval lies beyond the margin and the verdict is not `fail`, Holm's rule over
its twelve cells does not support it. Questions are taken as independent. No interval was found in
its text; its requirements name “binomial significance tests”, which say only whether right → wrong
is as frequent as wrong → right. The ratios below have the exact interval that goes with such a
test.
"""
HEADS = (
    "benchmark",
    "bits",
    "fp16 %",
    "here %",
    "loss, points [95 %]",
    "flips %",
    "all flips %",
    "right → wrong",
    "wrong → right",
    "wrong → wrong",
    f"verdict at {percent(MARGIN, 0)}",
    "smallest detectable",
    "n that would pass",
)
SUBJECT_HEADS = (
    "subject",
    "n",
    "8 bits",
    "",
    "n that would pass",
    "4 bits",
    "",
    "n that would pass",
)
AUDIT = (
    "In full, `quantassay audit` finds {audited} of the six in the README, and this table has "
    "{given}: it finds no metric where flips are defined. Beside the six it says that neither "
    "the test set nor the sample size is disclosed, and asks for both, though the README has "
    "“fixed subsets” and “1,000 items”. No rule of the audit was changed for it."
)


def section(found: Evidence) -> list[str]:
    """Write all that is said of this publication."""
    same, cells = found.confirmed()
    lines = [
        flowing(INTRO),
        f"Counted by a plain loop over the answers, and by the product: {same} of {cells} cells "
        "have the same n, right → wrong, wrong → right and share of changed answers.",
        "",
    ]
    for model in MODELS:
        lines += [f"### {short(model)}", "", *of_one(found, model), ""]
    return [
        *lines,
        "### Said of all models at once",
        "",
        "Two models that flip on one question count as two, taken as independent.",
        "",
        *checked(pooled(found)),
        "",
        *other_metric(found),
        "",
        "### Disclosed",
        "",
        *disclosures(flips.PUBLICATION, AUDIT),
    ]


def of_one(found: Evidence, model: str) -> list[str]:
    """Write the tables of one model."""
    verdicts = found.comparisons[model].candidates
    said = "; ".join(
        f"{width}: **{verdicts[width].verdict}**, {verdicts[width].reason}" for width in WIDTHS
    )
    return [
        f"All benchmarks and subjects together: {said}.",
        "",
        *table(HEADS, by_benchmark(found, model), 2),
        "",
        *checked(of_model(found, model)),
        "",
        "Subjects of MMLU, loss in points with its interval, verdict:",
        "",
        *table(SUBJECT_HEADS, by_subject(found, model)),
    ]


def by_benchmark(found: Evidence, model: str) -> Iterator[list[str]]:
    """Yield a row a benchmark and width, and then of all questions."""
    for label in (*LABELS, ""):
        for width in WIDTHS:
            where = {"benchmark": label} if label else {}
            one = cell(found.comparisons[model], width, **where)
            counts = found.counts(model, width, **where)
            yield [
                f"{label or 'all'} ({one.n:,})",
                width.removeprefix("int"),
                percent(one.reference_value or 0.0),
                percent(one.candidate_value or 0.0),
                loss(one),
                percent(counts.flips / counts.n),
                percent(counts.all_flips / counts.n),
                str(counts.lost),
                str(counts.gained),
                str(counts.moved),
                f"**{one.verdict}**",
                "" if one.smallest_detectable is None else percent(one.smallest_detectable),
                would_pass(one),
            ]


def would_pass(one: Cell) -> str:
    """Write how many questions would do for a pass, were the loss as measured."""
    if one.verdict in ("pass", "fail"):
        return "settled"
    return "none at this loss" if one.needed_n is None else f"{one.needed_n:,}"


def by_subject(found: Evidence, model: str) -> Iterator[list[str]]:
    """Yield a row a subject."""
    comparison = found.comparisons[model]
    for one in comparison.cells:
        if one.candidate == WIDTHS[0] and "subject" in one.stratum:
            other = cell(comparison, WIDTHS[1], **one.stratum)
            yield [
                one.stratum["subject"].replace("_", " "),
                str(one.n),
                *(
                    text
                    for side in (one, other)
                    for text in (loss(side), f"**{side.verdict}**", would_pass(side))
                ),
            ]
