"""Print ``docs/reproductions.md``, or write it with ``--write``."""

from __future__ import annotations

import argparse
from pathlib import Path

from .page import page

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reproductions.md"
CASES = ROOT.parent / "shared" / "cases"
PARTS = ("llm_flips", "tiny_cifar10")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reproductions", description=__doc__)
    parser.add_argument(
        "--cases", type=Path, default=CASES, help=f"folder with {' and '.join(PARTS)}"
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name} instead")
    given = parser.parse_args()
    for part in PARTS:
        if not (given.cases / part).is_dir():
            parser.error(f"{given.cases / part}: no such folder; give --cases")
    text = page(given.cases.resolve())
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
