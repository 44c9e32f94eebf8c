"""How far the error rates hold: the worst figure of every method, and all that falls short."""

from __future__ import annotations

from importlib import import_module
from inspect import getdoc
from itertools import groupby

from benchmarks.validity import record
from benchmarks.validity.record import Figure

from .tables import page, plain, table

INTRO = """
A verdict is only worth its error rate. Two errors count:

- **false PASS**: `pass` is said although the true loss is at the margin or beyond it;
- **false FAIL**: `fail` is said although the true loss is at the margin or within it.

Both are to stay at the one-sided level alpha: .025 at the default confidence of .95, and smaller
under Holm's rule. Below is the worst that was found for every method, side and level, over the
laws, sizes, margins, cluster structures and numbers of strata that were tried: by exact
enumeration where that is possible, else by simulation from fixed seeds. A simulated rate counts as
within its bound up to three of its standard errors; the worst of many simulated rates is above its
truth by chance.

Every single figure is in `benchmarks/validity/figures/`; each family names the command that makes
its table again.

![Worst error of every method over its level](validity.svg)
"""
SIDES = ("false PASS", "false FAIL", "interval misses", "power", "samples used")
COMPARED = "for comparison"
ALPHA, SMALLEST = 0.025, 1e-9
# what the product answers where a method was found beyond its bound
ANSWERS = {
    "cluster_bounds, sizes drawn anew": "A verdict is given. No test set shows cluster sizes that "
    "it does not hold; that it holds them is the assumption behind every verdict by cluster.",
    "mean_bounds, level not covered": "No verdict: `confidence` is at least 0.7.",
    "session_bounds, rare bad sessions": "No verdict rests on sessions: `run` reports the noise of "
    "its own session only.",
    "speed_p_within, rare slow-downs of one variant alone": "A verdict is given. No block shows a "
    "slow-down that did not happen in it; that blocks are like the times to come is the assumption "
    "behind every verdict on throughput.",
}
#: of what falls short by what nobody could see: told below, not in short
APART = ("not covered", "drawn anew", "rare slow-downs")
LOOKS = "nominal_levels(obrien-fleming)"
# what decides, as a reader knows it; the family, and how its methods begin
IN_SHORT = (
    ("right-or-wrong metrics", "binary", "binary_p"),
    ("the same, strict", "binary", "exact_binary_p"),
    ("means with a cap", "means", "mean_bounds"),
    ("means by betting (strict), at every look", "means", "betting_"),
    ("clusters, at fixed sizes", "clusters", "cluster_bounds"),
    ("ratios of sums, every margin", "ratio_exact", "ratio_bounds"),
    ("F1, other laws", "ratio", "ratio_bounds"),
    ("precision, recall, balanced accuracy, MCC", "confusion", "ratio_bounds of counts"),
    ("risk among accepted answers", "risk", "ratio_bounds"),
    ("squared calibration error", "calibration_error", "ratio_bounds"),
    ("RMSE with a cap", "confusion", "ratio_bounds of squared"),
    ("BLEU, chrF, WER, CER with a longest text", "corpus_text", "ratio_bounds"),
    ("perplexity with a longest text", "perplexity", "ratio_bounds"),
    ("matched-object recall", "matched_recall", "ratio_bounds"),
    ("mean AUROC over strata", "auroc_macro", "AurocMacro"),
    ("AUROC", "auroc", "auroc_"),
    (
        "several looks, right or wrong",
        "stopping",
        "nominal_levels(obrien-fleming) of paired_binary",
    ),
    ("several looks, means", "stopping", "nominal_levels(obrien-fleming) of paired_mean"),
    ("without labels, or with some", "labels", ""),
    ("every cell of a candidate passes", "families", "every cell passes"),
    ("any cell fails (Holm)", "families", "holm"),
    ("the choice of `select` among ten candidates", "selection_looks", "select, f"),
    ("a declared speed-up", "speed", "speed_p"),
    ("a triple is robust, or fragile", "axes", "triple"),
    ("any triple of a study is fragile at once", "axes", "fragile at once"),
)


def validity_page() -> str:
    """Return the page."""
    families = {name: record.read(name) for name in record.families()}
    return page(
        "Do the error rates hold?",
        INTRO,
        summary(families),
        falls_short(families),
        *(section(name, figures) for name, figures in families.items()),
    )


def summary(families: dict[str, list[Figure]]) -> str:
    """Return the worst of what decides, at the default level."""
    rows = []
    for what, family, method in IN_SHORT:
        figures = [
            one
            for one in families.get(family, [])
            if one.method.startswith(method) and carries(one) and one.alpha == ALPHA
            if not any(words in one.method for words in APART)
        ]
        found = [figures_of(figures, side) for side in SIDES[:2]]
        if any(found):
            rows.append([what, *(in_short(f) for f in found)])
    head = ["at a level of .025", "worst false PASS", "worst false FAIL"]
    return "## In short\n\n" + table(head, rows)


def in_short(figures: list[Figure]) -> str:
    """Write the worst of some figures, and how it was found."""
    if not figures:
        return ""
    one = worst(figures)
    return f"{one.rate:.4f} ({how(one)})"


def how(one: Figure) -> str:
    """Say how a figure was found."""
    return f"{one.draws:,} draws" if one.draws else "enumerated"


def figures_of(figures: list[Figure], side: str) -> list[Figure]:
    """Return the figures of one side."""
    return [one for one in figures if one.side == side]


def section(family: str, figures: list[Figure]) -> str:
    """Return the section of one family: what was tried, and the worst of it."""
    module = import_module(f"benchmarks.validity.{family}")
    title, _, text = plain(getdoc(module) or family).partition("\n")
    told = "\n".join(line for line in text.splitlines() if "python -m benchmarks" not in line)
    decides = [one for one in figures if carries(one)]
    beside = [one for one in figures if not carries(one)]
    return "\n\n".join(
        part
        for part in [
            f"## {title.strip().rstrip('.')}",
            told.strip(),
            f"`python -m benchmarks.validity.{family}`, {len(figures):,} figures:",
            rows_of(decides),
            "Without a verdict, or for comparison:" if beside else "",
            rows_of(beside),
        ]
        if part
    )


def carries(one: Figure) -> bool:
    """Whether verdicts rest on what was measured."""
    return one.answer == "judged" and COMPARED not in one.method


def rows_of(figures: list[Figure]) -> str:
    """Return the table of some figures; nothing where there are none."""
    head = ["method", "side", "level", "worst", "rate / bound", "where", "how", "beyond"]
    return table(head, [worst_row(group) for group in grouped(figures)]) if figures else ""


def grouped(figures: list[Figure]) -> list[list[Figure]]:
    """Put figures of one method, side, level and answer together, in the order of the table."""

    def key(one: Figure) -> tuple[str, int, float, str]:
        return one.method, SIDES.index(one.side), -one.alpha, one.answer

    return [list(group) for _, group in groupby(sorted(figures, key=key), key)]


def worst(figures: list[Figure]) -> Figure:
    """Return the figure that is worst for its side."""
    if figures[0].side == "power":
        return min(figures, key=lambda one: one.rate - one.bound)
    return max(figures, key=lambda one: one.rate)


def worst_row(figures: list[Figure]) -> list[str]:
    """Return the row of one group."""
    one = worst(figures)
    beyond = sum(not each.holds for each in figures)
    method = one.method if one.answer == "judged" else f"{one.method} ({one.answer})"
    return [
        method,
        one.side,
        f"{one.alpha:g}",
        f"{one.rate:.4g}",
        f"{one.rate / one.bound:.3f}" if one.bound else "",
        where(one),
        how(one),
        f"{beyond} of {len(figures)}",
    ]


def where(one: Figure) -> str:
    """Say under which truth a figure was found."""
    parts = [one.law]
    if one.n:
        parts.append(f"n {one.n:,}")
    if abs(one.margin) > SMALLEST:
        parts.append(f"margin {one.margin:.4g}")
    if one.discordance == one.discordance:
        parts.append(f"discordance {one.discordance:g}")
    if one.clusters != "independent":
        parts.append(one.clusters)
    if one.strata > 1:
        parts.append(f"{one.strata} strata")
    return ", ".join(parts)


def falls_short(families: dict[str, list[Figure]]) -> str:
    """List methods that carry verdicts and were found beyond their bound."""
    missed = [
        group
        for figures in families.values()
        for group in grouped([one for one in figures if not one.holds])
        if carries(group[0])
    ]
    if not missed:
        return "## What falls short\n\nNothing that carries a verdict was found beyond its bound."
    head = ["method", "side", "level", "worst", "bound", "where", "figures", "the product answers"]
    rows = []
    for group in missed:
        one = worst(group)
        rows.append(
            [
                one.method, one.side, f"{one.alpha:g}", f"{one.rate:.4g}", f"{one.bound:g}",
                where(one), str(len(group)), ANSWERS[one.method],
            ]
        )  # fmt: skip
    return "## What falls short\n\n" + table(head, rows)
