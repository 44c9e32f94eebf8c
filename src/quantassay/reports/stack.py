"""The executor: the machine, the engine of each variant, and what precision really ran."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.executor import EngineUse, Machine
from ..records.result import Result
from .blocks import Block, Column, KeyValues, Paragraph, Section, Table, Value
from .figures import bytes_text
from .names import several, short

_PACKAGES_SHOWN = 40


def executor(result: Result) -> Section:
    """Describe the whole stack that made the numbers."""
    blocks: list[Block] = []
    if result.machine is None:
        blocks.append(Paragraph("The machine was not recorded.", "warning"))
    else:
        blocks.append(_machine(result.machine))
    if result.engines:
        blocks += [_engines(result), _precisions(result)]
    return Section("executor", "Executor", tuple(blocks))


def _machine(machine: Machine) -> KeyValues:
    limit = machine.memory_limit_bytes
    memory = bytes_text(machine.memory_bytes)
    packages = [f"{name} {version}" for name, version in machine.packages.items()]
    return KeyValues(
        (
            ("Processor", f"{machine.processor} ({machine.architecture})"),
            ("Instructions", several(machine.instructions, 20) or "none found"),
            ("Cores", f"{machine.usable_cores} usable of {machine.cores}"),
            ("Memory", memory if limit is None else f"{memory}, limited to {bytes_text(limit)}"),
            ("System", f"{machine.system}, kernel {machine.kernel}"),
            ("Python", machine.python),
            (
                "Packages",
                several(packages, _PACKAGES_SHOWN),
            ),
        )
    )


def _engines(result: Result) -> Table:
    heads = (
        "Variant", "Engine", "Version", "Provider", "Threads", "Batch", "Graph level", "Asked for",
        "Options",
    )  # fmt: skip
    return Table(
        "Engine as used for each variant",
        tuple(Column(head, numeric=head in ("Threads", "Batch")) for head in heads),
        tuple(_engine(name, use) for name, use in result.engines.items()),
    )


def _engine(name: str, use: EngineUse) -> tuple[Value, ...]:
    options = several([f"{key}={value}" for key, value in use.options.items()], 20)
    return (
        Value(short(name)),
        Value(use.engine),
        Value(use.version),
        Value(use.provider),
        Value("unknown" if use.threads is None else str(use.threads), use.threads),
        Value("unknown" if use.batch is None else f"{use.batch:,}", use.batch),
        Value(use.graph_level or "unknown"),
        Value(use.asked or "nothing"),
        Value(options or "none"),
    )


def _precisions(result: Result) -> Block:
    rows = [row for name, use in result.engines.items() for row in _ran(name, use)]
    if not rows:
        return Paragraph("No low-precision operation was found in any variant as executed.")
    heads = ("Variant", "Operation", "Precision", "Count", "Executed", "Why")
    columns = tuple(Column(head, numeric=head == "Count") for head in heads)
    return Table("Precision executed: native, emulated or unknown", columns, tuple(rows))


def _ran(name: str, use: EngineUse) -> Iterator[tuple[Value, ...]]:
    if not use.tells:
        untold = Value("unknown", tone="warning")
        why = Value(f"{use.engine} does not tell what it computes in")
        yield Value(short(name)), Value("all"), untold, Value("unknown"), untold, why
    for each in use.precisions:
        yield (
            Value(short(name)),
            Value(each.op),
            Value(each.precision),
            Value(f"{each.count:,}", each.count),
            Value(each.execution, tone="plain" if each.execution == "native" else "warning"),
            Value(each.why),
        )
    if use.full_precision:
        count = sum(use.full_precision.values())
        kinds = several([f"{n} {op}" for op, n in use.full_precision.items()])
        full = Value("fp32"), Value(f"{count:,}", count), Value("native"), Value("")
        yield Value(short(name)), Value(kinds), *full
