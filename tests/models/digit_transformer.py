"""A small transformer that reads digits row by row, trained in seconds."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIGITS = "a transformer of 2 blocks (handwritten digits, 75 k weights)"
WIDTH, ROWS, TRAINED = 64, 8, 1200
#: the layer that reads 8 pixels: narrower than any group of weights
NARROW = "__module.read/aten::linear/MatMul"


def images() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return pixels in [0, 1], (samples, 8, 8), and digits."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return (data.images / 16).astype(np.float32), data.target


@cache
def trained() -> Any:
    """Train on the first images; the same weights each time on one machine."""
    import torch

    nn = torch.nn

    class Reader(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.read = nn.Linear(ROWS, WIDTH)
            self.place = nn.Parameter(torch.randn(ROWS, WIDTH) * 0.02)
            block = {"batch_first": True, "norm_first": True, "dropout": 0.0}
            self.blocks = nn.ModuleList(
                nn.TransformerEncoderLayer(WIDTH, 4, 2 * WIDTH, **block) for _ in range(2)
            )
            self.head = nn.Linear(ROWS * WIDTH, 10)

        def forward(self, x: Any) -> Any:
            made = self.read(x) + self.place
            for block in self.blocks:
                made = block(made)
            return self.head(made.flatten(1))

    torch.manual_seed(0)
    torch.set_num_threads(1)
    model, generator = Reader(), torch.Generator().manual_seed(0)
    pixels, target = (torch.from_numpy(array) for array in images())
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    for _ in range(200):
        rows = torch.randint(0, TRAINED, (64,), generator=generator)
        loss = nn.functional.cross_entropy(model(pixels[rows]), target[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def converted(path: Path) -> Path:
    """Convert the trained model to OpenVINO IR, as its users do."""
    import torch

    from quantassay.plugins.unreported import import_without

    openvino = import_without("openvino", "openvino_telemetry")
    torch.backends.mha.set_fastpath_enabled(False)  # a merged operation cannot be converted
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = openvino.convert_model(
                trained(), example_input=torch.zeros(2, ROWS, ROWS), input=[("x", [-1, ROWS, ROWS])]
            )
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    model.outputs[0].set_names({"y"})
    openvino.save_model(model, path, compress_to_fp16=False)
    return path
