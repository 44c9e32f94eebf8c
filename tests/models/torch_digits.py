"""A small digit classifier in PyTorch, trained in a second; and files that try to run code."""

from __future__ import annotations

import functools
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np

SOURCE = """
import torch

def build():
    layers = torch.nn
    return layers.Sequential(
        layers.Linear(64, 96), layers.ReLU(), layers.Linear(96, 96), layers.ReLU(),
        layers.Linear(96, 10),
    )

def convolutions():
    layers = torch.nn
    return layers.Sequential(
        layers.Unflatten(1, (1, 8, 8)), layers.Conv2d(1, 4, 3), layers.ReLU(), layers.Flatten(),
    )

class Both(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.one = torch.nn.Linear(64, 3)
        self.other = torch.nn.Linear(64, 2)

    def forward(self, left, right=None):
        found = {"one": self.one(left), "other": self.other(left if right is None else right)}
        return {**found, "nothing": None}

def both():
    return Both()

class Random(torch.nn.Module):
    def forward(self, given):
        return given + torch.rand_like(given)

def random():
    return Random()

def raises():
    raise ValueError("no\\nway")

def no_module():
    return 3
"""


@functools.cache
def digits():
    """Return pixels from 0 to 1 and digits, those to train with first."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return (data.data / 16).astype(np.float32), data.target


@functools.cache
def trained():
    """Return the module, after 200 steps on 1,200 images."""
    import torch

    scope: dict[str, object] = {}
    exec(compile(SOURCE, "digit_net.py", "exec"), scope)
    torch.manual_seed(7)
    torch.set_num_threads(1)
    module = scope["build"]()
    pixels, target = digits()
    given, gold = torch.from_numpy(pixels[:1200]), torch.from_numpy(target[:1200])
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    for _ in range(200):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(module(given), gold).backward()
        optimizer.step()
    return module.eval().requires_grad_(False)


def logits(pixels):
    """Return what plain PyTorch answers."""
    import torch

    with torch.inference_mode():
        return trained()(torch.from_numpy(pixels)).numpy()


def write_module(folder: Path, name: str) -> str:
    """Write the user's own module; return how its builder is named."""
    (folder / f"{name}.py").write_text(SOURCE)
    return f"{name}:build"


def write_states(folder: Path) -> tuple[Path, Path]:
    """Write the weights as safetensors, and as torch.save does."""
    import torch
    from safetensors.torch import save_file

    state = trained().state_dict()
    safe, saved = folder / "digits.safetensors", folder / "digits.pt"
    save_file(state, safe)
    torch.save(state, saved)
    return safe, saved


def write_program(path: Path, batch: int | None = None) -> Path:
    """Write the module as an exported program, for any batch or for one."""
    import torch

    given = torch.from_numpy(digits()[0][: batch or 8])
    free = None if batch else ({0: torch.export.Dim.DYNAMIC},)
    torch.export.save(torch.export.export(trained(), (given,), dynamic_shapes=free), path)
    return path


class Payload:
    """Unpickled, it writes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def pickled(mark: Path) -> bytes:
    """Return a pickle that writes a file when it is read; make sure that it would."""
    data = pickle.dumps(Payload(mark))
    pickle.loads(data)
    assert mark.exists()
    mark.unlink()
    return data


def saved_with(mark: Path) -> bytes:
    """Return what torch.save makes of an object that writes a file when it is read."""
    import torch

    buffer = io.BytesIO()
    torch.save({"weight": torch.zeros(1), "more": Payload(mark)}, buffer)
    torch.load(io.BytesIO(buffer.getvalue()), weights_only=False)
    assert mark.exists()
    mark.unlink()
    return buffer.getvalue()


def rewritten(path: Path, out: Path, change) -> Path:
    """Copy an archive, its members changed: ``change(name, data)`` gives bytes, or None to drop."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = change(info.filename.partition("/")[2], old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
    return out


def with_graph(path: Path, out: Path, change) -> Path:
    """Copy an exported program, its graph changed in place by ``change(program)``."""

    def changed(name: str, data: bytes) -> bytes:
        if name != "models/model.json":
            return data
        program = json.loads(data)
        change(program)
        return json.dumps(program).encode()

    return rewritten(path, out, changed)
