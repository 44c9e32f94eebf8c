"""The action, the hook and the page that shows them, run as a runner would run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
PAGE = (ROOT / "docs" / "ci.md").read_text()
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
GH = """#!{python}
import json, os, pathlib, sys
words = sys.argv[1:]
with open(os.environ["GH_LOG"], "a") as log:
    log.write(json.dumps(words) + "\\n")
if "--jq" in words:
    print(os.environ.get("EARLIER", ""))
"""


def test_the_action_has_the_shape_that_github_wants():
    import check_jsonschema

    vendored = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor"
    jsonschema.validate(ACTION, json.loads((vendored / "github-actions.json").read_text()))
    schema = json.loads((vendored / "github-workflows.json").read_text())
    workflow = next(block for block in blocks() if "jobs" in block)
    workflow["on"] = workflow.pop(True)  # as YAML 1.1 reads that key
    jsonschema.validate(workflow, schema)


def blocks():
    return [
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    ]


@pytest.mark.parametrize("name", STEPS)
def test_no_script_holds_what_others_may_write(name):
    step = STEPS[name]
    assert "${{" not in step["run"]
    assert step["shell"] == "bash"
    subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_every_input_is_used_and_on_the_page():
    used = re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text())
    assert set(used) == set(ACTION["inputs"])
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    assert rows == list(ACTION["inputs"])
    for block in blocks():
        steps = block if isinstance(block, list) else block.get("jobs", {}).get("int8", block)
        for step in steps.get("steps", []) if isinstance(steps, dict) else steps:
            if "quantassay@" in step.get("uses", ""):
                assert set(step["with"]) <= set(ACTION["inputs"])


def test_what_the_page_names_is_there():
    assert {hook["id"] for hook in HOOKS} == {"quantassay-audit"}
    config = next(block for block in blocks() if "repos" in block)
    assert config["repos"][0]["hooks"] == [{"id": HOOKS[0]["id"]}]
    assert set(re.findall(r"steps\.assay\.outputs\.(\w+)", PAGE)) <= set(ACTION["outputs"])


@pytest.mark.parametrize("path", ["README.md", "a/readme.md", "MODEL_CARD.md", "x/model-card.md"])
def test_the_hook_takes_model_cards(path):
    assert re.search(HOOKS[0]["files"], path)


@pytest.mark.parametrize("path", ["README.rst", "docs/guide.md", "card.md.orig", "readmes/x.md"])
def test_the_hook_leaves_other_files_alone(path):
    assert not re.search(HOOKS[0]["files"], path)


@pytest.fixture
def runner(tmp_path):
    """Run a step of the action as GitHub's runner does; return its exit code and its output."""
    bin_of = tmp_path / "quantassay-venv" / "bin"
    bin_of.mkdir(parents=True)
    (bin_of / "quantassay").symlink_to(Path(sys.executable).parent / "quantassay")
    (tmp_path / "gh").write_text(GH.format(python=sys.executable))
    (tmp_path / "gh").chmod(0o755)
    kept = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    names = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GH_LOG")

    def run(name, **given):
        env = {
            **kept, **{one: str(tmp_path / one) for one in names}, "RUNNER_TEMP": str(tmp_path),
            "GITHUB_REPOSITORY": "o/r", "QUANTASSAY_CACHE": str(tmp_path / "cache"), **given,
        }  # fmt: skip
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            env=env, cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def table(path, wrong):
    lines = [f"{i},1,{int(i >= wrong)}" for i in range(400)]
    path.write_text("\n".join(["id,target,prediction", *lines]) + "\n")


@pytest.mark.parametrize(
    ("wrong", "code", "verdict"), [(20, "0", "pass"), (200, "1", "fail"), (23, "3", "undecided")]
)
def test_the_exit_code_of_the_verdict_is_kept(runner, tmp_path, wrong, code, verdict):
    table(tmp_path / "ref $(touch spoiled).csv", 20)
    table(tmp_path / "cand.csv", wrong)
    margin = "0.01" if verdict == "undecided" else "0.05"
    words = f"ref $(touch spoiled).csv\ncand.csv\n\n--margin\n{margin}\n"
    done = runner("Measure", COMMAND="compare", ARGUMENTS=words, OUT="")
    assert done.returncode == 0, done.stderr
    said = dict(line.split("=", 1) for line in (tmp_path / "GITHUB_OUTPUT").read_text().split())
    assert (said["code"], said["verdict"]) == (code, verdict)
    assert not (tmp_path / "spoiled").exists()
    summary = (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    assert verdict == "undecided" or verdict.upper() in summary
    assert all(line.startswith("    ") for line in summary.splitlines() if line)
    assert runner("Exit code of the verdict", CODE=code).returncode == int(code)


def test_bad_input_ends_with_2_and_says_so(runner, tmp_path):
    runner("Measure", COMMAND="run", ARGUMENTS="there-is-none.yaml", OUT="")
    assert "code=2\nverdict=error\n" in (tmp_path / "GITHUB_OUTPUT").read_text()
    assert "exit code 2" in (tmp_path / "GITHUB_STEP_SUMMARY").read_text()
    done = runner("Measure", COMMAND="run; touch spoiled", ARGUMENTS="", OUT="")
    assert done.returncode == 2 and not (tmp_path / "spoiled").exists()
    assert runner("Exit code of the verdict", CODE="").returncode == 4


def asked(tmp_path):
    return [json.loads(line) for line in (tmp_path / "GH_LOG").read_text().splitlines()]


@pytest.mark.parametrize(
    ("earlier", "how"),
    [("", ["POST", "repos/o/r/issues/7/comments"]),
     ("42", ["PATCH", "repos/o/r/issues/comments/42"])],
)  # fmt: skip
def test_one_comment_is_made_and_then_updated(runner, tmp_path, earlier, how):
    (tmp_path / "quantassay.md").write_text("# Größe\n")
    done = runner("Comment on the pull request", LABEL="a -->b", NUMBER="7", EARLIER=earlier)
    assert done.returncode == 0, done.stderr
    assert asked(tmp_path)[-1][2:4] == how
    body = (tmp_path / "quantassay-comment.md").read_text()
    assert body == "<!-- quantassay:a____b -->\n# Größe\n"


def test_a_long_report_is_cut_to_what_a_comment_holds(runner, tmp_path):
    (tmp_path / "quantassay.md").write_text("ö" * 50_000)
    done = runner("Comment on the pull request", LABEL="assay", NUMBER="7")
    assert done.returncode == 0, done.stderr
    body = (tmp_path / "quantassay-comment.md").read_text()
    assert len(body) < 65_536
    assert body.endswith("Cut here: the whole report is in the summary of the workflow run.\n")
