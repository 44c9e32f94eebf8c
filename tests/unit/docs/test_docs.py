"""The pages say what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields, is_dataclass
from inspect import getdoc
from pathlib import Path

import jsonschema
import pytest
import typer
import yaml
from benchmarks.validity import record

from quantassay import plugins, stats
from quantassay.cli import app
from quantassay.errors import PluginError
from quantassay.plugins.declared import facts
from quantassay.plugins.spelled import shown
from quantassay.records.executor import LAYERS
from quantassay.rubrics.load import load
from quantassay.rubrics.model import Rubric
from quantassay.rubrics.schema import rubric_schema
from quantassay.stats import binary_floor, binary_sample_size

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted(path for path in DOCS.glob("*.md"))
KINDS: list[plugins.Kind] = [
    "metrics",
    "agreements",
    "engines",
    "formats",
    "schemes",
    "readers",
    "throughput_logs",
    "exports",
]


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_generated_page_is_current() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nrun: python docs/generate.py"


@pytest.mark.parametrize("kind", KINDS)
def test_every_registered_name_has_its_section(kind: plugins.Kind) -> None:
    wanted = [shown(name) for name in plugins.names(kind)]
    assert re.findall(r"^## (.+)$", text(f"{kind}.md"), re.MULTILINE) == wanted


def section(page: str, name: str) -> str:
    return text(page).partition(f"\n## {shown(name)}\n")[2].partition("\n## ")[0]


def test_every_metric_says_how_it_is_defined_and_what_it_needs() -> None:
    for name in plugins.names("metrics"):
        found, own = plugins.load("metrics", name), section("metrics.md", name)
        assert (getdoc(found) or "").partition("\n")[0].split("`")[0].strip() in own, name
        made = plugins.example(found)
        # what can only be said with its options has a row for each option instead
        if isinstance(made.definition, str):
            assert made.definition.split("|")[0].partition("<")[0].strip() in own, name
            assert not made.needs or f"| needs | `{made.needs[0]}`" in own, name


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_of_a_plugin_is_explained(kind: plugins.Kind) -> None:
    for name in plugins.names(kind):
        found = plugins.load(kind, name)
        for option in (f.name for f in fields(found) if f.init) if is_dataclass(found) else ():
            row = re.search(rf"^\| `{option}` \|.*\|([^|]+)\|$", section(f"{kind}.md", name), re.M)
            assert row and row[1].strip(), f"{name}: {option}"


@pytest.mark.parametrize("kind", ["schemes", "engines"])
def test_every_option_of_a_scheme_or_engine_has_its_row(kind: plugins.Kind) -> None:
    for name in plugins.names(kind):
        found = plugins.load(kind, name)
        own = facts(found)["options"]
        # the only one without is told all it needs in its name
        assert bool(own) != (name == "python"), f"{kind} {name}: no class attribute 'options'"
        for option in own:
            row = re.search(rf"^\| `{option}` \|.*\|([^|]+)\|$", section(f"{kind}.md", name), re.M)
            assert row and row[1].strip(), f"{name}: {option}"


@pytest.mark.parametrize("kind", ["schemes", "engines"])
def test_every_option_that_is_read_is_in_the_table(kind: plugins.Kind) -> None:
    for name in plugins.names(kind):
        if name == "python":
            continue
        with pytest.raises(PluginError, match="there are: ") as told:
            refused(kind, name)
        listed = str(told.value).partition("there are: ")[2].split(", ")
        table = re.findall(r"^\| `(\w+)` \|", section(f"{kind}.md", name), re.MULTILINE)
        assert listed == table, name


def refused(kind: plugins.Kind, name: str) -> None:
    found, options = plugins.load(kind, name), {"no such option": 1}
    if kind == "engines":
        file = None if getattr(found, "takes_file", True) is False else Path(__file__)
        found.open(file, options)
    else:
        found.quantize(Path(__file__), [], options, Path("never-written"))


def test_every_command_has_its_section() -> None:
    group = typer.main.get_command(app)
    found = re.findall(r"^## (.+)$", text("commands.md"), re.MULTILINE)
    assert found == list(group.commands)  # type: ignore[attr-defined]


def test_every_key_of_the_rubric_has_its_row() -> None:
    page = text("rubric.md")
    for name, part in {"Rubric": rubric_schema(), **rubric_schema()["$defs"]}.items():
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        for key in part.get("properties") or part["anyOf"][-1]["properties"]:
            assert f"| `{key}` |" in section, f"{name}.{key}"
    assert set(Rubric.model_fields) <= set(re.findall(r"\| `(\w+)` \|", page))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        assert "://" in file or not file or (DOCS / file).exists(), target
        if anchor and not file:
            assert f"\n## {anchor}\n" in page.read_text(encoding="utf-8").lower(), target


def test_every_page_is_in_the_index() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)\)", text("README.md")))
    assert {path.name for path in PAGES} - {"README.md"} <= linked


BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"```yaml\n(rubric:.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    )
]


@pytest.mark.parametrize("block", BLOCKS)
def test_rubrics_in_the_pages_load(block: str, tmp_path: Path) -> None:
    path = tmp_path / "assay.yaml"
    path.write_text(block, encoding="utf-8")
    assert load(path).warnings == ()
    jsonschema.Draft202012Validator(rubric_schema()).validate(yaml.safe_load(block))


def test_there_are_rubrics_in_the_pages() -> None:
    assert len(BLOCKS) >= 3


def test_floors_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (0\.\d+) \| (\d+) \|$", text("verdicts.md"), re.MULTILINE)
    assert len(rows) == 5
    for margin, floor in rows:
        assert binary_floor(float(margin), 0.025) == int(floor)
    assert binary_sample_size(0.01, 0.03, 0.0, 0.9, 0.025) == 3332


@pytest.mark.parametrize("name", ["rubric", "claim", "comparison", "executor"])
def test_published_schemas_are_schemas(name: str) -> None:
    schema = yaml.safe_load(text(f"schemas/{name}.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)


# what a result is made of, and what is worked out from another section's method
WITHOUT_SOURCE = {"paired", "planning_clusters"}


def test_every_statistic_names_its_source() -> None:
    sections = re.split(r"^## ", text("statistics.md"), flags=re.MULTILINE)[1:]
    bare = {s.splitlines()[0] for s in sections if not re.search(r"\b(18|19|20)\d\d\b", s)}
    assert bare == WITHOUT_SOURCE


def test_every_statistic_has_its_row() -> None:
    page = text("statistics.md")
    assert [name for name in stats.__all__ if f"`{name}" not in page] == []


def test_every_family_of_error_rates_has_its_section() -> None:
    page = text("validity.md")
    scripts = {path.stem for path in (DOCS.parent / "benchmarks" / "validity").glob("*.py")}
    assert set(record.families()) <= scripts
    for family in record.families():
        assert f"python -m benchmarks.validity.{family}`" in page


def test_what_falls_short_is_listed() -> None:
    missed = {
        figure.method
        for family in record.families()
        for figure in record.read(family)
        if not figure.holds and figure.answer == "judged" and "for comparison" not in figure.method
    }
    listed = text("validity.md").partition("## What falls short")[2].partition("\n## ")[0]
    assert missed
    assert all(method in listed for method in missed)


@pytest.mark.parametrize(
    ("family", "method", "shown"),
    [
        ("binary", "binary_p_within", "right-or-wrong metrics (2.51 % at worst)"),
        ("means", "mean_bounds", "of two and three points (2.50 %)"),
    ],
)
def test_the_readme_quotes_the_worst_figure(family: str, method: str, shown: str) -> None:
    worst = max(
        figure.rate
        for figure in record.read(family)
        if (figure.method, figure.side, figure.alpha) == (method, "false PASS", 0.025)
        and not figure.draws
    )
    readme = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    assert shown in readme
    # up, to the last digit shown
    assert f"{worst * 100:.4f}" <= shown.partition("(")[2][:4] + "00"
    assert worst * 100 > float(shown.partition("(")[2][:4]) - 0.01


def test_every_layer_of_an_executor_has_its_row() -> None:
    rows = re.findall(r"^\| (\w+) \|", text("executor.md"), re.MULTILINE)
    assert [row for row in rows if row != "layer"] == list(LAYERS)
