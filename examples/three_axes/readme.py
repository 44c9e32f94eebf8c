"""Write what the study found into README.md: its answers, its table, its losses by steps.

``python examples/three_axes/readme.py FOLDER`` reads ``study.json`` of the study's folder, keeps
what is shown as ``results.json``, and replaces the end of README.md and the table of the project's
README. With ``--print`` it only prints the former.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS, README, FRONT = HERE / "results.json", HERE / "README.md", HERE.parents[1] / "README.md"
MARK = "<!-- from here on written by readme.py -->\n"
BEGIN, END = "<!-- axes:begin -->\n", "<!-- axes:end -->\n"
SHOWN = (
    "metric", "unit", "n", "clusters", "reference_value", "loss", "interval", "at_once", "verdict",
)  # fmt: skip

Part = Mapping[str, Any]


def results(study: Part) -> Part:
    """Keep of a study what README.md shows."""
    return {
        "processor": study["machine"]["processor"],
        "quantassay": study["quantassay"],
        "onnxruntime": study["machine"]["packages"]["onnxruntime"],
        "confidence": study["confidence"],
        "conclusion": study["conclusion"],
        "answers": study["answers"],
        "as_trained": [rest(study, each["axes"]) for each in study["answers"]],
        "cells": [cell(study, each) for each in study["cells"]],
    }


def rest(study: Part, axes: Iterable[str]) -> Part:
    """Count the contrasts along some axes in which no model with outliers takes part."""
    own = [each for each in study["contrasts"] if each["axes"] == axes and not put_in(each)]
    settled = [each for each in own if each["interval"] and beyond_zero(each) > 0]
    largest = max(settled, key=beyond_zero, default=None)
    return {"axes": axes, "contrasts": len(own), "settled": len(settled), "largest": largest}


def put_in(contrast: Part) -> bool:
    return any(at["model"] == "outliers" for at, _ in contrast["more"] + contrast["less"])


def beyond_zero(contrast: Part) -> float:
    low, high = contrast["interval"]
    return float(max(low, -high))


def cell(study: Part, one: Part) -> Part:
    """Keep the outcome of a triple, its losses on the whole test set, and those by steps."""
    own = [each for each in study["penalties"] if each["at"] == one["at"]]
    triple, main = one["triple"] or {}, study["headline"].get(one["at"]["task"])
    whole = [each for each in own if not each["stratum"] and each["margin"] is not None]
    return {
        **one["at"],
        "outcome": triple.get("outcome", "not measured"),
        "reason": one["reason"],
        "truth": one["truth"].rpartition("; ")[2],
        "losses": list(map(kept, sorted(whole, key=lambda each: each["metric"] != main))),
        "steps": {
            str(each["stratum"]["steps"]): kept(each)
            for each in own
            if "steps" in each["stratum"] and each["metric"] == main
        },
    }


def kept(loss: Part) -> Part:
    return {key: loss[key] for key in SHOWN}


def text(found: Part) -> str:
    """Write what README.md shows."""
    parts = [
        "## What it found\n",
        f"{found['conclusion']}\n",
        *(f"- {answer(each)}" for each in found["answers"]),
        "\nWhat each answer rests on: the settled difference that is farthest from zero. All "
        f"intervals of this table hold at once, with {found['confidence']:.0%} confidence.\n",
        *table(("axes", "settled", "difference", "pp of the largest loss", "times"),
               map(backed, found["answers"])),
        "\n## Without the outliers that were put in\n",
        "The same, of those contrasts alone in which no `outliers` takes part: what is left of the "
        "answers above where every model is as it was trained. The intervals are the same.\n",
        *table(("axes", "settled", "difference", "pp of the largest loss", "times"),
               map(backed, found["as_trained"])),
        "\n## Every triple\n",
        f"The first interval of a loss holds with {found['confidence']:.0%} for that loss alone, "
        "and decides; the second holds together with those of all others, and the answers above "
        "follow from it. The verdict is that of the first metric on the whole test set, the "
        "outcome that of all metrics and strata with a margin.\n",
        *table(("task, model", "scheme", "outcome", "verdict", "loss", "all at once",
                "other metrics", "n", "really applied"), map(row, found["cells"])),
        "\nBefore quantization:\n",
        *table(("task, model", "reached"), before(found["cells"])),
        "\n## Sums: loss by number of steps\n",
        *table(("model, scheme", "1 step", *(f"{k} steps" for k in range(2, 7))),
               (by_steps(one) for one in found["cells"] if one["steps"])),
        f"\nLosses in percentage points (pp); Brier scores go from 0 to 2. Measured with "
        f"ONNX Runtime {found['onnxruntime']} on an {found['processor']}.",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def answer(one: Part) -> str:
    return f"**{' x '.join(one['axes'])}**: {one['words']}"


def backed(one: Part) -> tuple[str, ...]:
    """Return the row of an answer: its largest settled contrast."""
    counts = (" x ".join(one["axes"]), f"{one['settled']} of {one['contrasts']}")
    most = one["largest"]
    if most is None:
        return (*counts, "none", "", "")
    sides = [zip(most[side], strict=True) for side in ("more", "less")]
    pairs = zip(*([each for (each,) in side] for side in sides), strict=True)
    said = " less ".join(f"({spot(more)} - {spot(less)})" for more, less in pairs)
    low, high = (f"{100 * end:.2f}" for end in most["interval"])
    return (*counts, said, f"[{low}, {high}]", factor(most["factor"]))


def spot(place: Any) -> str:
    at, metric = place
    return f"{at['task']} {at['model']} {at['scheme']} {metric}"


def factor(ends: Any) -> str:
    if ends is None or ends == [None, None]:
        return "undefined"
    low, high = ("open" if end is None else f"{end:.2f}" for end in ends)
    return f"[{low}, {high}]"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a table in Markdown."""
    names = tuple(head)
    for cells in (names, ("---",) * len(names), *rows):
        yield f"| {' | '.join(part.replace('|', '/') for part in cells)} |"


def row(one: Part) -> tuple[str, ...]:
    """Return the row of a triple."""
    place, losses = (f"{one['task']}, {one['model']}", one["scheme"]), one["losses"]
    if not losses:
        return (*place, one["outcome"], "", one["reason"], "", "", "", "")
    main = losses[0]
    size = f"{main['n']:,}" + (f" in {main['clusters']:,} clusters" if main["clusters"] else "")
    others = "; ".join(f"{each['metric']} {loss(each)}" for each in losses[1:])
    return (
        *place, one["outcome"], main["verdict"] or "none", f"{main['metric']} {loss(main)}",
        ends(main, "at_once"), others, size, one["truth"],
    )  # fmt: skip


def loss(one: Part) -> str:
    """Write a loss with its interval."""
    unit = " pp" if one["unit"] == "fraction" else ""
    return f"{amount(one, one['loss'])}{unit} {ends(one, 'interval')}"


def ends(one: Part, key: str) -> str:
    if one[key] is None:
        return "no interval"
    return f"[{', '.join(amount(one, end) for end in one[key])}]"


def amount(one: Part, value: float | None) -> str:
    """Write shares of right answers in points, with two decimals, and others with four."""
    if value is None:
        return "undefined"
    points = one["unit"] == "fraction"
    written = f"{100 * value:.2f}" if points else f"{value:.4f}"
    return written.lstrip("-") if float(written) == 0 else written


def before(cells: Iterable[Part]) -> Iterator[tuple[str, str]]:
    """Yield what each model reaches before quantization, once."""
    models = {(one["task"], one["model"]): one["losses"] for one in cells if one["losses"]}
    for (task, model), losses in models.items():
        values = (f"{each['metric']} {each['reference_value']:.4f}" for each in losses)
        yield f"{task}, {model}", ", ".join(values)


def by_steps(one: Part) -> tuple[str, ...]:
    """Return the losses of a triple of sums, the fewest steps first."""
    ordered = [one["steps"][key] for key in sorted(one["steps"])]
    losses = (
        f"{amount(each, each['loss'])} {ends(each, 'interval')} {each['verdict'] or ''}".rstrip()
        for each in ordered
    )
    return f"{one['model']}, {one['scheme']}", *losses


def short(found: Part) -> str:
    """Write what the project's README shows: the conclusion, and the first loss of every triple."""
    schemes = list(dict.fromkeys(one["scheme"] for one in found["cells"]))
    models: dict[str, dict[str, str]] = {}
    for one in found["cells"]:
        first = one["losses"][0] if one["losses"] else None
        said = f"{loss(first)}, {one['outcome']}" if first else one["outcome"]
        name = f"{one['task']}, {one['model']}" + (f" (n {first['n']:,})" if first else "")
        models.setdefault(name, {})[one["scheme"]] = said
    left = (f"{' x '.join(one['axes'])} {one['settled']} of {one['contrasts']}"
            for one in found["as_trained"])  # fmt: skip
    parts = [
        "[Four tasks, two or three models of each, five schemes](examples/three_axes), by "
        f"`make three-axes`. {found['conclusion']} Of the differences without a model into which "
        f"outliers were put, settled are: {', '.join(left)}. `outliers` computes the same as "
        "`as-trained`, with some channels 64 times as large. Loss of the first metric (top1, of "
        f"retrieval recall@1) with its {found['confidence']:.0%} interval, and what the triple is "
        "on all metrics and strata that have a margin:\n",
        *table(("", *schemes), ((name, *(row.get(s, "") for s in schemes))
                                for name, row in models.items())),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def with_short(page: str, found: Part) -> str:
    """Return the project's README with its table replaced."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}{short(found)}{END}{rest.partition(END)[2]}"


def with_results(page: str, found: Part) -> str:
    """Return README.md with its end replaced."""
    return f"{page.partition(MARK)[0]}{MARK}\n{text(found)}"


def main(folder: Path) -> None:
    found = results(json.loads((folder / "study.json").read_text()))
    if "--print" in sys.argv:
        print(text(found))
        return
    RESULTS.write_text(json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n")
    README.write_text(with_results(README.read_text(), found))
    FRONT.write_text(with_short(FRONT.read_text(), found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
