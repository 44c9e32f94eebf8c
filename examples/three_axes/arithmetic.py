"""Make the data and the model of the arithmetic axis: chains of sums, modulo 100.

``python examples/three_axes/arithmetic.py [FOLDER]`` writes ``sums.parquet``, ``more-sums.parquet``
and ``arithmetic.onnx``. It needs torch and onnx; half a minute on one core.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import nn

HERE = Path(__file__).parent
SEED = 2026
STEPS = 6  # operations of the longest chain
BATCH = 256
EACH = 2000  # test samples of every number of steps
PLUS, MINUS, END = 10, 11, 12  # tokens; 0 to 9 are digits
START, STEP = 2, 3  # tokens of the first number, and of an operation with its number
WIDTH, TRAINING = 48, 1000

Tokens = NDArray[np.int64]


def chains(count: int, rng: np.random.Generator) -> tuple[Tokens, Tokens, Tokens]:
    """Draw chains of every number of steps alike: tokens (n, 20), steps (n,), answers (n,)."""
    steps = np.repeat(np.arange(1, STEPS + 1), count)
    numbers = rng.integers(0, 100, (len(steps), STEPS + 1))
    signs = rng.choice([1, -1], (len(steps), STEPS))
    signs[np.arange(STEPS) >= steps[:, None]] = 0
    answers = (numbers[:, 0] + (signs * numbers[:, 1:]).sum(1)) % 100
    operation = np.select([signs == 1, signs == -1], [PLUS, MINUS], END)
    parts = np.stack([operation, numbers[:, 1:] // 10, numbers[:, 1:] % 10], 2)
    parts[signs == 0, 1:] = 0
    first = np.stack([numbers[:, 0] // 10, numbers[:, 0] % 10], 1)
    return np.concatenate([first, parts.reshape(len(steps), -1)], 1), steps, answers


class OneStep(nn.Module):
    """A transformer of two blocks: two digits, an operation, two digits in; two digits out."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(END + 1, WIDTH)
        self.place = nn.Parameter(0.02 * torch.randn(START + STEP, WIDTH))
        shape = {"batch_first": True, "norm_first": True, "dropout": 0.0}
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(WIDTH, 4, 3 * WIDTH, **shape) for _ in range(2)
        )
        self.norm = nn.LayerNorm(WIDTH)
        self.digits = nn.Linear(WIDTH, 10)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the scores of both digits, (n, 2, 10), for tokens (n, 5)."""
        found = self.embed(tokens) + self.place
        for block in self.blocks:
            found = block(found)
        return self.digits(self.norm(found[:, :START]))


class Chain(nn.Module):
    """Feeds each step the digits that the step before answered: an error is never taken back."""

    def __init__(self, step: OneStep) -> None:
        super().__init__()
        self.step = step

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the answers, (n,) from 0 to 99, for tokens (n, 20)."""
        digits = tokens[:, :START]
        for at in range(START, START + STEP * STEPS, STEP):
            asked = tokens[:, at : at + STEP]
            found = self.step(torch.cat([digits, asked], 1)).argmax(2)
            digits = torch.where(asked[:, :1] == END, digits, found)
        return 10 * digits[:, 0] + digits[:, 1]


def pairs() -> tuple[torch.Tensor, torch.Tensor]:
    """Return every single step, (20000, 5), and its two digits."""
    first, sign, second = np.meshgrid(np.arange(100), [1, -1], np.arange(100), indexing="ij")
    answer = (first + sign * second) % 100
    operation = np.where(sign == 1, PLUS, MINUS)
    columns = [first // 10, first % 10, operation, second // 10, second % 10]
    asked = np.stack([each.ravel() for each in columns], 1)
    wanted = np.stack([answer.ravel() // 10, answer.ravel() % 10], 1)
    return torch.from_numpy(asked), torch.from_numpy(wanted)


def trained(seed: int = SEED, count: int = TRAINING) -> OneStep:
    """Train one step on one thread, so that a processor always gives the same weights."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, (asked, wanted) = OneStep(), pairs()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.003, total_steps=count)
    for _ in range(count):
        rows = torch.randint(0, len(asked), (BATCH,))
        optimizer.zero_grad()
        nn.functional.cross_entropy(
            model(asked[rows]).flatten(0, 1), wanted[rows].flatten()
        ).backward()
        optimizer.step()
        schedule.step()
    return model.eval()


def export(model: OneStep, path: Path) -> None:
    """Write the chain as ONNX: ``tokens`` [N, 20] to ``answer`` [N]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Chain(model).eval(), (torch.from_numpy(chains(1, np.random.default_rng(0))[0]),),
            str(path), input_names=["tokens"], output_names=["answer"],
            dynamic_axes={"tokens": {0: "N"}, "answer": {0: "N"}}, opset_version=17, dynamo=False,
        )  # fmt: skip


def table(count: int, seed: int, known: Tokens | None = None) -> pa.Table:
    """Lay chains out as a table, each chain once and none that is known, in random order."""
    rng = np.random.default_rng(seed)
    tokens, steps, answers = chains(2 * count, rng)
    seen = {row.tobytes() for row in known} if known is not None else set()
    once = np.sort(np.unique(tokens, axis=0, return_index=True)[1])
    once = once[[tokens[at].tobytes() not in seen for at in once]]
    kept = np.concatenate([once[steps[once] == k][:count] for k in range(1, STEPS + 1)])
    kept = rng.permutation(kept)
    flat = pa.array(tokens[kept].ravel(), pa.int64())
    return pa.table({
        "id": [f"s{at:05d}" for at in range(len(kept))],
        "tokens": pa.FixedSizeListArray.from_arrays(flat, START + STEP * STEPS),
        "steps": steps[kept],
        "answer": answers[kept],
    })  # fmt: skip


def main(folder: Path = HERE) -> None:
    rows = table(EACH, SEED)
    tokens = rows["tokens"].combine_chunks().flatten().to_numpy().reshape(len(rows), -1)
    pq.write_table(rows, folder / "sums.parquet", compression="zstd")
    others = table(64, SEED + 1, tokens)
    pq.write_table(others, folder / "more-sums.parquet", compression="zstd")
    model = trained()
    export(model, folder / "arithmetic.onnx")
    with torch.no_grad():
        right = Chain(model)(torch.tensor(tokens)).numpy() == rows["answer"].to_numpy()
    for k in range(1, STEPS + 1):
        print(f"{k} steps: {right[rows['steps'].to_numpy() == k].mean():.1%} right")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
