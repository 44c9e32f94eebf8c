"""How well tendencies foretold the measured loss, tabulated over the triples of many runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

from quantassay import __version__
from quantassay.claims.places import portable
from quantassay.errors import InputError, nearest, some
from quantassay.records.foretelling import Foretelling, Observed, PassedOver
from quantassay.reports.names import several
from quantassay.runs.journal import now
from quantassay.tendencies.copies import as_one_model
from quantassay.tendencies.definitions import definitions_of
from quantassay.tendencies.foretelling import foretold, unknown

from .steps.foretelling.observed import observed
from .steps.foretelling.runs import runs_in

SCHEMA = "quantassay/foretelling/1"


def foretell(
    folders: Sequence[str | Path],
    metric: str | None = None,
    scheme: str | None = None,
    *,
    confidence: float = 0.95,
) -> Foretelling:
    """Tabulate how well each tendency went with the measured loss.

    Parameters
    ----------
    folders
        Run folders, and study folders with a run in each cell; those without tendencies, or
        without a finished run, are passed over.
    metric
        By which the loss is measured, as its cells name it; the first of each run by default.
    scheme
        The only scheme that counts; all are pooled by default.
    confidence
        Of each interval.

    Returns
    -------
    Foretelling
        One row for each tendency, and every triple it rests on.

    Raises
    ------
    InputError
        If a folder does not exist, or none of them tells anything.
    """
    triples, passed = _read(folders, metric)
    kept, copies = as_one_model(_of_scheme(triples, scheme, passed))
    found = foretold(kept, confidence)
    table = Foretelling(
        scheme=scheme or "",
        confidence=confidence,
        foretold=found,
        triples=tuple(kept),
        passed_over=tuple(passed),
        definitions=definitions_of(one.name for one in found),
        made=now(),
        quantassay=__version__,
        reproduce=_command(folders, metric, scheme),
    )
    return replace(table, findings=(*_copied(copies), *_findings(table)))


def _command(folders: Sequence[str | Path], metric: str | None, scheme: str | None) -> str:
    named = [quote(portable(Path(folder).as_posix())) for folder in folders]
    asked = {"--metric": metric, "--scheme": scheme}
    options = [f"{key} {quote(value)}" for key, value in asked.items() if value]
    return " ".join(["quantassay foretell", *named, *options])


def _read(
    folders: Sequence[str | Path], metric: str | None
) -> tuple[list[Observed], list[PassedOver]]:
    """Read every triple of all folders, each once."""
    triples: dict[tuple[str, ...], Observed] = {}
    passed: list[PassedOver] = []
    for folder in runs_in([Path(each) for each in folders], passed):
        for same, one in observed(folder, metric, passed):
            if same in triples:
                why = f"the same triple as in {triples[same].folder}"
                passed.append(PassedOver(f"{folder}: {one.candidate}", why))
            else:
                triples[same] = one
    if not triples:
        of: dict[str, list[str]] = {}
        for each in passed:
            of.setdefault(each.reason, []).append(each.what)
        told = [f"{several(names, 1)}: {reason}" for reason, names in list(of.items())[:3]]
        msg = f"no triple with tendencies and a loss is left: {'; '.join(told)}"
        raise InputError(msg)
    return list(triples.values()), passed


def _of_scheme(
    triples: list[Observed], scheme: str | None, passed: list[PassedOver]
) -> list[Observed]:
    if scheme is None:
        return triples
    kept = [one for one in triples if one.scheme == scheme]
    known = list(dict.fromkeys(one.scheme for one in triples if one.scheme))
    if not kept:
        msg = (
            f"no triple has the scheme {scheme!r}{nearest(scheme, known)}; there are {some(known)}"
        )
        raise InputError(msg)
    others = len(triples) - len(kept)
    if others:
        passed.append(PassedOver(f"{others} triples", f"of other schemes than {scheme}"))
    return kept


def _copied(copies: int) -> list[str]:
    """Say how many models are counted as another one."""
    if not copies:
        return []
    many = "1 model has" if copies == 1 else f"{copies:,} models have"
    return [
        f"{many} another file than one here and the same figures of weights to the last bit: "
        "counted as that one"
    ]


def _findings(table: Foretelling) -> list[str]:
    """Say what a reader of the correlations must know."""
    found = []
    if not table.scheme and len(table.names("scheme")) > 1:
        found.append(
            "schemes are pooled: a correlation mixes how schemes differ with how models do; "
            "--scheme tabulates within one"
        )
    metrics = table.names("metric")
    if len(metrics) > 1:
        found.append(
            f"losses by {some(metrics)} are ranked together, each in its own unit; --metric "
            "tabulates one"
        )
    if partial := sum(one.partial for one in table.triples):
        found.append(
            f"of {partial:,} of {len(table.triples):,} triples something was not looked at for "
            "want of time: figures of a model that are of some of its layers alone are not ranked; "
            "a larger `tendencies.budget` has them all"
        )
    if names := unknown(table.triples):
        found.append(f"not tabulated, for no tendency is called that here: {some(names)}")
    return found
