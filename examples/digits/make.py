"""Make the data and the model of the digits example.

``python examples/digits/make.py [FOLDER]`` writes ``train.parquet``, ``test.parquet`` and
``fp32.onnx``. It needs scikit-learn (the data), scipy (the rotation) and torch (the training).
The tables depend on the seed alone; the weights also on the processor, in the last bits.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from scipy import ndimage
from sklearn.datasets import load_digits
from torch import nn

HERE = Path(__file__).parent
SEED = 2026
ANGLE = (5.0, 15.0)  # degrees, either way
NOISE = 1.0  # standard deviation, in grey levels of 0 to 16
EPOCHS = 25
BATCH = 32

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.int64]


def halves(digits: Numbers, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Split the images in two, digit by digit; return the rows of each half."""
    rows = [rng.permutation(np.flatnonzero(digits == digit)) for digit in range(10)]
    train = [part[len(part) // 2 :] for part in rows]
    test = [part[: len(part) // 2] for part in rows]
    return np.sort(np.concatenate(train)), np.sort(np.concatenate(test))


def without_copies(train: Numbers, test: Numbers, pixels: Pixels) -> Numbers:
    """Drop the training rows whose image occurs in the test half too."""
    seen = {pixels[row].tobytes() for row in test}
    return np.array([row for row in train if pixels[row].tobytes() not in seen])


def shifted(image: Pixels, rng: np.random.Generator) -> Pixels:
    """Rotate an image by 5 to 15 degrees and add noise."""
    angle = rng.choice([-1, 1]) * rng.uniform(*ANGLE)
    turned = ndimage.rotate(image.reshape(8, 8).astype(float), angle, reshape=False, order=1)
    noisy = turned + rng.normal(0, NOISE, turned.shape)
    return np.clip(np.rint(noisy), 0, 16).astype(np.uint8).ravel()


def table(ids: list[str], pixels: Pixels, digits: Numbers, **more: list[str]) -> pa.Table:
    """Lay images out as a table, one row each."""
    flat = pa.array(pixels.ravel(), pa.uint8())
    images = pa.FixedSizeListArray.from_arrays(flat, 64)
    return pa.table({"image_id": ids, "pixels": images, "digit": digits, **more})


def tables(seed: int = SEED) -> tuple[pa.Table, pa.Table]:
    """Return the training table and the test table."""
    rng = np.random.default_rng(seed)
    images, digits = load_digits(return_X_y=True)
    pixels, digits = images.astype(np.uint8), digits.astype(np.int64)
    train, test = halves(digits, rng)
    train = without_copies(train, test, pixels)
    moved = np.stack([shifted(image, rng) for image in pixels[test]])
    names = [f"d{row:04d}" for row in test]
    both = table(
        names + [f"{name}-shifted" for name in names],
        np.concatenate([pixels[test], moved]),
        np.concatenate([digits[test], digits[test]]),
        domain=["in-domain"] * len(test) + ["shifted"] * len(test),
        original=names + names,
    )
    return table([f"d{row:04d}" for row in train], pixels[train], digits[train]), both


def network() -> nn.Sequential:
    """Three convolutions and two linear layers, 47,000 weights."""

    def convolution(channels: int, out: int) -> Iterator[nn.Module]:
        yield nn.Conv2d(channels, out, 3, padding=1)
        yield nn.BatchNorm2d(out)
        yield nn.ReLU()

    return nn.Sequential(
        *convolution(1, 16),
        *convolution(16, 32),
        nn.MaxPool2d(2),
        *convolution(32, 32),
        nn.Flatten(),
        nn.Linear(512, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


def tensors(rows: pa.Table) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the images in 0 to 1, shape [N, 1, 8, 8], and their digits."""
    pixels = rows["pixels"].combine_chunks().flatten().to_numpy().reshape(-1, 1, 8, 8)
    return torch.tensor(pixels / np.float32(16)), torch.tensor(rows["digit"].to_numpy())


def trained(rows: pa.Table, seed: int = SEED) -> nn.Sequential:
    """Train the network on one thread, so that a processor always gives the same weights."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, (images, digits) = network(), tensors(rows)
    steps = EPOCHS * -(-len(images) // BATCH)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.004, total_steps=steps)
    for _ in range(EPOCHS):
        for rows_of_batch in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad()
            scores = model(images[rows_of_batch])
            nn.functional.cross_entropy(scores, digits[rows_of_batch]).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def export(model: nn.Sequential, path: Path) -> None:
    """Write the model as ONNX: ``pixels`` [N, 1, 8, 8] to ``logits`` [N, 10]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter needs onnxscript
        torch.onnx.export(
            model,
            (torch.zeros(1, 1, 8, 8),),
            str(path),
            input_names=["pixels"],
            output_names=["logits"],
            dynamic_axes={"pixels": {0: "N"}, "logits": {0: "N"}},
            opset_version=17,
            dynamo=False,
        )


def accuracy(model: nn.Sequential, rows: pa.Table) -> float:
    images, digits = tensors(rows)
    with torch.no_grad():
        return float((model(images).argmax(1) == digits).float().mean())


def main(folder: Path = HERE) -> None:
    train, test = tables()
    pq.write_table(train, folder / "train.parquet", compression="zstd")
    pq.write_table(test, folder / "test.parquet", compression="zstd")
    model = trained(train)
    export(model, folder / "fp32.onnx")
    total = len(load_digits().target)
    copies = total - len(train) - len(test) // 2
    print(f"{len(train)} training images ({copies} dropped: also in the test half)")
    for domain in ("in-domain", "shifted"):
        part = test.filter(pc.equal(test["domain"], domain))
        print(f"{domain}: {len(part)} images, {accuracy(model, part):.1%} right")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
