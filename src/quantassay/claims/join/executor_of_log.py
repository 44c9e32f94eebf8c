"""What a log says of its executor, held against that of the accuracy half."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from quantassay.errors import InputError
from quantassay.records.executor import EngineUse, ExecutorSpecification, Fact
from quantassay.records.recorded_speed import RecordedSpeed

from .halves import AccuracyHalf

#: the engines that compute with what a program times; TensorRT is a provider of one
ENGINES = {
    "onnxruntime": ("onnxruntime",),
    "llama.cpp": ("llama-cpp", "endpoint"),
    "vLLM": ("endpoint",),
    "TensorRT": ("tensorrt",),
}
FULL = {"fp32", "fp64", "int32", "int64", "uint8", "bool", "reformat", "unknown"}


def told_of_executor(
    log: Path, found: RecordedSpeed, half: AccuracyHalf, executor: ExecutorSpecification
) -> Iterator[str]:
    """Yield what the log leaves open; refuse one that contradicts the executor.

    Raises
    ------
    InputError
        If runtime, provider, threads, processor, device or the precision of layers is another.
    """
    yield from _engine(log, found, half)
    _threads(log, found, half.use)
    _processor(log, found, executor.facts("processor"))
    _device(log, found, executor.facts("driver"))
    yield from _layers(log, found, half.use)


def _refuse(log: Path, what: str, there: str) -> InputError:
    return InputError(f"{log}: {what}, and the accuracy half {there}; time what was measured")


def _engine(log: Path, found: RecordedSpeed, half: AccuracyHalf) -> Iterator[str]:
    use = half.use
    if not found.runtime or use is None:
        yield f"{found.program} does not say what computed: engine and version are those declared"
        return
    wanted = ENGINES.get(found.runtime, (found.runtime,))
    ran = f"{use.engine} {use.provider}".lower()
    if not any(name.lower() in ran for name in wanted):
        ran_in = f"ran in {use.engine} ({use.provider or 'no provider'})"
        raise _refuse(log, f"{found.program} runs {found.runtime}", ran_in)
    provider = found.facts.get("provider", "")
    if provider and provider.lower() not in ran:
        raise _refuse(log, f"says {provider}", f"ran in {use.engine} ({use.provider})")


def _threads(log: Path, found: RecordedSpeed, use: EngineUse | None) -> None:
    own = use.threads if use else None
    if found.threads is not None and own is not None and found.threads != own:
        raise _refuse(log, f"says {found.threads} threads", f"ran on {own}")


def _processor(log: Path, found: RecordedSpeed, facts: Mapping[str, Fact]) -> None:
    own = facts.get("model")
    if found.processor and isinstance(own, str) and _plain(own) not in _plain(found.processor):
        raise _refuse(log, f"says processor {found.processor!r}", f"ran on {own!r}")


def _device(log: Path, found: RecordedSpeed, facts: Mapping[str, Fact]) -> None:
    """Refuse a device that the executor's driver does not list."""
    listed = facts.get("NVIDIA devices")
    if "nvidia" not in found.device.lower() or listed is None:
        return
    names = [one.partition(",")[0] for one in listed] if isinstance(listed, tuple) else []
    if not any(_plain(name) in _plain(found.device) for name in names):
        there = f"has {', '.join(names) or 'no such device'}"
        raise _refuse(log, f"says device {found.device!r}", there)


def _layers(log: Path, found: RecordedSpeed, use: EngineUse | None) -> Iterator[str]:
    """Compare the kinds below float32 that layers compute in with those that ran."""
    if not found.layers:
        return
    if use is None or not use.tells:
        yield "the precision of layers is told by the log alone"
        return
    timed = set(found.layers) - FULL
    ran = {one.precision for one in use.precisions} - FULL
    if timed != ran:
        said, there = (", ".join(sorted(kinds)) or "no low precision" for kinds in (timed, ran))
        raise _refuse(log, f"has layers in {said}", f"computed in {there}")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
