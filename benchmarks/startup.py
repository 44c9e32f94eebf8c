"""How long it takes to start: bare Python, `import quantassay`, `quantassay --help`.

Prints medians of interleaved runs and their differences; see RESULTS.md.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import quantassay": ["-c", "import quantassay"],
    "quantassay --help": ["-m", "quantassay", "--help"],
}
ENGINES = ("onnx", "onnxruntime", "torch", "numpy", "scipy", "pyarrow")


def seconds(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    medians = {name: statistics.median(values) for name, values in times.items()}
    bare = medians["python -c pass"]
    for name, value in medians.items():
        print(f"{name:<20} {value:.3f} s  (over bare Python {value - bare:+.3f} s)")
    code = f"import quantassay, sys; print([e for e in {ENGINES} if e in sys.modules])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    print(f"loaded by import quantassay, of {', '.join(ENGINES)}: {loaded.stdout.strip()}")


if __name__ == "__main__":
    main()
