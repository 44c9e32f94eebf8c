"""A first run of a TFLite file in a process of its own: whether it ends well, and in batches.

LiteRT checks the structure of a file, not what its operations do with it: a damaged or hostile
one can end the process. What only strikes on other inputs than these is not found.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError, QuantassayError, reason
from .interpreter import REFUSALS, LoadedModel
from .options import LiteRtOptions

SECONDS = 300
CLOSE = 1e-3


@dataclass(frozen=True)
class Trial:
    """Whether batches of any size give each row what it gets alone; else why not."""

    batches: bool
    why: str = ""


def tried(artifact: Path, options: LiteRtOptions) -> Trial:
    """Run a model once on made-up inputs in a child process; a file is tried once.

    Raises
    ------
    ArtifactError
        If the model cannot be loaded or run, ends the child, or takes over five minutes.
    """
    facts = artifact.stat()
    stamp = (facts.st_mtime_ns, facts.st_size)
    return _tried(artifact.resolve(), artifact, stamp, options.threads, options.delegate)


@cache
def _tried(path: Path, shown: Path, stamp: tuple[int, int], threads: int, delegate: str) -> Trial:
    order = json.dumps([str(path), threads, delegate])
    command = [sys.executable, "-P", "-m", __name__, order]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        msg = f"{shown}: LiteRT did not finish one batch in {SECONDS} s: damaged or hostile?"
        raise ArtifactError(msg) from error
    if done.returncode:
        msg = f"{shown}: damaged or hostile: LiteRT ended a trial process{_how(done.returncode)}"
        raise ArtifactError(msg)
    said = json.loads(done.stdout.splitlines()[-1])
    if "error" in said:
        raise ArtifactError(str(said["error"]).replace(str(path), str(shown)))
    return Trial(**said)


def _how(code: int) -> str:
    try:
        return f" by {signal.Signals(-code).name}"
    except ValueError:
        return f" with code {code}"


def main(order: str) -> None:
    """Try one model and print what came of it as one line of JSON."""
    name, threads, delegate = json.loads(order)
    _limit_memory()
    try:
        said = vars(_run(Path(name), LiteRtOptions(threads, delegate)))
    except QuantassayError as error:
        said = {"error": str(error)}
    except REFUSALS as error:
        said = {"error": f"{name}: LiteRT cannot run this model: {reason(error)}"}
    print(json.dumps(said))


def _limit_memory() -> None:
    """Let a file that asks for more memory than there is fail here."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows has no such limit
        return
    from ..executor import machine

    here = machine()
    most = min(here.memory_bytes, here.memory_limit_bytes or here.memory_bytes)
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(path: Path, options: LiteRtOptions) -> Trial:
    """Run the model as it is, then two different rows together and each alone."""
    model = LoadedModel(path, options)
    given = _made_up(model)
    model.answer({index: pair[:1].repeat(model.own_batch, 0) for index, pair in given.items()})
    try:
        alone = [model.answer({i: pair[at : at + 1] for i, pair in given.items()}) for at in (0, 1)]
        both = model.answer(given)
    except REFUSALS as error:
        return Trial(False, f"other batch sizes are refused: {reason(error)}")
    for name, together in both.items():
        apart = [outputs[name] for outputs in alone]
        if len(together) != 2 or any(len(part) != 1 for part in apart):
            return Trial(False, "its outputs do not grow with the batch")
        if not _alike(together, np.concatenate(apart)):
            return Trial(False, "a row's answer depends on the other rows of its batch")
    return Trial(True)


def _made_up(model: LoadedModel) -> dict[int, NDArray[Any]]:
    """Make two rows for each input: noise, or 0 and 1 where integers may be indices."""
    random = np.random.default_rng(0)
    found = {}
    for detail in model.inputs:
        shape, dtype = (2, *detail["shape"][1:]), np.dtype(detail["dtype"])
        pair: NDArray[Any]
        if dtype.kind == "f":
            pair = random.normal(size=shape)
        elif dtype.kind in "iu" and len(detail["quantization_parameters"]["scales"]):
            limits = np.iinfo(dtype)
            pair = random.integers(limits.min, limits.max, shape, endpoint=True)
        else:
            pair = np.zeros(shape)
            pair[1] = 1
        found[detail["index"]] = pair.astype(dtype)
    return found


def _alike(together: NDArray[Any], apart: NDArray[Any]) -> bool:
    """Whether outputs agree up to rounding: one code, or a thousandth of the largest number."""
    if together.shape != apart.shape:
        return False
    if together.dtype.kind != "f":
        difference = together.astype(np.float64) - apart.astype(np.float64)
        return bool(np.abs(difference).max(initial=0) <= 1)
    largest = float(np.abs(apart[np.isfinite(apart)]).max(initial=0))
    return bool(np.allclose(together, apart, rtol=0, atol=CLOSE * largest, equal_nan=True))


if __name__ == "__main__":
    main(sys.argv[1])
