"""An ONNX model of which copies are written with other weights, or with layers of another model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError
from .file import EXTERNAL, external_files, parsed
from .graft import Graft
from .numbers import FLOATS
from .weighted import WeightedLayer, name_nodes, stored_tensors, weighted_layers
from .weights import nodes_of
from .wiring import Wiring

Array = NDArray[Any]
Change = Callable[[str, Array], Array]
SHARED = "weights.bin"
LARGE = 1024  # bytes from which on a weight is stored once for all copies


class Alterable:
    """A model whose weights can be read, and replaced in copies of it.

    Parameters
    ----------
    path
        The model's file.
    folder
        Where copies are written. Large weights are stored there once, so that copies are small and
        share them, and no weight stays in memory. Without one the model can only be read.

    Attributes
    ----------
    model : ModelProto
        The model; every operation has a name of its own.
    layers : sequence of WeightedLayer
        Those whose weights are stored as floats, in the order of the model.

    Raises
    ------
    ArtifactError
        If it is missing, damaged, or stored outside its folder.
    """

    def __init__(self, path: Path, folder: Path | None = None) -> None:
        if not path.is_file():
            msg = f"{path}: no such model file"
            raise ArtifactError(msg)
        self._path, self._folder, self.model = path, path.parent, parsed(path)
        external_files(self.model, path)  # all there, and inside its folder
        self._stored = stored_tensors(self.model)
        name_nodes(self.model)
        self.layers: list[WeightedLayer] = weighted_layers(self.model, self._stored)
        if folder is not None:
            self._share(folder)

    @cached_property
    def wiring(self) -> Wiring:
        """Who makes and reads each value of the outermost graph."""
        stored = {tensor.name for tensor in self.model.graph.initializer}
        return Wiring(self.model.graph.node, stored)

    @property
    def form(self) -> Mapping[str, object]:
        """What two stages of one model's training have in common: operations, shapes, layers."""
        kinds = Counter(node.op_type for node in nodes_of(self.model.graph))
        shapes = [
            (layer.kind, [tuple(self._stored[name].dims) for name in layer.weights])
            for layer in self.layers
        ]
        return {"operations": kinds, "layers": shapes}

    def read(self, name: str) -> Array:
        """Return a stored weight as the file has it.

        Raises
        ------
        ArtifactError
            If its bytes contradict its shape.
        """
        from onnx import numpy_helper

        try:
            found: Array = numpy_helper.to_array(self._stored[name], str(self._folder))
        except Exception as error:  # sizes that contradict each other
            msg = f"{self._path}: weight {name!r} cannot be read ({type(error).__name__})"
            raise ArtifactError(msg) from error
        return found

    @contextmanager
    def copy(
        self,
        names: Iterable[str] = (),
        change: Change | None = None,
        grafts: Collection[Graft] = (),
    ) -> Iterator[Path]:
        """Write a copy of the model, to be removed afterwards.

        Parameters
        ----------
        names
            Stored weights to replace, in that order, one in memory at a time.
        change
            Given a weight's name and values, returns others of the same shape and type.
        grafts
            Operations that replace the makers of values.

        Raises
        ------
        ArtifactError
            If an operation of a graft means something else in this model.
        """
        copy = type(self.model)()
        copy.CopyFrom(self.model)
        stored = stored_tensors(copy)
        for graft in grafts:
            graft.put_into(copy)
        with NamedTemporaryFile(dir=self._folder, suffix=".bin") as beside:
            for name in names:
                assert change is not None
                old = self.read(name)
                _store(stored[name], _checked(old, change(name, old), name), name, beside)
            beside.flush()
            path = Path(beside.name).with_suffix(".onnx")
            path.write_bytes(copy.SerializeToString())
            try:
                yield path
            finally:
                path.unlink()

    def _share(self, folder: Path) -> None:
        """Move the large weights to a file of the folder that copies are written to."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / SHARED).open("wb") as shared:
            for tensor in self.model.graph.initializer:
                content = self._content(tensor)
                if content is not None:
                    _outside(tensor, content, SHARED, shared)
        self._folder = folder

    def _content(self, tensor: Any) -> bytes | None:
        """Return the bytes of a large weight; those stored outside are large."""
        if tensor.data_location == EXTERNAL:
            from onnx.external_data_helper import load_external_data_for_tensor

            load_external_data_for_tensor(tensor, str(self._folder))
        elif tensor.data_type not in FLOATS or len(tensor.raw_data) < LARGE:
            return None
        return bytes(tensor.raw_data)


def _checked(old: Array, new: Array, name: str) -> Array:
    if new.shape != old.shape or new.dtype != old.dtype:
        msg = f"weight {name!r} is {old.dtype} {old.shape}, not {new.dtype} {new.shape}"
        raise ValueError(msg)
    return np.ascontiguousarray(new)


def _store(tensor: Any, values: Array, name: str, beside: Any) -> None:
    """Put values into a tensor; into the copy's own file where they were outside before."""
    from onnx import numpy_helper

    external = tensor.data_location == EXTERNAL
    tensor.CopyFrom(numpy_helper.from_array(values, name))
    if external:
        _outside(tensor, tensor.raw_data, Path(beside.name).name, beside)


def _outside(tensor: Any, content: bytes, location: str, beside: Any) -> None:
    place = {"location": location, "offset": beside.tell(), "length": len(content)}
    beside.write(content)
    tensor.ClearField("raw_data")
    tensor.ClearField("external_data")
    tensor.data_location = EXTERNAL
    for key, value in place.items():
        tensor.external_data.add(key=key, value=str(value))
