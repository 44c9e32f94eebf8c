"""A model against itself: how often the interval of their speed ratio leaves out 1.

``python -m benchmarks.timing.same_speed --runs 100`` times examples/digits/fp32.onnx under two
names, in randomized blocks as every run does, while a child process keeps one core busy for random
stretches. The bar is at most 10 of 100 intervals (95 %) without 1.
"""

from __future__ import annotations

from pathlib import Path

from .timed_runs import Asked, timed_runs

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = """
rubric: same-speed/1
task:
  name: handwritten-digits
  data: {{path: test.parquet, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: digits
  clusters: {{column: original, between: unknown}}
metrics: [{{name: top1, margin: 0.02}}]
reference: one
variants:
  one: {{model: fp32.onnx}}
  other: {{model: fp32.onnx}}
timing: {{blocks: BLOCKS, duration: DURATIONs, warmup: 500ms, saturation: false}}
seed: {seed}
"""


def main() -> None:
    asked = Asked.of(__doc__, duration=5.0)
    text = asked.rubric(RUBRIC)
    missed, widths = 0, []
    with asked.load():
        for at, found in enumerate(timed_runs(text, DIGITS, asked.runs), 1):
            low, high = found["ratio_interval"]
            missed += not low <= 1 <= high
            widths.append(high / low)
            print(f"{at:4d}  {found['ratio']:.4f} [{low:.4f}, {high:.4f}]  without 1: {missed}")
    width = sorted(widths)[len(widths) // 2]
    print(
        f"a model against itself: {missed} of {asked.runs} intervals (95 %) leave out 1 (bar: 10 "
        f"of 100); median of high end over low end {width:.3f}"
    )


if __name__ == "__main__":
    main()
