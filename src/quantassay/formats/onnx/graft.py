"""Operations that take the place of those that make a value of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import ArtifactError
from .structure import STANDARD


@dataclass(frozen=True)
class Graft:
    """Operations that make a value of the reference in another way, and what they read.

    Attributes
    ----------
    result : str
        The value.
    nodes, tensors : tuple
        Operations in order, and stored tensors, under names that the reference does not have.
    opsets : mapping of str to int
        Versions of the operators' domains in the candidate.
    ir : int
        Version of the file format of the candidate.
    rescales : bool
        Whether what enters is multiplied before, so that weights were divided.
    reads : frozenset of str
        Names of the stored tensors in the candidate.
    """

    result: str
    nodes: tuple[Any, ...]
    tensors: tuple[Any, ...]
    opsets: Mapping[str, int]
    ir: int
    rescales: bool
    reads: frozenset[str]

    def put_into(self, model: Any) -> None:
        """Let these operations make the value; what made it is dropped.

        Raises
        ------
        ArtifactError
            If an operation means something else in this model's version of its domain.
        """
        self._import_domains(model)
        made: list[Any] = []
        for node in model.graph.node:
            made += self.nodes if self.result in node.output else [node]
        model.graph.ClearField("node")
        model.graph.node.extend(made)
        model.graph.initializer.extend(self.tensors)
        model.ir_version = max(model.ir_version, self.ir)

    def _import_domains(self, model: Any) -> None:
        own = {item.domain: item.version for item in model.opset_import}
        for domain, version in self.opsets.items():
            if domain not in own:
                model.opset_import.add(domain=domain, version=version)
            elif own[domain] != version and domain in STANDARD:
                self._refuse_other_meaning(own[domain], version)

    def _refuse_other_meaning(self, here: int, there: int) -> None:
        from onnx import defs

        for kind in {node.op_type for node in self.nodes if node.domain in STANDARD}:
            first, second = (defs.get_schema(kind, v, "").since_version for v in (here, there))
            if first != second:
                msg = f"the candidate computes it by {kind} of another version"
                raise ArtifactError(msg)
