"""Who makes and who reads each value of an ONNX graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

#: operations that a bias, a normalization or an activation is folded into the layer before from
FOLDED = {"Add", "BatchNormalization", "Relu", "Clip"}
DEEP = 4


class Wiring:
    """Makers and readers by the name of a value.

    Parameters
    ----------
    nodes
        Operations of one graph.
    stored
        Names of the tensors that it stores.
    """

    def __init__(self, nodes: Sequence[Any], stored: Collection[str]) -> None:
        self.stored = stored
        self.maker = {name: node for node in nodes for name in node.output if name}
        self.readers: dict[str, list[Any]] = {}
        for node in nodes:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)

    def constant(self, name: str, deep: int = DEEP) -> bool:
        """Return whether a value is stored, or made of nothing but what is, in a few nodes."""
        node = self.maker.get(name)
        if name in self.stored or (node is not None and node.op_type == "Constant"):
            return True
        if node is None or not deep or not node.input:
            return False
        return all(self.constant(each, deep - 1) for each in node.input if each)

    def becomes(self, name: str) -> list[str]:
        """Return a value and what it becomes after a bias, a normalization, an activation."""
        found = [name]
        while len(readers := self.readers.get(found[-1], [])) == 1:
            reader = readers[0]
            others = [each for each in reader.input if each and each != found[-1]]
            if reader.op_type not in FOLDED or not all(map(self.constant, others)):
                break
            found.append(reader.output[0])
        return found

    def shown(self, name: str) -> str:
        """Return what a value becomes where it is only quantized, and dequantized again."""
        quantized = self._only_reader(name, "QuantizeLinear")
        again = quantized and self._only_reader(quantized, "DequantizeLinear")
        return again or name

    def _only_reader(self, name: str, kind: str) -> str | None:
        readers = self.readers.get(name, [])
        if len(readers) != 1 or readers[0].op_type != kind or readers[0].input[0] != name:
            return None
        found: str = readers[0].output[0]
        return found
