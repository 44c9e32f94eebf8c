"""Schemes, on a model of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from quantassay import plugins
from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.schemes.contract import Batches, Scheme

from .files import digests_of
from .laws.contract import obeying, refusing, require


def check_scheme(
    scheme: Scheme,
    model: Path,
    calibration: Batches | None = None,
    options: Mapping[str, Any] | None = None,
) -> None:
    """Check everything that every scheme obeys.

    Parameters
    ----------
    scheme
        As it is registered.
    model
        A model that it can quantize.
    calibration
        Batches by input name, where it needs them.
    options
        Of the scheme.

    Raises
    ------
    AssertionError
        In one line: the scheme, and what it does otherwise.
    """
    given = dict(options or {})
    with obeying(scheme, "is declared"):
        _declared(scheme)
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"variant{_suffix(scheme, model)}"
        _writes_the_variant_alone(scheme, model, calibration, given, out)
        _writes_nothing_where_it_refuses(scheme, model, calibration, given, out)


def _declared(scheme: Scheme) -> None:
    precise = isinstance(scheme.precision, str) and scheme.precision
    require(bool(precise), f"precision is {scheme.precision!r}")
    told = isinstance(scheme.needs_calibration, bool)
    require(told, f"needs_calibration is {scheme.needs_calibration!r}")
    for field in ("reads", "writes", "engine"):
        require(bool(getattr(scheme, field, "")), f"{field} is not said")


def _writes_the_variant_alone(
    scheme: Scheme, model: Path, calibration: Batches | None, given: Mapping[str, Any], out: Path
) -> None:
    with obeying(scheme, "writes the variant and nothing else"):
        before = digests_of(model)
        scheme.quantize(model, calibration, given, out)
        first = digests_of(out)
        require(any(out.parent.joinpath(name).stat().st_size for name in first), "it is empty")
        require(set(first) == _there(out), f"in the folder are {sorted(_there(out))}")
        require(digests_of(model) == before, "it writes to the reference")
        _removed(out)
    if not getattr(scheme, "differs", ""):
        with obeying(scheme, "makes the same bytes again"):
            scheme.quantize(model, calibration, given, out)
            require(digests_of(out) == first, "they differ; what may is said in `differs`")
            _removed(out)


def _writes_nothing_where_it_refuses(
    scheme: Scheme, model: Path, calibration: Batches | None, given: Mapping[str, Any], out: Path
) -> None:
    with obeying(scheme, "writes nothing where it refuses"):
        with refusing(PluginError, "an option that is not there"):
            scheme.quantize(model, calibration, {**given, "no such option": 1}, out)
        _nothing(out)
        with refusing(ArtifactError, "a model that is not there"):
            missing = model.with_name(f"no such {model.name}")
            scheme.quantize(missing, calibration, given, out)
        _nothing(out)
        if scheme.needs_calibration:
            with refusing(DataError, "no calibration"):
                scheme.quantize(model, None, given, out)
            _nothing(out)


def _suffix(scheme: Scheme, model: Path) -> str:
    """Return the suffix of what a scheme writes; that of the model where it keeps its format."""
    if scheme.writes == "same":
        return model.suffix
    return str(plugins.load("formats", scheme.writes).suffixes[0])


def _there(out: Path) -> set[str]:
    found = (path for path in out.parent.rglob("*") if path.is_file())
    return {path.relative_to(out.parent).as_posix() for path in found}


def _removed(out: Path) -> None:
    for path in out.parent.iterdir():
        rmtree(path) if path.is_dir() else path.unlink()


def _nothing(out: Path) -> None:
    there = sorted(path.name for path in out.parent.iterdir())
    require(not there, f"in the folder are {there}")
