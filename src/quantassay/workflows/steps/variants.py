"""Make every variant of a rubric ready to run: model files, schemes, engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Any

from quantassay import plugins
from quantassay.engines.contract import Session
from quantassay.errors import PluginError, RubricError
from quantassay.formats.digests import by_bytes
from quantassay.formats.recognized import format_of
from quantassay.records.artifacts import Artifact, CalibrationFacts, Truth, VariantFacts
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Variant

from .calibrating import CalibrationSet
from .changes import Sides, refuse_changed, truths
from .making import keep_artifact, made, ordered

DEFAULT_ENGINE = "onnxruntime"
UNDISCLOSED = "undisclosed"
FULL_PRECISION = ("fp32", "fp64", "fp16", "bf16")
#: of an engine's options, what tells how the user's own module is built
BUILDER = ("module", "folder")


@dataclass(frozen=True)
class Prepared:
    """A variant that can be opened, or whose answers are recorded.

    ``format`` is that of its model file where it is one that both a format and the engine know.
    """

    name: str
    declared: Variant
    engine: str = ""
    engine_options: Mapping[str, Any] = field(default_factory=dict)
    artifact: Artifact | None = None
    recorded: Path | None = None
    truth: Truth | None = None
    calibration: CalibrationFacts | str | None = None
    precision: str = ""
    stored: str | None = None
    format: str = ""

    def open(self) -> Session:
        """Load the model in its engine.

        Raises
        ------
        ArtifactError
            If the model file is no longer the one that was identified.
        """
        path = self.artifact.path if self.artifact else None
        with _named(self.name):
            session: Session = plugins.load("engines", self.engine).open(path, self.engine_options)
        if self.artifact:
            refuse_changed(self.artifact, self.format)
        return session

    @property
    def source(self) -> str:
        """The digest of the model file, or where else the answers come from."""
        return self.artifact.digest if self.artifact else self.facts().origin

    @cached_property
    def identity(self) -> str:
        """What answers: the digest of the model file or of recorded answers; else its source."""
        if self.recorded is None or not self.recorded.is_file():
            return self.source
        with self.recorded.open("rb") as file:
            return f"sha256:{file_digest(file, 'sha256').hexdigest()}"

    def facts(self) -> VariantFacts:
        """Return what identifies the variant."""
        origins = {
            "model": self.declared.model,
            "scheme": f"{self.declared.scheme} of {self.declared.of}",
            "predictions": self.declared.predictions,
            "python": self.declared.engine,
            "engine": " ".join([self.engine, *_words(self.declared.engine_options)]),
        }
        return VariantFacts(
            name=self.name,
            origin=origins[self.declared.origin] or "",
            scheme=self.declared.scheme,
            precision=self.precision,
            gate=self.declared.gate,
            artifact=self.artifact,
            truth=self.truth,
            calibration=self.calibration,
            engine=self.engine,
        )


def _words(options: Mapping[str, Any]) -> list[str]:
    return [f"{key}={value}" for key, value in sorted(options.items())]


def prepare_variants(
    loaded: Loaded,
    calibration_set: Callable[[str], CalibrationSet],
    folder: Path,
    step: Callable[[str], object],
) -> dict[str, Prepared]:
    """Return every variant by name, those that others are made of first.

    Parameters
    ----------
    loaded
        The rubric.
    calibration_set
        Gives a declared calibration set by name, checked against the test set.
    folder
        Where artefacts are copied to.
    step
        Told what is being made.
    """
    ready: dict[str, Prepared] = {}
    for name in _sources_first(loaded.rubric.variants):
        variant = loaded.rubric.variants[name]
        step(name)
        with _named(name):
            if variant.origin == "scheme":
                ready[name] = _quantized(name, variant, ready, calibration_set, folder)
            else:
                ready[name] = _given(name, variant, loaded)
    ready = {name: ready[name] for name in loaded.rubric.variants}
    told = truths(_sides(ready, loaded.rubric.references[0]))
    return {name: replace(one, truth=told.get(name)) for name, one in ready.items()}


@contextmanager
def _named(name: str) -> Iterator[None]:
    """Say which variant it was whose plugin, or an option of it, is not there."""
    try:
        yield
    except PluginError as error:
        msg = f"variants.{name}: {error}"
        raise PluginError(msg) from error


def _sides(ready: Mapping[str, Prepared], reference: str) -> dict[str, Sides]:
    """Return every model file but the reference's, beside the one that it was made from."""
    found = {}
    for name, variant in ready.items():
        source = ready[variant.declared.of or reference]
        if name != reference and variant.artifact and source.artifact:
            known = bool(source.format and variant.format)
            found[name] = Sides(source.artifact, variant.artifact, known)
    return found


def _sources_first(variants: Mapping[str, Variant]) -> list[str]:
    order: list[str] = []

    def visit(name: str) -> None:
        source = variants[name].of
        if source is not None and source not in order:
            visit(source)
        if name not in order:
            order.append(name)

    for name in variants:
        visit(name)
    return order


def _given(name: str, variant: Variant, loaded: Loaded) -> Prepared:
    if variant.predictions is not None:
        path = loaded.resolve(variant.predictions)
        return Prepared(
            name, variant, recorded=path, precision=variant.precision or UNDISCLOSED,
            calibration=variant.calibration or UNDISCLOSED,
        )  # fmt: skip
    if variant.model is not None:
        return _from_file(name, variant, loaded)
    engine, options = variant.engine or "", dict(variant.engine_options)
    if variant.python is not None:
        engine, options = "python", {"function": variant.python, "folder": loaded.folder, **options}
    return Prepared(
        name, variant, engine, options, calibration=variant.calibration or UNDISCLOSED,
        precision=variant.precision or UNDISCLOSED,
    )  # fmt: skip


def _from_file(name: str, variant: Variant, loaded: Loaded) -> Prepared:
    assert variant.model is not None
    path = loaded.resolve(variant.model)
    if not path.exists():
        msg = f"{loaded.at('variants', name, 'model')}: no such file: {path}"
        raise RubricError(msg)
    form = format_of(path)
    engine = variant.engine or (form.engine if form else DEFAULT_ENGINE)
    told = f"{path.name} is"
    read = form is not None and _opens(engine, form.name, told, loaded.at("variants", name))
    stored = form.contents(path).stored if form and read else None
    calibration = f"none: weights are {stored}" if stored in FULL_PRECISION else UNDISCLOSED
    own = {"folder": loaded.folder} if "module" in variant.engine_options else {}
    return Prepared(
        name, variant, engine, {**own, **variant.engine_options},
        artifact=form.identify(path) if form and read else by_bytes(path),
        calibration=variant.calibration or calibration,
        precision=variant.precision or stored or UNDISCLOSED,
        stored=stored,
        format=form.name if form and read else "",
    )  # fmt: skip


def _opens(engine: str, form: str, told: str, where: str) -> bool:
    """Return whether an engine reads a format; an engine that reads others only is an error."""
    formats = getattr(plugins.load("engines", engine), "formats", ())
    if formats and form not in formats:
        msg = f"{where}: engine {engine!r} opens {', '.join(formats)}; {told} {form}"
        raise RubricError(msg)
    return form in formats


def _quantized(
    name: str,
    variant: Variant,
    ready: Mapping[str, Prepared],
    calibration_set: Callable[[str], CalibrationSet],
    folder: Path,
) -> Prepared:
    assert variant.scheme is not None and variant.of is not None
    source = ready[variant.of]
    builder = {key: source.engine_options[key] for key in BUILDER if key in source.engine_options}
    order = ordered(variant, source.artifact, f"variants.{name}", builder)
    same = order.writes.name in getattr(plugins.load("engines", source.engine), "formats", ())
    engine = variant.engine or (source.engine if same else order.scheme.engine)
    _opens(engine, order.writes.name, f"scheme {variant.scheme!r} writes", f"variants.{name}")
    chosen = calibration_set(variant.calibration) if variant.calibration else None
    kept = keep_artifact(made(order, chosen), folder / "artifacts" / name)
    same_engine = engine == source.engine
    inherited = source.engine_options if same_engine else {}
    return Prepared(
        name, variant, engine,
        {**(builder if same_engine else {}), **(variant.engine_options or inherited)},
        artifact=order.writes.identify(kept),
        calibration=order.disclosed(chosen.facts) if chosen else "none needed by this scheme",
        precision=variant.precision or order.precision,
        format=order.writes.name,
    )  # fmt: skip
