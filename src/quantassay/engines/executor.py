"""The machine that a number was made on."""

from __future__ import annotations

import os
import platform
from functools import cache

import psutil

from ..records.executor import Layer, LayerName, Machine
from .container import memory_limit
from .drivers import driver_layer
from .frameworks import PACKAGES, framework_layer, python_name, versions
from .limits import limits_layer, usable_cores
from .processor import cpuinfo, instructions, model, processor_layer
from .system import kernel_name, system_layer, system_name


@cache
def machine() -> Machine:
    """Describe processor, memory and system; what cannot be told is empty or ``unknown``."""
    facts = cpuinfo()
    cores = os.cpu_count() or 1
    return Machine(
        processor=model(facts),
        architecture=platform.machine() or "unknown",
        instructions=instructions(facts),
        cores=cores,
        usable_cores=usable_cores(cores),
        memory_bytes=int(psutil.virtual_memory().total),
        memory_limit_bytes=memory_limit(),
        system=system_name(),
        kernel=kernel_name(),
        python=python_name(),
        packages=versions(PACKAGES),
    )


def layers() -> dict[LayerName, Layer]:
    """Describe all that every variant here runs on, by layer.

    What fed and timed them is for the caller to add, and engines tell of themselves.
    Nothing names the computer, its user or a folder of theirs.
    """
    return {
        "framework": framework_layer(),
        "os": system_layer(),
        "driver": driver_layer(),
        "processor": processor_layer(),
        "limits": limits_layer(),
    }


def software() -> dict[str, str]:
    """Return the versions of what computes figures here: Python and packages."""
    here = machine()
    return {"python": here.python, **here.packages}
