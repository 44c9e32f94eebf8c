"""The package on the page is installed as it stands there, and used from the command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "extend.md").read_text(encoding="utf-8")
FILES = (
    "mine/within.py",
    "mine/vectors.py",
    "mine/npy.py",
    "mine/linear.py",
    "mine/rounded.py",
)
Command = Callable[..., subprocess.CompletedProcess[str]]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_each_plugin_is_short() -> None:
    for name, text in zip(FILES, blocks("python"), strict=False):
        assert f"`{name}`" in PAGE
        lines = [line for line in text.splitlines() if line and "import" not in line]
        assert len(lines) < 25, name


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run Python where the package is installed; the folder holds the data of the page."""
    folder = tmp_path_factory.mktemp("extend")
    source, site, work = (folder / name for name in ("source", "site", "work"))
    (source / "mine").mkdir(parents=True)
    work.mkdir()
    (source / "pyproject.toml").write_text(blocks("toml")[0])
    (source / "mine" / "__init__.py").touch()
    *plugins, tests = blocks("python")
    for name, text in zip(FILES, plugins, strict=True):
        (source / name).write_text(text)
    (work / "test_mine.py").write_text(tests)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--target", str(site)]
    done = subprocess.run(
        [*pip, *offline, str(source)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    _data(work)
    paths = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=work,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def _data(work: Path) -> None:
    """300 vectors; with weights of few digits, few answers differ."""
    random = np.random.default_rng(5)
    weights = random.normal(size=(4, 3)).astype(np.float32)
    inputs = random.normal(size=(300, 4)).round(3)
    labels = (inputs @ weights).argmax(axis=1)
    lines = [
        f"s{i:03d} {y} {' '.join(map(str, x))}\n"
        for i, (y, x) in enumerate(zip(labels, inputs, strict=True))
    ]
    (work / "test.txt").write_text("".join(lines))
    np.save(work / "fp32.npy", weights)
    (work / "assay.yaml").write_text(blocks("yaml")[0])
    for name, step in (("fp32", 0), ("int8", 97)):
        rows = [f"{i},{i % 7},{i % 7 + (i % 97 == step - 90)}\n" for i in range(300)]
        (work / f"{name}.csv").write_text("id,target,prediction\n" + "".join(rows))


def test_its_own_tests_pass(command: Command) -> None:
    done = command("pytest", "-q", "-p", "no:cacheprovider", "test_mine.py")
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("metrics", "within", "Share of numeric answers that are close"),
        ("readers", "vectors", "Reads lines of an id"),
        ("formats", "npy", "``.npy`` files that hold a matrix"),
        ("engines", "linear", "Multiplies inputs by the matrix"),
        ("schemes", "rounded", "Weights with few digits"),
    ],
)
def test_it_is_listed(command: Command, kind: str, name: str, words: str) -> None:
    found = command("quantassay", "list", kind).stdout.splitlines()
    assert [line for line in found if line.startswith(f"{name} ") and words in line]


def test_the_metric_is_compared(command: Command) -> None:
    line = next(line for line in PAGE.splitlines() if line.startswith("quantassay compare "))
    done = command(*line.split(), "--json")
    assert done.returncode == 0, done.stderr
    cell = json.loads(done.stdout)["cells"][0]
    assert (cell["metric"], cell["verdict"], cell["losses"]) == ("within", "pass", 4)


def test_the_rubric_runs(command: Command) -> None:
    done = command("quantassay", "run", "assay.yaml", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    cell = found["cells"][0]
    assert (cell["metric"], cell["n"], cell["verdict"]) == ("within", 300, "pass")
    assert cell["reference_value"] == 1.0


def test_an_error_of_the_reader_is_one_line(command: Command) -> None:
    rubric = blocks("yaml")[0].replace("test.txt", "fp32.csv")
    done = command("quantassay", "run", _written(command, rubric))
    assert done.returncode == 2
    assert "fp32.csv" in done.stderr
    assert "Traceback" not in done.stderr


def _written(command: Command, rubric: str) -> str:
    text = f"import pathlib; pathlib.Path('other.yaml').write_text({rubric!r})"
    assert command("timeit", "-n1", "-r1", text).returncode == 0
    return "other.yaml"
