"""The operating system."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from ..records.executor import UNKNOWN, Layer
from .kernel_files import ROOT, text, told

CHOSEN = re.compile(r"\[(\w+)\]")


def system_name() -> str:
    """Name the distribution, or the system."""
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.platform(terse=True) or UNKNOWN


def kernel_name() -> str:
    """Name the kernel with its release."""
    return f"{platform.system()} {platform.release()}"


def system_layer(root: Path = ROOT) -> Layer:
    """Describe the system, its kernel and its C library, and whether memory comes in huge pages."""
    pages = CHOSEN.search(text(root / "sys/kernel/mm/transparent_hugepage/enabled"))
    return Layer(
        {
            "system": told(system_name()),
            "kernel": told(kernel_name()),
            "C library": told(" ".join(platform.libc_ver())),
            "huge pages": pages[1] if pages else UNKNOWN,
        }
    )
