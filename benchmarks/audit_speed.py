"""How long an audit takes: a card of 200 kB, 1,000 cards, and hostile texts.

``python benchmarks/audit_speed.py`` prints processor seconds, reading and auditing, and for
scale the time that ``markdown-it-py`` takes to parse the same card.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from markdown_it import MarkdownIt

from quantassay.claims.audit.audit import audit_document
from quantassay.claims.sources.read import read_text
from quantassay.errors import InputError

CARD = """---
license: apache-2.0
base_model: example/Sample-Net-7B
tags: [int8, quantized]
---
# Sample-Net-7B-w8a8

Sample-Net-7B quantized to INT8 weights and activations with GPTQ, calibrated on 512 samples.
It scores 71.2 on MMLU (5-shot) against 71.9 of the BF16 model, recovering 99.0 %.

| Benchmark | Sample-Net-7B | Sample-Net-7B-w8a8 | Recovery |
|---|---|---|---|
| MMLU (5-shot) | 71.90 | 71.20 | 99.0 % |
| GSM8K (5-shot) | 60.1 | 59.4 | 98.8 % |
| ARC-Challenge (25-shot) | 58.3 | 58.0 | 99.5 % |

```python
oneshot(model=model, dataset=ds, recipe=recipe, num_calibration_samples=512)
```
"""
HOSTILE = {
    "5 MB of pipes": "|" * 5_000_000,
    "100,000 rows of empty cells": "| | |\n|---|---|\n" + "| | |\n" * 100_000,
    "100,000 nested tables": "<table><tr><td>" * 100_000,
    "a million entities": "&lt;" * 1_000_000,
    "200,000 open comments": "<!-- " * 200_000,
    "200,000 open brackets": "[" * 200_000 + "](" * 200_000,
    "1 MB of one word": "a" * 1_000_000,
    "1 MB of digits": "9" * 1_000_000,
    "1 MB of points and digits": "9.9," * 250_000,
    "50,000 scores": "accuracy 75.1 % to 74.2 %, loss 0.9. " * 50_000,
    "front matter of aliases": "---\na: &a [x]\n"
    + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(500)) + "---\n",
    "deep front matter": "---\n" + "[" * 50_000 + "\n---\n",
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def audited(text: str) -> None:
    """Read and audit a text, or be refused."""
    try:
        audit_document(read_text(text, "card.md"), {})
    except InputError:
        return


def main() -> None:
    """Print every figure."""
    audited(CARD)  # lexicons are loaded once
    large = CARD + CARD[CARD.index("# Sample") :] * (200_000 // len(CARD))
    print(f"card of {len(large):,} characters: {seconds(lambda: audited(large)):.2f} s")
    parse = seconds(lambda: MarkdownIt().enable("table").parse(large))
    print(f"markdown-it-py parses the same in {parse:.2f} s")
    cards = [CARD.replace("512", str(number)) for number in range(1000)]
    print(f"1,000 cards: {seconds(lambda: [audited(card) for card in cards]):.1f} s")
    for name, text in HOSTILE.items():
        print(f"{name} ({len(text):,} characters): {seconds(lambda t=text: audited(t)):.2f} s")


if __name__ == "__main__":
    main()
