"""What the words of a study mean, what it rests on, and how to repeat it."""

from __future__ import annotations

from .blocks import Block, Bullets, Code, KeyValues, Section
from .cross_view import View, unit
from .figures import confidence, nominal, trimmed, with_unit
from .names import counted, several, short
from .wording import reading as of_figures

#: of a triple, whatever the study
_OUTCOMES = (
    ("Triple", "a model, a task and a scheme: what robustness is a property of"),
    (
        "Robust",
        "every cell of the declared surface passes: each loss, by each metric on each stratum "
        "that has a margin, is shown to be within it. Nothing is said of cells without one, "
        "nor of other data",
    ),
    (
        "Fragile",
        "at least one gate cell is shown to be beyond its margin, after Holm's adjustment over "
        "the gate cells of its run; at once: after Holm's adjustment over all triples too",
    ),
    ("Undetermined", "neither is shown; with more samples, or margins, it may be"),
)


def definitions(view: View) -> Section:
    """Define the words that a study alone uses."""
    level = view.found.level
    at_once = (
        f"one-sided level {nominal(level)} for each end of each of them"
        if level
        else "no loss of this study can be compared so"
    )
    items = (
        *_OUTCOMES,
        (
            "At once",
            "intervals that hold together, all of them, with "
            f"{confidence(view.found.confidence)} confidence, whatever depends on whatever "
            f"(Bonferroni): {at_once}",
        ),
        (
            "Penalty",
            "the loss of a triple by one metric on the whole test set, as a share of the largest "
            "loss where it is compared",
        ),
        (
            "Share of the largest loss",
            "a loss over the largest one its metric can show: what lets losses by different "
            "metrics be compared, in pp: 1 pp is a hundredth of the largest loss"
            f"{_largest(view)}",
        ),
        ("Headline metric", "the one along which tasks and models are compared, named by the task"),
    )
    return Section("definitions", "What the words mean", (KeyValues(items),))


def _largest(view: View) -> str:
    """Say how large the largest loss by each metric is, in the metric's own unit."""
    own = {one.metric: one for one in view.whole.values() if one.largest is not None}
    said = [
        with_unit(trimmed(unit(one).of(one.largest), 6), unit(one).loss_unit) + f" by {short(name)}"
        for name, one in own.items()
        if one.largest is not None
    ]
    return f", which is {several(said, 6)}" if said else ""


def reading(view: View) -> Section:
    """Say how losses, intervals and contrasts are to be read."""
    own = (
        "A contrast is the difference of two losses, an interaction the difference of two such "
        "differences, each as a share of the largest loss. Their intervals follow from those at "
        "once by adding ends, so all of them hold together, and it does not matter which is "
        "picked.",
        "A contrast whose interval holds zero is not shown to be one: it does not show that there "
        "is none. How large it could be is what its interval says.",
        "Each triple has a run folder of its own, cells/<task>/<model>/<scheme>/run: `quantassay "
        "verify` computes it again, `quantassay report` shows it in full.",
    )
    return Section(
        "reading", "How to read this", (Bullets((*of_figures(view.found.confidence), *own)),)
    )


def rests_on(view: View) -> Section:
    """Say on which machine and with which software the study ran."""
    found = view.found
    facts = [("Runs", counted(len(view.ran), "triple"))]
    if found.machine is not None:
        one = found.machine
        facts += [
            ("Processor", f"{one.processor}, {one.usable_cores} of {one.cores} cores usable"),
            ("System", f"{one.system}, kernel {one.kernel}"),
            ("Python", one.python),
        ]
    facts += [(f"{name}", version) for name, version in sorted(found.software.items())]
    return Section("rests-on", "What it ran on", (KeyValues(tuple(facts)),))


def reproduce(view: View) -> Section:
    """Say which study this was and how to repeat it."""
    found = view.found
    facts = (
        ("Study", found.study),
        ("Study digest", found.digest),
        ("Made", found.made),
        ("quantassay", found.quantassay),
    )
    blocks: list[Block] = [KeyValues(facts)]
    if found.reproduce:
        blocks.append(Code(found.reproduce))
    return Section("reproduce", "Reproduce", tuple(blocks))
