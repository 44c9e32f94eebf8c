"""The executor of a claim that was written before executors were specified, as far as it tells."""

from __future__ import annotations

from collections.abc import Mapping

from quantassay.records.executor import Fact, Layer, LayerName, Machine

from .printable import plain_facts


def machine_layers(machine: Machine | None, quantassay: str) -> dict[LayerName, Layer]:
    """Return what is recorded of a machine, under the names that a specification has for it."""
    if machine is None:
        return {}
    limit = machine.memory_limit_bytes
    facts: Mapping[LayerName, Mapping[str, Fact]] = {
        "application": {"quantassay": quantassay},
        "framework": {
            "python": machine.python,
            "packages": tuple(f"{name} {number}" for name, number in machine.packages.items()),
        },
        "os": {"system": machine.system, "kernel": machine.kernel},
        "processor": {
            "model": machine.processor,
            "architecture": machine.architecture,
            "instructions": machine.instructions,
            "memory in GiB": round(machine.memory_bytes / 2**30),
        },
        "limits": {
            "usable cores": machine.usable_cores,
            "memory limit in bytes": "none" if limit is None else limit,
        },
    }
    return {layer: Layer(plain_facts(found)) for layer, found in facts.items()}
