from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.reproductions.answers import BENCHMARKS, MODELS, WIDTHS

# Gold letter, then the letter at fp16, at 8 and at 4 bits, of questions a .. f of a benchmark.
LETTERS = {
    "arc": ["AAAB", "BBBB", "CDCC", "DDDD", "AAAA", "BCCD"],
    "mmlu": ["AAAA", "BBBC", "CDCC", "DADB", "AAAB", "BBBB"],
    "csqa": ["AABA", "BBBB", "CCCC", "DDDD", "AAAA", "BBBB"],
}
SUBJECTS = ("professional_law",) * 3 + ("professional_medicine",) * 3


def written(folder: Path, times: int = 1) -> Path:
    """Write made-up answers of both models in the publication's layout."""
    asked = {
        benchmark: [
            {
                "id": f"{SUBJECTS[place]}_{turn * 6 + place}",
                "question": "?",
                "options": {},
                "answer": one[0],
            }
            for turn in range(times)
            for place, one in enumerate(rows)
        ]
        for benchmark, rows in LETTERS.items()
    }
    (folder / "_bench_items.json").write_text(json.dumps(asked))
    for model in MODELS:
        for place, width in enumerate(WIDTHS, start=1):
            for benchmark in BENCHMARKS:
                given = [one[place] for one in LETTERS[benchmark]] * times
                found = {
                    "model": model,
                    "precision": width,
                    "benchmark": benchmark,
                    "preds": given,
                    "confs": [0.5, 0.95, 0.4, 0.6, 0.7, 0.25] * times,
                }
                name = f"{model.replace('/', '__')}__{width}__{benchmark}.json"
                (folder / name).write_text(json.dumps(found))
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Six questions a benchmark."""
    return written(tmp_path)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """The same questions forty times."""
    return written(tmp_path, 40)
