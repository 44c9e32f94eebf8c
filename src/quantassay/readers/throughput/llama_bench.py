"""What ``llama-bench -o json`` and ``-o jsonl`` print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import as_object, parsed
from quantassay.readers.files.listing import head
from quantassay.readers.files.reading import reading
from quantassay.records.recorded_speed import RecordedSpeed

from .fields import AGAIN, Fields

HEAD = 1 << 12
LARGEST = 16 << 20
SPREAD = 0.02
FACTS = (
    "build_commit", "build_number", "backends", "model_type", "n_batch", "n_ubatch", "type_k",
    "type_v", "n_gpu_layers", "n_depth", "flash_attn", "devices", "test_time",
)  # fmt: skip


class LlamaBench:
    """Reads the tests that ``llama-bench -o json`` or ``-o jsonl`` prints, one measurement each.

    Tokens per second are the mean of the repetitions, which give an interval within the session.
    Neither tokenizing nor sampling is timed.
    """

    name = "llama_bench"
    opens = "JSON or JSON Lines of `llama-bench -o json`"
    unit = "tokens"
    tells = "model file, bytes of its weights, threads, processor, device, build"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether it holds objects as llama-bench prints them."""
        start = head(path, HEAD).lstrip()
        return start[:1] in (b"[", b"{") and b'"build_commit"' in start and b'"cpu_info"' in start

    @staticmethod
    def read_speed(path: Path) -> list[RecordedSpeed]:
        """Return a measurement for every test.

        Raises
        ------
        DataError
            If it is damaged, or its repetitions are not what its mean says.
        """
        return [_test(Fields(row, where), path) for row, where in _rows(path)]


def _rows(path: Path) -> list[tuple[dict[str, Any], str]]:
    with reading(path), path.open("rb") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        msg = f"{path}: over {LARGEST >> 20} MB; llama-bench prints less"
        raise DataError(msg)
    if text.lstrip()[:1] == b"[":
        found = parsed(text, str(path))
        rows = [(row, f"{path}, test {at}") for at, row in enumerate(found, 1)]
    else:
        lines = [(line, f"{path}, line {at}") for at, line in enumerate(text.split(b"\n"), 1)]
        rows = [(parsed(line, where), where) for line, where in lines if line.strip()]
    if not rows:
        msg = f"{path}: holds no test; {AGAIN}"
        raise DataError(msg)
    return [(as_object(row, where), where) for row, where in rows]


def _test(fields: Fields, path: Path) -> RecordedSpeed:
    prompt, generated, depth = (
        int(fields.number(key)) if key in fields else 0 for key in ("n_prompt", "n_gen", "n_depth")
    )
    tokens = prompt + generated
    if not tokens:
        msg = f"{fields.where}: 'n_prompt' and 'n_gen' are both 0: nothing was computed; {AGAIN}"
        raise DataError(msg)
    speed = fields.positive("avg_ts")
    nanoseconds = fields.numbers("samples_ns")
    repeats = tuple(1e9 * tokens / each for each in nanoseconds)
    _check(fields, speed, repeats)
    return RecordedSpeed(
        program=f"llama-bench {fields.text('build_commit')}".strip(),
        file=path.name,
        name=_name(prompt, generated, depth),
        protocol="single-stream",
        unit="tokens",
        throughput=speed,
        queries=len(repeats),
        per_query=tokens,
        span=sum(nanoseconds) / 1e9,
        repeats=repeats,
        runtime="llama.cpp",
        model=fields.text("model_filename"),
        processor=fields.text("cpu_info"),
        device=fields.text("gpu_info"),
        model_bytes=fields.count("model_size") if "model_size" in fields else None,
        threads=fields.count("n_threads") if "n_threads" in fields else None,
        facts=_facts(fields),
        notes=("neither tokenizing nor sampling is timed",),
    )


def _name(prompt: int, generated: int, depth: int) -> str:
    """Return the name that llama-bench gives a test."""
    parts = [f"pp{prompt}"] * (prompt > 0) + [f"tg{generated}"] * (generated > 0)
    return "+".join(parts) + (f" @ d{depth}" if depth else "")


def _check(fields: Fields, speed: float, repeats: tuple[float, ...]) -> None:
    if not repeats:
        msg = f"{fields.where}: 'samples_ns' holds no repetition; {AGAIN}"
        raise DataError(msg)
    fields.agree("avg_ts", speed, sum(repeats) / len(repeats), "the mean of its repetitions")
    if "samples_ts" in fields:
        said = fields.numbers("samples_ts")
        if len(said) != len(repeats):
            both = f"{len(said)} 'samples_ts' for {len(repeats)} 'samples_ns'"
            msg = f"{fields.where}: {both}; {AGAIN}"
            raise DataError(msg)
        for told, found in zip(said, repeats, strict=True):
            fields.agree("samples_ts", told, found, "tokens over its nanoseconds", SPREAD)


def _facts(fields: Fields) -> Mapping[str, str]:
    return {key: text for key in FACTS if (text := fields.text(key))}
