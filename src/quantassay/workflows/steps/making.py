"""Make a variant of a model by a scheme, or take what the same order made before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay import __version__, plugins
from quantassay.engines.frameworks import versions
from quantassay.errors import ArtifactError, PluginError, QuantassayError, RubricError
from quantassay.formats.recognized import format_of
from quantassay.records.artifacts import Artifact, CalibrationFacts
from quantassay.rubrics.model import Variant
from quantassay.runs.cache import cache_root, kept_artifact
from quantassay.runs.files import copy_whole

from .calibrating import CalibrationSet

MODEL = "model"
ONNX = "onnx"
PACKAGES = ("onnx", "onnxruntime")


@dataclass(frozen=True)
class Order:
    """A scheme, its options, the model that it starts from, and the format that it writes."""

    name: str
    scheme: Any
    options: Mapping[str, Any]
    source: Artifact
    writes: Any

    @property
    def precision(self) -> str:
        """What the scheme claims, with these options."""
        told = getattr(self.scheme, "precision_of", None)
        return str(told(self.options) if told else self.scheme.precision)

    @property
    def methods(self) -> tuple[str, ...]:
        """Ways to set ranges that the scheme lets a rubric choose from."""
        return tuple(getattr(self.scheme, "methods", ()))

    def disclosed(self, facts: CalibrationFacts) -> CalibrationFacts:
        """Return how the scheme really set ranges from the samples."""
        told = method_of(self.name, self.scheme, self.options, facts.method)
        return replace(facts, method=told)


def method_of(name: str, scheme: Any, options: Mapping[str, Any], declared: str) -> str:
    """Return how a scheme sets ranges from samples, where a calibration declares a method."""
    if getattr(scheme, "methods", ()):
        return str(options.get("method", declared))
    return str(getattr(scheme, "procedure", f"as {name} does"))


def ordered(
    variant: Variant,
    source: Artifact | None,
    where: str,
    builder: Mapping[str, Any] | None = None,
) -> Order:
    """Return what a scheme is asked to make of a model file.

    ``builder`` names the user's function that builds the module of a state dict; schemes that need
    it have ``builds_module``, and tell by ``user_source`` which code that is.

    Raises
    ------
    RubricError
        If there is no model file, or not one that the scheme starts from.
    PluginError
        If the scheme lacks what every scheme has.
    """
    assert variant.scheme is not None
    if source is None:
        msg = f"{where}: 'of: {variant.of}' has no model file that a scheme could quantize"
        raise RubricError(msg)
    scheme = plugins.load("schemes", variant.scheme)()
    lacking = [name for name in ("quantize", "precision") if not hasattr(scheme, name)]
    if lacking:
        msg = f"scheme {variant.scheme!r} has no {lacking[0]!r}, which every scheme has"
        raise PluginError(msg)
    form, reads = format_of(source.path), getattr(scheme, "reads", (ONNX,))
    if form is None or form.name not in reads:
        told = form.name if form else "of no known format"
        msg = (
            f"{where}: scheme {variant.scheme!r} starts from {', '.join(reads)}; "
            f"{source.path.name} is {told}: make it 'of' a variant whose model is of that format"
        )
        raise RubricError(msg)
    writes = getattr(scheme, "writes", ONNX)
    made = form if writes == "same" else plugins.load("formats", writes)
    own = builder if getattr(scheme, "builds_module", False) else None
    return Order(variant.scheme, scheme, {**(own or {}), **variant.options}, source, made)


def made(order: Order, chosen: CalibrationSet | None) -> Path:
    """Quantize, or take what the same order made before; the path lies in the cache."""
    options = dict(order.options)
    if chosen is not None and chosen.facts.method in order.methods:
        options = {"method": chosen.facts.method, **options}
    wanted = (
        order.name, sorted((k, v) for k, v in options.items() if k != "folder"),
        order.scheme.user_source(options) if hasattr(order.scheme, "user_source") else None,
        order.source.digest,
        chosen.facts.digest if chosen else None,
        versions(getattr(order.scheme, "packages", PACKAGES)),
        __version__, plugins.source_digest(order.scheme.quantize),
    )  # fmt: skip
    key = sha256(repr(wanted).encode()).hexdigest()
    batches = chosen.batches if chosen else None
    return kept_artifact(
        cache_root(), key, f"{MODEL}{order.writes.suffixes[0]}",
        lambda path: _quantize(order, batches, options, path),
    )  # fmt: skip


def _quantize(
    order: Order, batches: Sequence[Any] | None, options: Mapping[str, Any], path: Path
) -> None:
    try:
        order.scheme.quantize(order.source.path, batches, options, path)
    except (QuantassayError, OSError, MemoryError):
        raise
    except Exception as error:  # of a scheme from outside anything may come
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        msg = f"{order.source.path}: scheme {order.name!r} failed on this model: {reason}"
        raise ArtifactError(msg) from error
    if not path.exists():
        msg = f"{order.source.path}: scheme {order.name!r} wrote no {order.writes.name} model"
        raise ArtifactError(msg)


def keep_artifact(path: Path, target: Path) -> Path:
    """Copy a model out of the cache, with the files that belong to it, under another name.

    ``target`` has no suffix. Returns where the model itself lies.
    """
    for file in sorted(path.parent.iterdir()):
        copy_whole(file, target.with_name(f"{target.name}{file.name.removeprefix(MODEL)}"))
    return target.with_name(f"{target.name}{path.name.removeprefix(MODEL)}")
