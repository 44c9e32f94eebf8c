"""Make the data and the models of the task of several steps: chains of sums, modulo 100.

``python examples/three_axes/sums.py [FOLDER]`` writes ``sums.parquet``, ``more-sums.parquet``,
``sums.onnx`` and, trained without normalization, ``sums-no-norm.onnx``. It needs torch and onnx;
a minute or two on one core.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import nn

HERE = Path(__file__).parent
SEED = 2026
STEPS = 6  # operations of the longest chain
BATCH = 256
EACH = 4000  # test samples of every number of steps
PLUS, MINUS, END = 10, 11, 12  # tokens; 0 to 9 are digits
START, STEP = 2, 3  # tokens of the first number, and of an operation with its number
WIDTH, HEADS, TRAINING = 32, 4, 2000

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


class Block(nn.Module):
    """Attention and two dense layers with a ReLU between, each added to what came in."""

    def __init__(self, normalized: bool) -> None:
        super().__init__()
        self.before, self.between = (norm(normalized) for _ in range(2))
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(3 * WIDTH, WIDTH)

    def forward(self, found: torch.Tensor) -> torch.Tensor:
        """Return vectors of the same shape, (n, 5, width)."""
        seen = self.before(found)
        query, key, value = (
            each(seen).reshape(-1, START + STEP, HEADS, WIDTH // HEADS).transpose(1, 2)
            for each in (self.query, self.key, self.value)
        )
        weight = torch.softmax(query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5, -1)
        heads = (weight @ value).transpose(1, 2).reshape(-1, START + STEP, WIDTH)
        found = found + self.out(heads)
        return found + self.down(torch.relu(self.up(self.between(found))))


def norm(normalized: bool) -> nn.Module:
    return nn.LayerNorm(WIDTH) if normalized else nn.Identity()


class OneStep(nn.Module):
    """A transformer of two blocks: two digits, an operation, two digits in; two digits out."""

    def __init__(self, normalized: bool = True) -> None:
        super().__init__()
        self.embed = nn.Embedding(END + 1, WIDTH)
        self.place = nn.Parameter(0.02 * torch.randn(START + STEP, WIDTH))
        self.blocks = nn.Sequential(*(Block(normalized) for _ in range(2)))
        self.norm = norm(normalized)
        self.digits = nn.Linear(WIDTH, 10)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the scores of both digits, (n, 2, 10), for tokens (n, 5)."""
        found = self.blocks(self.embed(tokens) + self.place)
        return self.digits(self.norm(found[:, :START]))


class Chain(nn.Module):
    """Feeds each step the digits that the step before answered: an error is never taken back."""

    def __init__(self, step: OneStep) -> None:
        super().__init__()
        self.step = step

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return a score of each answer from 0 to 99, (n, 100), for tokens (n, 20).

        It is the logarithm of the tens' probability and the ones' together, in the last step.
        """
        digits, scores = tokens[:, :START], torch.zeros(START, 10)
        for at in range(START, START + STEP * STEPS, STEP):
            asked = tokens[:, at : at + STEP]
            ended = asked[:, :1] == END
            found = torch.log_softmax(self.step(torch.cat([digits, asked], 1)), 2)
            digits = torch.where(ended, digits, found.argmax(2))
            scores = torch.where(ended.unsqueeze(2), scores, found)
        return (scores[:, 0, :, None] + scores[:, 1, None, :]).flatten(1)


def pairs() -> tuple[torch.Tensor, torch.Tensor]:
    """Return every single step, (20000, 5), and its two digits."""
    first, sign, second = np.meshgrid(np.arange(100), [1, -1], np.arange(100), indexing="ij")
    answer = (first + sign * second) % 100
    operation = np.where(sign == 1, PLUS, MINUS)
    columns = [first // 10, first % 10, operation, second // 10, second % 10]
    asked = np.stack([each.ravel() for each in columns], 1)
    wanted = np.stack([answer.ravel() // 10, answer.ravel() % 10], 1)
    return torch.from_numpy(asked), torch.from_numpy(wanted)


def trained(normalized: bool, count: int = TRAINING, seed: int = SEED) -> OneStep:
    """Train one step on one thread, so that a processor always gives the same weights."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    model, (asked, wanted) = OneStep(normalized), pairs()
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
    """Write the chain as ONNX: ``tokens`` [N, 20] to ``scores`` [N, 100]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Chain(model).eval(), (torch.from_numpy(chains(1, np.random.default_rng(0))[0]),),
            str(path), input_names=["tokens"], output_names=["scores"],
            dynamic_axes={"tokens": {0: "N"}, "scores": {0: "N"}}, opset_version=17, dynamo=False,
        )  # fmt: skip
    onnx.save(with_own_weights(onnx.load(path)), path)


def with_own_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Give each step a copy of the weights; the exporter hands one copy from step to step.

    What several layers share, SmoothQuant as NNCF has it leaves alone.
    """
    kept = {each.name: each for each in model.graph.initializer}
    for node in list(model.graph.node):
        if node.op_type == "Identity" and node.input[0] in kept:
            copy = onnx.TensorProto()
            copy.CopyFrom(kept[node.input[0]])
            copy.name = node.output[0]
            model.graph.initializer.append(copy)
            model.graph.node.remove(node)
    return model


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


def report(name: str, model: OneStep, tokens: Tokens, rows: pa.Table) -> None:
    with torch.no_grad():
        found = Chain(model)(torch.tensor(tokens)).argmax(1).numpy()
    right, steps = found == rows["answer"].to_numpy(), rows["steps"].to_numpy()
    shares = ", ".join(f"{right[steps == k].mean():.1%}" for k in range(1, STEPS + 1))
    print(f"{name}: right after 1 to {STEPS} steps: {shares}")


def main(folder: Path = HERE) -> None:
    rows = table(EACH, SEED)
    tokens = rows["tokens"].combine_chunks().flatten().to_numpy().reshape(len(rows), -1)
    pq.write_table(rows, folder / "sums.parquet", compression="zstd")
    others = table(64, SEED + 1, tokens)
    pq.write_table(others, folder / "more-sums.parquet", compression="zstd")
    for name, normalized in (("sums", True), ("sums-no-norm", False)):
        model = trained(normalized)
        export(model, folder / f"{name}.onnx")
        report(name, model, tokens, rows)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
