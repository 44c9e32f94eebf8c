"""The part of the page that is about MLPerf Tiny's ResNet8."""

from __future__ import annotations

from quantassay.records.cells import Cell
from quantassay.stats import paired_binary

from . import tiny
from .markdown import checked, disclosures, flowing, interval, loss, percent, table
from .published import Checked
from .tiny_run import MARGIN, Ran

HALF_A_POINT = percent(MARGIN)
INTRO = f"""## ResNet8 on CIFAR-10 in int8

{tiny.PUBLICATION.title}, [{tiny.URL.rpartition("/")[2]}]({tiny.URL}), commit
{tiny.PUBLICATION.commit}: both TFLite files, run here. The images are JPEG copies of the 10,000
test images, on which both models score some twelve points less
([why](published-models.md)): the loss is one on these images. Margin, fixed before anything was
run: {HALF_A_POINT} points. Run on a processor with AVX-512 VNNI; on others a few answers may
differ.
"""
HEADS = ("class", "n", "fp32 %", "int8 %", "loss, points [95 %]", "right → wrong", "wrong → right")
AUDIT = (
    "In full, `quantassay audit` finds {audited} of the six in the README, the task and the "
    "metric; this table has {given}, most of them from scripts and names of files that the audit "
    "was not given. The "
    "pull request itself could not be read again: its two figures are as [the page of this "
    "pair](published-models.md) has them. No rule of the audit was changed for it."
)
CODES = (
    "on the pretrained pair and these images, not on the logged ones: the script compares codes "
    "of −128 to 127 with thresholds of 0 to 1, so that all an int8 model gives below one half is "
    "lost. "
    "The same outputs as probabilities show no such fall: reading codes makes it, quantization "
    "does not"
)


def section(found: Ran) -> list[str]:
    """Write all that is said of this publication."""
    cells = {one.stratum.get("class", ""): one for one in found.result.comparison.cells}
    whole = cells.pop("")
    return [
        flowing(INTRO),
        f"On all images: **{whole.verdict}**, loss {loss(whole, 2)} points, {whole.losses} right → "
        f"wrong, {whole.gains} wrong → right.",
        "",
        *checked([top1(whole), of_200(), simplified(found)]),
        "",
        "By class, without a margin; no figure of a class was found in the publication:",
        "",
        *table(HEADS, [by_class(name, one) for name, one in cells.items()], 1),
        "",
        *ranked(found),
        "",
        "### Disclosed of ResNet8",
        "",
        *disclosures(tiny.PUBLICATION, AUDIT),
    ]


def by_class(name: str, one: Cell) -> list[str]:
    """Return the row of one class."""
    return [
        name,
        f"{one.n:,}",
        percent(one.reference_value or 0.0),
        percent(one.candidate_value or 0.0),
        loss(one),
        str(one.losses),
        str(one.gains),
    ]


def top1(whole: Cell) -> Checked:
    """Check the published loss against the interval on other images."""
    theirs = tiny.PUBLISHED[0] - tiny.PUBLISHED[1]
    assert whole.interval is not None
    low, high = whole.interval
    sides = [percent(one or 0.0, 2) for one in (whole.reference_value, whole.candidate_value)]
    within = low <= theirs <= high
    return Checked(
        tiny.TOP1,
        f"{sides[0]} % and {sides[1]} %; loss {loss(whole, 2)}",
        "loss compatible, level differs" if within else "differs",
        f"the published loss of {percent(theirs)} points is "
        f"{'within' if within else 'outside'} the interval; the level is that of JPEG copies",
    )


def of_200() -> Checked:
    """Say what the logged 200 images can tell, whatever moved."""
    n, (first, second) = tiny.LOGGED_IMAGES, tiny.LOGGED
    net = round((first - second) * n)
    ends = [paired_binary(net + back, back, n, MARGIN).interval for back in (0, 4)]
    best, some = (interval((float(low), float(high))) for low, high in ends)
    return Checked(
        tiny.OF_200,
        f"{n} images, {net} more wrong: at best {net} right → wrong and none back, loss {best}; "
        f"with 4 back {some}",
        "cannot be told",
        "neither these images nor the model are at hand: the commit of the second log adds a "
        "`trainedResnet.h5`, not this pair; either interval holds zero",
    )


def simplified(found: Ran) -> Checked:
    """Explain the logged fall of the simplified area by what its script does with codes."""
    text = "; ".join(f"{name}: {one.simplified:.3f}" for name, one in found.areas.items())
    return Checked(tiny.SIMPLIFIED, text, "explained", CODES)


def ranked(found: Ran) -> list[str]:
    """Write the areas by either definition."""
    rows = [
        [name, f"{one.exact:.4f}", f"{one.simplified:.4f}"] for name, one in found.areas.items()
    ]
    return [
        "Area under the ROC curve, mean over the classes each against the rest, described. Exact, "
        f"the logs have “{tiny.AREAS.words}” of 200 images; a fall of its size is here too: int8 "
        "outputs are steps of 1/256, and most classes tie at 0.",
        "",
        *table(("outputs", "exact", "simplified, as the published script defines it"), rows, 1),
    ]
