"""What keys and types cannot say: names that must exist, and declarations without meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from ..errors import PluginError, nearest
from .checks_judgement import judgement, uncapped
from .checks_options import options
from .checks_selection import selection
from .checks_study import study
from .model import Rubric, Source, Task, Variant
from .problems import Path
from .vocabulary import Vocabulary

Finding = tuple[Path, str]

UNUSED = "is recorded; nothing is compared with it yet"
CORPUS: Path = ("task", "outputs", "corpus")
_UNSAFE = frozenset('/\\<>:"|?*')


def errors(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield everything that is wrong with a rubric whose keys and types are right."""
    yield from _names(rubric)
    yield from _references(rubric)
    for name, variant in rubric.variants.items():
        yield from _variant(rubric, name, variant, vocabulary)
    yield from _cycles(rubric)
    yield from _sources(rubric, vocabulary)
    yield from _corpus(rubric.task)
    yield from judgement(rubric, vocabulary)
    yield from selection(rubric)
    yield from study(rubric)


def warnings(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield what is allowed and probably not meant."""
    yield from uncapped(rubric, vocabulary)
    used = {variant.calibration for variant in rubric.variants.values()}
    for name in rubric.calibrations.keys() - used:
        yield ("calibrations", name), "no variant uses this calibration set"
    keys_judged = {key for metric in rubric.metrics for key in metric.by}
    for i, stratum in enumerate(rubric.strata):
        if stratum.critical and stratum.key not in keys_judged:
            yield ("strata", i), f"{stratum.key!r} is critical, but no metric has a margin for it"
    if not any(metric.margin or metric.by for metric in rubric.metrics):
        yield ("metrics",), "no margin is declared: figures are shown, nothing is judged"
    if not any(rubric.variants[name].gate for name in rubric.candidates):
        yield ("variants",), "every candidate says 'gate: false': there is no overall verdict"
    if rubric.timing is not None and (rubric.timing.speedup or 2) <= 1:
        yield ("timing", "speedup"), "is a multiple of the reference's throughput: 1.2 is 20 % more"
    if rubric.task.production is not None:
        yield ("task", "production"), UNUSED


def _names(rubric: Rubric) -> Iterator[Finding]:
    for part, names in (
        ("variants", rubric.variants),
        ("calibrations", rubric.calibrations),
    ):
        seen: dict[str, str] = {}
        for name in names:
            if wrong := _unsafe(name):
                yield (part, name), f"{wrong}: names become file names"
            same = seen.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
            if same != name:
                yield (part, name), f"differs from {same!r} only in case: one file for both"


def _unsafe(name: str) -> str:
    """Say why a name cannot be a file name on every system; '' where it can."""
    if bad := sorted(_UNSAFE & set(name)):
        return f"must not contain {bad[0]!r}"
    if not name.isprintable():
        return "must not contain control characters"
    if name != name.strip() or name.strip(". ") == "" or name.endswith("."):
        return "must not be dots, or begin or end with a space, or end with a dot"
    return "is longer than 100 bytes" if len(name.encode()) > 100 else ""


def _references(rubric: Rubric) -> Iterator[Finding]:
    listed = len(rubric.references) > 1
    for i, name in enumerate(rubric.references):
        path: Path = ("reference", i) if listed else ("reference",)
        if name not in rubric.variants:
            yield path, f"no variant is called {name!r}{nearest(name, rubric.variants)}"
        if name in rubric.references[:i]:
            yield path, f"{name!r} is listed twice"
    deciding = rubric.references[0]
    if deciding in rubric.variants:
        yield from _deciding(rubric, deciding, rubric.variants[deciding])


def _deciding(rubric: Rubric, name: str, variant: Variant) -> Iterator[Finding]:
    if not rubric.candidates:
        yield ("variants",), "needs a second variant: there is no candidate beside the reference"
    if not variant.gate:
        yield (
            ("variants", name, "gate"),
            "the deciding reference is not judged: remove 'gate: false', or decide against another",
        )
    if variant.of in rubric.variants and variant.of not in rubric.references:
        yield (
            ("reference",),
            f"{name!r} is itself made from {variant.of!r}, so the loss already in it would not "
            f"show: decide against {variant.of!r}, or list it too: [{name}, {variant.of}]",
        )


def _variant(
    rubric: Rubric, name: str, variant: Variant, vocabulary: Vocabulary
) -> Iterator[Finding]:
    at: Path = ("variants", name)
    yield from _engine(variant, at, vocabulary)
    yield from options(variant, at, vocabulary)
    if variant.scheme is None:
        return
    schemes = vocabulary.names("schemes")
    if variant.scheme not in schemes:
        yield (*at, "scheme"), _unknown("scheme", variant.scheme, schemes)
    else:
        yield from _calibration(rubric, variant, at, vocabulary)
    if variant.of not in rubric.variants:
        known = [other for other in rubric.variants if other != name]
        yield (*at, "of"), f"no variant is called {variant.of!r}{nearest(variant.of or '', known)}"
    elif rubric.variants[variant.of].origin not in ("model", "scheme"):
        yield (*at, "of"), f"{variant.of!r} has no model file for a scheme to start from"


def _engine(variant: Variant, at: Path, vocabulary: Vocabulary) -> Iterator[Finding]:
    engines = vocabulary.names("engines")
    if variant.python is not None:
        module, _, function = variant.python.partition(":")
        if not (module and function) or ":" in function:
            yield (*at, "engine"), f"{variant.engine!r} is not of the form 'python:module:function'"
    elif variant.engine is not None and variant.engine not in engines:
        yield (*at, "engine"), _unknown("engine", variant.engine, engines)
    elif variant.origin == "engine" and vocabulary.takes_file(variant.engine or ""):
        yield (*at, "engine"), f"{variant.engine} runs a model file: name it as 'model'"


def _calibration(
    rubric: Rubric, variant: Variant, at: Path, vocabulary: Vocabulary
) -> Iterator[Finding]:
    name = variant.calibration
    try:
        needs = vocabulary.needs_calibration(variant.scheme or "")
    except PluginError as error:
        yield (*at, "scheme"), str(error)
        return
    if needs and name is None:
        known = ", ".join(rubric.calibrations) or "none is declared yet"
        yield (
            (*at, "scheme"),
            f"{variant.scheme} sets ranges from samples: name a 'calibration' (there are: {known})",
        )
    elif needs is False and name is not None:
        yield (*at, "calibration"), f"{variant.scheme} uses no calibration samples: remove this"
    elif name is not None and name not in rubric.calibrations:
        known = nearest(name, rubric.calibrations) or ": declare it under 'calibrations'"
        yield (*at, "calibration"), f"no calibration is called {name!r}{known}"


def _cycles(rubric: Rubric) -> Iterator[Finding]:
    reported: set[str] = set()
    for start in rubric.variants:
        chain: list[str] = []
        name: str | None = start
        while name in rubric.variants and name not in chain and name not in reported:
            chain.append(name)
            name = rubric.variants[name].of
        if name in chain:
            circle = chain[chain.index(name) :]
            reported.update(circle)
            yield ("variants", start, "of"), "a circle: " + " of ".join([*circle, circle[0]])


def _sources(rubric: Rubric, vocabulary: Vocabulary) -> Iterator[Finding]:
    readers = vocabulary.names("readers")
    for path, source in _declared(rubric):
        if source.reader not in readers:
            yield (*path, "reader"), _unknown("reader", source.reader, readers)
        if source.where == {}:
            yield (*path, "where"), "is empty: name a column and its values"
        if source.target is not None and source.target == source.id:
            yield (*path, "target"), f"{source.target!r} is already the id"
        if source.target is not None and source.target in source.inputs:
            yield (*path, "input"), f"{source.target!r} is the gold answer: no model may be fed it"
        if isinstance(source.input, list) and _decodes(rubric):
            yield (*path, "input"), "lists columns, but 'preprocess: image' decodes a single one"
    for name, calibration in rubric.calibrations.items():
        same = _file(calibration.data) == _file(rubric.task.data)
        if same and calibration.data.where == rubric.task.data.where:
            yield (
                ("calibrations", name, "data"),
                "is the test set itself: calibrate on other samples",
            )


def _declared(rubric: Rubric) -> Iterator[tuple[Path, Source]]:
    task = rubric.task
    yield ("task", "data"), task.data
    for path, source in ((("task", "production"), task.production), (CORPUS, task.outputs.corpus)):
        if source is not None:
            yield path, source
    yield from ((("calibrations", k, "data"), c.data) for k, c in rubric.calibrations.items())


def _corpus(task: Task) -> Iterator[Finding]:
    corpus = task.outputs.corpus
    if corpus is None:
        return
    if task.data.target is None:
        yield ("task", "data", "target"), "name the column of the relevant document's id, or ids"
    for key in ("target", "task", "gold"):
        if getattr(corpus, key):
            yield (*CORPUS, key), "a corpus holds documents alone: remove this"
    if corpus.input is None and task.data.input is None and task.preprocess is None:
        yield (*CORPUS, "input"), "name the column that is embedded"


def _decodes(rubric: Rubric) -> bool:
    return rubric.task.preprocess is not None and rubric.task.preprocess.image is not None


def _file(source: Source) -> tuple[str, PurePosixPath]:
    return source.reader, PurePosixPath(source.path)


def _unknown(noun: str, name: str, known: list[str]) -> str:
    close = nearest(name, known) or f"; there are: {', '.join(known)}"
    return f"no {noun} is called {name!r}{close}"
