"""The executor: the machine, the engine of each variant, and what precision really ran."""

from __future__ import annotations

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
    heads = ("Variant", "Engine", "Version", "Provider", "Threads", "Graph level", "Options")
    return Table(
        "Engine as used for each variant",
        tuple(Column(head, numeric=head == "Threads") for head in heads),
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
        Value(use.graph_level or "unknown"),
        Value(options or "none"),
    )


def _precisions(result: Result) -> Block:
    rows = tuple(
        (
            Value(short(name)),
            Value(each.op),
            Value(each.precision),
            Value(f"{each.count:,}", each.count),
            Value(each.execution, tone="plain" if each.execution == "native" else "warning"),
            Value(each.why),
        )
        for name, use in result.engines.items()
        for each in use.precisions
    )
    if not rows:
        return Paragraph("No low-precision operation was found in any variant as executed.")
    heads = ("Variant", "Operation", "Precision", "Count", "Executed", "Why")
    columns = tuple(Column(head, numeric=head == "Count") for head in heads)
    return Table("Low-precision operations: native, emulated or unknown", columns, rows)
