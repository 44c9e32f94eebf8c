"""A deployment file, read and checked, and its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..records.deployment import CriticalStratum, Deployment, ModelReference
from .deployment import DeployedExecutor, DeployedModel, DeploymentFile
from .load import mapping_of
from .problems import Path as KeyPath
from .problems import dotted, line_of
from .schema import schema_of
from .validate import validated

ID = "urn:quantassay:deployment:1"


@dataclass(frozen=True)
class LoadedDeployment:
    """A deployment that passed every check; paths in it are relative to ``folder``."""

    file: DeploymentFile
    path: Path
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.path.parent

    def at(self, *key: str | int) -> str:
        """Return ``file:line: key.path`` of a part of it, to open an error with."""
        return f"{self.path}:{line_of(self.lines, key)}: {dotted(key)}"


def load_deployment(path: str | Path) -> LoadedDeployment:
    """Read a deployment file and check it.

    Raises
    ------
    RubricError
        One line for each thing that is wrong: file, line, key path, what, mend.
    """
    path = Path(path)
    tree = mapping_of(path, "deployment", "see docs/transfer.md")
    return LoadedDeployment(validated(tree, str(path), DeploymentFile), path, tree.lines)


def declared(file: DeploymentFile) -> Deployment:
    """Return what a deployment says, as a record; digests of files are not yet filled in."""
    task, model, metric = file.task, file.model, file.metric
    reference, calibration = file.reference, file.calibration
    return Deployment(
        name=file.deployment,
        task=task.name,
        test_set=task.test_set,
        composition=task.composition,
        base=_model(model.base),
        quantized=_model(model.quantized),
        candidate=model.candidate,
        scheme=file.scheme,
        reference=reference.name,
        precision=reference.precision,
        metric=metric.name if metric else None,
        margin=metric.margin if metric else None,
        calibration=calibration.words,
        calibration_digest=calibration.digest,
        executor=_layers(file.executor),
        speedup=file.speedup,
        protocol=file.protocol,
        mix=file.mix,
        critical=tuple(
            CriticalStratum(
                {key: _text(value) for key, value in one.stratum.items()}, one.metric, one.margin
            )
            for one in file.critical
        ),
    )


def _model(model: DeployedModel | None) -> ModelReference | None:
    return None if model is None else ModelReference(model.name, model.path, model.digest)


def _layers(executor: DeployedExecutor) -> dict[str, str]:
    said = executor.model_dump(exclude_none=True, exclude={"claim", "candidate"})
    return {
        key: ", ".join(value) if isinstance(value, list) else str(value)
        for key, value in said.items()
    }


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def deployment_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a deployment file."""
    return schema_of(DeploymentFile, ID, "quantassay deployment")
