"""What the installed plugins know: names, options, and what a margin on them can mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol, get_type_hints

from .. import plugins
from ..plugins.declared import fields_of
from ..plugins.spelled import resolved


@dataclass(frozen=True)
class MetricTraits:
    """What the rubric has to know of a metric with its options.

    ``label`` is what reports call it; ``described`` says why it is never judged, '' where it
    may be; ``limit`` is the largest loss there can be, None where it is not bounded;
    ``uncapped`` where a verdict needs a bound and none is declared.
    """

    label: str
    described: str = ""
    limit: float | None = None
    uncapped: bool = False


class Vocabulary(Protocol):
    """Names that a rubric may use, and what they entail."""

    def names(self, kind: plugins.Kind) -> list[str]:
        """Return every name of a kind."""
        ...

    def knows_metric(self, name: str) -> bool:
        """Return whether a metric has this name, which may spell its k: ``recall@10``."""
        ...

    def options(self, metric: str) -> Mapping[str, Any] | None:
        """Return the types of the options that a metric takes; None where it takes any."""
        ...

    def traits(self, metric: str, options: Mapping[str, Any]) -> MetricTraits:
        """Return what a metric is with these options."""
        ...

    def takes_file(self, engine: str) -> bool:
        """Return whether an engine runs a model file."""
        ...

    def takes(self, kind: plugins.Kind, name: str) -> list[str] | None:
        """Return the options that a plugin takes; None where it does not say."""
        ...

    def needs_calibration(self, scheme: str) -> bool | None:
        """Return whether a scheme sets ranges from samples; None where it does not say."""
        ...


@dataclass(frozen=True)
class Installed:
    """The plugins of this environment, each loaded only when a rubric names it."""

    def names(self, kind: plugins.Kind) -> list[str]:
        """Return every registered name of a kind."""
        return plugins.names(kind)

    def knows_metric(self, name: str) -> bool:
        """Return whether a metric is registered under what the name stands for."""
        return bool(plugins.registered("metrics", name))

    def options(self, metric: str) -> Mapping[str, Any] | None:
        """Return the fields of a metric that is a dataclass; None for any other."""
        name, fixed = resolved("metrics", metric, {})
        found = plugins.load("metrics", name)
        if not is_dataclass(found):
            return None
        types = get_type_hints(found)
        return {
            field.name: types[field.name]
            for field in fields(found)
            if field.init and field.name not in fixed
        }

    def traits(self, metric: str, options: Mapping[str, Any]) -> MetricTraits:
        """Build the metric and read what it declares of itself."""
        built = plugins.configured("metrics", metric, options)
        evidence = built.evidence
        described = getattr(evidence, "why", "") if evidence.name == "described" else ""
        most = evidence.largest_loss
        return MetricTraits(
            str(built.name), described, most, uncapped=most is None and not described
        )

    def takes_file(self, engine: str) -> bool:
        """Return whether an engine runs a model file; it says so itself where it does not."""
        return bool(getattr(plugins.load("engines", engine), "takes_file", True))

    def takes(self, kind: plugins.Kind, name: str) -> list[str] | None:
        """Return the fields of the plugin's ``options``; None where it has none."""
        return [field.name for field in fields_of(plugins.load(kind, name))] or None

    def needs_calibration(self, scheme: str) -> bool | None:
        """Return the scheme's own ``needs_calibration``."""
        needs = getattr(plugins.load("schemes", scheme), "needs_calibration", None)
        return None if needs is None else bool(needs)
