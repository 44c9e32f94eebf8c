"""Files that a claim names, looked up where they stand and digested again."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.claims.places import portable
from quantassay.errors import InputError, PluginError, QuantassayError
from quantassay.formats.digests import by_bytes
from quantassay.formats.recognized import format_of, identify
from quantassay.records.artifacts import Artifact, CalibrationFacts, Truth, VariantFacts
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.verification import HERE, Check, agrees, differs, unchecked
from quantassay.rubrics.load import Loaded, load

from .asking import read_test_set
from .changes import Files, Sides, among_others, truth_of
from .retracing import within

NOT_HERE = "not here"
BROKEN = (ValueError, TypeError, KeyError, OSError)


def files(result: Result, folder: Path | None) -> Iterator[Check]:
    """Yield the checks of rubric, test set, model files and what a scheme did to them."""
    loaded, check = _rubric_file(result)
    yield check
    yield _data(result, loaded)
    found = {
        variant.name: _found(variant, folder, loaded)
        for variant in result.variants
        if variant.artifact is not None
    }
    for variant in result.variants:
        if variant.artifact is not None:
            yield from _model(variant, variant.artifact, found[variant.name])
    yield from _truths(result, found)
    sets = {v.name for v in result.variants if isinstance(v.calibration, CalibrationFacts)}
    if sets:
        yield unchecked("calibration digests", "a run folder holds no calibration samples")


def _rubric_file(result: Result) -> tuple[Loaded | None, Check]:
    """Return the rubric that the claim says it was made from, where it is here unchanged."""
    what = "rubric file"
    words = _words(result.reproduce)
    named = words[2] if len(words) == 3 and words[:2] == ["quantassay", "run"] else ""
    path = None if portable(named) != named or not named else _there(Path(named))
    if path is None:
        return None, unchecked(what, f"{NOT_HERE}: {named or 'not named'}")
    try:
        loaded = load(path)
    except QuantassayError as error:
        return None, differs(what, result.rubric_digest, str(error).splitlines()[0], HERE)
    if loaded.rubric.rubric != result.rubric:
        return None, unchecked(what, f"{path} is another rubric: {loaded.rubric.rubric!r}")
    if loaded.digest != result.rubric_digest:
        return None, differs(f"{what} {path}", result.rubric_digest, loaded.digest, HERE)
    return loaded, agrees(what, str(path))


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _data(result: Result, loaded: Loaded | None) -> Check:
    what, path = "test set", result.test_set.path
    if loaded is None or not loaded.resolve(loaded.rubric.task.data.path).exists():
        return unchecked(what, f"{NOT_HERE}: {path or 'not named'}")
    try:
        found = read_test_set(loaded).digest
    except PluginError as error:
        return unchecked(what, str(error))
    except InputError as error:
        return differs(what, result.test_set.digest, error, HERE)
    same = found == result.test_set.digest
    return agrees(what, found) if same else differs(what, result.test_set.digest, found, HERE)


def _found(variant: VariantFacts, folder: Path | None, loaded: Loaded | None) -> Path | None:
    """Return where a model file stands: in the run folder, else beside the rubric."""
    assert variant.artifact is not None
    name = variant.artifact.path.as_posix()
    kept = within(folder, name) if folder else None
    return kept or (None if loaded is None else _there(loaded.folder / name))


def _there(path: Path) -> Path | None:
    """Return a path where a file stands there; None of a name that no file can have."""
    try:
        return path if path.exists() else None
    except (OSError, ValueError):
        return None


def _model(variant: VariantFacts, claimed: Artifact, path: Path | None) -> Iterator[Check]:
    what = f"model file of {variant.name}"
    if path is None:
        where = "not in the run folder" if variant.scheme else NOT_HERE
        yield unchecked(what, f"{where}: {claimed.path}")
        return
    try:
        found = _inspected(path, claimed)
    except (QuantassayError, *BROKEN) as error:
        yield differs(what, claimed.digest, error, HERE)
        return
    sides = [{"digest": one.digest, "bytes": one.bytes} for one in (claimed, found)]
    yield from grouped(what, differences(sides[0], sides[1]), found.digest, HERE)


def _inspected(path: Path, claimed: Artifact) -> Artifact:
    """Digest a model file; one of several files as its format does."""
    found, form = by_bytes(path), format_of(path)
    if found.digest == claimed.digest or form is None:
        return found
    try:
        artifact: Artifact = form.identify(path)
    except PluginError:
        return found
    return artifact


def _truths(result: Result, found: dict[str, Path | None]) -> Iterator[Check]:
    """Compare every model file anew with the one that it was made from, where both are here."""
    pairs, told = dict[str, Sides](), dict[str, Truth]()
    read, problems = Files(), list[Difference]()
    claimed = {one.name: one.truth for one in result.variants if one.artifact and one.truth}
    for name in claimed:
        what, of = f"what the scheme did to {name}", _source(result, name)
        first, second = found.get(of), found.get(name)
        if first is None or second is None or not (format_of(first) and format_of(second)):
            needed = f"needs the model files of {of} and {name}; at least one is {NOT_HERE}"
            yield unchecked(what, needed)
            continue
        try:
            pairs[name] = Sides(identify(first), identify(second), known=True)
            truth = truth_of(pairs[name], read)
        except (PluginError, ModuleNotFoundError) as error:
            yield unchecked(what, str(error))
        except (QuantassayError, *BROKEN) as error:
            problems.append((name, "compared", str(error)))
        else:
            told |= {name: truth} if truth else {}
    away = sorted({*claimed} - {*told})
    if told and away:
        yield unchecked("likeness of variants", f"not compared with {', '.join(away)}")
    told = among_others(told, {name: pairs[name] for name in told}, read)
    for name, truth in told.items():
        said = _without(claimed[name], away)
        problems += differences(plain(said), plain(truth), name)
    if told or problems:
        yield from grouped("what the schemes did", problems, f"{len(told)} compared again")


def _without(truth: Truth, away: Collection[str]) -> Truth:
    """Leave out what a claim says of likeness to variants whose files are not here."""
    near = {name: share for name, share in truth.near.items() if name not in away}
    return replace(truth, same_as=tuple(n for n in truth.same_as if n not in away), near=near)


def _source(result: Result, name: str) -> str:
    """Return the variant that another was made of, as the rubric in the claim has it."""
    found: object = result.rubric_declared
    for key in ("variants", name, "of"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) else result.comparison.reference
